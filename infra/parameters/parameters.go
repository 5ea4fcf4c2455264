// Package parameters knows which parameters the template of a release has: what the CDK takes from the table of settings, and where the
// release's code and the user's mappings lie. It knows no resource.
package parameters

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/infra/release"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// Deployment is what a stack is made of.
type Deployment struct {
	settings.Props
	Published
}

// Published is a program and perhaps mappings that lie in buckets, where a template without the CDK finds them.
type Published struct {
	Code    Object   // the program's zip
	Layer   Object   // the zip that `invbridge mapping bundle` made; without a key: none
	Types   []string // that these mappings may declare
	Sources []string // of events of AWS services that they match
	Details []string // detail types of these; none: all
}

// Object is one in a bucket.
type Object struct{ Bucket, Key string }

// Input is something that a release's template takes by parameters, while the CDK takes it from the settings.
type Input struct {
	Parameters   []Parameter
	Placeholders []release.Placeholder
	Condition    release.Switch    // whether it is given at all; without a name: always
	Conditions   release.Object    // that placeholders have
	Set          func(*Deployment) // sets it to the placeholders
	Mappings     release.Object    // what follows from the parameter's values, by these
	Rules        release.Object    // what must hold of the parameters, by names
}

// Parameter is one of the template, with its name.
type Parameter struct {
	Name string
	Body release.Object
}

// Group is inputs under a title.
type Group struct {
	Title  string
	Inputs []Input
}

// producersMost is how many producers a release's template takes.
const producersMost = 3

// Left are settings that are no parameters, each with the reason.
func Left() map[string]string {
	return map[string]string{
		"limits":   "a limit that is lifted wants memory and time to be lifted with it, and a look at the README: it stays with the CDK",
		"settings": "the parameters are the settings", "mappings": "they come as a bundle, by parameters of their own",
		"name": "the stack's name is the one that it is deployed by", "account": "it is that of the credentials", "region": "it is that of the credentials",
		"local": "it is for a laptop", "dist": "the program is in the release", "tags": "they are given with the deployment",
		"targets": "which roles the functions may assume follows from the file, which the CDK reads", "targetOperators": "they are for targets", "stackSet": "it is for targets",
		"canary": "a new version of a function is a resource that the CDK names by what the function is made of",
	}
}

// ofSettings are those of the table of settings, in its order. What follows from a setting is derived by its name.
func ofSettings(derivations map[string]Derived) ([]Input, error) {
	var list []Input
	var names numbers
	p := settings.Defaults()
	for _, s := range p.Settings() {
		if Left()[s.Name] != "" {
			continue
		}
		made, err := inputOf(s, &names, derivations[s.Name])
		if err != nil {
			return nil, err
		}
		list = append(list, made...)
	}
	return list, nil
}

// inputOf makes the input of a setting.
func inputOf(s settings.Setting, taken *numbers, derived Derived) ([]Input, error) {
	name := Name(s.Name)
	switch s.Kind() {
	case "boolean":
		return []Input{{
			Parameters: []Parameter{{name, release.Object{"Type": "String", "Default": "false", "AllowedValues": []any{"true", "false"}, "Description": about(s)}}},
			Condition:  release.Switch{Name: "With" + name, When: equals(ref(name), "true")}, Set: setting(s.Name, "true"),
		}}, nil
	case "number":
		return []Input{numberInput(s, name, taken, derived)}, nil
	case "decimal":
		return []Input{{
			Parameters:   []Parameter{{name, release.Object{"Type": "Number", "Default": json.Number(s.Default()), "MinValue": 0.01, "Description": about(s)}}},
			Placeholders: []release.Placeholder{{Text: "1.8125", By: ref(name)}}, Set: setting(s.Name, "1.8125"),
		}}, nil
	case "producers":
		return producerInputs(), nil
	case "list":
		switch s.Name {
		case "syncAccounts":
			return accountInputs(s, "SyncAccount", func(d *Deployment, account string) { d.SyncAccounts = append(d.SyncAccounts, account) }), nil
		case "senders":
			return accountInputs(s, "Sender", func(d *Deployment, account string) { d.Senders = append(d.Senders, account) }), nil
		}
	}
	if s.Name == "alarms" {
		return alarmInputs(taken), nil
	}
	return textInput(s, name)
}

// setting sets a setting of a deployment to what would stand on the command line.
func setting(name, text string) func(*Deployment) {
	return func(d *Deployment) {
		for _, s := range d.Settings() {
			if s.Name == name {
				s.Set(text)
			}
		}
	}
}

// Name is a setting's name as that of a parameter. Those of resources of the stack are not free.
func Name(setting string) string {
	name := strings.ToUpper(setting[:1]) + setting[1:]
	switch name {
	case "Uploads", "State", "Key":
		return "Existing" + name
	case "Organization":
		return "Senders" + name
	}
	return name
}

// about is what a setting is about, without links of the README.
func about(s settings.Setting) string {
	return regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(s.About, "$1")
}

// samples are what stands for texts: each is one that the setting may be, and is nobody's.
func samples() map[string]string {
	return map[string]string{
		"key": "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001", "previousKey": "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000002",
		"uploads": "placeholder-uploads", "state": "placeholder-state", "organization": "o-placeholder",
		"alarmTopic": "arn:aws:sns:eu-central-1:111122223333:placeholder-topic", "awsTypes": "AWS:Placeholder", "syncRegions": "placeholder-region",
	}
}

