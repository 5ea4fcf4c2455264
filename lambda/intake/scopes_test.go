package intake

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scanned is a mapping of scans, each of which says which checks it made; those of the document hold where a scan says none.
const scanned = "detect:\n  - json: [scans.machine]\neach: scans\nkey: machine\nidentify: {hostname: machine, ip: ip}\ncapturedAt: at\nCustom:Check:\n" +
	"  scope: {where: r.failed != \"yes\", Id: {path: [checks, $doc.checks], split: ','}}\n  each: found\n  Id: id\n  Result: $up.at\n"

func oneScan(machine, ip, at, checks, more string, found ...string) string {
	var ids []string
	for _, id := range found {
		ids = append(ids, fmt.Sprintf(`{"id":%q}`, id))
	}
	return fmt.Sprintf(`{"machine":%q,"ip":%q,"at":"2026-03-01T%s:00Z","checks":%q,%s"found":[%s]}`, machine, ip, at, checks, more, strings.Join(ids, ","))
}

func scans(list ...string) string { return `{"scans":[` + strings.Join(list, ",") + `]}` }

func TestScopesOfStatements(t *testing.T) {
	a := "2026-03-01T01:00:00Z"
	b := "2026-03-01T02:00:00Z"
	tests := map[string]struct {
		scans    []string
		want     []string
		outcomes []string
	}{
		"each node has its own": {
			scans: []string{oneScan("web-1", "", "01:00", "1-5", "", "1"), oneScan("web-2", "", "01:00", "6", "", "6")},
			want:  []string{"1 snapshot 01:00 [1=" + a + "][[{Id [1-5]}]]", "2 snapshot 01:00 [6=" + a + "][[{Id [6]}]]"},
		},
		"two addresses that looked at different ones": {
			scans: []string{oneScan("web-1", "10.9.0.1", "01:00", "6,1-5", "", "1"), oneScan("web-1", "10.9.0.2", "01:00", "7", "")},
			want:  []string{"1 snapshot 01:00 [1=" + a + "][[{Id [1-5 6]}] [{Id [7]}]]"},
		},
		"one looked at all": {
			scans: []string{oneScan("web-1", "10.9.0.1", "01:00", "1-5", "", "1"), oneScan("web-1", "10.9.0.2", "01:00", "", "", "9")},
			want:  []string{"1 snapshot 01:00 [1=" + a + " 9=" + a + "]"},
		},
		"looked at none": {
			scans: []string{oneScan("web-1", "", "01:00", "1-5", `"failed":"yes",`, "1")},
			want:  []string{"1 snapshot 01:00 [1=" + a + "][]"},
		},
		"two scans of one machine: the newer stands": {
			scans:    []string{oneScan("web-1", "10.9.0.1", "02:00", "1-5", "", "1"), oneScan("web-1", "10.9.0.1", "01:00", "1-5", "", "1", "2")},
			want:     []string{"1 snapshot 02:00 [1=" + b + "][[{Id [1-5]}]]"},
			outcomes: []string{"stale: " + staleLook},
		},
		"scans of two targets: both count": {
			scans: []string{oneScan("web-1", "10.9.0.1", "02:00", "1-5", "", "1"), oneScan("web-1", "10.9.0.2", "01:00", "1-5", "", "2")},
			want:  []string{"1 snapshot 02:00 [1=" + b + " 2=" + a + "][[{Id [1-5]}]]"},
		},
		"scans that looked at different ones: both count": {
			scans: []string{oneScan("web-1", "10.9.0.1", "02:00", "1-5", "", "1"), oneScan("web-1", "10.9.0.1", "01:00", "6", "", "6")},
			want:  []string{"1 snapshot 02:00 [1=" + b + " 6=" + a + "][[{Id [1-5]}] [{Id [6]}]]"},
		},
		"without an address the names decide": {
			scans:    []string{oneScan("web-1", "", "02:00", "1-5", "", "1"), oneScan("web-1", "", "01:00", "1-5", "", "2")},
			want:     []string{"1 snapshot 02:00 [1=" + b + "][[{Id [1-5]}]]"},
			outcomes: []string{"stale: " + staleLook},
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			in, _ := reader(t, own(t, scanned))
			for range 6 {
				got, outcomes, _ := rowsOf(t, in, scans(c.scans...))
				for i := range outcomes {
					_, outcomes[i], _ = strings.Cut(outcomes[i], " ")
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Fatal(diff)
				}
				if diff := cmp.Diff(c.outcomes, outcomes); diff != "" {
					t.Fatal(diff)
				}
				rand.Shuffle(len(c.scans), func(i, j int) { c.scans[i], c.scans[j] = c.scans[j], c.scans[i] })
			}
		})
	}
}

