package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// shelf is a store in memory that counts.
type shelf struct {
	objects       map[string][]byte
	reads, writes int
	written       int
}

func (s *shelf) Get(_ context.Context, key string) ([]byte, string, error) {
	s.reads++
	data, ok := s.objects[key]
	if !ok {
		return nil, "", store.ErrNotFound
	}
	return data, "", nil
}

func (s *shelf) GetRange(ctx context.Context, key string, offset, length int64) ([]byte, error) {
	data, _, err := s.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	from := min(offset, int64(len(data)))
	return bytes.Clone(data[from:min(from+length, int64(len(data)))]), nil
}

func (s *shelf) Put(_ context.Context, key string, data []byte, _ string) (string, error) {
	s.writes++
	s.written += len(data)
	s.objects[key] = bytes.Clone(data)
	return "", nil
}

func (s *shelf) Delete(context.Context, string) error { return nil }

func (s *shelf) List(context.Context, string) iter.Seq2[string, error] { return nil }

func newShelf() *shelf { return &shelf{objects: map[string][]byte{}} }

func block(data string) Block { return Block{Name([]byte(data)), []byte(data)} }

func TestDecode(t *testing.T) {
	for _, blocks := range [][]Block{nil, {block("a")}, {block("a"), block(""), block(strings.Repeat("b", 300))}} {
		data, offsets := encode(blocks)
		got, err := Decode("k", data)
		if diff := cmp.Diff(blocks, got, cmp.Comparer(bytes.Equal)); err != nil || len(blocks) > 0 && diff != "" {
			t.Errorf("%v: %s", err, diff)
		}
		for i, b := range blocks {
			if !bytes.HasPrefix(data[offsets[i]:], b.Data) {
				t.Errorf("block %d does not begin at %d", i, offsets[i])
			}
		}
	}
}

func TestDamageIsNoticed(t *testing.T) {
	whole, _ := encode([]Block{block("some"), block("thing"), block("")})
	refused := func(what string, data []byte) {
		t.Helper()
		var damage *Error
		if _, err := Decode("packs/0001-A", data); !errors.As(err, &damage) || damage.Key != "packs/0001-A" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for bit := range 8 * len(whole) {
		flipped := bytes.Clone(whole)
		flipped[bit/8] ^= 1 << (bit % 8)
		refused(fmt.Sprint("bit ", bit), flipped)
	}
	for n := range whole {
		refused(fmt.Sprint("cut off at ", n), whole[:n])
	}
	refused("something behind it", append(bytes.Clone(whole), 0))
}

func FuzzDecode(f *testing.F) {
	whole, _ := encode([]Block{block("some"), block("")})
	f.Add(whole)
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, err := Decode("k", data)
		if err != nil {
			return
		}
		if again, _ := encode(blocks); !bytes.Equal(again, data) {
			t.Errorf("%q is not %q", again, data)
		}
	})
}

func FuzzPlaces(f *testing.F) {
	f.Add("AQgFAAIIAQ==", 2, 3)
	f.Fuzz(func(t *testing.T, text string, packs, names int) {
		var known []Info
		for i := range min(max(packs, 0), 9) {
			known = append(known, Info{fmt.Sprint(i), int64(i) << 20})
		}
		var list []string
		for i := range min(max(names, 0), 99) {
			list = append(list, fmt.Sprintf("%02d", i))
		}
		places, ok := decodePlaces(text, list, known)
		if !ok {
			return
		}
		for name, p := range places {
			if p.Pack < 0 || p.Pack >= len(known) || p.Offset < 0 || p.Length < 0 || p.Offset+p.Length > known[p.Pack].Bytes {
				t.Errorf("%s: %+v", name, p)
			}
		}
	})
}

// partition is one whose deliveries change some of its blocks.
type partition struct {
	t     *testing.T
	s     *shelf
	table *Table
	live  map[string]string // content by name
	at    []string          // content by node; nil: in the order of names
}

func (p *partition) names() []string { return slices.Sorted(maps.Keys(p.live)) }

