package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestGolden shows what a change of the code, or of the CDK, changes in what is deployed, with the settings of each file in testdata.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		_, text := synthesised(t, deployed(name))
		testfiles.Golden(t, "testdata/"+name+".golden.txt", summary(t, text))
	}
}

// TestSummaryLeavesNothingOut: whatever changes in a template changes its summary.
func TestSummaryLeavesNothingOut(t *testing.T) {
	_, text := synthesised(t, everything())
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	withoutContents(whole.(map[string]any))
	before, n := string(summary(t, text)), 0
	changeEach(whole, func() {
		n++
		changed, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		if string(summary(t, changed)) == before {
			t.Errorf("a change goes unseen: %s", changed)
		}
	})
	if n < 1000 {
		t.Errorf("only %d values", n)
	}
}

// changeEach changes each scalar in a value, one at a time, and calls seen.
func changeEach(v any, seen func()) {
	change := func(old any, set func(any)) {
		switch old := old.(type) {
		case map[string]any, []any:
			changeEach(old, seen)
			return
		case string:
			set(old + "x")
		default:
			set("x" + fmt.Sprint(old))
		}
		seen()
		set(old)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			change(v[key], func(other any) { v[key] = other })
		}
	case []any:
		for i := range v {
			change(v[i], func(other any) { v[i] = other })
		}
	}
}

// longList is from which length on a list stands at the end of a summary.
const longList = 12

// summariser makes lines of a template.
type summariser struct {
	lines []string
	long  map[string][]string // long lists and reasons, by what stands for them
}

// summary is a template in a few lines a resource. All that it has is there: what is long and stands there often, once at the end.
func summary(t *testing.T, text []byte) []byte {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	s := &summariser{long: map[string][]string{}}
	withoutContents(whole)
	for _, section := range slices.Sorted(maps.Keys(whole)) {
		members, ok := whole[section].(map[string]any)
		if !ok {
			s.add("%s: %s", section, s.fold(whole[section]))
			continue
		}
		s.add("\n# %s", section)
		for id, member := range ordered(members) {
			if section == "Resources" {
				s.resource(id, member.(map[string]any))
			} else {
				s.add("%s: %s", id, s.fold(member))
			}
		}
	}
	s.add("\n# Lists that stand there shortened")
	for _, name := range slices.Sorted(maps.Keys(s.long)) {
		s.add("%s:\n  %s", name, strings.Join(s.long[name], "\n  "))
	}
	return []byte(strings.TrimSpace(strings.Join(s.lines, "\n")) + "\n")
}

// withoutContents takes away what mappings and types there are, which is not the template's to say: TestContents keeps it.
func withoutContents(whole map[string]any) {
	metadata, ok := whole["Metadata"].(map[string]any)
	maps.DeleteFunc(metadata, func(name string, _ any) bool {
		return strings.HasPrefix(name, "Mapping ") || strings.HasPrefix(name, "Type ")
	})
	if ok && len(metadata) == 0 {
		delete(whole, "Metadata")
	}
}

func (s *summariser) add(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

// resource is its type and what else is not a property, its short properties in one line, and a line for each of the others.
func (s *summariser) resource(id string, r map[string]any) {
	head := []string{fmt.Sprint(r["Type"])}
	for _, key := range slices.Sorted(maps.Keys(r)) {
		switch key {
		case "Type", "Properties":
		case "Metadata":
			for name, v := range ordered(r[key].(map[string]any)) {
				head = append(head, name+": "+s.fold(v))
			}
		default:
			head = append(head, key+"="+s.fold(r[key]))
		}
	}
	s.add("\n%s  %s", id, strings.Join(head, "; "))
	properties, _ := r["Properties"].(map[string]any)
	var short []string
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		if isPolicy(properties[key]) || key == "Policies" {
			continue
		}
		if folded := s.fold(properties[key]); len(folded) <= 60 {
			short = append(short, key+"="+folded)
			delete(properties, key)
		}
	}
	if short != nil {
		s.add("  %s", strings.Join(short, "; "))
	}
	for key, v := range ordered(properties) {
		s.property(key, v)
	}
}

