package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// rowsNamed makes rows of which each text makes others.
func rowsNamed(text string) *Rows { return &Rows{Rows: []inventory.Entry{{text}}} }

// stateRows makes rows what a source states of a node in a head.
func stateRows(t *testing.T, l *Ledger, h *Head, node, text string) string {
	t.Helper()
	name, err := l.WriteRows(t.Context(), h, finding("Id"), rowsNamed(text))
	if err != nil {
		t.Fatal(err)
	}
	h.Nodes[node] = states(name)
	return name
}

// readable checks that all rows are there that a head names.
func readable(t *testing.T, l *Ledger, h *Head, want map[string]string) {
	t.Helper()
	for node, text := range want {
		rows, err := l.ReadRows(t.Context(), h, finding("Id"), h.Nodes[node].Types["Custom:Finding"].Shares["a"].Rows)
		if err != nil || rows.Rows[0][0] != text {
			t.Errorf("%s: %v, %v", node, rows, err)
		}
	}
}

func keys(s *memory, prefix string) (found []string) {
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if strings.HasPrefix(key, prefix) {
			found = append(found, key)
		}
	}
	return found
}

// failing is a store of which one write fails, before or after it took effect.
type failing struct {
	*memory
	at    int
	after bool
	calls int
}

var errLost = errors.New("the store could not be reached")

func (f *failing) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	f.calls++
	if f.calls == f.at && !f.after {
		return "", errLost
	}
	etag, err := f.memory.Put(ctx, key, data, condition)
	if f.calls == f.at {
		return "", errLost
	}
	return etag, err
}

// TestNoHeadNamesAPackThatIsNotThere saves heads with new rows, of which any write fails before or after it took effect: what the stored head
// names can be read.
func TestNoHeadNamesAPackThatIsNotThere(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; at <= 8; at++ {
			s := &failing{memory: &memory{}, at: at + 1, after: after} // the first write makes the state
			l := open(t, s, Options{Partitions: 1})
			possible := []map[string]string{{}}
			for round := range 3 {
				h := load(t, open(t, &failing{memory: s.memory}, Options{}), 0)
				next := maps.Clone(possible[len(possible)-1])
				next[fmt.Sprint("i-", round)], next["i-all"] = fmt.Sprint(round), fmt.Sprint("all ", round)
				possible = append(possible, next)
				stateRows(t, l, h, fmt.Sprint("i-", round), fmt.Sprint(round))
				stateRows(t, l, h, "i-all", fmt.Sprint("all ", round))
				if err := l.Save(t.Context(), h); err != nil {
					break
				}
			}
			fresh := open(t, s.memory, Options{})
			h := load(t, fresh, 0)
			at := slices.IndexFunc(possible, func(m map[string]string) bool { return len(m) == len(h.Nodes) })
			readable(t, fresh, h, possible[at])
		}
	}
}

// TestPacksAreSwept: a pack is deleted that no head has named for 30 days, and no other. A head of that time can be brought back.
// TestAPackThatIsFullWithItsLastBlock: blocks that are written before the head is saved are named by it, and a head is saved again as it was.
func TestAPackThatIsFullWithItsLastBlock(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{})
	h := load(t, l, 1)
	random := rand.NewChaCha8([32]byte{})
	text := make([]byte, 5<<20)
	_, _ = random.Read(text)
	stateRows(t, l, h, "i-1", string(text)) // no text of that size is compressed
	for range 2 {
		save(t, l, h)
		if packs := keys(s, packPrefix); len(packs) != 1 {
			t.Errorf("packs: %v", packs)
		}
		h = load(t, l, 1)
		readable(t, l, h, map[string]string{"i-1": string(text)})
	}
}

