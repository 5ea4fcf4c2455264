package read

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

// program is what a mapping needs for reading, made when it is first used.
type program struct {
	engine *plan.Program
	fills  [][]compiledFill // by block
	scoped []bool           // by block: some of its types have a scope
	late   []bool           // by block: the capture time may come from $doc after the end
}

// compiledFill is a fill with what is done for each attribute.
type compiledFill struct {
	*mapping.Fill
	record     bool                // where decides about the record, not about single entries
	scope      *compiledScope      // nil: the record speaks of all entries
	attributes []compiledAttribute // those with a source, in the type's order
	defaults   []string            // by attribute of the type
	partial    []string            // of these, what an entry of a partial record has
	fits       []int               // attributes whose values must be made fit: all but those that have nothing, or a default that is fit
	derived    []int               // attributes that are made from another one
}

// compiledAttribute is where one attribute comes from and how it is made fit.
type compiledAttribute struct {
	index  int
	of     *mapping.Attribute
	value  *mapping.Value
	choice bool         // a list of alternatives without verbs
	dates  *date.Reader // nil: no date, or made one by the value itself
	join   string
}

// programOf makes a mapping ready for reading, once. It fails only where an expression was not checked at loading.
func programOf(m *mapping.Mapping) (*program, error) {
	made, err := m.Prepared(func() (any, error) { return compile(m) })
	p, _ := made.(*program)
	return p, err
}

func compile(m *mapping.Mapping) (*program, error) {
	for _, e := range m.Expressions {
		if _, err := e.Compile(); err != nil {
			return nil, fmt.Errorf("mapping: %s: expression %q: %w", m.Name, e.Text, err)
		}
	}
	p := &program{}
	for _, b := range m.Blocks {
		fills := make([]compiledFill, len(b.Fills))
		for i, f := range b.Fills {
			fills[i] = compileFill(m, f)
			fills[i].scope = compileScope(m, f)
		}
		p.fills = append(p.fills, fills)
		p.scoped = append(p.scoped, slices.ContainsFunc(b.Fills, func(f *mapping.Fill) bool { return f.Scope != nil }))
		p.late = append(p.late, lateable(b.Captured))
	}
	of, err := planOf(m)
	if err != nil {
		return nil, fmt.Errorf("mapping: %s: %w", m.Name, err)
	}
	p.engine, err = plan.Compile(of)
	if err != nil {
		return nil, fmt.Errorf("mapping: %s: %w", m.Name, err)
	}
	return p, nil
}

// planOf returns what is read of a document.
func planOf(m *mapping.Mapping) (plan.Plan, error) {
	of := plan.Plan{Unwrap: m.Conventions.Unwrap, Empty: emptyText(m.Conventions.Empty), Unescape: m.Conventions.Unescape}
	for _, t := range m.Tables {
		of.Tables = append(of.Tables, plan.Table{Name: t.Name, Each: t.Each, Key: t.Key, Parts: t.Parts})
	}
	if w := m.Whole; w != nil {
		of.Late = appendReads(of.Late, slices.Concat(w.Holds.Paths(), w.Page.Paths(), w.Pages.Paths()))
	}
	for _, b := range m.Blocks {
		reads := planBlock(m, b)
		for _, f := range b.Fills {
			if f.Scope == nil {
				continue
			}
			if _, err := f.Scope.Leaves(); err != nil {
				return plan.Plan{}, err
			}
			_, ofRecords, atEnd := planScope(f.Scope)
			reads.Reads, of.Late = appendReads(reads.Reads, ofRecords), appendReads(of.Late, atEnd)
		}
		of.Blocks = append(of.Blocks, reads)
	}
	return of, nil
}

