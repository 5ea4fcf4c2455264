package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/audit"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// versioned is a store in memory that keeps all versions.
type versioned map[string][]string

const deleted = "\x00deleted"

func (v versioned) Get(_ context.Context, key string) ([]byte, string, error) {
	list := v[key]
	if len(list) == 0 || list[len(list)-1] == deleted {
		return nil, "", ledger.ErrNotFound
	}
	return []byte(list[len(list)-1]), fmt.Sprint(len(list)), nil
}

func (v versioned) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	_, etag, err := v.Get(ctx, key)
	there := err == nil
	if condition == ledger.Absent && there || condition != ledger.Absent && condition != ledger.Any && etag != condition {
		return "", ledger.ErrConflict
	}
	v[key] = append(v[key], string(data))
	return fmt.Sprint(len(v[key])), nil
}

func (v versioned) Delete(_ context.Context, key string) error {
	v[key] = append(v[key], deleted)
	return nil
}

func (v versioned) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if _, _, err := v.Get(ctx, key); err == nil && strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
	}
}

func (v versioned) Versions(_ context.Context, key string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, data := range slices.Backward(v[key]) {
			if data != deleted && !yield([]byte(data), nil) {
				return
			}
		}
	}
}

var finding = &inventory.Type{Name: "Custom:Finding", SchemaVersion: "1.0", Attributes: []string{"Id"}, Key: []int{0}}

// deliver makes a node hold a row, for an import.
func deliver(t *testing.T, s ledger.Store, partition int, id, row string) {
	t.Helper()
	l, err := ledger.Open(t.Context(), s, ledger.Options{Partitions: 2})
	if err != nil {
		t.Fatal(err)
	}
	h, err := l.Load(t.Context(), partition)
	if err != nil {
		t.Fatal(err)
	}
	h.Import = id
	name, err := l.WriteRows(t.Context(), h, finding, &ledger.Rows{Rows: []inventory.Entry{{row}}})
	if err != nil {
		t.Fatal(err)
	}
	h.Nodes["i-1"] = &ledger.NodeState{Types: map[string]*ledger.Type{finding.Name: {
		Shares: map[string]*ledger.Share{"a": {Rows: name, Count: 1}}, Accepted: &ledger.Accepted{Entries: 1},
	}}}
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if err := receipt.NewBook(s).PutPart(t.Context(), receipt.Part{Import: id, Partition: partition, Writes: h.Writes}); err != nil {
		t.Fatal(err)
	}
}

func newState(t *testing.T) versioned {
	t.Helper()
	s := versioned{}
	for i, row := range []string{"1", "2", "3"} {
		deliver(t, s, 0, fmt.Sprint("im", i), row)
		deliver(t, s, 1, fmt.Sprint("im", i), row)
	}
	return s
}

func kinds(list []audit.Finding) map[string]audit.Kind {
	all := map[string]audit.Kind{}
	for _, f := range list {
		all[f.Object] = f.Kind
	}
	return all
}

