package bridge

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/audit"
)

// damagedState is a state with an object of each kind, and what it was before its last deliveries.
type damagedState struct {
	*rig
	now    shelf
	before shelf
}

// newDamagedState makes a state in which two sources state rows of four nodes, and machines of both wait for theirs.
func newDamagedState(t *testing.T) damagedState {
	t.Helper()
	now := shelf{}
	r := newQuickRig(t, now)
	list := listed("l", 0, "web-1,x", "web-2,x", "web-3,x", "web-4,x", "web-8,x", "web-10,x")
	r.put(list)
	r.put(tagEvents("e", 0, "web-1 a 1 .", "web-2 a 1 .", "web-3 a 1 .", "web-4 a 1 .", "web-9 a 1 .", "web-10 a 1 ."))
	r.sweep()
	before := maps.Clone(now)
	r.now = r.now.Add(time.Minute)
	r.put(tagEvents("e2", time.Minute, "web-1 b 2 ..", "web-2 b 2 ..", "web-3 b 2 ..", "web-4 b 2 ..", "web-9 b 1 .."))
	r.put(tagged("f", time.Minute, "web-1,c,1", "web-2,c,1", "web-3,c,1", "web-4,c,1", "web-9,c,1")) // of a source that proves absence
	for i, rows := range [][]string{{"web-1,c,1", "web-2,c,1", "web-3,c,1"}, {"web-1,c,1", "web-2,c,1", "web-3,c,1", "web-4,c,1", "web-9,c,1"}, {"web-1,c,1"}} {
		r.put(tagged(fmt.Sprint("f", i), time.Minute+time.Duration(1+i)*time.Second, rows...)) // one node is cleared, and three are held by the brake
	}
	r.now = r.now.Add(time.Minute)
	r.put(list) // once more: it keeps an earlier receipt
	r.arrive("web-10", nodeID(10))
	if _, _, err := r.bridge().Stage(t.Context(), tagged("f", 2*time.Minute, "web-1,c,2")); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(25 * time.Hour)
	r.sweep()
	return damagedState{r, now, before}
}

// objectKind is what an object of a state is.
func objectKind(key string) string {
	kind, rest, _ := strings.Cut(key, "/")
	switch {
	case kind == "receipts" && strings.HasPrefix(rest, "latest/"):
		return kind + "/latest"
	case kind == "receipts" && strings.Contains(rest, "/earlier-"):
		return kind + "/earlier"
	case kind == "receipts":
		return kind + "/" + rest[strings.LastIndexByte(rest, '/')+1:]
	case kind == "parked" && strings.HasSuffix(key, "index.json"), kind == "staging" && strings.HasSuffix(key, "named"):
		return kind + rest[strings.LastIndexByte(rest, '/'):]
	}
	return kind
}

// sameKind returns another object of the same kind.
func sameKind(s shelf, key string) (string, bool) {
	for _, other := range slices.Sorted(maps.Keys(s)) {
		if other != key && objectKind(other) == objectKind(key) && s[other] != s[key] {
			return s[other], true
		}
	}
	return "", false
}

// damages are the ways in which an object may not be what it should be: what it is then; gone: it is deleted.
func damages(s, other damagedState, key string) map[string]string {
	sound := s.now[key]
	all := map[string]string{"missing": gone, "empty": "", "truncated": sound[:len(sound)/2], "without its last byte": sound[:len(sound)-1]}
	for i := range 5 {
		data := []byte(sound)
		at := (len(data) - 1) * i / 4
		data[at] ^= 1 << (i % 8)
		all[fmt.Sprint("bit flipped ", i)] = string(data)
	}
	if old, there := s.before[key]; there && old != sound {
		all["older"] = old
	} else if !there {
		all["of before, missing"] = gone
	}
	if of, there := sameKind(s.now, key); there {
		all["another's"] = of
	}
	if of, there := other.now[key]; there && of != sound {
		all["another installation's"] = of
	} else if of, there := sameKind(other.now, key); there {
		all["another installation's"] = of
	}
	return all
}

const gone = "\x00gone"

// sourceTags are the tags that the other sources than list state of a node.
func (r *rig) sourceTags(node int) map[string]string {
	tags := map[string]string{}
	for _, e := range r.entries(nodeID(node), "Custom:Tag") {
		if e["Value"] != "list" {
			tags[e["Name"]] = e["Value"]
		}
	}
	return tags
}