// order is the blocks in the order in which a delivery asks for them: that of their nodes.
func (p *partition) order() []string {
	names := p.names()
	if p.at != nil {
		slices.SortFunc(names, func(a, b string) int { return slices.Index(p.at, p.live[a]) - slices.Index(p.at, p.live[b]) })
	}
	return names
}

// reopened is the table as another process reads it.
func (p *partition) reopened() *Table {
	t, ok := Read(p.table.Prefix, slices.Clone(p.table.Packs), p.table.Places(p.names()), p.names())
	t.Last, t.Met = p.table.Last, func(context.Context, string) error { return nil }
	if !ok {
		p.t.Fatal("the table cannot be read back")
	}
	return t
}

// delivers makes some blocks others.
func (p *partition) delivers(content ...string) {
	p.t.Helper()
	p.table = p.reopened()
	for _, c := range content {
		b := block(c)
		p.live[b.Name] = c
		p.table.Add(b)
	}
	if err := p.table.Pack(p.t.Context(), &Reader{Store: p.s}, p.order(), false); err != nil {
		p.t.Fatal(err)
	}
}

// check reads every block that is live in a process of its own, and returns how many reads that took.
func (p *partition) check() int {
	p.t.Helper()
	p.s.reads = 0
	r, table := &Reader{Store: p.s}, p.reopened()
	for _, name := range p.order() {
		want := p.live[name]
		got, _, err := table.Block(p.t.Context(), r, name)
		if err != nil || string(got) != want {
			p.t.Fatalf("%s: %q, %v", name, got, err)
		}
	}
	return p.s.reads
}

// TestDeliveriesOfAMonth changes a part of the blocks again and again. Every block stays readable; the head never names many packs; each delivery
// writes one; and what is written in all is a bounded multiple of what changed.
func TestDeliveriesOfAMonth(t *testing.T) {
	for _, c := range []struct {
		nodes, size, changed, deliveries int
		most                             float64 // times that a byte is written
	}{
		{100, 10_000, 2, 150, 25}, {100, 10_000, 100, 20, 1.2}, {100, 50, 3, 100, 60}, {20, 200_000, 1, 60, 12}, {100, 10_000, 20, 60, 6},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.changed, c.nodes), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(c.size)))
			p := &partition{t: t, s: newShelf(), table: &Table{Prefix: "packs/0001-"}, live: map[string]string{}}
			at := make([]string, c.nodes) // what each node has
			p.at = at
			content := func() string {
				buf := make([]byte, c.size/2+random.IntN(c.size))
				for i := range buf {
					buf[i] = byte(random.IntN(256))
				}
				return string(buf)
			}
			given := 0
			for n := range c.deliveries {
				var list []string
				for i := range at {
					if n > 0 && random.IntN(c.nodes) >= c.changed {
						continue
					}
					delete(p.live, Name([]byte(at[i])))
					at[i] = content()
					given += len(at[i])
					list = append(list, at[i])
				}
				before := p.s.writes
				p.delivers(list...)
				if wrote := p.s.writes - before; wrote > 1 || len(list) > 0 && wrote == 0 {
					t.Fatalf("delivery %d wrote %d packs", n, wrote)
				}
				open := 0
				for _, info := range p.table.Packs {
					if info.Bytes < fullBytes {
						open++
					}
				}
				if open > mostPacks {
					t.Fatalf("delivery %d: %+v", n, p.table.Packs)
				}
				most := int64(0)
				for _, info := range p.table.Packs {
					most += 1 + info.Bytes/window(p.table.Packs)
				}
				if reads := p.check(); int64(reads) > most {
					t.Fatalf("%d reads of %+v", reads, p.table.Packs)
				}
			}
			times := float64(p.s.written) / float64(given)
			t.Logf("%d packs, each byte written %.1f times", len(p.table.Packs), times)
			if times > c.most {
				t.Errorf("each byte was written %.1f times", times)
			}
		})
	}
}

