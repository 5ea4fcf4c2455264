package tied

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

const (
	hostsHeader = "agent,instance,host,serial,address,seen\n"
	flawsHeader = "aid,flaw\n"
)

func hosts(after time.Duration, rows ...string) intake.Document {
	return doc("hosts.csv", hostsHeader+strings.Join(rows, "\n")+"\n", after)
}

func flaws(after time.Duration, rows ...string) intake.Document {
	return doc("flaws.csv", flawsHeader+strings.Join(rows, "\n")+"\n", after)
}

// byName are rows of three machines, known by a name, a serial and an address.
func byName() []string {
	return []string{aid1 + ",,web-1,,,2026-11-01T05:00:00Z", aid2 + ",,,ser-2,,2026-11-01T05:00:00Z", aid3 + ",,,,10.0.0.3,2026-11-01T05:00:00Z"}
}

// TestInAnyOrder: the list of machines may come before or after what is known of them by number.
func TestInAnyOrder(t *testing.T) {
	docs := []intake.Document{
		hosts(0, byName()...),
		flaws(time.Minute, aid1+",f-1", strings.ToUpper(aid2)+",f-2", " "+aid3+" ,f-3", aid1+",f-4", "0123456789abcdef0123456789abcdef,f-5"),
		doc("notes.csv", "number,note\n"+aid1+",n-1\n", 2*time.Minute),
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		in := install(t, fleet()...)
		for _, i := range order {
			in.put(docs[i])
		}
		in.sweep()
		for id, want := range map[string]string{web1: "f-1 f-4", web2: "f-2", db1: "f-3"} {
			if got := in.holds(id); got != want {
				t.Errorf("%v: %s holds %q, want %q", order, id, got, want)
			}
		}
		want := []string{
			web1 + " agents " + aid1 + " agent-hosts 2026-11-01", web2 + " agents " + aid2 + " agent-hosts 2026-11-01", db1 + " agents " + aid3 + " agent-hosts 2026-11-01",
		}
		if diff := cmp.Diff(want, in.tied()); diff != "" {
			t.Errorf("%v: %s", order, diff)
		}
		calls := in.put(docs[0]).Calls + in.put(docs[1]).Calls + in.sweep().Calls
		if calls != 0 {
			t.Errorf("%v: the same documents again took %d calls", order, calls)
		}
	}
}

// TestHistoriesInAnyOrder hands documents about machines that get new agents over in many orders: what nodes hold and what is tied is the same.
func TestHistoriesInAnyOrder(t *testing.T) {
	docs := []intake.Document{
		hosts(0, aid1+",,web-1,,,2026-11-01T05:00:00Z", aid2+","+web2+",,,,2026-11-01T05:00:00Z"),
		flaws(time.Minute, aid1+",f-1", aid2+",f-2"),
		hosts(time.Hour, aid1+","+web1+",,,,2026-11-01T06:30:00Z", aid3+","+web2+",,,,2026-11-01T06:30:00Z"),
		flaws(61*time.Minute, aid1+",f-3", aid3+",f-4"),
	}
	var want []string
	for n, order := range orders(len(docs)) {
		in := install(t, fleet()...)
		in.now = start.Add(3 * time.Hour)
		for _, i := range order {
			in.put(docs[i])
		}
		in.sweep()
		got := append(in.tied(), in.holds(web1), in.holds(web2))
		if n == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", order, diff)
		}
	}
	if want[len(want)-2] != "f-3" || want[len(want)-1] != "f-4" {
		t.Error(want)
	}
}

func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

// TestParkedUntilTied: the receipt says why records wait, and how they were found.
func TestParkedUntilTied(t *testing.T) {
	in := install(t, fleet()...)
	first := in.put(flaws(0, aid1+",f-1"))
	if first.Counts.Of(receipt.Parked) != 1 {
		t.Errorf("%v", first.Counts)
	}
	in.put(hosts(time.Minute, byName()...))
	if got := in.sweep(); got.Found != 1 || got.Parked != 0 || in.holds(web1) != "f-1" {
		t.Errorf("%+v, %s", got, in.holds(web1))
	}
	second := in.put(flaws(2*time.Minute, aid1+",f-2"))
	said := slices.ContainsFunc(second.Notes, func(n receipt.Note) bool { return strings.Contains(n.Text, "numbers in the source") && n.Count == 1 })
	if second.Counts.Of(receipt.Put) != 1 || !said || in.holds(web1) != "f-2" {
		t.Errorf("%v, %v", second.Counts, second.Notes)
	}
}

