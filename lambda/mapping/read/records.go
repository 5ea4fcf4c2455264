package read

import (
	"context"
	"path"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

// Reasons for which a record is skipped.
const (
	skipWhere = "`where` refuses it"
	skipHost  = "it speaks about no machine of the kind that the mapping takes"
	skipTypes = "no type of the mapping takes it"
)

// reader makes records of what the engine finds.
type reader struct {
	*mapping.Mapping
	program  *program
	reading  *Reading
	choice   mapping.Choice
	maker    entryMaker
	values   [][]string // by type, used again for each entry
	kept     keeper
	last     [][]string // identifiers of the record before, by slot
	lastKey  string
	lastDate readDate
	facts    map[string]string

	found   *record.Record
	current current
	record  Record
	refused []bool // by fill of the record's block: the type does not take the record
	removed bool
	each    func(record.Found, error) bool // is entry
	yield   func(Entry, error) bool        // of who reads the entries of the record
	ended   bool                           // all of them were read
	late    map[int]bool                   // blocks with records that have their capture time from $doc
	count   tally

	index      tree.Index      // of the record's value, or of that of an entry
	unseen     inventory.Scope // of a record that looked at nothing
	lastScopes map[*compiledScope]*inventory.Scope
	lateScopes lateScopes
}

// fileFacts are what $file paths read.
func fileFacts(f Facts) map[string]string {
	facts := map[string]string{"name": f.Name, "key": f.Key}
	if f.Name == "" && f.Key != "" {
		facts["name"] = path.Base(f.Key)
	}
	for name, value := range f.Captures {
		facts["key."+name] = value
	}
	return facts
}

// run reads the document.
func (r *reader) run(ctx context.Context, in Input, yield func(*Record, error) bool) {
	var err error
	r.program, err = programOf(r.Mapping)
	if err != nil {
		yield(nil, err)
		return
	}
	if r.Conventions.Open && in.Reader != nil {
		in.Reader, r.maker.order = date.PeekOrder(in.Reader)
	}
	engine := record.Read(ctx, r.program.engine, in.engine(r.choice))
	for found, err := range engine.Records() {
		if err != nil {
			yield(nil, err)
			return
		}
		if !r.recordsOf(found, yield) {
			return
		}
	}
	r.reading.remarks = engine.Remarks()
	for _, remark := range r.reading.remarks {
		r.maker.at = Note{Word: "header"}
		r.maker.note(remark)
	}
	r.end(engine.Scope())
}

// recordsOf yields what one record of the document states, machine by machine.
func (r *reader) recordsOf(found *record.Record, yield func(*Record, error) bool) bool {
	r.found = found
	scope := found.Scope()
	scope.File, scope.Index = r.facts, &r.index
	r.index.Set(found.Value)
	r.maker.scope = scope
	r.maker.host, r.maker.ofHosts = nil, r.maker.ofHosts[:0]
	r.maker.at = Note{Record: found.Number, Place: found.Place}
	b := r.Blocks[found.Block]
	r.count.begin(found.Number)
	r.begin(b)
	if !r.machines(b, yield) {
		return false
	}
	if err := r.counted(); err != nil {
		yield(nil, err)
		return false
	}
	return true
}

// machines yields what the current record states, machine by machine.
func (r *reader) machines(b *mapping.Block, yield func(*Record, error) bool) bool {
	if r.record.Skip != "" {
		return yield(&r.record, nil)
	}
	found := r.found
	for _, host := range found.Hosts {
		r.maker.scope.Host = host
		r.machine(b, host)
		r.scopes()
		if !yield(&r.record, nil) {
			return false
		}
	}
	return true
}

// begin evaluates what a record states as a whole.
func (r *reader) begin(b *mapping.Block) {
	entries := r.record.entries
	r.current.fill = nil
	mended := r.choice.Mended != nil
	r.record = Record{
		Number: r.found.Number, Place: r.found.Place, Merge: b.Merge || mended, Newest: b.Newest && !mended, Source: r.Name,
		States: r.record.States[:0], Scopes: r.record.Scopes[:0], LateScopes: r.record.LateScopes[:0], block: r.found.Block, reader: r, entries: entries,
	}
	r.maker.scope.Host = nil
	if len(r.found.Hosts) > 0 {
		r.maker.scope.Host = r.found.Hosts[0]
	}
	switch {
	case r.found.Aside != "":
		r.record.Skip, r.record.Aside = r.found.Aside, true
	case b.Where != nil && !r.word("where").holds(b.Where, r.found.Value):
		r.record.Skip = skipWhere
	case len(r.found.Hosts) == 0:
		r.record.Skip = skipHost
	case r.refuse(b):
		r.record.Skip = skipTypes
	}
	if r.record.Skip != "" {
		return
	}
	r.removed = b.Remove != nil && r.word("remove").holds(b.Remove, r.found.Value)
	r.record.Partial = b.Scope != nil && !r.word("scope").holds(b.Scope, r.found.Value)
	r.maker.partial = r.record.Partial
	r.states(b)
	r.record.Source = r.sourceName()
	r.capture(b)
}

// word notes which word of the block is evaluated next.
func (r *reader) word(word string) *evaluator {
	r.maker.at.Type, r.maker.at.Word = "", word
	return r.maker.evaluator
}

// refuse finds the types that do not take the record, and reports whether none does.
func (r *reader) refuse(b *mapping.Block) bool {
	r.refused = r.refused[:0]
	all := len(b.Fills) > 0
	fills := r.program.fills[r.found.Block]
	for i := range fills {
		refused := fills[i].Index < 0 || fills[i].record && r.refusedBy(i, fills[i].Fill)
		r.refused = append(r.refused, refused)
		all = all && refused
	}
	return all
}

// refusedBy evaluates a condition that is the same for all entries of the type in a record, at the first of them.
func (r *reader) refusedBy(i int, f *mapping.Fill) bool {
	r.maker.at.Type = f.Type.Inventory.Name
	defer func() { r.maker.at.Type = "" }()
	r.maker.at.Word = "where"
	if len(f.Each) == 0 {
		return !r.maker.holds(f.Where, r.found.Value)
	}
	for entry, err := range r.found.Entries() {
		if err != nil {
			return false // comes again, and is reported, where the entries are read
		}
		if entry.Type == i {
			r.index.Set(entry.Value)
			holds := r.maker.holds(f.Where, entry.Value)
			r.index.Set(r.found.Value)
			return !holds
		}
	}
	return false
}

// states finds the types that the record states something of, also when it has no entries of them.
func (r *reader) states(b *mapping.Block) {
	for i, f := range b.Fills {
		if !r.refused[i] && (r.found.Present[i] || !f.Keep) && !slices.Contains(r.record.States, f.Index) {
			r.record.States = append(r.record.States, f.Index)
		}
	}
	slices.Sort(r.record.States)
}

// entries yields the entries of the current record.
func (r *reader) entries(yield func(Entry, error) bool) {
	if r.removed && !r.record.Merge {
		return
	}
	r.yield, r.ended = yield, true
	r.count.read = 0
	r.maker.outside.begin(true)
	r.found.Entries()(r.each)
	r.maker.outside.begin(false)
	r.index.Set(r.found.Value)
	if r.ended {
		r.count.entries = r.count.read
	}
}

// entry makes an entry of what stands in its place, and reports whether further ones are wanted.
func (r *reader) entry(found record.Found, err error) bool {
	if err != nil {
		r.ended = false
		r.yield(Entry{}, err)
		return false
	}
	f := &r.program.fills[r.found.Block][found.Type]
	if len(f.Each) > 0 {
		r.count.read++
		r.index.Set(found.Value) // which may stand where another one stood in memory
	}
	if r.refused[found.Type] {
		return true
	}
	r.maker.at.Type, r.maker.at.Word = f.Type.Inventory.Name, "where"
	if f.Where != nil && !f.record && !r.maker.holds(f.Where, found.Value) {
		return true
	}
	entry := r.maker.make(f, found.Value, r.values[f.Index])
	entry.Remove = r.removed
	r.current = current{fill: f, from: found.Value}
	r.ended = r.yield(entry, nil)
	return r.ended
}