// TestALargePartition fills packs: they are read by parts, and a delivery that writes more than a pack takes writes several.
func TestALargePartition(t *testing.T) {
	p := &partition{t: t, s: newShelf(), table: &Table{Prefix: "p-"}, live: map[string]string{}}
	r := &Reader{Store: p.s}
	for i := range 30 {
		b := block(strings.Repeat(fmt.Sprintf("%02d", i), 500_000))
		p.live[b.Name] = string(b.Data)
		p.table.Add(b)
		if p.table.IsFull() {
			if err := p.table.Flush(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.table.Pack(t.Context(), r, p.names(), false); err != nil {
		t.Fatal(err)
	}
	for _, info := range p.table.Packs {
		if info.Bytes > mostBytes+2_000_000 {
			t.Errorf("a pack of %d bytes", info.Bytes)
		}
	}
	if r.bytes > keptBytes+mostBytes || len(p.table.Packs) != 6 {
		t.Errorf("%d bytes are kept, %d packs", r.bytes, len(p.table.Packs))
	}
	p.check()
}

func TestTidy(t *testing.T) {
	p := &partition{t: t, s: newShelf(), table: &Table{Prefix: "p-"}, live: map[string]string{}}
	var all []string
	for i := range 10 {
		all = append(all, strings.Repeat(fmt.Sprint(i), 20_000))
	}
	p.delivers(all...)
	if p.table.WorthPacking(p.names()) {
		t.Error("all of it is live")
	}
	for _, content := range all[:7] {
		delete(p.live, Name([]byte(content)))
	}
	p.delivers()
	if !p.table.WorthPacking(p.names()) || len(p.table.Packs) != 1 {
		t.Fatalf("most of it is dead: %+v", p.table.Packs)
	}
	old := p.reopened()
	if err := p.table.Pack(t.Context(), &Reader{Store: p.s}, p.names(), true); err != nil {
		t.Fatal(err)
	}
	if p.table.Packs[0].Bytes > 61_000 || p.table.WorthPacking(p.names()) {
		t.Errorf("%+v", p.table.Packs)
	}
	p.check()
	for name := range p.live { // whoever has the older version still reads it
		if _, _, err := old.Block(t.Context(), &Reader{Store: p.s}, name); err != nil {
			t.Error(err)
		}
	}
	clear(p.live)
	p.delivers()
	if len(p.table.Packs) != 0 || p.table.Places(nil) != "" {
		t.Errorf("%+v", p.table.Packs)
	}
}

// TestAPackThatIsDamaged is not taken over: what is left of it stays where it is, and all else goes on.
func TestAPackThatIsDamaged(t *testing.T) {
	p := &partition{t: t, s: newShelf(), table: &Table{Prefix: "p-"}, live: map[string]string{}}
	p.delivers("a", "b")
	key := p.table.KeyOf(0)
	whole := p.s.objects[key]
	for what, data := range map[string][]byte{"gone": nil, "cut off": whole[:len(magic)+1]} {
		p.s.objects[key] = data
		if data == nil {
			delete(p.s.objects, key)
		}
		fork := &partition{t: t, s: p.s, table: p.reopened(), live: maps.Clone(p.live)}
		fork.delivers("c " + what)
		if diff := cmp.Diff([]string{key}, fork.table.Damaged()); diff != "" || len(fork.table.Packs) != 2 {
			t.Errorf("%s: %s, %+v", what, diff, fork.table.Packs)
		}
		p.s.objects[key] = whole
		fork.check()
	}
}

func TestFormerBlocksCanBeRead(t *testing.T) {
	p := &partition{t: t, s: newShelf(), table: &Table{Prefix: "p-"}, live: map[string]string{}}
	p.delivers("a", "b")
	gone := Name([]byte("a"))
	p.table = p.reopened()
	delete(p.live, gone)
	p.table.Add(block("c"))
	p.live[block("c").Name] = "c"
	if err := p.table.Pack(t.Context(), &Reader{Store: p.s}, p.names(), false); err != nil {
		t.Fatal(err)
	}
	next := p.reopened()
	if got, _, err := next.Block(t.Context(), &Reader{Store: p.s}, gone); got != nil || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	next.Remember(p.table)
	for _, table := range []*Table{p.table, next} {
		if got, _, err := table.Block(t.Context(), &Reader{Store: p.s}, gone); string(got) != "a" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}
