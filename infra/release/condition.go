package release

import (
	"fmt"
	"reflect"
)

// deciding returns the first switch on which values depend, and notes which samples are missing to know how.
func (m *merger) deciding(cells []cell) int {
	mask := flips(cells)
	if mask == 0 {
		a, b := nearest(cells)
		mask = a ^ b
		if between := middle(a, b); between != a && m.samples[between] == nil {
			m.missing[between] = true
			return mask.first()
		}
	}
	if mask.size() > mostTogether {
		m.err = fmt.Errorf("release: more than %d switches decide about one place: %s", mostTogether, m.names(mask))
		return mask.first()
	}
	least := cells[0].on
	known := map[Set]bool{}
	for _, c := range cells {
		known[c.on&mask] = true
		if c.on.size() < least.size() {
			least = c.on
		}
	}
	for part := mask; ; part = (part - 1) & mask { // each subset
		wanted := least&^mask | part
		if m.samples[wanted] == nil && !known[part] {
			m.missing[wanted] = true
		}
		if part == 0 {
			return mask.first()
		}
	}
}

// flips are the switches of which one alone changes the value.
func flips(cells []cell) Set {
	var mask Set
	for i, a := range cells {
		for _, b := range cells[:i] {
			if between := a.on ^ b.on; between.size() == 1 && !reflect.DeepEqual(a.value, b.value) {
				mask |= between
			}
		}
	}
	return mask
}

// nearest returns the two sets with different values that differ in the fewest switches.
func nearest(cells []cell) (a, b Set) {
	for i, one := range cells {
		for _, other := range cells[:i] {
			if between := one.on ^ other.on; !reflect.DeepEqual(one.value, other.value) && (a == b || between.size() < (a^b).size()) {
				a, b = one.on, other.on
			}
		}
	}
	return a, b
}

// middle is halfway from one set to another.
func middle(a, b Set) Set {
	half := (a ^ b).size() / 2
	for rest := a ^ b; half > 0; half-- {
		one := Set(1) << rest.first()
		a, rest = a^one, rest&^one
	}
	return a
}

func (m *merger) names(set Set) string {
	text := ""
	for i, s := range m.app.Switches {
		if set.Has(i) {
			text += " " + s.Name
		}
	}
	return text
}

// always and never are conditions that need no name.
const (
	always = "Always"
	never  = "Never"
)

// condition returns the name of the condition under which cells are true.
func (m *merger) condition(cells []cell) string {
	if alike(cells) {
		if cells[0].value == true {
			return always
		}
		return never
	}
	i := m.deciding(cells)
	with, without := split(cells, i)
	name, on, off := m.app.Switches[i].Name, m.condition(with), m.condition(without)
	switch {
	case on == always && off == never:
		return name
	case on == never && off == always:
		return m.not(name)
	case off == never:
		return m.both(name, on)
	case on == never:
		return m.both(m.not(name), off)
	case on == always:
		return m.either(name, off)
	case off == always:
		return m.either(m.not(name), on)
	}
	return m.either(m.both(name, on), m.both(m.not(name), off))
}

func (m *merger) not(name string) string {
	return m.named("Not"+name, Object{"Fn::Not": []any{Object{"Condition": name}}})
}

func (m *merger) both(a, b string) string {
	return m.named(a+"And"+b, Object{"Fn::And": []any{Object{"Condition": a}, Object{"Condition": b}}})
}

func (m *merger) either(a, b string) string {
	return m.named(a+"Or"+b, Object{"Fn::Or": []any{Object{"Condition": a}, Object{"Condition": b}}})
}

func (m *merger) named(name string, condition Object) string {
	m.conditions[name] = condition
	return name
}
