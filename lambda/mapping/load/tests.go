package load

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

var (
	testWords  = []string{"sample", "as", "nodes", "records", "skipped", "rejected", "subjects", "entries"}
	entryWords = []string{"type", "subject", "count"}
)

// readTests reads a mapping's own tests: those of a mapping that it extends are about that one.
func (p *mappingParser) readTests(at yamlfile.Value) {
	if at.Inherited() {
		return
	}
	if !at.IsList() {
		at.Problem("expected a list: - sample: FILE, and what must come out of it")
		return
	}
	for _, item := range at.Items() {
		if t := p.test(item); t.Sample != "" {
			p.Tests = append(p.Tests, t)
		}
	}
}

func (p *mappingParser) test(at yamlfile.Value) mapping.Test {
	t := mapping.Test{At: at.Place()}
	for _, f := range at.Fields() {
		switch f.Name {
		case "sample":
			t.Sample, _ = f.At.Scalar("the sample's path")
		case "nodes":
			t.Nodes, _ = f.At.Scalar("the path of the nodes' file")
		case "as":
			t.As = p.testMachine(f.At)
		case "records":
			t.Records = testCount(f.At)
		case "skipped":
			t.Skipped = testCount(f.At)
		case "rejected":
			t.Rejected = testCount(f.At)
		case "subjects":
			t.Subjects = testSubjects(f)
		case "entries":
			t.Entries = yamlfile.Each(f.At, p.testEntry)
		default:
			f.Unknown(testWords, "unknown word %s of a test", f.Name)
		}
	}
	if at.IsMapping() && !at.Has("sample") && !at.HasProblem() {
		at.Problem("a test must name its sample: the path of a document, from this file")
	}
	if at.Has("subjects") && !at.Has("nodes") {
		at.Field("subjects").Problem("subjects are looked for among nodes: name their file, too")
	}
	return t
}

// testCount reads how many there must be.
func testCount(at yamlfile.Value) *mapping.Count {
	return &mapping.Count{At: at.Place(), N: at.Int("a count", 0, 1<<30)}
}

func (p *mappingParser) testMachine(at yamlfile.Value) map[string]string {
	for _, f := range at.Fields() {
		if !slices.Contains([]string{"nodeId", "hostname", "serial", "ip", "mac"}, f.Name) {
			f.Unknown(identifyWords, "a machine is named by nodeId, hostname, serial, ip or mac")
		}
	}
	return at.StringMap("an identifier")
}

func testSubjects(f yamlfile.Field) []mapping.ExpectedSubject {
	var subjects []mapping.ExpectedSubject
	for _, s := range f.At.Fields() {
		if node, ok := s.At.Scalar("a node's ID, or parked, rejected or skipped,"); ok {
			subjects = append(subjects, mapping.ExpectedSubject{At: s.Key.Place(), Identifier: s.Name, Node: node})
		}
	}
	return subjects
}

// testEntry reads an entry: its type first, for the attributes are those of the type.
func (p *mappingParser) testEntry(at yamlfile.Value) (mapping.ExpectedEntry, bool) {
	e := mapping.ExpectedEntry{At: at.Place(), Type: -1, Count: -1, Attributes: map[int]string{}}
	if !at.Has("type") {
		if at.IsMapping() {
			at.Problem("an entry must name its type: {type: Custom:…, Attribute: value}")
		} else {
			at.Fields()
		}
		return e, false
	}
	names := namesOf(p.types, (*mapping.Type).Name)
	name, ok := at.Field("type").Scalar("a type's name")
	e.Type = slices.Index(names, name)
	if ok && e.Type < 0 {
		at.Field("type").Suggest(problem.Nearest(name, names), "this mapping does not fill %s", name)
	}
	for _, f := range at.Fields() {
		p.testWord(&e, f)
	}
	return e, e.Type >= 0
}

func (p *mappingParser) testWord(e *mapping.ExpectedEntry, f yamlfile.Field) {
	switch f.Name {
	case "type":
	case "subject":
		e.Subject, _ = f.At.Scalar("an identifier")
	case "count":
		e.Count = f.At.Int("count", 0, 1<<30)
	default:
		if e.Type < 0 {
			return
		}
		t := p.types[e.Type]
		i := slices.Index(t.Inventory.Attributes, f.Name)
		if i < 0 {
			f.Unknown(slices.Concat(t.Inventory.Attributes, entryWords), "%s has no attribute %s", t.Name(), f.Name)
			return
		}
		if f.At.IsNull() {
			e.Attributes[i] = ""
		} else {
			e.Attributes[i], _ = f.At.Scalar("an attribute's value")
		}
	}
}