// TestReinstalled: with the node's own ID beside it a number is another node's from then on, and what was stated by it before is listed.
func TestReinstalled(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, aid1+",,web-1,,,2026-11-01T05:00:00Z"))
	in.put(flaws(time.Minute, aid1+",f-1"))
	in.put(hosts(2*time.Minute, aid1+","+web2+",,,,2026-11-01T05:30:00Z"))
	if in.holds(web1) != "f-1" {
		t.Error("the rows were removed, and nothing says so")
	}
	in.put(flaws(3*time.Minute, aid1+",f-2"))
	if in.holds(web2) != "f-2" {
		t.Errorf("web-2 holds %q", in.holds(web2))
	}
	got, err := in.bridge().Misplaced(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []bridge.Misplaced{{Source: "agent-flaws", Node: web1, Leads: web2, Rows: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTiedToTwo: a number that two nodes were found by leads to neither, and is not lost: once one of them is gone it leads to the other.
func TestTiedToTwo(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, aid1+",,web-1,,,2026-11-01T05:00:00Z"))
	in.put(hosts(time.Minute, aid1+",,web-2,,,2026-11-01T05:10:00Z"))
	got := in.put(flaws(2*time.Minute, aid1+",f-1"))
	reasons := fmt.Sprint(got.Details)
	if got.Counts.Of(receipt.Parked) != 1 || !strings.Contains(reasons, node.ReasonSeveralTied) || in.holds(web1)+in.holds(web2) != "" {
		t.Errorf("%v, %s", got.Counts, reasons)
	}
	in.nodes = in.nodes[1:]
	if in.sweep(); in.holds(web2) != "f-1" {
		t.Errorf("web-2 holds %q", in.holds(web2))
	}
}

// TestAgainstASerial: a serial and a number that name different nodes name none.
func TestAgainstASerial(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	got := in.put(hosts(time.Minute, aid1+",,,ser-2,,2026-11-01T05:10:00Z"))
	if got.Counts.Of(receipt.Rejected) != 1 || !strings.Contains(fmt.Sprint(got.Details), node.ReasonContradiction) {
		t.Errorf("%v, %v", got.Counts, got.Details)
	}
}

// TestGone: a number of a node that is no longer managed leads nowhere.
func TestGone(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	in.put(flaws(time.Minute, aid1+",f-1"))
	in.nodes = in.nodes[1:]
	if got := in.put(flaws(2*time.Minute, aid1+",f-2")); got.Counts.Of(receipt.Parked) != 1 {
		t.Errorf("%v", got.Counts)
	}
}

// TestRemoved: what a source has tied goes with it.
func TestRemoved(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	if _, err := in.bridge().RemoveSource(t.Context(), "agent-hosts", web1); err != nil {
		t.Fatal(err)
	}
	if got := in.put(flaws(time.Minute, aid1+",f-1", aid2+",f-2")); got.Counts.Of(receipt.Parked) != 1 || in.holds(web2) != "f-2" {
		t.Errorf("%v, %v", got.Counts, in.tied())
	}
}

// TestNotMisplaced: what was found by a number is where it belongs while the number leads there.
func TestNotMisplaced(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	in.put(flaws(time.Minute, aid1+",f-1"))
	got, err := in.bridge().Misplaced(t.Context())
	if err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestCertificates: a name by which a source numbers machines leads to those that were found by other means, and to none that it might be the name of.
func TestCertificates(t *testing.T) {
	in := install(t, fleet()...)
	in.put(doc("certificates.csv", "certificate,instance,address\ncert-1.example,"+web1+",\nweb-2,,\ncert-3.example,,10.9.9.9\n", 0))
	want := []string{web1 + " certificates cert-1.example certificates 2026-11-01"}
	if diff := cmp.Diff(want, in.tied()); diff != "" {
		t.Error(diff)
	}
	got := in.put(doc("certified.csv", "certname,package\nCert-1.Example,p-1\ncert-3.example,p-3\nweb-2,p-2\n", time.Minute))
	if got.Counts.Of(receipt.Parked) != 1 || in.holds(web1) != "p-1" || in.holds(web2) != "p-2" {
		t.Errorf("%v, %q, %q", got.Counts, in.holds(web1), in.holds(web2))
	}
}

// TestHostileNumbers: numbers that are too long, too many, or that all machines have do no harm.
func TestHostileNumbers(t *testing.T) {
	in := install(t, fleet()...)
	long := strings.Repeat("a1", 200)
	zeros := strings.Repeat("0", 32)
	in.put(hosts(0, long+",,web-1,,,2026-11-01T05:00:00Z"))
	in.put(hosts(time.Second, zeros+",,web-1,,,2026-11-01T05:00:01Z"))
	for i := range 8 {
		after := time.Duration(i+2) * time.Second
		in.put(hosts(after, fmt.Sprintf("%032x,,web-1,,,%s", i+0xabc0, start.Add(after-time.Hour).Format(time.RFC3339))))
	}
	if got := in.tied(); len(got) != 4 {
		t.Errorf("%d are tied: %v", len(got), got)
	}
	got := in.put(flaws(time.Minute, long+",f-1", zeros+",f-2", fmt.Sprintf("%032x,f-3", 0xabc7), fmt.Sprintf("%032x,f-4", 0xabc0)))
	if got.Counts.Of(receipt.Parked) != 3 || in.holds(web1) != "f-3" {
		t.Errorf("%v, %q", got.Counts, in.holds(web1))
	}
}

// TestStateOfBefore: a state without numbers is read, and has them with the next list of machines, though it says nothing else new.
func TestStateOfBefore(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	for key, o := range in.store.objects {
		if strings.HasPrefix(key, "heads/") {
			o.data = withoutNumbers(t, o.data)
			in.store.objects[key] = o
		}
	}
	if len(in.tied()) != 0 {
		t.Fatal("the state has numbers")
	}
	if got := in.put(flaws(time.Minute, aid1+",f-1")); got.Counts.Of(receipt.Parked) != 1 {
		t.Errorf("%v", got.Counts)
	}
	if got := in.put(hosts(0, byName()...)); got.Calls != 0 {
		t.Errorf("the list again took %d calls", got.Calls)
	}
	if in.sweep(); in.holds(web1) != "f-1" {
		t.Errorf("web-1 holds %q", in.holds(web1))
	}
}

// TestHeadsAreReadOnce where a number is needed, and not at all for it where none is.
func TestHeadsAreReadOnce(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	read := func(d intake.Document) int {
		before := in.store.heads
		if _, _, err := in.bridge().Explain(t.Context(), d, bridge.Options{}); err != nil {
			t.Fatal(err)
		}
		return in.store.heads - before
	}
	if n := read(hosts(time.Minute, aid1+","+web1+",,,,2026-11-01T05:00:00Z", aid2+","+web2+",,,,2026-11-01T05:00:00Z")); n != 0 {
		t.Errorf("%d heads were read for machines that their own IDs decide", n)
	}
	if n := read(hosts(time.Minute, aid1+",,web-1,,,2026-11-01T05:00:00Z", aid2+",,web-2,,,2026-11-01T05:00:00Z")); n != 3 {
		t.Errorf("%d heads were read for machines of a family that names decide, and there are 3", n)
	}
	if n := read(flaws(time.Minute, aid1+",f-1", aid2+",f-2", aid3+",f-3", "17,f-4")); n != 3 {
		t.Errorf("%d heads were read for machines that are known by numbers, and there are 3", n)
	}
}

// TestExplained: a machine's explanation says by which mapping and when its number was tied to the node.
func TestExplained(t *testing.T) {
	in := install(t, fleet()...)
	in.put(hosts(0, byName()...))
	var got intake.Machine
	if _, _, err := in.bridge().Explain(t.Context(), flaws(time.Minute, aid1+",f-1"), bridge.Options{Machines: func(m intake.Machine) { got = m }}); err != nil {
		t.Fatal(err)
	}
	const want = "the source's own number of the machine was tied to a node by agent-hosts on 2026-11-01"
	if got.Decision.Node != web1 || got.Decision.Rule != node.RuleNumber || got.Decision.Detail != want {
		t.Errorf("%+v", got.Decision)
	}
	steps := node.New(in.nodes).Steps(got.Subject, got.Rules, got.Decision)
	if len(steps) != 1 || steps[0].Rule != node.RuleNumber || steps[0].Verdict != node.Agrees {
		t.Errorf("%+v", steps)
	}
}