// planBlock is what a block reads.
func planBlock(m *mapping.Mapping, b *mapping.Block) plan.Block {
	reads := plan.Block{Each: b.Each, Host: b.Host}
	reads.Reads = appendReads(reads.Reads, b.Where.Paths())
	reads.Reads = appendReads(reads.Reads, b.Remove.Paths())
	reads.Reads = appendReads(reads.Reads, b.Scope.Paths())
	for i := range m.Source {
		reads.Reads = appendReads(reads.Reads, m.Source[i].Paths())
	}
	reads.HostReads = appendReads(reads.HostReads, b.Key.Paths())
	for _, identifier := range b.Identity.All() {
		reads.HostReads = appendReads(reads.HostReads, identifier.Value.Paths())
	}
	if lateable(b.Captured) {
		reads.CapturedAt = appendReads(nil, b.Captured.Paths())
	} else {
		reads.Reads = appendReads(reads.Reads, b.Captured.Paths())
	}
	for _, f := range b.Fills {
		reads.Types = append(reads.Types, planEntries(f))
	}
	return reads
}

func planEntries(f *mapping.Fill) plan.Entries {
	entries := plan.Entries{Each: f.Each}
	entries.Reads = appendReads(entries.Reads, f.Where.Paths())
	for _, v := range f.Values {
		entries.Reads = appendReads(entries.Reads, v.Paths())
	}
	return entries
}

// appendReads adds paths into the document, each once.
func appendReads(reads, paths []path.Path) []path.Path {
	for _, p := range paths {
		known := func(other path.Path) bool { return other.String() == p.String() }
		if p.Root != path.RootFile && !slices.ContainsFunc(reads, known) {
			reads = append(reads, p)
		}
	}
	return reads
}

// lateable reports whether a value prefers what the record itself has to what the document has, so that the document may be
// asked last, after its end.
func lateable(v *mapping.Value) bool {
	if v == nil || v.Expr != nil || len(v.All) > 0 {
		return false
	}
	document := false
	for _, p := range v.Paths() {
		if p.Root == path.RootDoc {
			document = true
		} else if document {
			return false
		}
	}
	return document
}

// compileFill prepares what is done for each entry of a fill.
func compileFill(m *mapping.Mapping, f *mapping.Fill) compiledFill {
	c := compiledFill{Fill: f, record: aboutRecord(f), defaults: make([]string, len(f.Type.Attributes)), partial: make([]string, len(f.Type.Attributes))}
	for i := range f.Type.Attributes {
		a := &f.Type.Attributes[i]
		c.defaults[i] = strings.ReplaceAll(a.Default, "{mapping}", m.Name)
		if f.Type.IsStated(i) {
			c.partial[i] = c.defaults[i]
		}
		if a.OfIndex >= 0 {
			c.derived = append(c.derived, i)
		} else if v := f.Values[i]; v != nil {
			c.attributes = append(c.attributes, compileAttribute(m, f.Type, i, v))
		} else if text := c.defaults[i]; !a.Required && clean(text) == text && (a.Max == 0 || len(text) <= a.Max) && len(text) <= inventory.MaxValueBytes {
			continue
		}
		c.fits = append(c.fits, i)
	}
	return c
}

// compileAttribute prepares what makes a value fit an attribute.
func compileAttribute(m *mapping.Mapping, of *mapping.Type, i int, v *mapping.Value) compiledAttribute {
	a := &of.Attributes[i]
	attribute := compiledAttribute{index: i, of: a, value: v, choice: v.IsChoice(), join: a.Join}
	if v.HasJoin {
		attribute.join = v.Join
	}
	if a.Date && v.Dates == nil {
		attribute.dates = &m.Conventions.Dates
	}
	return attribute
}

// aboutRecord reports whether the fill's condition is the same for all its entries, so that it decides whether the type takes
// the record: there is one entry, or the condition reads nothing of the entries.
func aboutRecord(f *mapping.Fill) bool {
	if f.Where == nil {
		return false
	}
	if len(f.Each) == 0 {
		return true
	}
	outside := !slices.ContainsFunc(f.Where.Paths(), func(p path.Path) bool {
		root := p.Root
		return root == path.RootHere || root == path.RootTable
	})
	// Further down, what is nearest around an entry may be another one's neighbour.
	return outside && !slices.ContainsFunc(f.Each, func(p path.Path) bool {
		return len(p.Steps) > 1 || len(p.Steps) == 1 && (p.Steps[0].Kind == path.Group || p.Steps[0].Repeat != path.Once)
	})
}
