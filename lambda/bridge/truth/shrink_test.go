package truth

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
)

const shrinkRuns = 400

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// smaller is a failing case on its way to its smallest form.
type smaller struct {
	t      *testing.T
	f      *failure
	w      *world
	target *record
	runs   int
}

// shrink takes rows, records and identifiers away for as long as the record still fails in the same way.
func (f *failure) shrink(t *testing.T) string {
	t.Helper()
	w := newWorld(f.seed, f.nodes)
	w.docs = w.docs[f.doc : f.doc+1]
	s := &smaller{t: t, f: f, w: w}
	for _, r := range w.docs[0].records {
		if r.marker == f.marker {
			s.target = r
		}
	}
	if !s.fails() {
		return fmt.Sprintf("world %d, record %s does not fail alone", f.seed, f.marker)
	}
	for range 2 {
		d := w.docs[0]
		d.records = thin(s, d.records, func(list []*record) { d.records = list }, func(r *record) bool { return r == s.target })
		w.rows = thin(s, w.rows, func(list []*row) { w.rows = list }, func(*row) bool { return false })
		w.early = thin(s, w.early, func(list []*row) { w.early = list }, func(*row) bool { return false })
	}
	s.identifiers()
	s.fails()
	return s.String()
}

// fails imports what is left, and reports whether the record still fails.
func (s *smaller) fails() bool {
	s.runs++
	listed := map[string]bool{}
	for _, r := range slices.Concat(s.w.rows, s.w.early) {
		listed[r.InstanceId] = true
	}
	if err := s.w.imports(s.t); err != nil {
		return false
	}
	// A machine whose nodes were taken away is not managed.
	was := map[*machine][]string{}
	for _, m := range s.target.group.machines {
		was[m] = m.ids
		m.ids = slices.DeleteFunc(slices.Clone(m.ids), func(id string) bool { return !listed[id] })
	}
	f := s.target.figures(s.w.judge(s.w.docs[0])[s.target])
	for m, ids := range was {
		m.ids = ids
	}
	if s.target.outcome != s.f.said {
		return false
	}
	return f.wrong > 0 && s.f.what == "wrong" || f.knowable > f.matched && s.f.what == "missed"
}

// thin takes parts of a list away, halves first.
func thin[T any](s *smaller, list []T, set func([]T), keep func(T) bool) []T {
	for size := len(list) / 2; size > 0; size /= 2 {
		for at := 0; at < len(list) && s.runs < shrinkRuns; {
			end := min(at+size, len(list))
			var less []T
			less = append(less, list[:at]...)
			for _, x := range list[at:end] {
				if keep(x) {
					less = append(less, x)
				}
			}
			less = append(less, list[end:]...)
			set(less)
			if len(less) < len(list) && s.fails() {
				list = less
				continue
			}
			set(list)
			at = end
		}
	}
	return list
}

// identifiers takes identifiers of records and rows away, one by one.
func (s *smaller) identifiers() {
	for _, r := range s.w.docs[0].records {
		without(s, &r.node)
		s.shorten(&r.serials)
		s.shorten(&r.names)
		s.shorten(&r.reverse)
		s.shorten(&r.ips)
		s.shorten(&r.macs)
		before := r.style
		if r.style = 7 | 7<<8 | 3<<16 | 15<<24 | 3<<40; !s.fails() { // spelled plainly
			r.style = before
		}
	}
	for _, r := range slices.Concat(s.w.rows, s.w.early) {
		s.shorten(&r.SerialNumber)
		without(s, &r.IPAddress)
		without(s, &r.ComputerName)
		s.shorten(&r.MacAddresses)
	}
}

func without(s *smaller, value *string) {
	before := *value
	if *value = ""; before != "" && !s.fails() {
		*value = before
	}
}

func (s *smaller) shorten(list *[]string) {
	for i := len(*list) - 1; i >= 0; i-- {
		before := *list
		if *list = slices.Delete(slices.Clone(before), i, i+1); !s.fails() {
			*list = before
		}
	}
}

func (s *smaller) String() string {
	var b strings.Builder
	d := s.w.docs[0]
	fmt.Fprintf(&b, "  world %d of %d nodes, group %q, source %s\n", s.f.seed, s.w.nodes, s.f.kind, d.source)
	fmt.Fprintf(&b, "  replay with INVBRIDGE_SEED=%d go test -run TestTruth ./lambda/bridge/truth\n  the directory:\n", s.f.seed)
	for _, r := range s.w.rows {
		text, _ := json.Marshal(r) // strings
		fmt.Fprintf(&b, "    %s\n", text)
	}
	if s.w.early != nil {
		b.WriteString("  the directory before, when the document was imported:\n")
		for _, r := range s.w.early {
			text, _ := json.Marshal(r) // strings
			fmt.Fprintf(&b, "    %s\n", text)
		}
	}
	b.WriteString("  the document:\n    " + strings.ReplaceAll(strings.TrimSpace(d.text()), "\n", "\n    ") + "\n")
	judged := s.w.judge(d)
	for _, r := range d.records {
		fmt.Fprintf(&b, "  record %s is of %s\n    outcome: %s; put on %v\n", r.marker, r.of, r.outcome, r.landed)
		if r == s.target {
			for _, m := range judged[r].candidates {
				fmt.Fprintf(&b, "    candidate: %s\n", m)
			}
			for _, x := range judged[r].points {
				fmt.Fprintf(&b, "    points at: %s\n", x.InstanceId)
			}
		}
	}
	return b.String()
}

func (m *machine) String() string {
	text := fmt.Sprintf("%s %v %s, addresses %v", m.full(), m.ids, m.state, m.ips)
	if len(m.past) > 0 {
		text += fmt.Sprintf(", before %v", m.past)
	}
	if m.former != "" {
		text += ", formerly " + m.former
	}
	if m.image != "" {
		text += ", image " + m.image
	}
	return text + fmt.Sprintf(", serials %q", m.serials)
}
