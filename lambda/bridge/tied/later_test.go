package tied

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestTiedByTheSweep: a machine that is found later, when its node is there, has its number tied then.
func TestTiedByTheSweep(t *testing.T) {
	in := install(t, fleet()...)
	all := in.nodes
	in.nodes = all[1:]
	in.put(hosts(0, byName()...))
	in.put(flaws(time.Minute, aid1+",f-1"))
	in.nodes = all
	in.sweep() // which finds the machine, and perhaps after it what is known by its number
	in.sweep()
	if in.holds(web1) != "f-1" {
		t.Errorf("web-1 holds %q: %v", in.holds(web1), in.tied())
	}
}

// TestTwoMachinesOfOneName: machines of one name and other numbers are two, whether their node is there when they come or later.
func TestTwoMachinesOfOneName(t *testing.T) {
	for _, later := range []bool{false, true} {
		in := install(t, fleet()...)
		all := in.nodes
		if later {
			in.nodes = all[1:]
		}
		in.put(doc("list.csv", "id,called,state\n"+aid1+",web-1,s-1\n"+aid2+",web-1,s-2\n"+aid3+",db-1,s-3\n", 0))
		in.nodes = all
		in.sweep()
		in.sweep()
		if in.holds(web1) != "" || in.holds(db1) != "s-3" {
			t.Errorf("found later %t: web-1 holds %q, db-1 %q", later, in.holds(web1), in.holds(db1))
		}
	}
}

// TestTwoNumbersOfANode: both numbers of a machine whose agent was installed anew lead to its node, also in one document.
func TestTwoNumbersOfANode(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, aid1+",,web-1,,,2026-11-01T05:00:00Z"))
	in.put(hosts(time.Minute, aid2+",,web-1,,,2026-11-01T05:30:00Z"))
	got := in.put(flaws(2*time.Minute, aid1+",f-1", aid2+",f-2"))
	if got.Counts.Of(receipt.Put) != 2 || in.holds(web1) != "f-1 f-2" {
		t.Errorf("%v, %q", got.Counts, in.holds(web1))
	}
	want := []string{"number:agents=" + aid2, "number:agents=" + aid1}
	if diff := cmp.Diff(want, in.states()[web1].Sources["agent-flaws"].Subject); diff != "" {
		t.Error(diff)
	}
}

// TestAbsence: a machine that is named by its number alone is not absent; a number that is another machine's by now keeps none.
func TestAbsence(t *testing.T) {
	in := install(t, fleet()...)
	list := func(after time.Duration, rows string) receipt.Receipt {
		t.Helper()
		return in.put(doc("list.csv", "id,called,state\n"+rows, after))
	}
	list(0, aid1+",web-1,s-1\n"+aid2+",web-2,s-2\n"+aid3+",db-1,s-3\n")
	list(time.Minute, aid1+",,s-4\n"+aid2+",web-2,s-5\n")
	want := []string{"s-4", "s-5", ""}
	if diff := cmp.Diff(want, []string{in.holds(web1), in.holds(web2), in.holds(db1)}); diff != "" {
		t.Error(diff)
	}
	list(2*time.Minute, aid1+",web-2,s-6\n") // web-1 and web-2 have changed places, and web-1 is left out
	want = []string{"", "s-6", ""}
	if diff := cmp.Diff(want, []string{in.holds(web1), in.holds(web2), in.holds(db1)}); diff != "" {
		t.Error(diff)
	}
}

// TestNumbersGoWithTheirNode: what is tied is forgotten with what else is known of a node that is gone for long.
func TestNumbersGoWithTheirNode(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	in.nodes = in.nodes[1:]
	in.box.RemoveNode(web1)
	for range 80 {
		in.now = in.now.Add(24 * time.Hour)
		in.sweep()
	}
	if got := in.tied(); len(got) != 2 {
		t.Errorf("%v", got)
	}
}
