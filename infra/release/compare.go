package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Differences lists where a template without parameters and conditions differs from what it should be. To CloudFormation a number and its
// text are the same. Metadata is none of it, and more may depend on each other than must.
func Differences(want, got Object) []string {
	var list []string
	want, got = plain(want), plain(got)
	needed, there := dependencies(want), dependencies(got)
	for _, one := range needed {
		if !slices.Contains(there, one) {
			list = append(list, one+" is missing")
		}
	}
	differ("", want, got, &list)
	return list
}

// dependencies removes what resources depend on, and returns it.
func dependencies(template Object) []string {
	var list []string
	resources, _ := template["Resources"].(Object)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		one := resources[id].(Object) //nolint:errcheck // that is what a resource is
		needed, _ := one["DependsOn"].([]any)
		if text, ok := one["DependsOn"].(string); ok {
			needed = []any{text}
		}
		for _, other := range needed {
			list = append(list, fmt.Sprintf("%s.DependsOn: %v", id, other))
		}
		delete(one, "DependsOn")
	}
	return list
}

func same(a, b any) bool {
	var list []string
	differ("", a, b, &list)
	return len(list) == 0
}

func differ(place string, a, b any, list *[]string) {
	if x, ok := a.(Object); ok {
		if y, ok := b.(Object); ok {
			keys := maps.Clone(x)
			maps.Copy(keys, y)
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				differ(strings.TrimPrefix(place+"."+key, "."), x[key], y[key], list)
			}
			return
		}
	}
	if x, ok := a.([]any); ok {
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				differ(fmt.Sprintf("%s.%d", place, i), x[i], y[i], list)
			}
			return
		}
	}
	if written(a) != written(b) {
		*list = append(*list, fmt.Sprintf("%s: %v, and not %v", place, a, b))
	}
}

// written is a scalar as text.
func written(v any) string {
	if n, ok := v.(float64); ok { // as all numbers that were read from JSON
		return number(n)
	}
	return fmt.Sprintf("%v", v)
}

// plain joins texts in one way, and leaves out metadata.
func plain(template Object) Object {
	made := (&evaluator{}).value(template).(Object) //nolint:errcheck // an object stays one
	delete(made, "Metadata")
	delete(made, "Mappings") // where a value is found in them
	for _, section := range []string{"Resources", "Outputs"} {
		all, _ := made[section].(Object)
		for _, v := range all {
			delete(v.(Object), "Metadata") //nolint:errcheck // that is what a resource is
		}
	}
	return made
}

// withoutUnused removes conditions that nothing has.
func withoutUnused(template Object) Object {
	conditions, _ := template["Conditions"].(Object)
	used := map[string]bool{}
	for section, v := range template {
		if section != "Conditions" {
			conditionsIn(v, used)
		}
	}
	for n := -1; n != len(used); { // conditions that conditions have
		n = len(used)
		for _, name := range slices.Sorted(maps.Keys(used)) {
			conditionsIn(conditions[name], used)
		}
	}
	maps.DeleteFunc(conditions, func(name string, _ any) bool { return !used[name] })
	if len(conditions) == 0 {
		delete(template, "Conditions")
	}
	return template
}

func conditionsIn(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			conditionsIn(one, into)
		}
	case Object:
		if choice, ok := v["Fn::If"].([]any); ok {
			into[choice[0].(string)] = true //nolint:errcheck // a condition is a name
		}
		if name, ok := v["Condition"].(string); ok {
			into[name] = true
		}
		for _, one := range v {
			conditionsIn(one, into)
		}
	}
}
