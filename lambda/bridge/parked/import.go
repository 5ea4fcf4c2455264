package parked

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/allowed"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// oneImport is what is parked of one import, while the nodes of its machines are looked for.
type oneImport struct {
	f        *Finder
	resolver intake.Resolver
	rules    node.Rules
	objects  []object
	machines []machine // those that may have a node
	heads    map[int]*ledger.Head
	newer    *newer
}

// object is an object of parked statements.
type object struct {
	key      ledger.ParkedKey
	records  int            // in its statements that wait
	replaced map[int]int    // the records of its statements that newer documents replace, by their place
	found    map[int]string // the nodes of its statements, by their place
	among    *node.Crowd    // the machines of its import
}

// machine is a statement that may have a node.
type machine struct {
	object, statement int
	subject           node.Subject
	node              string
}

// findOf looks for the nodes of what one import parked, and delivers the statements about those that have one now.
func (f *Finder) findOf(
	ctx context.Context, keys []ledger.ParkedKey, r intake.Resolver, numbers node.Numbers, of *source,
) error {
	p := &oneImport{f: f, resolver: r, heads: map[int]*ledger.Head{}, newer: of.newer}
	crowd := r.Crowd()
	for _, k := range keys {
		h, list, ok, err := f.object(ctx, k, of)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		m, _ := f.Mappings.Head(h.Mapping)
		p.rules = intake.RulesOf(m, f.Account, f.Region)
		p.rules.Later, p.rules.Among, p.rules.Numbers = true, crowd, numbers
		if err := p.read(k, h, list); err != nil {
			return err
		}
	}
	if err := p.addStated(ctx, keys[0]); err != nil {
		return err
	}
	crowd.Close()
	if err := p.find(ctx); err != nil {
		return err
	}
	for i := range p.objects {
		if err := f.deliver(ctx, &p.objects[i]); err != nil {
			return err
		}
	}
	return nil
}

// read notes the machines of an object that may have a node.
func (p *oneImport) read(k ledger.ParkedKey, h ledger.Header, list statements) error {
	o := object{key: k, found: map[int]string{}, replaced: map[int]int{}, among: p.rules.Among}
	statement := 0
	for st, err := range list {
		if err != nil {
			return err
		}
		replaced, err := p.newer.replaces(h, st)
		if err != nil {
			return err
		}
		subject := subjects.Parked(st)
		p.rules.Among.Add(subject, "")
		if replaced {
			o.replaced[statement] = len(st.Records)
		} else {
			o.records += len(st.Records)
			if d := p.resolver.Resolve(subject, p.rules); d.Outcome == node.Matched || d.Depends {
				p.machines = append(p.machines, machine{object: len(p.objects), statement: statement, subject: subject})
			}
		}
		statement++
	}
	p.objects = append(p.objects, o)
	return nil
}

// addStated adds the machines of the import that had a node: what these have as well, does not distinguish a machine.
func (p *oneImport) addStated(ctx context.Context, k ledger.ParkedKey) error {
	if len(p.machines) == 0 {
		return nil
	}
	for h, err := range p.f.Ledger.Heads(ctx) { // not kept: all together may be large
		if err != nil {
			return err
		}
		for _, n := range h.Nodes {
			if known := n.Sources[k.Source]; known != nil && known.Import == k.Import {
				p.rules.Among.Add(subjects.From(known.Subject), "")
			}
		}
	}
	return nil
}

func (p *oneImport) head(ctx context.Context, partition int) (*ledger.Head, error) {
	if h := p.heads[partition]; h != nil {
		return h, nil
	}
	h, err := p.f.Ledger.Load(ctx, partition)
	if err == nil {
		p.heads[partition] = h
	}
	return h, err
}

