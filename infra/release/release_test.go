package release

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// app is one with four switches, of which three decide together about one place, and with a number, a text and a list.
func app(t *testing.T, asked *int) App {
	t.Helper()
	ref := func(name string) any { return Object{"Ref": name} }
	switches := []Switch{}
	for _, name := range []string{"Key", "Findings", "Topic", "Own"} {
		switches = append(switches, Switch{name, Object{"Fn::Equals": []any{ref(name), "true"}}})
	}
	return App{
		Switches: switches,
		Placeholders: []Placeholder{
			{"1013", ref("Memory"), false},
			{"arn:topic-of-nobody", ref("Where"), false},
			{"Custom:Nobody", ref("Types"), true},
			{"StackOfNobody", ref("AWS::StackName"), false},
			{"6078", Object{"Fn::FindInMap": []any{"Hidden", ref("Memory"), "Seconds"}}, false},
		},
		Synth: func(on Set) (Object, error) {
			*asked++
			return synthesised(t, on, "1013", "6078", "arn:topic-of-nobody", []string{"Custom:Nobody"}, "StackOfNobody"), nil
		},
	}
}

// synthesised is what an app would synthesise.
func synthesised(t *testing.T, on Set, memory, hidden, topic string, own []string, stack string) Object {
	t.Helper()
	key, findings, alarm, types := on.Has(0), on.Has(1), on.Has(2), on.Has(3)
	statements := []any{Object{"Effect": "Allow", "Action": "read", "Resource": []any{"a"}}}
	if key {
		statements = append([]any{Object{"Effect": "Allow", "Action": "decrypt", "Resource": Object{"Fn::GetAtt": []any{"Key1", "Arn"}}}}, statements...)
	}
	list := []any{"Custom:A", "Custom:B"}
	if types {
		for _, name := range own {
			list = append(list, name)
		}
	}
	if findings {
		statements[len(statements)-1].(Object)["Resource"] = []any{"a", "b"}
	}
	queue := Object{"Type": "Queue", "Properties": Object{"Managed": true, "Memory": json.Number(memory), "Hidden": json.Number(hidden)}, "DeletionPolicy": "Retain"}
	if key {
		queue["Properties"] = Object{"KeyId": Object{"Ref": "Key1"}, "Memory": json.Number(memory), "Hidden": json.Number(hidden)}
		queue["DependsOn"] = []any{"Key1", "Role"}
	}
	listed := "none"
	if types {
		listed = strings.Join(own, ",")
	}
	resources := Object{
		"Queue": queue, "Role": Object{"Type": "Role", "Properties": Object{"Statement": statements, "Types": list, "Listed": listed, "About": "at " + memory + ", not x1013"}},
	}
	if key {
		resources["Key1"] = Object{"Type": "Key", "Properties": Object{"Name": stack + "-key"}}
	}
	if findings {
		dead := Object{"Type": "Queue", "Properties": Object{"Env": Object{"Fn::Join": []any{"", []any{"s3://", Object{"Ref": "Queue"}, "/" + stack + "/" + memory}}}}}
		if key && alarm && types {
			dead["Properties"].(Object)["All"] = topic
		}
		resources["Dead"] = dead
	}
	if findings == alarm {
		resources["Both"] = Object{"Type": "Both", "Properties": Object{}, "Metadata": Object{"why": []any{fmt.Sprint(findings)}}}
	}
	if key || types {
		resources["Either"] = Object{"Type": "Either", "Properties": Object{"Topic": topic}}
	}
	template := Object{"Resources": resources, "Description": "one", "Outputs": Object{"Name": Object{"Value": stack}}}
	text, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	var plain Object
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestTemplateIsAll: whatever the parameters are, the one template makes what the app would synthesise for them.
func TestTemplateIsAll(t *testing.T) {
	asked := 0
	a := app(t, &asked)
	template, err := a.Template()
	if err != nil {
		t.Fatal(err)
	}
	template["Parameters"] = Object{
		"Key": Object{"Default": "false"}, "Findings": Object{"Default": "false"}, "Topic": Object{"Default": "false"}, "Own": Object{"Default": "false"},
		"Memory": Object{"Default": 7.0}, "Where": Object{"Default": ""}, "Types": Object{"Default": "", "Type": "CommaDelimitedList"},
	}
	template["Mappings"] = Object{"Hidden": Object{"7": Object{"Seconds": 42.0}, "99": Object{"Seconds": 594.0}}}
	for on := range Set(16) {
		given := map[string]string{"AWS::StackName": "Mine", "Memory": "99", "Where": "arn:mine", "Types": "Custom:M,Custom:N"}
		for i, s := range a.Switches {
			given[s.Name] = fmt.Sprint(on.Has(i))
		}
		got, err := Evaluate(template, given)
		if err != nil {
			t.Fatal(err)
		}
		want := synthesised(t, on, "99", "594", "arn:mine", []string{"Custom:M", "Custom:N"}, "Mine")
		if diff := Differences(want, got); len(diff) > 0 {
			t.Errorf("%04b:\n%s", on, strings.Join(diff, "\n"))
		}
	}
	if asked > 16 {
		t.Errorf("%d templates were asked for: no more than there are", asked)
	}
	text, _ := json.Marshal(template)
	for _, left := range []string{"Nobody", `:1013`, `"1013"`} {
		if strings.Contains(string(text), left) {
			t.Errorf("%s is left in it: %s", left, text)
		}
	}
}

// TestListsAreLined: the merged list has all elements, and each list's in its order.
func TestListsAreLined(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	full := []any{"a", "b", "c", "c", "d", "e"}
	for range 1000 {
		var lists [][]any
		for range 3 {
			lists = append(lists, slices.DeleteFunc(slices.Clone(full), func(any) bool { return r.IntN(3) == 0 }))
		}
		order, elements := lined(lists)
		if !ordered(order, lists) {
			continue // then the whole lists are chosen from
		}
		for i, list := range lists {
			var got []any
			for _, name := range order {
				if element, ok := elements[i][name]; ok {
					got = append(got, element)
				}
			}
			if diff := cmp.Diff(append([]any(nil), list...), got); diff != "" {
				t.Fatalf("%v: %s", lists, diff)
			}
		}
	}
}

func TestWhatCannotDepend(t *testing.T) {
	a := App{
		Switches: []Switch{{"Keep", Object{"Fn::Equals": []any{Object{"Ref": "Keep"}, "true"}}}},
		Synth: func(on Set) (Object, error) {
			policy := "Delete"
			if on.Has(0) {
				policy = "Retain"
			}
			return Object{"Resources": Object{"Bucket": Object{"Type": "Bucket", "DeletionPolicy": policy}}}, nil
		},
	}
	if _, err := a.Template(); err == nil || !strings.Contains(err.Error(), "Resources.Bucket.DeletionPolicy differs") {
		t.Errorf("error %v", err)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	template := Object{
		"Parameters": Object{"Bucket": Object{"Type": "String"}},
		"Resources":  Object{"A": Object{"Condition": "Missing"}},
	}
	for _, c := range []struct {
		given map[string]string
		want  string
	}{
		{nil, "the parameter Bucket needs a value"},
		{map[string]string{"Bucket": "b", "Buckte": "b"}, "there is no parameter Buckte"},
		{map[string]string{"Bucket": "b"}, "there is no condition Missing"},
	} {
		if _, err := Evaluate(template, c.given); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
