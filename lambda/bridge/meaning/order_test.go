package meaning

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// What nodes hold in the end is a function of the set of records and their times. Each check returns how two ends of the same set differ;
// "" where they do not.

// law compares ends of a history.
type law func(ctx context.Context, h *history) string

// reordered: the order of records and entries in a document means nothing.
func reordered(seed uint64) law {
	return func(ctx context.Context, h *history) string {
		want, err := h.ends(ctx, forth(h))
		if err != nil {
			return err.Error()
		}
		for i := range uint64(1) {
			random := source(seed+i, "order")
			var files []file
			for _, f := range h.files {
				files = append(files, file{f.text.shuffled(random), f.at})
			}
			got, err := h.with(files).ends(ctx, forth(h))
			if err != nil {
				return err.Error()
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				return "records in another order (-first +other):\n" + diff
			}
		}
		return ""
	}
}

// anyOrder: the order in which documents come means nothing. Of many orders it tries some.
func anyOrder(seed uint64, most int, how string, ends func(*history, context.Context, []int) (string, error)) law {
	return func(ctx context.Context, h *history) string {
		all := orders(len(h.files))
		random := source(seed, "orders")
		random.Shuffle(len(all)-1, func(i, j int) { all[1+i], all[1+j] = all[1+j], all[1+i] })
		var want string
		for i, order := range all[:min(most, len(all))] {
			got, err := ends(h, ctx, order)
			if err != nil {
				return fmt.Sprintf("delivered as %v: %v", order, err)
			}
			if i == 0 {
				want = got
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				return fmt.Sprintf("delivered as %v and as %v, %s (-first +second):\n%s", all[0], order, how, diff)
			}
		}
		return ""
	}
}

// foundLater: a document whose machines become nodes after it ends as one whose machines were nodes before.
func foundLater(ctx context.Context, h *history) string {
	h = h.byName()
	want, err := h.ends(ctx, forth(h))
	if err != nil {
		return err.Error()
	}
	got, err := h.later(ctx, forth(h))
	if err != nil {
		return err.Error()
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		return "the nodes come after the document (-before +after):\n" + diff
	}
	return ""
}

// byName is the history with nodes without addresses: by these alone the sweep finds none.
func (h *history) byName() *history {
	other := *h
	other.nodes = regexp.MustCompile(`,[0-9.]*\n`).ReplaceAllString(h.nodes, ",\n")
	return &other
}

func forth(h *history) []int {
	order := make([]int, len(h.files))
	for i := range order {
		order[i] = i
	}
	return order
}

// must fails with a small history where the check finds a difference.
func must(t *testing.T, h *history, c law) {
	t.Helper()
	found := c(t.Context(), h)
	if found == "" {
		return
	}
	small := shrunk(t.Context(), h, c)
	if again := c(t.Context(), small); again != "" {
		found = again
	} else {
		small = h
	}
	var b strings.Builder
	for i, f := range small.files {
		fmt.Fprintf(&b, "\ndocument %d, written %s:\n%.3000q", i+1, f.at.Format(time.TimeOnly), f.text.text())
	}
	t.Errorf("%s: %.3000s\nnodes:\n%.500s%s", h.name, found, small.nodes, b.String())
}

// shrunk leaves out documents, records and entries as long as the check finds a difference.
func shrunk(ctx context.Context, h *history, c law) *history {
	until := time.Now().Add(20 * time.Second)
	for again := true; again; {
		again = false
		for _, smaller := range smallerOnes(h) {
			if time.Now().After(until) {
				return h
			}
			if c(ctx, smaller) != "" {
				h, again = smaller, true
				break
			}
		}
	}
	return h
}

func smallerOnes(h *history) []*history {
	var list []*history
	for i := range h.files {
		if len(h.files) > 1 {
			list = append(list, h.with(slices.Delete(slices.Clone(h.files), i, i+1)))
		}
	}
	for i, f := range h.files {
		n := 0
		f.text.changed(func(list []*piece) []*piece { n += len(named(list)); return list })
		for size := n / 2; size > 0; size /= 2 {
			for from := 0; from < n; from += size {
				files := slices.Clone(h.files)
				files[i].text = f.text.without(from, from+size)
				list = append(list, h.with(files))
			}
		}
	}
	return list
}

// without leaves out the records and entries of these numbers.
func (p *piece) without(from, to int) *piece {
	n := 0
	return p.changed(func(list []*piece) []*piece {
		return slices.DeleteFunc(list, func(p *piece) bool {
			if p.name == "" {
				return false
			}
			n++
			return from < n && n <= to
		})
	})
}

