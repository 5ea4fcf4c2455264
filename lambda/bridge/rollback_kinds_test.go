package bridge

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestARollbackOfAPage of a list: what the page has added goes, and what the last page of the list has removed comes back.
func TestARollbackOfAPage(t *testing.T) {
	for name, c := range map[string]struct {
		pages []int // of 0 to 2, in the order in which they come
		undo  int   // which of these
		want  string
		next  []int  // that come then
		last  string // what is held then
	}{
		"the one that completes the list": {[]int{0, 1, 2}, 2, "a b c d gone", nil, ""},
		"one of a list that is not whole": {[]int{0, 1}, 1, "a b gone", []int{2}, "a b e gone"},
		"the first":                       {[]int{0}, 0, "a gone", []int{1, 2}, "a c d e gone"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fleet(2))
			r.put(weaknesses(0, 1, "a", "gone"))
			pages := []intake.Document{weaknesses(0, 3, "a", "b"), weaknesses(1, 3, "c", "d"), weaknesses(2, 3, "e")}
			var imports []string
			for _, n := range c.pages {
				imports = append(imports, r.put(pages[n]).Import)
			}
			r.rollBack(imports[c.undo], rollback.Options{})
			if held := r.values(nodeID(1), "Custom:Vulnerability", "Id"); held != c.want {
				t.Errorf("after the rollback: %s, want %s", held, c.want)
			}
			for _, n := range c.next {
				r.put(pages[n])
			}
			if held := r.values(nodeID(1), "Custom:Vulnerability", "Id"); c.last != "" && held != c.last {
				t.Errorf("after the pages that are left: %s, want %s", held, c.last)
			}
			r.put(weaknessesAt(time.Hour, 0, 1, "w", "a"))
			if held := r.values(nodeID(1), "Custom:Vulnerability", "Id"); held != "a w" {
				t.Errorf("after a whole list: %s", held)
			}
		})
	}
}

// looked is a document of a scanner that looked at some areas of a machine.
func looked(name string, after time.Duration, areas string, rows ...string) intake.Document {
	var ports []string
	for _, row := range rows {
		area, id, _ := strings.Cut(row, "/")
		ports = append(ports, fmt.Sprintf(`{"id":%q,"area":%q,"title":"t"}`, id, area))
	}
	at := start.Add(after).Format(time.RFC3339)
	return text(name+".json", fmt.Sprintf(`{"probe":"p","hosts":[{"host":"web-1","at":%q,"areas":%s,"ports":[%s]}]}`, at, areas, strings.Join(ports, ",")), after)
}

// TestARollbackOfALookAtSomeAreas brings back what was there in these areas, and leaves the others.
func TestARollbackOfALookAtSomeAreas(t *testing.T) {
	set, err := load.Options{}.Load("simulation/testdata/mappings")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ between []intake.Document }{
		"nothing between":     {nil},
		"a look at the other": {[]intake.Document{looked("l3", 3*time.Minute, `["S"]`, "S/s2")}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, fleet(2))
			r.config.Mappings = set
			held := func() string { return r.values(nodeID(1), "Custom:SimPort", "Id") }
			r.put(looked("l0", 0, `["N","S"]`, "N/n1", "N/n2", "S/s1"))
			before := held()
			bad := r.put(looked("l1", time.Minute, `["N"]`, "N/bad"))
			if now := held(); now != "bad s1" {
				t.Fatalf("after the bad document: %s", now)
			}
			want := before
			for _, d := range c.between {
				r.put(d)
				want = "n1 n2 s2"
			}
			if _, _, err := r.bridge().Rollback(t.Context(), bad.Import, rollback.Options{}); err == nil != (c.between == nil) {
				t.Fatalf("without --merged: %v", err)
			} else if merged, ok := errors.AsType[*rollback.MergedError](err); err != nil && (!ok || len(merged.Nodes) != 1) {
				t.Fatalf("without --merged: %v", err)
			}
			if c.between != nil {
				r.rollBack(bad.Import, rollback.Options{Merged: true})
			}
			if now := held(); now != want {
				t.Errorf("after the rollback: %s, want %s", now, want)
			}
			r.put(looked("l9", 9*time.Minute, `["N"]`, "N/n2"))
			if now := held(); strings.Contains(now, "n1") || !strings.Contains(now, "n2") || !strings.Contains(now, "s") {
				t.Errorf("after the next look: %s", now)
			}
		})
	}
}

// partly is a document of a scanner that looked at all areas of a machine, and perhaps is a part of what it knows.
func partly(name string, after time.Duration, more bool, ids ...string) intake.Document {
	var ports []string
	for _, id := range ids {
		ports = append(ports, fmt.Sprintf(`{"id":%q,"area":"N","title":"t"}`, id))
	}
	at := start.Add(after).Format(time.RFC3339)
	return text(name+".json", fmt.Sprintf(`{"probe":"p","more":"%t","hosts":[{"host":"web-1","at":%q,"ports":[%s]}]}`, more, at, strings.Join(ports, ",")), after)
}

// TestARollbackOfARollbackOfParts goes back and forth: what parts have stated is there each time.
func TestARollbackOfARollbackOfParts(t *testing.T) {
	set, err := load.Options{}.Load("simulation/testdata/mappings")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, fleet(2))
	r.config.Mappings = set
	held := func() string { return r.values(nodeID(1), "Custom:SimPort", "Id") }
	r.put(partly("p0", 0, false, "c", "d"))
	r.put(partly("p1", 8*time.Hour, true, "a", "b"))
	before := held()
	r.now = r.now.Add(48 * time.Hour)
	id := r.put(partly("p2", 32*time.Hour, false, "d")).Import
	after := held()
	if before != "a b c d" || after != "d" {
		t.Fatalf("%s, then %s", before, after)
	}
	for i := range 5 {
		want := before
		if i%2 == 1 {
			want = after
		}
		if got := r.rollBack(id, rollback.Options{}); got.Counts.Of(receipt.Failed) > 0 || held() != want {
			t.Errorf("rollback %d: %s, want %s; %+v", i, held(), want, got.Counts)
		}
		id = "undo-" + id
	}
}

// TestWhatCannotBeReadFails: a node of which what stood before is gone is no success.
func TestWhatCannotBeReadFails(t *testing.T) {
	r := newQuickRig(t, shelf{})
	r.put(tagged("f", 0, "web-1,a,1", "web-2,b,1"))
	kept := map[string]bool{}
	for key := range r.store.(shelf) {
		kept[key] = true
	}
	bad := r.put(tagged("f", time.Minute, "web-1,a,9", "web-2,b,9"))
	for key := range r.store.(shelf) {
		if strings.HasPrefix(key, "packs/") && kept[key] {
			delete(r.store.(shelf), key)
		}
	}
	r.config.Ledger = r.ledger(r.store) // one that has read nothing
	got := r.rollBack(bad.Import, rollback.Options{})
	if got.Counts.Of(receipt.Failed) != 2 || got.Records != 2 || !got.Complete {
		t.Errorf("%+v", got)
	}
	if r.tags(1) != "a=9" || r.tags(2) != "b=9" {
		t.Errorf("%s, %s", r.tags(1), r.tags(2))
	}
}