// Scopes of the document stand behind its records here: they are known at its end.
func TestScopesThatAreKnownLate(t *testing.T) {
	in, _ := reader(t, own(t, strings.Replace(scanned, "path: [checks, $doc.checks]", "path: $doc.checks", 1)))
	all := strings.TrimSuffix(scans(oneScan("web-1", "", "01:00", "", "", "1"), oneScan("web-2", "", "01:00", "", `"failed":"yes",`)), "}") + `,"checks":"1-5,9"}`
	got, _, _ := rowsOf(t, in, all)
	want := []string{"1 snapshot 01:00 [1=2026-03-01T01:00:00Z][[{Id [1-5 9]}]]", "2 snapshot 01:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A document whose scans all looked at something else holds only some of that in memory.
func TestManyScopes(t *testing.T) {
	const many = 1_050 // more than frames share
	in, _ := reader(t, own(t, scanned))
	var list []string
	for i := range many {
		list = append(list, oneScan("web-1", fmt.Sprintf("10.9.%d.%d", i/250, i%250), "01:00", fmt.Sprint(i), "", fmt.Sprint(i)))
	}
	got, _, _ := rowsOf(t, in, scans(list...))
	if n := strings.Count(got[0], "{Id ["); len(got) != 1 || n != many {
		t.Errorf("%d statements, %d clauses", len(got), n)
	}
}

func TestRecordsThatLookedAtNothing(t *testing.T) {
	in, _ := reader(t, own(t, strings.Replace(scanned, "Custom:Check:\n", "scope: r.partial != \"yes\"\nCustom:Check:\n", 1)))
	got, outcomes, _ := rowsOf(t, in, scans(
		oneScan("web-1", "", "01:00", "1-5", "", "1"), oneScan("web-1", "", "02:00", "1-5", `"partial":"yes",`, "2"), oneScan("web-1", "", "00:30", "1-5", `"partial":"yes",`, "3"),
	))
	want := []string{
		"1 partial 00:30 [3=2026-03-01T00:30:00Z]", "1 partial 02:00 [2=2026-03-01T02:00:00Z]", "1 snapshot 01:00 [1=2026-03-01T01:00:00Z][[{Id [1-5]}]]",
	}
	if diff := cmp.Diff(want, got); diff != "" || outcomes != nil {
		t.Error(diff, outcomes)
	}
}

// A bad row removes nothing, also where it is of another record than the snapshot.
func TestARejectedRowOfAPartialRecord(t *testing.T) {
	in, _ := reader(t, own(t, strings.Replace(scanned, "Custom:Check:\n", "scope: r.partial != \"yes\"\nCustom:Check:\n", 1)))
	got, _, _ := rowsOf(t, in, scans(
		oneScan("web-1", "", "01:00", "1-5", "", "1"), oneScan("web-1", "", "02:00", "1-5", `"partial":"yes",`, "2", strings.Repeat("x", 5000)),
		oneScan("web-2", "", "01:00", "1-5", "", "1"),
	))
	want := []string{
		"1 merge 01:00 [1=2026-03-01T01:00:00Z][[{Id [1-5]}]]", "1 partial 02:00 [2=2026-03-01T02:00:00Z]", "2 snapshot 01:00 [1=2026-03-01T01:00:00Z][[{Id [1-5]}]]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
