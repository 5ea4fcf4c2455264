package delivery

import (
	"testing"
)

// TestDeliver hands documents to an empty service, one after the other.
func TestDeliver(t *testing.T) {
	type step struct {
		doc   document
		want  string // outcomes
		holds string // what web1 holds then
		puts  int    // calls
	}
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"the same again", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1", "2")}}, "put=2", "Finding[a1 a2] Summary[a:2/0]", 1},
			{document{"1", -9, []*statement{says(web1, "a", "1", "2")}}, "unchanged=2", "Finding[a1 a2] Summary[a:2/0]", 0},
			{document{"2", -8, []*statement{says(web1, "a", "2", "1")}}, "unchanged=2", "Finding[a1 a2] Summary[a:2/0]", 0},
		}},
		{"only volatile attributes", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1@monday")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
			{document{"2", -8, []*statement{says(web1, "a", "1@tuesday")}}, "unchanged=1", "Finding[a1] Summary[a:1/0]", 0},
		}},
		{"one changed record", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1", "2")}}, "put=2", "Finding[a1 a2] Summary[a:2/0]", 1},
			{document{"2", -8, []*statement{says(web1, "a", "1", "2=HIGH")}}, "put=2", "Finding[a1 a2HIGH] Summary[a:2/0]", 1},
		}},
		{"nothing", []step{
			{document{"1", -9, []*statement{says(web1, "a", "-")}}, "unchanged=1", "", 0},
			{document{"2", -8, []*statement{says(web1, "a", "1")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
			{document{"3", -7, []*statement{says(web1, "a", "-")}}, "put=1", "Finding[] Summary[]", 1},
			{document{"4", -6, []*statement{says(web1, "a", "-")}}, "unchanged=1", "Finding[] Summary[]", 0},
			{document{"5", -5, []*statement{says(web1, "a", "1")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
		}},
		{"two sources", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
			{document{"2", -9, []*statement{says(web1, "b", "1", "2")}}, "put=2", "Finding[a1 b1 b2] Summary[a:1/0 b:2/0]", 1},
			{document{"3", -8, []*statement{says(web1, "a", "3")}}, "put=1", "Finding[b1 b2 a3] Summary[a:1/0 b:2/0]", 1},
			{document{"4", -8, []*statement{says(web1, "b", "-")}}, "put=1", "Finding[a3] Summary[a:1/0]", 1},
		}},
		{"stale", []step{
			{document{"1", -5, []*statement{says(web1, "a", "1")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
			{document{"2", -9, []*statement{says(web1, "a", "2", "3")}}, "stale=2", "Finding[a1] Summary[a:1/0]", 0},
		}},
		{"an unchanged snapshot moves the time", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1")}}, "put=1", "Finding[a1] Summary[a:1/0]", 1},
			{document{"2", -5, []*statement{says(web1, "a", "1")}}, "unchanged=1", "Finding[a1] Summary[a:1/0]", 0},
			{document{"3", -7, []*statement{says(web1, "a", "2")}}, "stale=1", "Finding[a1] Summary[a:1/0]", 0},
		}},
		{"duplicates of one source, and entries that another one displaces", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1=B", "1=A", "2", "1=A")}}, "put=2 duplicate=1 displaced=1", "Finding[a1A a2] Summary[a:2/0]", 1},
			{document{"2", -8, []*statement{says(web1, "a", "1=A", "2", "1=A", "1=B")}}, "unchanged=2 duplicate=1 displaced=1", "Finding[a1A a2] Summary[a:2/0]", 0},
		}},
		{"truncated", []step{
			{document{"1", -9, []*statement{says(web1, "a", "1", "2", "3", "4", "5", "6", "7")}}, "put=5 truncated=2", "Finding[a1 a2 a3 a4 a5] Summary[a:7/2]", 1},
			{document{"2", -8, []*statement{says(web1, "a", "1", "2", "3", "4", "5", "6", "7")}}, "unchanged=5 truncated=2", "Finding[a1 a2 a3 a4 a5] Summary[a:7/2]", 0},
			{document{"3", -8, []*statement{says(web1, "b", "9")}}, "put=1", "Finding[a1 a2 a3 a4 b9] Summary[a:7/3 b:1/0]", 1},
		}},
		{"the same key from two sources: the newer wins", []step{
			{document{"1", -9, []*statement{owns(says(web1, "a", "-"), "x=A")}}, "put=1 unchanged=1", "Asset[axA]", 1},
			{document{"2", -8, []*statement{owns(says(web1, "b", "-"), "x=B")}}, "put=1 unchanged=1", "Asset[bxB]", 1},
			{document{"3", -9, []*statement{owns(says(web1, "a", "-"), "x=A")}}, "unchanged=1 duplicate=1", "Asset[bxB]", 0},
			{document{"4", -7, []*statement{owns(says(web1, "a", "-"), "x=A")}}, "put=1 unchanged=1", "Asset[axA]", 1},
		}},
		{"over a limit that rejects", []step{
			{document{"1", -9, []*statement{owns(says(web1, "a", "1"), "x")}}, "put=2", "Asset[ax] Finding[a1] Summary[a:1/0]", 1},
			{document{"2", -8, []*statement{owns(says(web1, "a", "2"), "1", "2", "3", "4")}}, "put=1 rejected=4", "Asset[ax] Finding[a1 a2] Summary[a:2/0]", 1},
		}},
		{"merges", []step{
			{document{"1", -9, []*statement{merges(web1, "a", "1", "2")}}, "put=2", "Finding[a1 a2] Summary[a:2/0]", 1},
			{document{"2", -8, []*statement{merges(web1, "a", "3", "!1")}}, "put=2", "Finding[a2 a3] Summary[a:2/0]", 1},
			{document{"3", -7, []*statement{merges(web1, "a", "!7")}}, "unchanged=1", "Finding[a2 a3] Summary[a:2/0]", 0},
			{document{"4", -7, []*statement{merges(web1, "a", "2=HIGH")}}, "put=1", "Finding[a2HIGH a3] Summary[a:2/0]", 1},
			{document{"5", -6, []*statement{merges(web1, "a", "4"), after(merges(web1, "a", "!4", "5"), -5)}}, "put=2 stale=1", "Finding[a2HIGH a3 a5] Summary[a:3/0]", 1},
			{document{"6", -4, []*statement{merges(web1, "a", "!2", "!3", "!5")}}, "put=3", "Finding[] Summary[]", 1},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{t: t, w: newWorld(), name: "w"}
			for _, s := range c.steps {
				before := len(p.w.puts)
				planned := p.plan(s.doc)
				equal(t, "plan "+s.doc.id, []any{outcomes(planned), planned.Calls}, []any{s.want, s.puts})
				equal(t, "outcomes "+s.doc.id, p.deliver(s.doc), s.want)
				equal(t, "holds "+s.doc.id, p.w.holds(web1), s.holds)
				equal(t, "calls "+s.doc.id, len(p.w.puts)-before, s.puts)
			}
			if n := p.head().Nodes[web1]; n.Intent != nil {
				t.Error("the intent is open")
			}
		})
	}
}
