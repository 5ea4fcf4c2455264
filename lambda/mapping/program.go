package mapping

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/format"
)

// lazyProgram is what a mapping needs for reading, made when it is first used.
type lazyProgram struct {
	once   sync.Once
	engine *format.Program
	fills  [][]compiledFill // by block
	late   []bool           // by block: the capture time may come from $doc after the end
	err    error
}

// compiledFill is a fill with what is done for each attribute.
type compiledFill struct {
	*fill
	attributes []compiledAttribute // those with a source, in the type's order
	defaults   []string            // by attribute of the type
	derived    []int               // attributes that are made from another one
}

// compiledAttribute is where one attribute comes from and how it is made fit.
type compiledAttribute struct {
	index int
	value *value
	plain bool   // a path without verbs
	dates *dates // nil: no date, or made one by the value itself
	join  string
}

// compile makes the mapping ready for reading. It fails only where an expression was not checked at loading.
func (m *Mapping) compile() error {
	m.program.once.Do(func() { m.program.err = m.makeProgram() })
	return m.program.err
}

func (m *Mapping) makeProgram() error {
	for _, e := range m.expressions() {
		if err := e.compile(); err != nil {
			return fmt.Errorf("mapping: %s: expression %q: %w", m.Name, e.text, err)
		}
	}
	var plan format.Plan
	plan, m.program.late = m.plan()
	for _, b := range m.blocks {
		fills := make([]compiledFill, len(b.fills))
		for i, f := range b.fills {
			fills[i] = m.compileFill(f)
		}
		m.program.fills = append(m.program.fills, fills)
	}
	var err error
	if m.program.engine, err = format.Compile(plan); err != nil {
		return fmt.Errorf("mapping: %s: %w", m.Name, err)
	}
	return nil
}

// plan says what is read of a document and, by block, whether its capture time may be had after the document's end.
func (m *Mapping) plan() (plan format.Plan, late []bool) {
	plan = format.Plan{Unwrap: m.reading.unwrap, Empty: m.emptyText()}
	for _, t := range m.tables {
		plan.Tables = append(plan.Tables, format.Table{Name: t.name, Each: t.each, Key: t.key})
	}
	for _, b := range m.blocks {
		block, lateToo := m.planBlock(b)
		plan.Blocks = append(plan.Blocks, block)
		late = append(late, lateToo)
	}
	return plan, late
}

// emptyText tells the texts that are no value, without case.
func (m *Mapping) emptyText() func(string) bool {
	if len(m.reading.empty) == 0 {
		return nil
	}
	texts := m.reading.empty
	return func(text string) bool {
		return slices.ContainsFunc(texts, func(empty string) bool { return len(empty) == len(text) && strings.EqualFold(empty, text) })
	}
}

// planBlock says what a block reads, and whether its capture time may be had after the document's end.
func (m *Mapping) planBlock(b *block) (format.Block, bool) {
	plan := format.Block{Each: b.each, Host: b.host}
	plan.Reads = appendReads(plan.Reads, b.where.readsOrNone())
	plan.Reads = appendReads(plan.Reads, b.remove.readsOrNone())
	for _, part := range m.source {
		if part.isPath {
			plan.Reads = appendReads(plan.Reads, []dataPath{part.path})
		}
	}
	plan.HostReads = appendReads(plan.HostReads, b.key.reads())
	if i := b.identity; i != nil {
		for _, v := range [...]*value{i.nodeID, i.serial, i.hostname, i.reverse, i.ip, i.mac} {
			plan.HostReads = appendReads(plan.HostReads, v.reads())
		}
		for _, tag := range i.tags {
			plan.HostReads = appendReads(plan.HostReads, tag.value.reads())
		}
	}
	late := b.captured.lateable()
	if late {
		plan.CapturedAt = appendReads(nil, b.captured.reads())
	} else {
		plan.Reads = appendReads(plan.Reads, b.captured.reads())
	}
	for _, f := range b.fills {
		plan.Types = append(plan.Types, f.plan())
	}
	return plan, late
}

