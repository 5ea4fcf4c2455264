package release

import (
	"encoding/json"
	"reflect"
	"slices"
)

// noValue is what a property has that is not there.
func noValue() any { return Object{"Ref": "AWS::NoValue"} }

// optional merges what some templates may not have.
func (m *merger) optional(cells []cell) any {
	there := present(cells)
	v := m.value(there)
	if len(there) == len(cells) {
		return v
	}
	return choose(m.condition(presence(cells)), v, noValue())
}

// value merges what all templates have.
func (m *merger) value(cells []cell) any {
	switch {
	case alike(cells):
		return cells[0].value
	case every(cells, isObject):
		merged := Object{}
		each(cells, func(key string, cells []cell) { merged[key] = m.optional(cells) })
		return merged
	case every(cells, isList):
		return m.list(cells)
	}
	return m.choice(cells)
}

// choice merges values that cannot be merged in part: switch by switch.
func (m *merger) choice(cells []cell) any {
	if alike(cells) {
		return cells[0].value
	}
	i := m.deciding(cells)
	with, without := split(cells, i)
	return choose(m.app.Switches[i].Name, m.choice(with), m.choice(without))
}

// list merges lists: those of one length element by element, others by which elements there are.
func (m *merger) list(cells []cell) any {
	lists := make([][]any, len(cells))
	equal := true
	for i, c := range cells {
		lists[i] = c.value.([]any) //nolint:errcheck // the caller has looked
		equal = equal && len(lists[i]) == len(lists[0])
	}
	if equal {
		merged := make([]any, len(lists[0]))
		for at := range merged {
			column := make([]cell, len(cells))
			for i, c := range cells {
				column[i] = cell{c.on, lists[i][at]}
			}
			merged[at] = m.value(column)
		}
		return merged
	}
	names, elements := lined(lists)
	merged := make([]any, len(names))
	for at, name := range names {
		column := make([]cell, len(cells))
		for i, c := range cells {
			column[i] = cell{c.on, absent{}}
			if element, ok := elements[i][name]; ok {
				column[i].value = element
			}
		}
		merged[at] = m.optional(column)
	}
	if !ordered(names, lists) {
		return m.choice(cells)
	}
	return merged
}

// elementName is what an element of a list is known by in other lists: an object that allows actions by what it allows to whom, others by
// all that they are.
type elementName struct {
	text  string
	count int // of those of the name before it
}

// lined puts the elements of lists into one order, in which each list's own order is kept where that can be: that of the longest comes first.
func lined(lists [][]any) (order []elementName, elements []map[elementName]any) {
	longest := slices.SortedStableFunc(slices.Values(lists), func(a, b []any) int { return len(b) - len(a) })
	for _, list := range longest {
		at := 0
		for _, name := range namesOf(list) {
			i := slices.Index(order, name)
			if i < 0 {
				order = slices.Insert(order, at, name)
				i = at
			}
			at = i + 1
		}
	}
	for _, list := range lists {
		own := map[elementName]any{}
		for i, name := range namesOf(list) {
			own[name] = list[i]
		}
		elements = append(elements, own)
	}
	return order, elements
}

// ordered reports whether each list has its elements in the order.
func ordered(order []elementName, lists [][]any) bool {
	for _, list := range lists {
		at := -1
		for _, name := range namesOf(list) {
			i := slices.Index(order, name)
			if i <= at {
				return false
			}
			at = i
		}
	}
	return true
}

func namesOf(list []any) []elementName {
	names := make([]elementName, len(list))
	counts := map[string]int{}
	for i, element := range list {
		if o, ok := element.(Object); ok && o["Action"] != nil {
			element = []any{o["Effect"], o["Principal"], o["Action"]}
		}
		text, _ := json.Marshal(element) //nolint:errchkjson // it was read from JSON
		names[i] = elementName{string(text), counts[string(text)]}
		counts[string(text)]++
	}
	return names
}

// union merges what may be more than needed: all that any of the templates has.
func union(cells []cell) any {
	switch {
	case every(cells, isObject):
		merged := Object{}
		each(cells, func(key string, cells []cell) { merged[key] = union(present(cells)) })
		return merged
	case every(cells, isList):
		var merged []any
		for _, c := range cells {
			for _, element := range c.value.([]any) { //nolint:errcheck // every looked
				if !slices.ContainsFunc(merged, func(other any) bool { return reflect.DeepEqual(other, element) }) {
					merged = append(merged, element)
				}
			}
		}
		return merged
	}
	return cells[0].value
}

func choose(condition string, with, without any) any {
	return Object{"Fn::If": []any{condition, with, without}}
}

// isObject reports whether a value is an object, and not a function, of which no part may differ.
func isObject(v any) bool {
	o, ok := v.(Object)
	return ok && !isFunction(o)
}

func isList(v any) bool {
	_, ok := v.([]any)
	return ok
}

func isFunction(o Object) bool {
	if len(o) != 1 {
		return false
	}
	for key := range o {
		return key == "Ref" || len(key) > 4 && key[:4] == "Fn::"
	}
	return false
}

func every(cells []cell, is func(any) bool) bool {
	return !slices.ContainsFunc(cells, func(c cell) bool { return !is(c.value) })
}

func alike(cells []cell) bool {
	return every(cells, func(v any) bool { return reflect.DeepEqual(v, cells[0].value) })
}

// present are the cells that have a value.
func present(cells []cell) []cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c cell) bool { return c.value == absent{} })
}

// presence has for each cell whether it has a value.
func presence(cells []cell) []cell {
	list := make([]cell, len(cells))
	for i, c := range cells {
		list[i] = cell{c.on, c.value != absent{}}
	}
	return list
}

func split(cells []cell, i int) (with, without []cell) {
	for _, c := range cells {
		if c.on.Has(i) {
			with = append(with, c)
		} else {
			without = append(without, c)
		}
	}
	return with, without
}