// textInput makes the input of a text or of a list. Without a default it may be left out.
func textInput(s settings.Setting, name string) ([]Input, error) {
	if s.Name == "architecture" { // one of two words
		return []Input{{
			Parameters: []Parameter{{name, release.Object{
				"Type": "String", "Default": s.Default(), "AllowedValues": []any{"arm64", "x86_64"}, "Description": about(s),
			}}},
			Condition: release.Switch{Name: "With" + name, When: equals(ref(name), "x86_64")}, Set: setting(s.Name, "x86_64"),
		}}, nil
	}
	sample := samples()[s.Name]
	if sample == "" || s.Default() != "" {
		return nil, fmt.Errorf("the setting %s is no parameter of a release: give it a sample, or a reason in Left", s.Name)
	}
	in := optional(name, "", s.Pattern, about(s), sample, setting(s.Name, sample))
	if s.Kind() == "list" {
		in = optionalList(name, s.Pattern, about(s), sample, setting(s.Name, sample))
	}
	return []Input{in}, nil
}

// optional is the input of a text that may be left out.
func optional(name, unset, pattern, about, sample string, set func(*Deployment)) Input {
	return Input{
		Parameters:   []Parameter{{name, textParameter(unset, pattern, about)}},
		Placeholders: []release.Placeholder{{Text: sample, By: ref(name)}},
		Condition:    release.Switch{Name: "With" + name, When: not(equals(ref(name), ""))}, Set: set,
	}
}

// optionalList is the input of a list that may be empty.
func optionalList(name, pattern, about, sample string, set func(*Deployment)) Input {
	body := textParameter("", pattern, about+". Several are separated by commas")
	body["Type"] = "CommaDelimitedList"
	return Input{
		Parameters: []Parameter{{name, body}}, Placeholders: []release.Placeholder{{Text: sample, By: ref(name), List: true}},
		Condition: release.Switch{Name: "With" + name, When: not(equals(release.Object{"Fn::Join": []any{"", ref(name)}}, ""))}, Set: set,
	}
}

func textParameter(unset, pattern, about string) release.Object {
	body := release.Object{"Type": "String", "Default": unset, "Description": about}
	if pattern != "" {
		body["AllowedPattern"] = "^(" + strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$") + ")?$"
	}
	return body
}

// producerInputs are the inputs of so many producers.
func producerInputs() []Input {
	var list []Input
	for i := range producersMost {
		name := fmt.Sprintf("Producer%d", i+1)
		role, prefix := fmt.Sprintf("arn:aws:iam::111122223333:role/placeholder-%d", i+1), fmt.Sprintf("placeholder-%d/", i+1)
		given := func(parameter string) any { return not(equals(ref(parameter), "")) }
		list = append(list, Input{
			Parameters: []Parameter{
				{name + "Role", textParameter("", settings.RolePattern, "ARN of a role that may upload under a prefix. One of another account needs CustomerKey")},
				{name + "Prefix", textParameter("", settings.PrefixPattern, "the prefix, which ends in /")},
			},
			Placeholders: []release.Placeholder{{Text: role, By: ref(name + "Role")}, {Text: prefix, By: ref(name + "Prefix")}},
			Condition:    release.Switch{Name: "With" + name, When: release.Object{"Fn::And": []any{given(name + "Role"), given(name + "Prefix")}}},
			Set:          func(d *Deployment) { d.Producers = append(d.Producers, settings.Producer{Role: role, Prefix: prefix}) },
			Rules:        rule(name, alike(given(name+"Role"), given(name+"Prefix")), name+"Role and "+name+"Prefix need each other"),
		})
	}
	return list
}

// alarmInputs are the thresholds of alarms. An alarm that nobody wants gets one that it never reaches.
func alarmInputs(taken *numbers) []Input {
	const most = 1e9
	var list []Input
	for _, name := range settings.AlarmNames() {
		if name == "parkedGrowth" || name == settings.Unreachable { // a setting of its own; about targets, which need the CDK
			continue
		}
		sample := taken.below(most)
		parameter := "Alarm" + strings.ToUpper(name[:1]) + name[1:]
		list = append(list, Input{
			Parameters: []Parameter{{parameter, release.Object{
				"Type": "Number", "Default": settings.Defaults().Threshold(name), "MinValue": 1, "MaxValue": int(most),
				"Description": "from which value on the alarm " + name + " goes off",
			}}},
			Placeholders: []release.Placeholder{{Text: strconv.Itoa(sample), By: ref(parameter)}},
			Set: func(d *Deployment) {
				if d.Alarms == nil {
					d.Alarms = settings.Alarms{}
				}
				d.Alarms[name] = sample
			},
		})
	}
	return list
}

// accountsMost is how many accounts a release's template takes where each has a statement of its own, which no list can make.
const accountsMost = 2

// accountInputs are the inputs of so many accounts.
func accountInputs(s settings.Setting, name string, set func(*Deployment, string)) []Input {
	var list []Input
	for i := range accountsMost {
		sample := fmt.Sprintf("placeholder-%s-%d", name, i+1)
		list = append(list, optional(fmt.Sprintf("%s%d", name, i+1), "", s.Pattern, about(s), sample, func(d *Deployment) { set(d, sample) }))
	}
	return list
}

// rule is one that the parameters must keep.
func rule(name string, assert any, about string) release.Object {
	return release.Object{name: release.Object{"Assertions": []any{release.Object{"Assert": assert, "AssertDescription": about}}}}
}

// alike is the condition that two conditions hold both, or neither.
func alike(a, b any) any {
	return release.Object{"Fn::Or": []any{release.Object{"Fn::And": []any{a, b}}, release.Object{"Fn::And": []any{not(a), not(b)}}}}
}

func ref(name string) any { return release.Object{"Ref": name} }

func not(condition any) any { return release.Object{"Fn::Not": []any{condition}} }

func equals(a, b any) any { return release.Object{"Fn::Equals": []any{a, b}} }