func (f *fill) plan() format.Entries {
	entries := format.Entries{Each: f.each}
	entries.Reads = appendReads(entries.Reads, f.where.readsOrNone())
	for _, v := range f.values {
		entries.Reads = appendReads(entries.Reads, v.reads())
	}
	return entries
}

// appendReads adds paths into the document, each once.
func appendReads(reads, paths []dataPath) []dataPath {
	for _, path := range paths {
		known := func(other dataPath) bool { return other.String() == path.String() }
		if path.Root() != format.RootFile && !slices.ContainsFunc(reads, known) {
			reads = append(reads, path)
		}
	}
	return reads
}

func (e *expression) readsOrNone() []dataPath {
	if e == nil {
		return nil
	}
	return e.reads()
}

// reads gives all paths of a value.
func (v *value) reads() []dataPath {
	if v == nil {
		return nil
	}
	var paths []dataPath
	if v.hasPath {
		paths = append(paths, v.path)
	}
	for _, inner := range v.first {
		paths = append(paths, inner.reads()...)
	}
	for _, inner := range v.all {
		paths = append(paths, inner.reads()...)
	}
	return append(paths, v.expr.readsOrNone()...)
}

// lateable tells that a value prefers what the record itself has to what the document has, so that the document may be
// asked last, after its end.
func (v *value) lateable() bool {
	if v == nil || v.expr != nil || len(v.all) > 0 {
		return false
	}
	document := false
	for _, path := range v.reads() {
		if path.Root() == format.RootDoc {
			document = true
		} else if document {
			return false
		}
	}
	return document
}

// expressions gives all expressions of the mapping.
func (m *Mapping) expressions() []*expression {
	var all []*expression
	for _, b := range m.blocks {
		all = append(all, b.where, b.remove)
		values := []*value{b.key, b.captured}
		if i := b.identity; i != nil {
			values = append(values, i.nodeID, i.serial, i.hostname, i.reverse, i.ip, i.mac)
			for _, tag := range i.tags {
				values = append(values, tag.value)
			}
		}
		for _, f := range b.fills {
			all = append(all, f.where)
			values = append(values, f.values...)
		}
		for _, v := range values {
			all = append(all, v.expressions()...)
		}
	}
	return slices.DeleteFunc(all, func(e *expression) bool { return e == nil })
}

func (v *value) expressions() []*expression {
	if v == nil {
		return nil
	}
	all := []*expression{v.expr}
	for _, inner := range slices.Concat(v.first, v.all) {
		all = append(all, inner.expressions()...)
	}
	return all
}

// compileFill prepares what is done for each entry of a fill.
func (m *Mapping) compileFill(f *fill) compiledFill {
	c := compiledFill{fill: f, defaults: make([]string, len(f.typ.Attributes))}
	f.record = f.aboutRecord()
	for i := range f.typ.Attributes {
		a := &f.typ.Attributes[i]
		c.defaults[i] = strings.ReplaceAll(a.Default, "{mapping}", m.Name)
		if a.of >= 0 {
			c.derived = append(c.derived, i)
			continue
		}
		v := f.values[i]
		if v == nil {
			continue
		}
		attribute := compiledAttribute{index: i, value: v, plain: v.plain(), join: a.Join}
		if v.hasJoin {
			attribute.join = v.join
		}
		if a.Date && v.dates == nil {
			attribute.dates = &m.reading.dates
		}
		c.attributes = append(c.attributes, attribute)
	}
	return c
}

// plain tells that a value is a path without verbs.
func (v *value) plain() bool {
	return v.hasPath && v.split == nil && v.match == nil && v.words == nil && v.dates == nil
}

// aboutRecord tells that the fill's condition is the same for all its entries, so that it decides whether the type takes
// the record: there is one entry, or the condition reads nothing of the entries.
func (f *fill) aboutRecord() bool {
	if f.where == nil {
		return false
	}
	if len(f.each) == 0 {
		return true
	}
	outside := !slices.ContainsFunc(f.where.reads(), func(path dataPath) bool {
		root := path.Root()
		return root == format.RootHere || root == format.RootTable
	})
	return outside && !slices.ContainsFunc(f.each, func(path dataPath) bool { return strings.ContainsAny(path.String(), ".(") })
}