// TestCheckAndRepair damages objects of a state: each is found, and put back where the store has an older version.
func TestCheckAndRepair(t *testing.T) {
	const head, pack = "heads/0000.json", "packs/0000-00000003"
	for name, c := range map[string]struct {
		damage func(versioned)
		want   map[string]audit.Kind
		left   int  // that cannot be repaired
		look   bool // what the nodes hold is kept
	}{
		"nothing":           {func(versioned) {}, nil, 0, false},
		"head damaged":      {func(v versioned) { v[head] = append(v[head], v[head][2][1:]) }, map[string]audit.Kind{head: audit.Damaged}, 0, true},
		"head gone":         {func(v versioned) { v[head] = append(v[head], deleted) }, map[string]audit.Kind{head: audit.Missing}, 0, true},
		"head older":        {func(v versioned) { v[head] = append(v[head], v[head][0]) }, map[string]audit.Kind{head: audit.Older}, 0, true},
		"head of another":   {func(v versioned) { v[head] = append(v[head], v["heads/0001.json"][2]) }, map[string]audit.Kind{head: audit.Foreign}, 0, true},
		"head lost":         {func(v versioned) { v[head] = []string{"{}"} }, map[string]audit.Kind{head: audit.Damaged}, 1, false},
		"head lost, older":  {func(v versioned) { v[head] = v[head][:1] }, map[string]audit.Kind{head: audit.Older}, 0, true},
		"pack gone":         {func(v versioned) { v[pack] = append(v[pack], deleted) }, map[string]audit.Kind{pack: audit.Missing}, 0, false},
		"pack damaged":      {func(v versioned) { v[pack] = append(v[pack], "ibpack01") }, map[string]audit.Kind{pack: audit.Damaged}, 0, false},
		"pack lost":         {func(v versioned) { delete(v, pack) }, map[string]audit.Kind{pack: audit.Missing}, 1, false},
		"installation gone": {func(v versioned) { v["installation.json"] = append(v["installation.json"], deleted) }, map[string]audit.Kind{"installation.json": audit.Missing}, 0, false},
		"both": {func(v versioned) {
			v[head] = append(v[head], "")
			v["installation.json"] = append(v["installation.json"], "{")
		}, map[string]audit.Kind{"installation.json": audit.Damaged}, 0, true},
		"a writer": {func(v versioned) { v["writers/a.1.B.lock"] = []string{""} }, map[string]audit.Kind{}, 0, false},
		"stranger": {func(v versioned) { v["notes.txt"] = []string{"x"} }, map[string]audit.Kind{"notes.txt": audit.Unknown}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newState(t)
			c.damage(s)
			state := audit.State{Store: s}
			report, err := state.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, kinds(report.Findings)); diff != "" && len(c.want)+len(report.Findings) > 0 {
				t.Error(diff)
			}
			before := writes(s)
			if _, err := state.Repair(t.Context(), true); err != nil || writes(s) != before {
				t.Errorf("a plan writes %d objects, %v", writes(s)-before, err)
			}
			if _, err := state.Repair(t.Context(), false); err != nil {
				t.Fatal(err)
			}
			report, err = state.Check(t.Context())
			if err != nil || len(report.Findings) != c.left {
				t.Errorf("after the repair: %+v, %v", report.Findings, err)
			}
			if c.left > 0 {
				return
			}
			l, err := ledger.Open(t.Context(), s, ledger.Options{})
			if err != nil {
				t.Fatal(err)
			}
			h, err := l.Load(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			intent := h.Nodes["i-1"].Intent
			if looks := intent != nil && intent.Types[finding.Name].Look && intent.Types[finding.Name].Unsure; looks != c.look {
				t.Errorf("%+v", intent)
			}
			deliver(t, s, 0, "next", "4")
		})
	}
}

func writes(v versioned) (n int) {
	for _, list := range v {
		n += len(list)
	}
	return n
}

// TestAReadOnlyState is checked without writing.
func TestAReadOnlyState(t *testing.T) {
	folder := t.TempDir()
	s := ledger.Dir(folder)
	deliver(t, s, 0, "im", "1")
	list, err := filepath.Glob(folder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(list, folder) {
		if err := os.Chmod(path, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(path, 0o700) })
	}
	report, err := (&audit.State{Store: readOnly{s}}).Check(t.Context())
	if err != nil || len(report.Findings) > 0 || report.Objects != 4 {
		t.Errorf("%+v, %v", report, err)
	}
}

// readOnly is a store to which nothing may be written.
type readOnly struct{ ledger.Store }

var errReadOnly = errors.New("it is read-only")

func (readOnly) Put(context.Context, string, []byte, string) (string, error) { return "", errReadOnly }
func (readOnly) Delete(context.Context, string) error                        { return errReadOnly }

// TestAnOlderHeadIsNotPutBy: whoever is about to save over it is told.
func TestAnOlderHeadIsNotPutBy(t *testing.T) {
	s := newState(t)
	s["heads/0000.json"] = append(s["heads/0000.json"], s["heads/0000.json"][1])
	l, err := ledger.Open(t.Context(), s, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, fresh := range []bool{true, false} {
		h, err := l.Load(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if fresh {
			var name string
			name, err = l.WriteRows(t.Context(), h, finding, &ledger.Rows{Rows: []inventory.Entry{{"x"}}})
			h.Nodes["i-2"] = &ledger.NodeState{Types: map[string]*ledger.Type{finding.Name: {Shares: map[string]*ledger.Share{"b": {Rows: name}}}}}
		} else {
			h.Nodes["i-1"].Intent = &ledger.Intent{Claim: &ledger.Claim{Until: time.Unix(1, 0)}}
		}
		if err != nil {
			t.Fatal(err)
		}
		refused, ok := errors.AsType[*ledger.StateError](l.Save(t.Context(), h))
		if !ok || !bytes.Contains([]byte(refused.Problem), []byte("heads/0000.json is older than the last one that was written, of which packs/0000-00000003 is")) {
			t.Errorf("%v", refused)
		}
	}
}