// TestDamageOfTheState is the table of all kinds of objects and of all that may be wrong with one: it is noticed, with the object named, or nothing
// comes of it; no row of another source is removed, and the nodes of other partitions go on.
func TestDamageOfTheState(t *testing.T) {
	calm, other := newDamagedState(t), newDamagedState(t)
	next := listed("l", 26*time.Hour, "web-1,y", "web-2,y", "web-3,y", "web-4,y", "web-8,y")
	reference := newDamagedState(t)
	reference.put(next)
	reference.sweep()
	want := reference.inventory("Custom:Tag")
	kinds := map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(calm.now)) {
		kinds[objectKind(key)]++
		if kinds[objectKind(key)] > 3 {
			continue
		}
		wrong := damages(calm, other, key)
		for _, what := range slices.Sorted(maps.Keys(wrong)) {
			t.Run(key+" "+what, func(t *testing.T) {
				s := newDamagedState(t)
				target := s.twin(key, calm)
				if target == "" {
					t.Fatalf("there is no %s", key)
				}
				data := damages(s, other, target)[what]
				if data == gone {
					delete(s.now, target)
				} else {
					s.now[target] = data
				}
				s.looksDamaged(t, target, next, want)
			})
		}
	}
	t.Logf("objects by kind: %v", kinds)
	for _, kind := range []string{
		"installation.json", "heads", "packs", "types.json", "unnamed.json", "parked", "parked/index.json", "staging", "staging/named", "receipts/intake.json",
		"receipts/0000.json", "receipts/receipt.json", "receipts/absence.json", "receipts/found.json", "receipts/earlier", "receipts/latest",
	} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s among %v", kind, kinds)
		}
	}
}

// twin is the key of the same object in a state that was made in the same way.
func (s damagedState) twin(key string, _ damagedState) string {
	if _, there := s.now[key]; there {
		return key
	}
	return ""
}

// looksDamaged takes a document in while an object is damaged, and sweeps.
func (s damagedState) looksDamaged(t *testing.T, key string, next intake.Document, want map[string][]map[string]string) {
	t.Helper()
	before := map[int]map[string]string{}
	for node := 1; node <= 4; node++ {
		before[node] = s.sourceTags(node)
	}
	state := audit.State{Store: s.now, Options: ledger.Options{Endpoint: "http://sandbox", Start: s.box.StartID(), Now: func() time.Time { return s.rig.now }}}
	report, err := state.Check(t.Context())
	if _, refused := errors.AsType[*ledger.StateError](err); refused && strings.Contains(err.Error(), "this state was made for") {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	named := slices.ContainsFunc(report.Findings, func(f audit.Finding) bool { return f.Object == key })
	l, err := ledger.Open(t.Context(), s.now, ledger.Options{
		Now: func() time.Time { return s.rig.now }, Partitions: s.partitions(), Endpoint: "http://sandbox", Start: s.box.StartID(),
	})
	if err != nil {
		if !named || !strings.Contains(err.Error(), key) {
			t.Errorf("it is not named: %v, %+v", err, report.Findings)
		}
		return // nothing can be put
	}
	s.config.Ledger = l
	got, importErr := s.bridge().Import(t.Context(), next, Options{})
	_, sweepErr := s.bridge().Sweep(t.Context())
	_, waitErr := s.bridge().Waiting(t.Context())
	for node := 1; node <= 4; node++ {
		if diff := cmp.Diff(before[node], s.sourceTags(node)); diff != "" {
			t.Errorf("rows of other sources on node %d: %s", node, diff)
		}
		mine := strings.HasPrefix(key, fmt.Sprintf("heads/%04d", l.Partition(nodeID(node)))) || strings.HasPrefix(key, fmt.Sprintf("packs/%04d", l.Partition(nodeID(node))))
		if !mine && !strings.Contains(s.values(nodeID(node), "Custom:Tag", "Name"), "y") {
			t.Errorf("node %d does not go on: %v, %v", node, importErr, sweepErr)
		}
	}
	if diff := cmp.Diff(want, s.inventory("Custom:Tag"), cmpopts.EquateEmpty()); diff != "" && !named {
		t.Errorf("nobody notices it (%v, %v, %v, %+v), and something comes of it: %s", importErr, sweepErr, waitErr, got.Notes, diff)
	}
}