func TestPacksAreSwept(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	s := &memory{}
	l := open(t, s, Options{Partitions: 2})
	sweep := func(days int) int {
		t.Helper()
		now = now.Add(time.Duration(days) * 24 * time.Hour)
		n, _, err := l.SweepRows(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	h := load(t, l, 0)
	stateRows(t, l, h, "i-1", "1")
	save(t, l, h)
	before := s.objects[headKey(0)]
	stateRows(t, l, h, "i-1", "2")
	save(t, l, h)
	if n := len(keys(s, packPrefix)); n != 2 || len(h.Packs) != 1 {
		t.Fatalf("%d packs are stored, the head names %+v", n, h.Packs)
	}
	if n := sweep(1) + sweep(29); n != 0 {
		t.Errorf("%d deleted too early", n)
	}
	after := s.objects[headKey(0)]
	s.objects[headKey(0)] = before
	readable(t, open(t, s, Options{}), load(t, l, 0), map[string]string{"i-1": "1"})
	s.objects[headKey(0)] = after
	if n := sweep(1); n != 1 || len(keys(s, packPrefix)) != 1 {
		t.Errorf("%d deleted, left are %v", n, keys(s, packPrefix))
	}
	if n := sweep(40) + sweep(40); n != 0 {
		t.Errorf("%d deleted that a head names", n)
	}
	readable(t, open(t, s, Options{}), load(t, l, 0), map[string]string{"i-1": "2"})
}

// TestNothingIsSweptBesideADamagedHead: which packs a head names that cannot be read is not known.
func TestNothingIsSweptBesideADamagedHead(t *testing.T) {
	for name, damage := range map[string]func(*memory){
		"damaged": func(s *memory) { s.objects[headKey(0)] = s.objects[headKey(0)][1:] },
		"gone":    func(s *memory) { delete(s.objects, headKey(0)) },
	} {
		s := &memory{}
		l := open(t, s, Options{Partitions: 1})
		h := load(t, l, 0)
		stateRows(t, l, h, "i-1", "1")
		save(t, l, h)
		damage(s)
		for day := range 70 {
			if n, _, err := l.SweepRows(t.Context(), time.Now().Add(time.Duration(day)*25*time.Hour)); err == nil || n != 0 {
				t.Fatalf("%s: %d deleted, %v", name, n, err)
			}
		}
	}
}

// TestBlocksOfBefore lie in objects of their own. They are read, packed with the next tidying, and deleted when no head has needed them for 30 days.
func TestBlocksOfBefore(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	s := &memory{}
	l := open(t, s, Options{Partitions: 1})
	scope := &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: "Id", Values: []string{"1-9"}}}}}
	plain, err := encodeScope(scope)
	if err != nil {
		t.Fatal(err)
	}
	of, err := ScopeName(scope)
	if err != nil {
		t.Fatal(err)
	}
	data, err := appendRows(l.rows, nil, finding("Id"), rowsNamed("1"))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := l.zip.Compress(data)
	if err != nil {
		t.Fatal(err)
	}
	name := etagOf(data)
	s.objects[rowsKey(name)], s.objects[scopesPrefix+of] = string(zipped), string(plain)
	s.objects[headKey(0)] = fmt.Sprintf(`{"version":2,"partition":0,"nodes":{"i-1":{"types":{"Custom:Finding":{"shards":{"a":{"rows":%q,"count":1,"scopes":[{"scope":%q,"at":{}}]}}}}}}}`, name, of)
	check := func(l *Ledger) {
		t.Helper()
		h := load(t, l, 0)
		readable(t, l, h, map[string]string{"i-1": "1"})
		got, err := l.ReadScope(t.Context(), h, of)
		if err != nil || len(got.Clauses) != 1 {
			t.Errorf("%v, %v", got, err)
		}
	}
	check(l)
	h := load(t, l, 0)
	stateRows(t, l, h, "i-2", "2")
	save(t, l, h)
	check(open(t, s, Options{})) // some blocks lie in a pack, some do not
	if n, _, err := l.SweepRows(t.Context(), now); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if !h.Tidy() {
		t.Fatal("two blocks are objects of their own")
	}
	save(t, l, h)
	if h.Tidy() {
		t.Error("all is tidy")
	}
	for day := range 32 {
		if _, _, err := l.SweepRows(t.Context(), now.Add(time.Duration(day+1)*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if left := append(keys(s, rowsPrefix), keys(s, scopesPrefix)...); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
	check(open(t, s, Options{}))
}

// TestRowsThatAreDamaged: whichever bit of a pack is another, either the rows are read as they were, or they are damaged; and the others are read.
func TestRowsThatAreDamaged(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{Partitions: 1})
	h := load(t, l, 0)
	stateRows(t, l, h, "i-1", "1")
	stateRows(t, l, h, "i-2", "2")
	save(t, l, h)
	key := keys(s, packPrefix)[0]
	whole := s.objects[key]
	damaged := map[string]int{}
	for bit := range 8 * len(whole) {
		data := []byte(whole)
		data[bit/8] ^= 1 << (bit % 8)
		s.objects[key] = string(data)
		fresh, failed := open(t, s, Options{}), 0
		for node, text := range map[string]string{"i-1": "1", "i-2": "2"} {
			rows, err := fresh.ReadRows(t.Context(), h, finding("Id"), h.Nodes[node].Types["Custom:Finding"].Shares["a"].Rows)
			var damage *BlockError
			switch {
			case err == nil && rows.Rows[0][0] == text:
			case errors.As(err, &damage) && damage.Object == key:
				failed++
				damaged[node]++
			default:
				t.Fatalf("bit %d: %v, %v", bit, rows, err)
			}
		}
		if failed > 1 {
			t.Fatalf("bit %d damages the rows of both nodes", bit)
		}
	}
	if damaged["i-1"] < 100 || damaged["i-2"] < 100 {
		t.Errorf("%v bits damage rows", damaged)
	}
	for what, data := range map[string]string{"cut off": whole[:9], "empty": "", "another": s.objects[headKey(0)]} {
		s.objects[key] = data
		var damage *BlockError
		if _, err := open(t, s, Options{}).ReadRows(t.Context(), h, finding("Id"), h.Nodes["i-2"].Types["Custom:Finding"].Shares["a"].Rows); !errors.As(err, &damage) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
