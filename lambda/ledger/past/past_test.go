package past

import (
	"errors"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

var now = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

func open(t *testing.T) (*ledger.Ledger, *ledger.Head) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Dir(t.TempDir()), ledger.Options{Partitions: 1})
	if err != nil {
		t.Fatal(err)
	}
	h, err := l.Load(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return l, h
}

// change makes an import change what a source states of a node from one block of rows to another.
func change(t *testing.T, l *ledger.Ledger, h *ledger.Head, id, before, after string) {
	t.Helper()
	h.Nodes["i-1"] = &ledger.NodeState{Types: map[string]*ledger.Type{"T": {Shares: map[string]*ledger.Share{"s": {Rows: after}}}}}
	k := Keeper{By: ledger.Past{Import: id, Mapping: "m", Received: now}}
	var form *Form
	k.Change(h, "i-1", "T", map[string]*ledger.Share{"s": {Rows: before}}, func(string) *ledger.Source { return &ledger.Source{Import: "0"} },
		map[string]*Form{"s": form.Add(ledger.Stamp{Captured: now}, true, nil)})
	if err := k.Save(t.Context(), l, h, now); err != nil {
		t.Fatal(err)
	}
}

// TestAnImportThatGoesOn keeps what stood before its first run; another one between begins anew.
func TestAnImportThatGoesOn(t *testing.T) {
	l, h := open(t)
	for _, c := range [][3]string{{"a", "r0", "r1"}, {"a", "r1", "r2"}, {"b", "r2", "r3"}, {"a", "r3", "r4"}} {
		change(t, l, h, c[0], c[1], c[2])
	}
	var got string
	for _, one := range h.History {
		c, err := Read(t.Context(), l, h, one)
		if err != nil {
			t.Fatal(err)
		}
		got += one.Import + " " + c.Nodes["i-1"].Sources["s"].Types["T"].Share.Rows + " "
	}
	if got != "a r0 b r2 a r3 " {
		t.Error(got)
	}
}

// TestWhatDidNotChange is not kept.
func TestWhatDidNotChange(t *testing.T) {
	l, h := open(t)
	change(t, l, h, "a", "r0", "r0")
	if len(h.History) != 0 {
		t.Errorf("%+v", h.History)
	}
}

// TestADamagedBlock is an error, and what its import changes next is kept all the same.
func TestADamagedBlock(t *testing.T) {
	l, h := open(t)
	change(t, l, h, "a", "r0", "r1")
	for _, text := range []string{"", blockPrefix, blockPrefix + `{"nodes":{"i-1":null}}`, blockPrefix + `{"nodes":{"i-1":{"sources":{"s":{"types":{"T":null}}}}}}`} {
		var err error
		h.History[0].Block, err = l.WritePast(t.Context(), h, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := errors.AsType[*ledger.BlockError](func() error { _, err := Read(t.Context(), l, h, h.History[0]); return err }()); !ok {
			t.Errorf("%q is read", text)
		}
	}
	change(t, l, h, "a", "r1", "r2")
	if c, err := Read(t.Context(), l, h, h.History[0]); err != nil || c.Nodes["i-1"].Sources["s"].Types["T"].Share.Rows != "r1" {
		t.Error(c, err)
	}
}

// TestBounded: so many of each mapping, so many in all, for so long.
func TestBounded(t *testing.T) {
	var history []ledger.Past
	for i := range 200 {
		history = append(history, ledger.Past{Import: string(rune('a' + i)), Mapping: string(rune('a' + i%20)), Received: now})
	}
	history[199].Received = now.Add(-Kept)
	got := bounded(history, now)
	if len(got) != perHead || got[len(got)-1].Import != history[198].Import {
		t.Errorf("%d, the last %+v", len(got), got[len(got)-1])
	}
	for i := range history {
		history[i].Mapping = "m"
	}
	if got := bounded(history, now); len(got) != PerMapping-1 {
		t.Errorf("%d of one mapping", len(got))
	}
}
