package mapping

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// Test is a sample of a mapping, and what must come out of it. What it does not name is not looked at.
type Test struct {
	At       Place
	Sample   string            // path of the document, from the mapping's file
	As       map[string]string // the machine, for a document that names none: nodeId, hostname, serial, ip, mac
	Nodes    string            // path of a file of managed nodes, from the mapping's file; "" for none
	Records  *Count            // that are read, skipped ones included
	Skipped  *Count
	Rejected *Count // of which an entry is rejected
	Subjects []ExpectedSubject
	Entries  []ExpectedEntry
}

// Count is a number that must come out.
type Count struct {
	At Place
	N  int
}

// ExpectedSubject is a machine, by one of its identifiers, and what becomes of it: the node's ID, or parked, rejected or skipped.
type ExpectedSubject struct {
	At               Place
	Identifier, Node string
}

// ExpectedEntry is entries that have these values, among others.
type ExpectedEntry struct {
	At         Place
	Type       int            // index into the mapping's types
	Subject    string         // an identifier of their machine; "" for any
	Count      int            // how many there are; -1: at least one
	Attributes map[int]string // by index of the type's attributes
}

var (
	testWords  = []string{"sample", "as", "nodes", "records", "skipped", "rejected", "subjects", "entries"}
	entryWords = []string{"type", "subject", "count"}
)

// readTests reads a mapping's own tests: those of a mapping that it extends are about that one.
func (p *mappingParser) readTests(at place) {
	if _, inherited := at.file.origin[at.node]; inherited {
		return
	}
	if !at.is(yaml.SequenceNode) {
		at.problem("tests is a list: - sample: FILE, and what must come out of it")
		return
	}
	for _, item := range at.items() {
		if t := p.test(item); t.Sample != "" {
			p.Tests = append(p.Tests, t)
		}
	}
}

func (p *mappingParser) test(at place) Test {
	t := Test{At: at.place()}
	for _, f := range at.fields() {
		switch f.name {
		case "sample":
			t.Sample, _ = f.at.scalar("the sample's path")
		case "nodes":
			t.Nodes, _ = f.at.scalar("the path of the nodes' file")
		case "as":
			t.As = p.testMachine(f.at)
		case "records":
			t.Records = f.at.count()
		case "skipped":
			t.Skipped = f.at.count()
		case "rejected":
			t.Rejected = f.at.count()
		case "subjects":
			t.Subjects = testSubjects(f)
		case "entries":
			t.Entries = p.testEntries(f.at)
		default:
			f.key.suggest(nearest(f.name, testWords), "unknown word %s of a test", f.name)
		}
	}
	if at.is(yaml.MappingNode) && !at.has("sample") && !at.hasProblemUnder() {
		at.problem("a test names its sample: the path of a document, from this file")
	}
	if at.has("subjects") && !at.has("nodes") {
		at.word("subjects").problem("subjects are looked for among nodes: name their file, too")
	}
	return t
}

// count reads how many there must be.
func (p place) count() *Count { return &Count{At: p.place(), N: p.integer("a count", 0, 1<<30)} }

func (p *mappingParser) testMachine(at place) map[string]string {
	for _, f := range at.fields() {
		if !slices.Contains(identifyWords, f.name) || f.name == "tag" {
			f.key.suggest(nearest(f.name, identifyWords), "a machine is named by nodeId, hostname, serial, ip or mac")
		}
	}
	return at.textMap("an identifier")
}

func testSubjects(f field) []ExpectedSubject {
	var subjects []ExpectedSubject
	for _, s := range f.at.fields() {
		if node, ok := s.at.scalar("a node's ID, or parked, rejected or skipped,"); ok {
			subjects = append(subjects, ExpectedSubject{At: s.key.place(), Identifier: s.name, Node: node})
		}
	}
	return subjects
}

func (p *mappingParser) testEntries(at place) []ExpectedEntry {
	var entries []ExpectedEntry
	for _, item := range at.items() {
		if e, ok := p.testEntry(item); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

// testEntry reads an entry: its type first, for the attributes are those of the type.
func (p *mappingParser) testEntry(at place) (ExpectedEntry, bool) {
	e := ExpectedEntry{At: at.place(), Type: -1, Count: -1, Attributes: map[int]string{}}
	if !at.has("type") {
		if at.is(yaml.MappingNode) {
			at.problem("an entry names its type: {type: Custom:…, Attribute: value}")
		} else {
			at.fields()
		}
		return e, false
	}
	var names []string
	for _, t := range p.types {
		names = append(names, t.Name())
	}
	name, ok := at.word("type").scalar("a type's name")
	if e.Type = slices.Index(names, name); ok && e.Type < 0 {
		at.word("type").suggest(nearest(name, names), "this mapping does not fill %s", name)
	}
	for _, f := range at.fields() {
		p.testWord(&e, f)
	}
	return e, e.Type >= 0
}

func (p *mappingParser) testWord(e *ExpectedEntry, f field) {
	switch f.name {
	case "type":
	case "subject":
		e.Subject, _ = f.at.scalar("an identifier")
	case "count":
		e.Count = f.at.integer("count", 0, 1<<30)
	default:
		if e.Type < 0 {
			return
		}
		t := p.types[e.Type]
		i := slices.Index(t.Inventory.Attributes, f.name)
		if i < 0 {
			f.key.suggest(nearest(f.name, slices.Concat(t.Inventory.Attributes, entryWords)), "%s has no attribute %s", t.Name(), f.name)
			return
		}
		if n := f.at.resolved(); n != nil && n.Tag == "!!null" {
			e.Attributes[i] = ""
		} else {
			e.Attributes[i], _ = f.at.scalar("an attribute's value")
		}
	}
}
