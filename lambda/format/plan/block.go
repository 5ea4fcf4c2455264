package plan

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// surroundings is where a path's roots lead while a block's alternative is compiled.
type surroundings struct {
	fragment
	record fragment // of the record's own fields
	hosts  []int32  // ends of the paths to hosts
	ways   []int32  // every state in which a value may enclose what is read
	above  bool     // $up may lead out of the record
	needs  *needs
}

// needs is what a block's paths ask for beyond the record.
type needs struct {
	doc, table, up, upAbove bool
}

func (c *compiler) block(number int) error {
	b := &c.g.Plan.Blocks[number]
	state := &Hold{}
	c.g.Holds = append(c.g.Holds, state)
	if len(b.Each) == 0 {
		return c.alternative(number, 0, path.Document(), state)
	}
	for i := range b.Each {
		if err := placeOf(&b.Each[i], "record", true); err != nil {
			return err
		}
		if err := c.alternative(number, i, &b.Each[i], state); err != nil {
			return err
		}
	}
	return nil
}

// alternative compiles one of a block's places for records, with all that is read there.
func (c *compiler) alternative(block, alt int, each *path.Path, state *Hold) error {
	b := &c.g.Plan.Blocks[block]
	a := &Accept{kind: acceptRecord, Block: block, Alternative: alt, Path: each, Many: len(b.Each) > 1}
	a.setTests()
	if a.Deep && a.Many {
		return &Error{each.String(), "where records have several paths, a condition can only stand at the end"}
	}
	c.g.UsesIndex = c.g.UsesIndex || hasIndex(each.Steps)
	c.alts = append(c.alts, a)
	a.Owner = int32(len(c.alts)) //nolint:gosec // as of size
	way := fragment{owner: a.Owner, route: true}
	bare := len(each.Steps) == 0 || each.Steps[0].Kind == path.Self && len(each.Steps) == 1
	whole := bare && each.Root == path.RootDoc
	a.Weak = bare
	first := c.size()
	begin := c.begin(each)
	end := c.along(begin, each.Steps, way)
	ways := append(c.since(first), begin)
	reads := fragment{owner: a.Owner}
	record := c.add(reads)
	if whole {
		c.asked(each.Steps, way)
		c.accepting(c.whole, a, way)
		c.eps(c.start, record)
		reads.doc = true
	} else {
		c.eps(c.accepting(end, a, way), record)
	}
	n := &needs{}
	x := &surroundings{fragment: reads, record: reads, ways: ways, above: !bare, needs: n}
	if err := c.record(record, b, x, a); err != nil {
		return err
	}
	state.Up = state.Up || n.up || a.Deep
	state.Late = state.Late || !whole && (n.doc || n.table || n.upAbove || a.Deep)
	return nil
}

// asked reads what conditions on the document ask for, so that the values stay in a document that is a list of them.
func (c *compiler) asked(steps []path.Step, f fragment) {
	f.doc = true
	for _, t := range withoutNumber(lastTests(steps)) {
		c.read(c.start, &t.Path, f)
	}
}

// since lists the states made since the first.
func (c *compiler) since(first int32) []int32 {
	var made []int32
	for i := first; i < c.size(); i++ {
		made = append(made, i)
	}
	return made
}

// record compiles what is read of one record.
func (c *compiler) record(record int32, b *Block, x *surroundings, a *Accept) error {
	first, fact := c.size(), x.fragment
	fact.fact = true
	for i := range b.Host {
		if b.Host[i].Root != path.RootHere {
			return &Error{b.Host[i].String(), "the machine's object stands inside the record"}
		}
		end := c.along(record, b.Host[i].Steps, fact)
		c.states[end].leaf = true
		x.hosts = append(x.hosts, end)
	}
	hostWays := c.since(first)
	if len(b.Host) == 0 {
		x.hosts = []int32{record}
	}
	entryWays, err := c.types(record, b, x, a)
	if err != nil {
		return err
	}
	ways := x.ways
	c.reads(record, b.Reads, x)
	doc := x.needs.doc
	c.reads(record, b.CapturedAt, x)
	x.needs.doc = doc // a capture time of the document lets no record wait
	x.ways = slices.Concat(ways, hostWays, []int32{record})
	for _, h := range x.hosts {
		c.reads(h, b.HostReads, x)
	}
	x.ways = slices.Concat(ways, entryWays, []int32{record})
	return nil
}