// find decides which machines have a node: alone, and not known to be another machine than that of the source's statement about the node.
func (p *oneImport) find(ctx context.Context) error {
	rivals := map[string][]node.Rival{}
	for i := range p.machines {
		m := &p.machines[i]
		d := p.resolver.Resolve(m.subject, p.rules)
		if d.Reason == node.ReasonNotLookedUp {
			p.f.NotLookedUp++
		}
		if d.Outcome != node.Matched {
			continue
		}
		differs, err := p.differs(ctx, m, d.Node)
		if err != nil {
			return err
		}
		if !differs {
			m.node = d.Node
			rivals[d.Node] = append(rivals[d.Node], rivalOf(m.subject))
		}
	}
	stand := map[string][]bool{}
	for id, list := range rivals {
		stand[id] = p.rules.Among.Stand(id, list, p.rules)
	}
	for _, m := range p.machines {
		if m.node == "" {
			continue
		}
		if stand[m.node][0] {
			p.objects[m.object].found[m.statement] = m.node
		}
		stand[m.node] = stand[m.node][1:]
	}
	return nil
}

// rivalOf is a machine as its statement names it. Beside other identifiers one number of the source is its key; alone it has led to the node, as
// another number of the machine may have.
func rivalOf(s node.Subject) node.Rival {
	r := node.Rival{Subject: s}
	if len(s.Number) == 1 && !s.Empty() {
		r.Key = s.Number[0].Key
	}
	return r
}

// differs reports whether the source has a statement of the same import about the node, whose machine is known to be another.
func (p *oneImport) differs(ctx context.Context, m *machine, id string) (bool, error) {
	k := p.objects[m.object].key
	h, err := p.head(ctx, p.f.Ledger.Partition(id))
	if err != nil {
		return false, err
	}
	n := h.Nodes[id]
	if n == nil || n.Sources[k.Source] == nil || n.Sources[k.Source].Import != k.Import {
		return false, nil
	}
	held := rivalOf(subjects.From(n.Sources[k.Source].Subject))
	return node.Different(held, rivalOf(m.subject), p.rules.Among), nil
}

// deliver delivers the statements of an object about machines that have a node now. When none is left, the object is deleted.
func (f *Finder) deliver(ctx context.Context, o *object) error {
	if len(o.found) == 0 && o.records > 0 {
		f.count(o.key.Source, o.records)
		return nil
	}
	h, list, err := f.read(ctx, o.key)
	if errors.Is(err, ledger.ErrNotFound) || errors.Is(err, allowed.ErrNotBelieved) {
		return nil
	}
	if err != nil {
		return err
	}
	found, err := f.Book.FoundWhole(ctx, o.key.Import)
	if err != nil {
		return err
	}
	byPartition := map[int][]*ledger.Statement{}
	left, statement := 0, 0
	for st, err := range list {
		if err != nil {
			return err
		}
		id, ok := o.found[statement]
		_, replaced := o.replaced[statement]
		switch {
		case replaced:
		case !ok:
			left += len(st.Records)
		case !allFound(&found, st, id):
			p := f.Ledger.Partition(id)
			found := cloned(st, id)
			found.Target = o.among.TargetOf(id)
			found.Subject = intake.Tying(found.Subject, id, o.among)
			byPartition[p] = append(byPartition[p], found)
		}
		statement++
	}
	f.count(o.key.Source, left)
	for _, p := range slices.Sorted(maps.Keys(byPartition)) {
		for _, turn := range turns(byPartition[p]) {
			pending, err := f.deliverFound(ctx, h, p, turn)
			if err != nil {
				return err
			}
			left += pending
		}
	}
	if left > 0 {
		return nil
	}
	return f.delete(ctx, o)
}

// delete deletes an object of which nothing waits any more, with a note on the receipt where that is since newer documents replace it.
func (f *Finder) delete(ctx context.Context, o *object) error {
	replaced := 0
	for _, n := range o.replaced {
		replaced += n
	}
	if replaced > 0 {
		text := "parked records were replaced by a newer document about the same machines (source " + o.key.Source + ")"
		if err := f.Book.Notice(ctx, o.key.Import, receipt.Note{Text: text, Count: replaced}); err != nil {
			return err
		}
	}
	return f.Ledger.DeleteParked(ctx, o.key)
}
