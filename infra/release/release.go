// Package release knows how one CloudFormation template with parameters is made of those that an app synthesises, and how such a template
// is evaluated. Where two of the app's templates differ, a condition stands in the one; where a placeholder stands, a parameter. It knows
// neither the app nor its settings.
package release

import (
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Object is an object of JSON.
type Object = map[string]any

// Set is a set of switches, by their places in the list.
type Set uint64

// Has reports whether a switch is on.
func (s Set) Has(i int) bool { return s&(1<<i) != 0 }

// Switch is something that a template has or does not have.
type Switch struct {
	Name string // of the condition
	When any    // the condition, as it stands in the template
}

// Placeholder is what stands in the app's templates for a parameter's value.
type Placeholder struct {
	Text string // that, a number as it is written
	By   any    // what stands in the one template in its place
	List bool   // it is a list
}

// App is what a template is made of.
type App struct {
	Switches     []Switch
	Placeholders []Placeholder
	Conditions   Object                    // that stand in the placeholders' stead
	Synth        func(Set) (Object, error) // the template where these switches are on, and placeholders stand for all values
}

// mostTogether is how many switches may decide about one place: so many templates are synthesised for it, at two to the power of it.
const mostTogether = 5

// tried is how many sets of switches are tried besides.
const tried = 8

// Template makes the template. It needs the app's templates with no switch, with each, with all, and with all but each, the like without those
// that take something away, those that turn out to be missing where several decide about one place, and some more to see that nothing was missed.
func (a App) Template() (Object, error) {
	m := &merger{app: a, samples: map[Set]Object{}}
	if err := m.sample(a.first()...); err != nil {
		return nil, err
	}
	for missing := m.unmasked(); len(missing) > 0; {
		if err := m.sample(missing...); err != nil {
			return nil, err
		}
		m.merge()
		if m.err != nil {
			return nil, m.err
		}
		missing = slices.Sorted(maps.Keys(m.missing))
		if len(missing) > 0 {
			continue
		}
		var err error
		if missing, err = m.missed(); err != nil {
			return nil, err
		}
	}
	return withoutUnused(a.replaced(m.result)), nil
}

// first are the sets of no switch and of one, of all, and of all but one.
func (a App) first() []Set {
	all := a.all()
	list := []Set{0, all}
	for i := range a.Switches {
		list = append(list, 1<<i, all&^(1<<i))
	}
	return list
}

func (a App) all() Set { return 1<<len(a.Switches) - 1 }

// unmasked are the set without the switches that take something away, and those of one switch more or less: what is taken away in the set of
// all may depend on other switches as well.
func (m *merger) unmasked() []Set {
	all := m.app.all()
	rest := all
	for i := range m.app.Switches {
		if lacks(m.samples[all], m.samples[all&^(1<<i)]) {
			rest &^= 1 << i
		}
	}
	return append(m.app.near(rest), rest)
}

// lacks reports whether a value lacks something that another has.
func lacks(a, other any) bool {
	if list, ok := other.([]any); ok {
		own, _ := a.([]any)
		return len(own) < len(list)
	}
	o, ok := other.(Object)
	if !ok {
		return false
	}
	own, _ := a.(Object)
	for key, one := range o {
		if v, ok := own[key]; !ok || lacks(v, one) {
			return !isFunction(o)
		}
	}
	return false
}

// near are the sets with one switch more or less.
func (a App) near(on Set) []Set {
	var list []Set
	for i := range a.Switches {
		list = append(list, on^1<<i)
	}
	return list
}

// sample synthesises templates that are not there yet.
func (m *merger) sample(sets ...Set) error {
	for _, on := range sets {
		if m.samples[on] != nil {
			continue
		}
		template, err := m.app.Synth(on)
		if err != nil {
			return err
		}
		m.samples[on] = template
	}
	return nil
}

// missed tries other sets of switches. For the first that the one template does not make as the app does, it returns the sets with one switch
// more or less.
func (m *merger) missed() ([]Set, error) {
	r := rand.New(rand.NewPCG(1, 2)) // the same sets each time
	for range tried {
		on := Set(r.Uint64()) & m.app.all()
		if m.samples[on] != nil {
			continue
		}
		want, err := m.app.Synth(on)
		if err != nil {
			return nil, err
		}
		e := &evaluator{conditions: maps.Clone(m.conditions)}
		for i, s := range m.app.Switches {
			e.conditions[s.Name] = Object{"Fn::Equals": []any{on.Has(i), true}}
		}
		if len(Differences(want, e.template(m.result))) == 0 {
			continue
		}
		m.samples[on] = want
		return m.app.near(on), nil
	}
	return nil, nil
}

// cell is what stands at one place of one of the app's templates.
type cell struct {
	on    Set
	value any
}

// absent is the value of a place that a template does not have.
type absent struct{}

// merger makes one template of samples.
type merger struct {
	app        App
	samples    map[Set]Object
	missing    map[Set]bool // samples that are needed besides
	conditions Object
	result     Object
	err        error
}

// merge makes the template of the samples that there are.
func (m *merger) merge() {
	m.missing, m.conditions = map[Set]bool{}, maps.Clone(m.app.Conditions)
	if m.conditions == nil {
		m.conditions = Object{}
	}
	for _, s := range m.app.Switches {
		m.conditions[s.Name] = s.When
	}
	var cells []cell
	for _, on := range slices.Sorted(maps.Keys(m.samples)) {
		cells = append(cells, cell{on, m.samples[on]})
	}
	m.result = Object{}
	each(cells, func(section string, cells []cell) {
		switch section {
		case "Resources", "Outputs":
			m.result[section] = m.section(section, cells)
		case "Metadata":
			m.result[section] = union(present(cells))
		default:
			m.result[section] = m.same(section, cells)
		}
	})
	m.result["Conditions"] = m.conditions
}

// section merges resources or outputs, which have a condition of their own where only some templates have them.
func (m *merger) section(name string, cells []cell) Object {
	merged := Object{}
	each(present(cells), func(id string, cells []cell) {
		there := present(cells)
		one := Object{}
		each(there, func(attribute string, cells []cell) {
			place := name + "." + id + "." + attribute
			switch attribute {
			case "DependsOn", "Metadata": // no template has less than it needs; conditionalDependencies does the rest
				one[attribute] = union(present(cells))
			case "Type", "DeletionPolicy", "UpdateReplacePolicy", "Condition":
				one[attribute] = m.same(place, cells)
			default:
				one[attribute] = m.optional(cells)
			}
		})
		if len(there) < len(cells) {
			one["Condition"] = m.condition(presence(cells))
		}
		merged[id] = one
	})
	if name == "Resources" {
		conditionalDependencies(merged)
	}
	return merged
}

// same returns what must be the same in all templates.
func (m *merger) same(place string, cells []cell) any {
	if !alike(cells) && m.err == nil {
		m.err = fmt.Errorf("release: %s differs between templates, and nothing there can depend on a parameter", place)
	}
	return cells[0].value
}

// each calls do for each key of the cells' objects, in order of the keys.
func each(cells []cell, do func(key string, cells []cell)) {
	keys := map[string]bool{}
	for _, c := range cells {
		for key := range c.value.(Object) { //nolint:errcheck // the caller has looked
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		children := make([]cell, len(cells))
		for i, c := range cells {
			children[i] = cell{c.on, absent{}}
			if v, ok := c.value.(Object)[key]; ok { //nolint:errcheck // as above
				children[i].value = v
			}
		}
		do(key, children)
	}
}

// size is how many switches are on.
func (s Set) size() int { return bits.OnesCount64(uint64(s)) }

// first is the first switch that is on.
func (s Set) first() int { return bits.TrailingZeros64(uint64(s)) }