// types compiles the ways to a record's entries and what is read of them. It returns the states on those ways.
func (c *compiler) types(record int32, b *Block, x *surroundings, a *Accept) ([]int32, error) {
	var all []int32
	for i := range b.Types {
		t := &b.Types[i]
		if len(t.Each) == 0 {
			c.reads(record, t.Reads, x)
		}
		if len(t.Each) > maxAlternatives {
			return nil, &Error{t.Each[maxAlternatives].String(), fmt.Sprintf("more than %d alternatives", maxAlternatives)}
		}
		for k := range t.Each {
			if err := placeOf(&t.Each[k], "entry", false); err != nil {
				return nil, err
			}
			e := &Accept{kind: acceptEntry, Block: a.Block, Type: i, Alternative: k, Owner: a.Owner, Path: &t.Each[k], Many: len(t.Each) > 1}
			all = append(all, c.entry(record, e, t.Reads, x)...)
		}
	}
	return all, nil
}

// maxAlternatives is how many an entry's places may be: they are bits of a word.
const maxAlternatives = 64

// entry compiles one way to entries, and returns the states on it.
func (c *compiler) entry(record int32, e *Accept, reads []path.Path, x *surroundings) []int32 {
	first := c.size()
	way := fragment{owner: e.Owner}
	end := c.along(record, e.Path.Steps, way)
	made := c.since(first)
	e.setTests()
	c.entries = append(c.entries, e)
	if e.Deep && e.Many {
		c.g.Holds[e.Block].DeepEntries = true
	}
	c.g.UsesIndex = c.g.UsesIndex || hasIndex(e.Path.Steps)
	at := c.accepting(end, e, way)
	inside := *x
	inside.doc = false
	inside.ways = slices.Concat(x.ways, made, []int32{record})
	c.reads(at, reads, &inside)
	x.needs.up = x.needs.up || e.Deep
	return made
}

// setTests keeps the tests that need nothing but the value itself; others wait for what encloses it.
func (a *Accept) setTests() {
	a.Deep = !testsOnlyLast(a.Path.Steps)
	if !a.Deep {
		a.tests = lastTests(a.Path.Steps)
	}
}

// usesIndex reports whether the path, or a condition in it, asks for a position.
func usesIndex(p *path.Path) bool {
	inTable := p.In != nil && usesIndex(p.In) || slices.ContainsFunc(p.Keys, func(key path.Path) bool { return usesIndex(&key) })
	return p.End == path.Index || inTable || path.AnyStep(p.Steps, func(s *path.Step) bool {
		return slices.ContainsFunc(s.Tests, func(t path.Test) bool { return usesIndex(&t.Path) })
	})
}

// hasIndex reports whether a step takes the n-th value.
func hasIndex(steps []path.Step) bool {
	return path.AnyStep(steps, func(s *path.Step) bool { return hasNumber(s.Tests) })
}

// reads adds paths that are read, whatever their roots.
func (c *compiler) reads(from int32, paths []path.Path, x *surroundings) {
	for i := range paths {
		c.rooted(from, &paths[i], x)
	}
}

func (c *compiler) rooted(from int32, p *path.Path, x *surroundings) {
	c.g.UsesIndex = c.g.UsesIndex || usesIndex(p)
	switch p.Root {
	case path.RootHere:
		c.read(from, p, x.fragment)
	case path.RootHost:
		for _, h := range x.hosts {
			c.read(h, p, x.record)
		}
	case path.RootDoc, path.RootRows:
		x.needs.doc = true
		c.ofDocument(p)
	case path.RootUp:
		c.up(p, x)
	case path.RootTable:
		x.needs.table = true
		c.reads(from, p.Keys, x)
		if p.In != nil {
			c.rooted(from, p.In, x)
		}
	}
}

// up reads a path at everything that may enclose what is read.
func (c *compiler) up(p *path.Path, x *surroundings) {
	x.needs.up = true
	x.needs.upAbove = x.needs.upAbove || x.above
	at := c.add(fragment{owner: x.owner})
	c.read(at, p.Inner(), fragment{owner: x.owner})
	for _, w := range x.ways {
		c.eps(w, at)
	}
}
