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

// pageDocuments reads pages: "name number/of minute", with ! where a row was rejected.
func pageDocuments(t *testing.T, words string) []PageDocument {
	t.Helper()
	begin := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var list []PageDocument
	for line := range strings.SplitSeq(words, ",") {
		p, minute := PageDocument{}, 0
		if _, err := fmt.Sscanf(strings.TrimSpace(line), "%s %d/%d %d", &p.Import, &p.Number, &p.Of, &minute); err != nil {
			t.Fatal(line, err)
		}
		p.Rejected = strings.HasSuffix(p.Import, "!")
		p.Written, p.Received = begin.Add(time.Duration(minute)*time.Minute), begin
		list = append(list, p)
	}
	return list
}

func TestLists(t *testing.T) {
	for _, c := range []struct {
		name, pages string
		of          int
		want        []string
	}{
		{"complete", "a 1/2 0, b 2/2 1", 2, []string{"a b"}},
		{"backwards", "a 2/2 0, b 1/2 1", 2, []string{"b a"}},
		{"one is missing", "a 1/3 0, b 2/3 1", 3, nil},
		{"a row was rejected", "a 1/2 0, b! 2/2 1", 2, nil},
		{"written too far apart", "a 1/2 0, b 2/2 361", 2, nil},
		{"written as far apart as is possible", "a 1/2 0, b 2/2 360", 2, []string{"a b"}},
		{"of another length", "a 1/2 0, b 2/3 1", 2, nil},
		{"the next list begins", "a 1/2 0, b 2/2 1, c 1/2 60", 2, []string{"a b"}},
		{"two lists", "a 1/2 0, b 2/2 1, c 1/2 60, d 2/2 61", 2, []string{"a b", "c d"}},
		{"a page was lost", "a 1/3 0, c 3/3 1, d 1/3 60, e 2/3 61, f 3/3 62", 3, []string{"d e f"}},
		{"two lists, hours apart", "a 1/2 0, b 2/2 1, c 1/2 420, d 2/2 421", 2, []string{"a b", "c d"}},
		{"pages hours apart do not keep the others apart", "a 1/3 0, b 2/3 420, c 3/3 421, d 3/3 422, e 1/3 423", 3, []string{"e b d"}},
		{"a page was sent again, and one of the next list", "a 2/3 0, b 1/3 1, c 1/3 2, d 3/3 3, e 3/3 420", 3, []string{"c a d"}},
		{"one list within another", "a 1/2 0, b 1/2 60, c 2/2 61, d 2/2 120", 2, []string{"a d", "b c"}},
		{"a page was lost, and the first one", "b 2/2 0, c 1/2 60, d 2/2 61", 2, []string{"c d"}},
		{"a page was sent again", "a 1/3 0, b 2/3 1, c 2/3 2, d 3/3 3", 3, []string{"a c d"}},
		{"the first was sent again after the list", "a 1/2 0, b 2/2 1, c 1/2 2", 2, []string{"a b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages := pageDocuments(t, c.pages)
			for seed := range uint64(10) {
				rand.New(rand.NewPCG(seed, 1)).Shuffle(len(pages), func(i, j int) { pages[i], pages[j] = pages[j], pages[i] })
				h := &Head{}
				for _, p := range pages {
					h.AddPage("a", p)
					if h.AddPage("a", p) {
						t.Error("a page was added twice")
					}
				}
				var got []string
				for _, l := range h.Pages["a"].Lists(c.of) {
					got = append(got, strings.Join(l.Imports, " "))
					if l.Applied {
						t.Error("it was applied")
					}
					h.Pages["a"].Apply(l)
				}
				slices.Sort(got)
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Fatal(diff)
				}
				if slices.ContainsFunc(h.Pages["a"].Lists(c.of), func(l PageList) bool { return !l.Applied }) {
					t.Error("it was not noted that it was applied")
				}
			}
		})
	}
}

func TestForgetPages(t *testing.T) {
	h := &Head{Nodes: map[string]*NodeState{"i": {Types: map[string]*Type{"T": {Shares: map[string]*Share{
		"a": {Rows: "r", Pages: []PageRows{{Import: "x"}, {Import: "y"}}}, "b": {Pages: []PageRows{{Import: "y"}}},
	}}}}}}
	pages := pageDocuments(t, "x 1/2 0, y 2/2 1")
	pages[0].Received = pages[0].Received.Add(time.Hour)
	for _, p := range pages {
		h.AddPage("a", p)
	}
	begin := pages[1].Received
	if h.ForgetPages(begin.Add(24 * time.Hour)) {
		t.Error("a page was forgotten too early")
	}
	if !h.ForgetPages(begin.Add(24*time.Hour + 1)) {
		t.Error("a page was not forgotten")
	}
	shares := h.Nodes["i"].Types["T"].Shares
	if len(h.Pages["a"].Pages) != 1 || len(shares["a"].Pages) != 1 || shares["b"] != nil {
		t.Errorf("%+v, %+v", h.Pages["a"], shares)
	}
	if !h.ForgetPages(begin.Add(26*time.Hour)) || len(h.Pages) != 0 || len(shares["a"].Pages) != 0 {
		t.Errorf("%+v, %+v", h.Pages, shares["a"])
	}
}