// sampleFiles are the samples, and our documents.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	files := testfiles.SampleFiles(t)
	if folder, ok := testfiles.Shared(t, "cases"); ok {
		files = append(files, testfiles.Files(t, folder)...)
	}
	return files
}

// largest is the size of a sample that is put so often; larger ones with INVBRIDGE_ROUNDS alone.
const largest = 100 << 10

// TestOrderOfSamples: each sample, with fewer records, with some twice and changed, as one file and as several.
func TestOrderOfSamples(t *testing.T) {
	var read, put, shuffled atomic.Int32
	size := int64(largest)
	if os.Getenv("INVBRIDGE_ROUNDS") != "" {
		size = 1 << 20
	}
	t.Run("samples", func(t *testing.T) {
		for _, path := range sampleFiles(t) {
			if info, err := os.Stat(path); err != nil || info.Size() > size {
				continue
			}
			parts := strings.Split(filepath.ToSlash(path), "/")
			name := strings.Join(parts[max(0, len(parts)-3):], "/")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for _, seed := range seeds() {
					random := source(seed, name)
					h, ok := sampled(t, path, random)
					if !ok {
						return
					}
					read.Add(1)
					if h.files[0].text.lists() > 0 {
						shuffled.Add(1)
					}
					if end, err := h.ends(t.Context(), []int{0}); err == nil && strings.Contains(end, "=") {
						put.Add(1)
					}
					h.ordered(t, seed, random)
				}
			})
		}
	})
	t.Logf("%d samples are read, %d have lists, nodes hold entries of %d", read.Load(), shuffled.Load(), put.Load())
	if _, shared := testfiles.Shared(t); read.Load() < 40 || put.Load() < 30 || shared && put.Load() < 100 {
		t.Errorf("of %d samples that are read nodes hold entries of %d: the test says too little", read.Load(), put.Load())
	}
}

// sampled is a history of a sample alone.
func sampled(t *testing.T, path string, random *rand.Rand) (*history, bool) {
	t.Helper()
	name, text := plain(t, path)
	h, m, err := about(t.Context(), name, text, random)
	if err != nil {
		return nil, false // broken and unknown ones are the matter of other tests
	}
	l := listsOf(m)
	h.mixed = l.holdTables(m)
	p, err := l.pieces(text)
	if err != nil {
		p = &piece{open: text}
	}
	h.files = []file{{p, written}}
	return h, true
}

// ordered checks the histories that a sample makes: one kind of them, with INVBRIDGE_ROUNDS all.
func (h *history) ordered(t *testing.T, seed uint64, random *rand.Rand) {
	t.Helper()
	all, kind := os.Getenv("INVBRIDGE_ROUNDS") != "", random.IntN(8)
	more := h.files[0].text.more(random, 30, func(s string) string { return otherValues(random, otherDates(random, s, false)) })
	if h.mixed {
		more = h.files[0].text
	}
	one := h.with([]file{{h.reread(t, more), written}})
	if all || kind < 3 {
		must(t, one, reordered(seed))
	}
	if all || kind == 3 {
		must(t, one, foundLater)
	}
	several := h.severalOf(t, more, random)
	if all || 3 < kind && kind < 7 {
		must(t, several, anyOrder(seed, 3, "to nodes", (*history).ends))
	}
	if all || kind == 7 {
		must(t, several.byName(), anyOrder(seed, 2, "before there were nodes", (*history).later))
	}
}

// severalOf are two or three files that were written after each other, each with some of the records, at other times, and some of them parts.
func (h *history) severalOf(t *testing.T, more *piece, random *rand.Rand) *history {
	t.Helper()
	var files []file
	for i := range 2 + random.IntN(2) {
		p := h.reread(t, &piece{open: otherDates(random, otherValues(random, more.less(random, 40).text()), true)})
		if random.IntN(3) == 0 {
			p = h.reread(t, &piece{open: parted(p.text())})
		}
		files = append(files, file{p, written.Add(time.Duration(i) * time.Minute)})
	}
	return h.with(files)
}

// reread takes a changed text apart again.
func (h *history) reread(t *testing.T, p *piece) *piece {
	t.Helper()
	text := p.text()
	set, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	m, err := set.Mapping(h.mapping)
	if err != nil {
		t.Fatal(h.mapping, err)
	}
	l := listsOf(m)
	again, err := l.pieces(text)
	if err != nil {
		return &piece{open: text}
	}
	return again
}
