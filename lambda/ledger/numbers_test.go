package ledger

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func ties(source, node string, identifiers ...string) *Statement {
	return &Statement{Node: node, Source: source, Subject: identifiers}
}

func hour(n int) time.Time { return time.Date(2026, 11, 23, n, 0, 0, 0, time.UTC) }

// tiedOf is the numbers of a node: "family key hour source", with ! where the node's own ID stood beside it, and since when.
func tiedOf(n *NodeState) string {
	var list []string
	for family, numbers := range n.Numbers {
		for _, k := range numbers {
			text := fmt.Sprintf("%s %s %d %s", family, k.Key, k.At.Hour(), k.By)
			if !k.Firm.IsZero() {
				text += fmt.Sprintf(" !%d", k.Firm.Hour())
			}
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestTie(t *testing.T) {
	for name, test := range map[string]struct {
		statements []*Statement // an hour after each other
		want       string
	}{
		"other identifiers led to the node": {[]*Statement{ties("a", "i-1", "hostname=w", "tie:f=k")}, "f k 0 a"},
		"the number led to it":              {[]*Statement{ties("a", "i-1", "number:f=k")}, ""},
		"with the node's ID":                {[]*Statement{ties("a", "i-1", "nodeId=i-1", "tie:f=k")}, "f k 0 a !0"},
		"with another node's ID":            {[]*Statement{ties("a", "i-1", "nodeId=i-2", "tie:f=k")}, "f k 0 a"},
		"again":                             {[]*Statement{ties("a", "i-1", "tie:f=k"), ties("b", "i-1", "tie:f=k")}, "f k 1 b"},
		"again without the node's ID":       {[]*Statement{ties("a", "i-1", "nodeId=i-1", "tie:f=k"), ties("b", "i-1", "tie:f=k")}, "f k 1 b !0"},
		"two families":                      {[]*Statement{ties("a", "i-1", "tie:f=k", "tie:g=k")}, "f k 0 a, g k 0 a"},
		"a key with an equals sign":         {[]*Statement{ties("a", "i-1", "tie:f=k=1")}, "f k=1 0 a"},
		"no key":                            {[]*Statement{ties("a", "i-1", "tie:f")}, ""},
		"five, of which four stay": {
			[]*Statement{ties("a", "i-1", "tie:f=1"), ties("a", "i-1", "tie:f=2"), ties("a", "i-1", "tie:f=3"), ties("a", "i-1", "tie:f=4"), ties("a", "i-1", "tie:f=5")},
			"f 2 1 a, f 3 2 a, f 4 3 a, f 5 4 a",
		},
	} {
		n := &NodeState{}
		for i, s := range test.statements {
			before := tiedOf(n)
			if changed := n.Tie(s, hour(i)); changed != (tiedOf(n) != before) {
				t.Errorf("%s: changed %v, %s after %s", name, changed, tiedOf(n), before)
			}
			if n.Tie(s, hour(i)) {
				t.Errorf("%s: the same statement again has changed something", name)
			}
		}
		if got := tiedOf(n); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestTiesInAnyOrder: it does not matter in which order statements come.
func TestTiesInAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		type said struct {
			s  *Statement
			at time.Time
		}
		var all []said
		for range 3 + random.IntN(12) {
			s := ties(string(rune('a'+random.IntN(3))), "i-1", fmt.Sprintf("tie:%c=%d", 'f'+rune(random.IntN(3)), random.IntN(7)))
			if random.IntN(2) == 0 {
				s.Subject = append(s.Subject, "nodeId=i-1")
			}
			all = append(all, said{s, hour(random.IntN(8))})
		}
		first := &NodeState{}
		for _, one := range all {
			first.Tie(one.s, one.at)
		}
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		second := &NodeState{}
		for _, one := range all {
			second.Tie(one.s, one.at)
		}
		if diff := cmp.Diff(first.Numbers, second.Numbers); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

// TestNumbersAreBounded: whatever documents state, a node's numbers take so much.
func TestNumbersAreBounded(t *testing.T) {
	n := &NodeState{Numbers: map[string][]Number{"damaged": nil}}
	for i := range 400 {
		n.Tie(ties("a", "i-1", fmt.Sprintf("tie:f%d=%d", i%40, i)), hour(0).Add(time.Duration(i)*time.Minute))
	}
	count := 0
	for _, list := range n.Numbers {
		count += len(list)
	}
	if len(n.Numbers) != 16 || count > 64 || count == 0 {
		t.Errorf("%d families, %d numbers", len(n.Numbers), count)
	}
	if n.Numbers["f39"] == nil || n.Numbers["f0"] != nil || n.Numbers["damaged"] != nil {
		t.Error("not the newest families stay")
	}
	if n.Tie(ties("a", "i-1", "tie:old=1"), hour(-5)) || len(n.Numbers) != 16 {
		t.Error("an older family took the place of a newer one")
	}
}

func TestUntie(t *testing.T) {
	n := &NodeState{}
	n.Tie(ties("a", "i-1", "tie:f=1"), hour(1))
	n.Tie(ties("a/site", "i-1", "tie:f=2"), hour(1))
	n.Tie(ties("a", "i-1", "tie:g=1"), hour(1))
	if !n.Untie("a") || tiedOf(n) != "f 2 1 a/site" {
		t.Error(tiedOf(n))
	}
	if n.Untie("a") || !n.Untie("a/site") || len(n.Numbers) != 0 {
		t.Error(tiedOf(n))
	}
}

// TestNumbersOfAPartition are read without the rest of its head.
func TestNumbersOfAPartition(t *testing.T) {
	s := &memory{}
	l := open(t, s, Options{})
	for name, test := range map[string]struct {
		head string
		want string
		err  bool
	}{
		"none written":   {"", "map[]", false},
		"of before":      {`{"version":2,"partition":0,"nodes":{"i-1":{"sources":{"a":{"import":"im","mapping":"m"}}}}}`, "map[]", false},
		"with numbers":   {`{"version":2,"partition":0,"nodes":{"i-1":{"numbers":{"f":[{"key":"k","at":"2026-11-23T01:00:00Z","by":"a"}]}},"i-2":{}}}`, "map[i-1:f k 1 a]", false},
		"newer":          {`{"version":4,"nodes":{"i-1":{"numbers":{"f":[]}}}}`, "", true},
		"unsealed":       {`{"version":3,"nodes":{"i-1":{"numbers":{"f":[]}}}}`, "", true},
		"damaged":        {`{"version":2,"nodes":{"i-1":{"numbers":{"f":[{"key":7}]}}}}`, "", true},
		"damaged frames": {"(\xb5/\xfdxx", "", true},
	} {
		delete(s.objects, "heads/0000.json")
		if test.head != "" {
			s.objects["heads/0000.json"] = test.head
		}
		nodes, err := l.Numbers(t.Context(), 0)
		got := map[string]string{}
		for id, numbers := range nodes {
			got[id] = tiedOf(&NodeState{Numbers: numbers})
		}
		if (err != nil) != test.err || err == nil && fmt.Sprint(got) != test.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestALargeHeadsNumbers are read where it is stored as zstd.
func TestALargeHeadsNumbers(t *testing.T) {
	l := open(t, &memory{}, Options{})
	h := load(t, l, 0)
	for i := range 20_000 {
		n := &NodeState{}
		n.Tie(ties("a", "i", fmt.Sprintf("tie:f=%064d", i)), hour(1))
		h.Nodes[fmt.Sprintf("i-%017d", i)] = n
	}
	if err := l.Save(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	nodes, err := l.Numbers(t.Context(), 0)
	if err != nil || len(nodes) != 20_000 {
		t.Errorf("%d nodes, %v", len(nodes), err)
	}
}
