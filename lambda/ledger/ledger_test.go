package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/installed"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

// memory is a Store in memory.
type memory struct {
	mu      sync.Mutex
	objects map[string]string
}

func (m *memory) Get(_ context.Context, key string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.objects[key]
	if !ok {
		return nil, "", ErrNotFound
	}
	return []byte(data), etagOf([]byte(data)), nil
}

func (m *memory) Put(_ context.Context, key string, data []byte, condition string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.objects[key]
	if condition == Absent && ok || condition != Absent && condition != Any && (!ok || etagOf([]byte(old)) != condition) {
		return "", ErrConflict
	}
	if m.objects == nil {
		m.objects = map[string]string{}
	}
	m.objects[key] = string(data)
	return etagOf(data), nil
}

func (m *memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
	return nil
}

func (m *memory) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.Lock()
		var keys []string
		for key := range m.objects {
			if strings.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
		}
		m.mu.Unlock()
		slices.Sort(keys)
		for _, key := range keys {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func etagOf(data []byte) string { return pack.Name(data) }

func open(t *testing.T, s Store, o Options) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOpenKeepsTheNumberOfPartitions(t *testing.T) {
	s := &memory{}
	if n := open(t, s, Options{}).Partitions(); n != 64 {
		t.Errorf("%d partitions", n)
	}
	if n := open(t, s, Options{Partitions: 1024}).Partitions(); n != 64 {
		t.Errorf("%d partitions", n)
	}
	for _, n := range []int{-1, 1025} {
		if _, err := Open(t.Context(), &memory{}, Options{Partitions: n}); err == nil {
			t.Errorf("%d partitions were taken", n)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		state map[string]string
		o     Options
		want  string
	}{
		{
			"another endpoint",
			map[string]string{installed.Key: `{"version":1,"partitions":64,"endpoint":"http://127.0.0.1:1"}`},
			Options{},
			"ledger: this state was made for http://127.0.0.1:1, not for AWS: use another place for the state, or the endpoint it was made for",
		},
		{
			"another start",
			map[string]string{installed.Key: `{"version":1,"partitions":64,"endpoint":"http://h","start":"a"}`},
			Options{Endpoint: "http://h/", Start: "b"},
			"ledger: this state was made for an earlier start of the sandbox at http://h, which has forgotten what was put: delete the state, or use another place for it",
		},
		{
			"newer",
			map[string]string{installed.Key: `{"version":4,"partitions":64}`},
			Options{},
			"ledger: installation.json has version 4, which is newer than this program: use the newer program",
		},
		{
			"lost",
			map[string]string{"heads/0001.json": `{}`},
			Options{},
			"ledger: the state has heads but no installation.json: restore that file, or use an empty place for the state",
		},
		{
			"damaged",
			map[string]string{installed.Key: `{"version":1`},
			Options{},
			"ledger: installation.json is damaged: restore its last version from the store's history",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(t.Context(), &memory{objects: c.state}, c.o)
			var refused *StateError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOneStartUnderTwoEndpoints opens the state of a sandbox that a container calls by another name than its own machine does.
func TestOneStartUnderTwoEndpoints(t *testing.T) {
	store := &memory{objects: map[string]string{}}
	if _, err := Open(t.Context(), store, Options{Endpoint: "http://host.internal:4599", Start: "a"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), store, Options{Endpoint: "http://127.0.0.1:4599", Start: "a"}); err != nil {
		t.Errorf("the same start is refused under another name: %v", err)
	}
	for _, other := range []Options{{Endpoint: "http://127.0.0.1:4599", Start: "b"}, {Endpoint: "http://host.internal:4599", Start: "b"}, {Endpoint: "http://127.0.0.1:4599"}, {}} {
		var refused *StateError
		if _, err := Open(t.Context(), store, other); !errors.As(err, &refused) {
			t.Errorf("%+v: got %v, want the state refused", other, err)
		}
	}
}

func TestPartitionsStay(t *testing.T) {
	l := open(t, &memory{}, Options{})
	got := []int{l.Partition("i-0123456789abcdef0"), l.Partition("mi-0123456789abcdef0"), l.Partition("i-01234567")}
	if diff := cmp.Diff([]int{25, 3, 23}, got); diff != "" {
		t.Error("users have this in their state:", diff)
	}
}

func TestHeadsAreSavedOnlyOverTheVersionRead(t *testing.T) {
	for _, nodes := range []int{1, 5000} { // the larger one is compressed
		t.Run(fmt.Sprint(nodes), func(t *testing.T) {
			l := open(t, &memory{}, Options{})
			h := load(t, l, 3)
			for i := range nodes {
				h.Nodes[fmt.Sprintf("i-%08d", i)] = full()
			}
			if err := l.Save(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			a, b := load(t, l, 3), load(t, l, 3)
			if diff := cmp.Diff(h.Nodes, a.Nodes); diff != "" {
				t.Fatal(diff)
			}
			if err := l.Save(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			a.Nodes["i-x"] = full()
			if err := l.Save(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if err := l.Save(t.Context(), b); !errors.Is(err, ErrConflict) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func load(t *testing.T, l *Ledger, partition int) *Head {
	t.Helper()
	h, err := l.Load(t.Context(), partition)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// full is a node with everything in it.
func full() *NodeState {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	return &NodeState{
		Sources: map[string]*Source{"a": {Captured: at, Written: at, Import: "im", Mapping: "m", Subject: []string{"hostname=web-1"}, Merged: at, Received: at, Cleared: at, Missing: &Missing{Stamp{at, at}, "im", at}}},
		Types: map[string]*Type{"Custom:Finding": {
			Shares: map[string]*Share{"a": {
				Rows: "r", Compare: "c", Count: 2, Bytes: 3, Captured: at, Written: at, Stated: at, Merged: Stamp{at, at}, Removed: 1, Forget: at, Adopted: true,
				Scopes: []Looked{{"s", Stamp{at, at}}}, By: "s", Pages: []PageRows{{"im", Stamp{at, at}, "r", "s"}},
			}},
			Looked: at,
			Accepted: &Accepted{
				ContentHash: "h", Compare: "c", Schema: "1.0", Definition: "d", Captured: at, At: at, Refreshed: at,
				Entries: 3, Truncated: 4, Duplicates: 5,
			},
		}},
		Intent: &Intent{
			Types: map[string]*Want{"Custom:Finding": {Unsure: true, Refresh: true, Sent: at, NotBefore: at, Failed: "X", Reason: "y", Tried: "t"}},
			Since: at, Import: "im", Claim: &Claim{Writer: "w", Run: "r", Until: at, Reserved: 1}, Waits: []Wait{{"im", 7}},
		},
		Day:     Day{Date: "2026-11-23", Bytes: 7},
		Gone:    at,
		Numbers: map[string][]Number{"agents": {{Key: "k", At: at, By: "a", Firm: at}, {Key: "j", At: at, By: "a/b"}}},
		Account: "111122223333", Region: "eu-central-1",
	}
}

func TestHeadsThatCannotBeRead(t *testing.T) {
	for name, data := range map[string]string{
		"newer": `{"version":4,"partition":0}`, "without its checksum": `{"version":3,"partition":0}`,
		"places without a pack": string(seal.Seal([]byte(`{"version":3,"partition":0,"nodes":{},"places":"AQhS"}`))),
		"damaged":               `{"version":1,`, "no version": `{}`, "null node": `{"version":1,"nodes":{"i":null}}`,
		"null intent": `{"version":1,"nodes":{"i":{"intent":{"types":{"T":null}}}}}`, "null shard": `{"version":1,"nodes":{"i":{"types":{"T":{"shards":{"s":null}}}}}}`,
		"another partition": `{"version":1,"partition":4}`, "null pages": `{"version":2,"pages":{"a":null}}`, "zstd": "(\xb5/\xfdxx",
	} {
		s := &memory{}
		l := open(t, s, Options{})
		s.objects["heads/0000.json"] = data
		if _, err := l.Load(t.Context(), 0); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
}

func finding(attributes ...string) *inventory.Type {
	return &inventory.Type{Name: "Custom:Finding", SchemaVersion: "1.0", Attributes: attributes, Key: []int{0}, Sort: []int{0}}
}

func TestRows(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	for _, c := range []struct {
		name string
		rows Rows
	}{
		{"none", Rows{}},
		{"rows", Rows{Rows: []inventory.Entry{{"a", "1"}, {"b", ""}}}},
		{"rows with times", Rows{Rows: []inventory.Entry{{"a", "1"}, {"b", "\xff"}}, Stamps: []Stamp{{at, at}, {}}}},
		{"rows with patches", Rows{
			Rows: []inventory.Entry{{"a", "1"}, {"b", "2"}, {"c", ""}}, Stamps: []Stamp{{at, at}, {}, {}},
			Patches: []*Patch{nil, {Whole: true, Set: []Stamp{{}, {at, at}}}, {Set: []Stamp{{at, at}, {}}}},
		}},
		{"removed", Rows{Removed: []Removed{{Key: inventory.Entry{"a", ""}, At: Stamp{at, at}, Arrived: at, Explicit: Stamp{at, at}}}}},
		{"removed by a scope", Rows{Removed: []Removed{{Key: inventory.Entry{"a", ""}, At: Stamp{at, at}, Arrived: at}, {Key: inventory.Entry{"b", ""}, At: Stamp{at, at}, Explicit: Stamp{Captured: at}}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &memory{}
			l := open(t, s, Options{})
			h := load(t, l, 0)
			name, err := l.WriteRows(t.Context(), h, finding("Id", "X"), &c.rows)
			if err != nil {
				t.Fatal(err)
			}
			reads := func(l *Ledger, h *Head) {
				t.Helper()
				got, err := l.ReadRows(t.Context(), h, finding("Id", "X"), name)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(&c.rows, got); diff != "" {
					t.Error(diff)
				}
			}
			reads(l, h)
			h.Nodes["i"] = states(name)
			save(t, l, h)
			reads(l, h)
			again := open(t, s, Options{}) // which has nothing in memory
			reads(again, load(t, again, 0))
			if same, err := again.WriteRows(t.Context(), load(t, again, 0), finding("Id", "X"), &c.rows); err != nil || same != name {
				t.Error("written again:", same, err)
			}
		})
	}
}

func TestRowsOfATypeThatChanged(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	l := open(t, &memory{}, Options{})
	h := load(t, l, 0)
	name, err := l.WriteRows(t.Context(), h, finding("Id", "X"), &Rows{
		Rows:   []inventory.Entry{{"1", "b"}, {"2", "a"}},
		Stamps: []Stamp{{Captured: at}, {Captured: at.Add(1)}}, Removed: []Removed{{Key: inventory.Entry{"k", ""}, At: Stamp{Captured: at}}},
		Patches: []*Patch{{Whole: true, Set: []Stamp{{Captured: at}, {Captured: at.Add(2)}}}, nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	now := finding("New", "X")
	now.Key, now.Sort = []int{1}, []int{1}
	got, err := l.ReadRows(t.Context(), h, now, name)
	if err != nil {
		t.Fatal(err)
	}
	want := &Rows{
		Rows:   []inventory.Entry{{"", "a"}, {"", "b"}},
		Stamps: []Stamp{{Captured: at.Add(1)}, {Captured: at}}, Removed: []Removed{{Key: inventory.Entry{"", ""}, At: Stamp{Captured: at}}},
		Patches: []*Patch{nil, {Whole: true, Set: []Stamp{{}, {Captured: at.Add(2)}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// states is a node of which a source states rows.
func states(rows string) *NodeState {
	return &NodeState{Types: map[string]*Type{"Custom:Finding": {Shares: map[string]*Share{"a": {Rows: rows}}}}}
}

func save(t *testing.T, l *Ledger, h *Head) {
	t.Helper()
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
}

// TestGuest opens a state that somebody else makes: of the number that both are told, and of its own number once it is there.
func TestGuest(t *testing.T) {
	store := &memory{}
	l, err := Open(t.Context(), store, Options{Partitions: 128, Guest: true})
	if err != nil || l.Partitions() != 128 || len(store.objects) != 0 {
		t.Fatalf("%v, %v: a guest writes nothing", err, store.objects)
	}
	if _, err := Open(t.Context(), store, Options{Partitions: 8}); err != nil {
		t.Fatal(err)
	}
	l, err = Open(t.Context(), store, Options{Partitions: 128, Guest: true})
	if err != nil || l.Partitions() != 8 {
		t.Errorf("%v: a guest goes by what is there", err)
	}
}
