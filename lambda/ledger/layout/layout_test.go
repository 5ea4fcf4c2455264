package layout

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// TestWhatWasLaidOutIsRead: each thing comes back, and what is cut off anywhere is noticed.
func TestWhatWasLaidOutIsRead(t *testing.T) {
	at := time.Date(2026, 3, 1, 2, 3, 4, 5, time.UTC)
	scope := &inventory.Scope{Clauses: []inventory.Clause{{{Attribute: "Id", Values: []string{"1", "2"}}}, {}}}
	var w Writer
	w.Number(300)
	w.Flag(true)
	w.Text("web-1")
	w.Entry(inventory.Entry{"a", ""})
	w.Time(at)
	w.Time(time.Time{})
	w.Clauses(scope)
	all := string(w.Buf)
	r := Reader{Rest: all}
	if n, set, text := r.Number(300), r.Flag(), r.Text(); n != 300 || !set || text != "web-1" {
		t.Error(n, set, text)
	}
	entry := r.Entry(make(inventory.Entry, 2))
	if diff := cmp.Diff(inventory.Entry{"a", ""}, entry); diff != "" {
		t.Error(diff)
	}
	if x, y := r.Time(), r.Time(); !x.Equal(at) || !y.IsZero() {
		t.Error(x, y)
	}
	if diff := cmp.Diff(scope.Clauses[:1], r.Clauses().Clauses[:1]); diff != "" || r.Rest != "" || r.Problem != "" {
		t.Error(diff, r)
	}
	for n := range all {
		r := Reader{Rest: all[:n]}
		r.Number(300)
		r.Flag()
		r.Text()
		r.Entry(make(inventory.Entry, 2))
		r.Time()
		r.Time()
		if r.Clauses(); r.Problem == "" {
			t.Errorf("cut off behind %d bytes, and nothing was noticed", n)
		}
	}
}

// TestANumberOutOfItsRange is a problem, and nothing is read behind it.
func TestANumberOutOfItsRange(t *testing.T) {
	for _, limit := range []int{-1, 0, 6, 299} {
		var w Writer
		w.Number(300)
		w.Number(1)
		r := Reader{Rest: string(w.Buf)}
		if n := r.Number(limit); n != 0 || r.Problem == "" || r.Rest != "" {
			t.Errorf("%d: %d, %+v", limit, n, r)
		}
	}
}
