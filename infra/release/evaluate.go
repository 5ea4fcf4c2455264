package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Evaluate returns the template that parameters make: without parameters and conditions, as the app itself would synthesise it. References to
// resources and to what only AWS knows stay. Parameters that are not given have their defaults.
func Evaluate(template Object, given map[string]string) (evaluated Object, err error) {
	e := &evaluator{parameters: map[string]any{}}
	e.conditions, _ = template["Conditions"].(Object)
	e.mappings, _ = template["Mappings"].(Object)
	declared, _ := template["Parameters"].(Object)
	for name, v := range declared {
		p := v.(Object) //nolint:errcheck // that is what a parameter is
		text, ok := given[name]
		if unset, has := p["Default"]; !ok && has {
			text, ok = written(unset), true
		}
		if !ok {
			return nil, fmt.Errorf("release: the parameter %s needs a value", name)
		}
		e.parameters[name] = text
		if p["Type"] == "CommaDelimitedList" {
			e.parameters[name] = listOf(text)
		}
	}
	for name := range given {
		if _, ok := declared[name]; !ok && !strings.HasPrefix(name, "AWS::") {
			return nil, fmt.Errorf("release: there is no parameter %s", name)
		}
	}
	maps.Copy(e.parameters, pseudo(given))
	return e.template(template), e.err
}

// template evaluates a whole template.
func (e *evaluator) template(template Object) Object {
	evaluated := Object{}
	for section, v := range template {
		switch section {
		case "Parameters", "Conditions", "Mappings", "Metadata", "Rules":
		case "Resources", "Outputs":
			evaluated[section] = e.section(v.(Object)) //nolint:errcheck // that is what they are
		default:
			evaluated[section] = v
		}
	}
	return evaluated
}

// pseudo are the values of AWS's own parameters that are given.
func pseudo(given map[string]string) Object {
	found := Object{}
	for name, text := range given {
		if strings.HasPrefix(name, "AWS::") {
			found[name] = text
		}
	}
	return found
}

func listOf(text string) []any {
	list := []any{}
	if text == "" {
		return list
	}
	for part := range strings.SplitSeq(text, ",") {
		list = append(list, part)
	}
	return list
}

type evaluator struct {
	parameters           Object
	conditions, mappings Object
	err                  error
}

// section evaluates resources or outputs, and leaves out those whose condition does not hold. Nothing else may depend on these.
func (e *evaluator) section(all Object) Object {
	there := Object{}
	for id, v := range all {
		one := maps.Clone(v.(Object)) //nolint:errcheck // that is what a resource is
		if name, ok := one["Condition"].(string); ok && !e.holds(name) {
			continue
		}
		delete(one, "Condition")
		made := e.value(one).(Object) //nolint:errcheck // as before
		if needed := unconditional(made); needed != nil {
			made["DependsOn"] = needed
		}
		delete(made, "Metadata")
		there[id] = made
	}
	for id, v := range there {
		needed, _ := v.(Object)["DependsOn"].([]any) //nolint:errcheck // as above
		for _, other := range needed {
			if there[other.(string)] == nil { //nolint:errcheck // an ID
				e.fail("%s depends on %s, which is not there: CloudFormation would make neither", id, other)
			}
		}
	}
	return there
}

func (e *evaluator) fail(format string, arguments ...any) {
	if e.err == nil {
		e.err = fmt.Errorf("release: "+format, arguments...)
	}
}

// holds reports whether a condition holds.
func (e *evaluator) holds(name string) bool {
	c, ok := e.conditions[name].(Object)
	if !ok {
		e.fail("there is no condition %s", name)
		return false
	}
	return e.isTrue(c)
}

func (e *evaluator) isTrue(c Object) bool {
	for function, v := range c {
		if function == "Condition" {
			return e.holds(fmt.Sprint(v))
		}
		arguments, _ := v.([]any)
		test := func(one any) bool { return e.isTrue(one.(Object)) } //nolint:errcheck // a condition is an object
		switch function {
		case "Fn::Equals":
			return same(e.value(arguments[0]), e.value(arguments[1]))
		case "Fn::Not":
			return !test(arguments[0])
		case "Fn::And":
			return !slices.ContainsFunc(arguments, func(one any) bool { return !test(one) })
		case "Fn::Or":
			return slices.ContainsFunc(arguments, test)
		}
		e.fail("no condition can be made by %s", function)
	}
	return false
}

// value evaluates a value. Of a list, elements without a value are left out; so are an object's.
func (e *evaluator) value(v any) any {
	switch v := v.(type) {
	case []any:
		made := []any{}
		for _, one := range v {
			if one = e.value(one); !same(one, noValue()) {
				made = append(made, one)
			}
		}
		return made
	case Object:
		if isFunction(v) {
			return e.function(v)
		}
		made := Object{}
		for key, one := range v {
			if one = e.value(one); !same(one, noValue()) {
				made[key] = one
			}
		}
		return made
	}
	return v
}

func (e *evaluator) function(o Object) any {
	for name, v := range o {
		if name == "Ref" {
			if value, ok := e.parameters[v.(string)]; ok { //nolint:errcheck // a name
				return value
			}
			return o
		}
		arguments, _ := v.([]any)
		switch name {
		case "Fn::If":
			if e.holds(arguments[0].(string)) { //nolint:errcheck // a name
				return e.value(arguments[1])
			}
			return e.value(arguments[2])
		case "Fn::Join":
			return e.join(arguments)
		case "Fn::Split":
			if text, ok := e.value(arguments[1]).(string); ok {
				return listOf(text)
			}
			e.fail("what is split is no text")
		case "Fn::FindInMap":
			return e.found(arguments)
		}
		return Object{name: e.value(v)}
	}
	return nil
}

func (e *evaluator) join(arguments []any) any {
	parts, ok := e.value(arguments[1]).([]any)
	if !ok {
		e.fail("what is joined is no list")
		return nil
	}
	if arguments[0] == "" {
		return joined(parts)
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		text, ok := part.(string)
		if !ok {
			return Object{"Fn::Join": []any{arguments[0], parts}}
		}
		texts[i] = text
	}
	return strings.Join(texts, arguments[0].(string)) //nolint:errcheck // a delimiter is a text
}

// found is what stands in a map, where its keys are known.
func (e *evaluator) found(arguments []any) any {
	arguments, _ = e.value(arguments).([]any)
	var v any = e.mappings
	for _, key := range arguments {
		if isFunctionOf(key) {
			return Object{"Fn::FindInMap": arguments}
		}
		o, _ := v.(Object)
		v = o[written(key)]
	}
	if v == nil {
		e.fail("a map has no such key")
	}
	return v
}

func isFunctionOf(v any) bool {
	o, ok := v.(Object)
	return ok && isFunction(o)
}