// property is a line, of policies one for each statement, of lists one for each item.
func (s *summariser) property(key string, v any) {
	list, isList := v.([]any)
	switch {
	case isPolicy(v):
		s.policy(key, v.(map[string]any))
	case isList && key == "Policies":
		for _, p := range list {
			m := maps.Clone(p.(map[string]any))
			document := m["PolicyDocument"].(map[string]any)
			delete(m, "PolicyDocument")
			s.policy(key+" "+s.fold(m), document)
		}
	case isList:
		s.add("  %s:", key)
		for _, item := range list {
			s.add("    %s", s.fold(item))
		}
	case key == "DashboardBody":
		s.dashboard(v)
	case key == "Environment":
		for name, value := range ordered(v.(map[string]any)["Variables"].(map[string]any)) {
			s.add("  %s=%s", name, s.fold(value))
		}
	default:
		s.add("  %s: %s", key, s.fold(v))
	}
}

func isPolicy(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["Statement"] != nil
}

// policy is a line a statement.
func (s *summariser) policy(key string, document map[string]any) {
	head := maps.Clone(document)
	delete(head, "Statement")
	s.add("  %s: %s", key, s.fold(head))
	for _, statement := range document["Statement"].([]any) {
		m := maps.Clone(statement.(map[string]any))
		var parts []string
		for _, key := range []string{"Effect", "Principal", "Action", "Resource", "Condition"} {
			if m[key] != nil {
				parts = append(parts, s.fold(m[key]))
			}
			delete(m, key)
		}
		if len(m) > 0 {
			parts = append(parts, s.fold(m))
		}
		s.add("    %s", strings.Join(parts, " | "))
	}
}

// dashboard is a line a widget.
func (s *summariser) dashboard(v any) {
	text := s.fold(v)
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		s.add("  DashboardBody: %v: %s", err, text)
		return
	}
	for _, widget := range body["widgets"].([]any) {
		s.add("    %s", s.fold(widget))
	}
	delete(body, "widgets")
	s.add("  DashboardBody: %s", s.fold(body))
}

// ordered are the members of a map by their names.
func ordered(m map[string]any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// fold makes one line of a value: what is referred to stands there by its name.
func (s *summariser) fold(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		return s.foldList(v)
	case map[string]any:
		return s.foldMap(v)
	}
	return fmt.Sprint(v)
}

func (s *summariser) foldList(list []any) string {
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = s.fold(list[i])
	}
	if len(list) >= longList {
		return s.shortened(fmt.Sprintf("%d items", len(list)), parts)
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// shortened stands for a list or text that is written out at the end.
func (s *summariser) shortened(name string, parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	name += " " + hex.EncodeToString(sum[:4])
	s.long[name] = parts
	return "[" + name + "]"
}

func (s *summariser) foldMap(m map[string]any) string {
	if len(m) == 1 {
		if ref, ok := m["Ref"].(string); ok {
			return "<" + plain(ref) + ">"
		}
		if get, ok := m["Fn::GetAtt"].([]any); ok {
			return "<" + plain(get[0].(string)) + "." + s.fold(get[1]) + ">"
		}
		if join, ok := m["Fn::Join"].([]any); ok {
			return s.foldJoin(join[0].(string), join[1].([]any))
		}
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if text, ok := m[key].(string); ok && (key == "reason" || key == "comment") {
			parts = append(parts, key+"="+s.shortened("reason", []string{text}))
			continue
		}
		parts = append(parts, key+"="+s.fold(m[key]))
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func (s *summariser) foldJoin(between string, parts []any) string {
	texts := make([]string, len(parts))
	for i := range parts {
		texts[i] = s.fold(parts[i])
	}
	return strings.Join(texts, between)
}
