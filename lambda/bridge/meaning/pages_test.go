package meaning

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listing is a list of a product in pages, and what nodes held before it.
type listing struct {
	paged
	before []string
	pages  [][]string
	all    int
	size   int
}

func listingOf(p paged, n int) listing {
	l := listing{paged: p, before: []string{"a", "b", "c"}, size: 2, all: 2*n - 1}
	for i := range l.all {
		if i%2 == 0 {
			l.pages = append(l.pages, nil)
		}
		l.pages[i/2] = append(l.pages[i/2], string(rune('c'+i)))
	}
	return l
}

// doc is a page, or the whole list.
func (l *listing) doc(page int) doc {
	if page >= 0 {
		return doc{text: l.page(l.pages[page], page, l.size, l.all), as: l.as}
	}
	var records []string
	for _, p := range l.pages {
		records = append(records, p...)
	}
	return doc{text: l.page(records, 0, len(records), l.all), as: l.as}
}

// sent is a document, and when it was written.
type sent struct {
	page int // -1: the whole list
	at   time.Duration
}

func (l *listing) ends(t *testing.T, later bool, list []sent) string {
	t.Helper()
	h := &history{name: "x.json", as: l.as, nodes: nodesCSV}
	set, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := set.Type(l.typeName)
	h.types = append(h.types, kind.Inventory)
	h.files = []file{{&piece{open: l.page(l.before, 0, len(l.before), len(l.before))}, written.Add(-time.Hour)}}
	for _, s := range list {
		h.files = append(h.files, file{&piece{open: l.doc(s.page).text}, written.Add(s.at)})
	}
	var end string
	if later {
		end, err = h.later(t.Context(), forth(h))
	} else {
		end, err = h.ends(t.Context(), forth(h))
	}
	if err != nil || strings.Contains(end, "refused") {
		t.Fatalf("%v, %s", err, end)
	}
	return end
}

// TestPagesInEveryOrder: two to five pages that say which they are, in every order, one of them twice (the same file again, or written again),
// end like the whole list. As long as one is missing nothing is removed.
func TestPagesInEveryOrder(t *testing.T) {
	for _, p := range products() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			random := source(manySeeds(1)[0], p.name)
			for n := 2; n <= 5; n++ {
				l := listingOf(p, n)
				whole := l.ends(t, false, []sent{{-1, time.Minute}})
				for _, order := range someOrders(random, n, 4*int(number("INVBRIDGE_ROUNDS", 1))) {
					list := l.twice(random, order)
					if diff := cmp.Diff(strings.Split(whole, "\n"), strings.Split(l.ends(t, false, list), "\n")); diff != "" {
						t.Fatalf("%d pages, delivered as %v (-whole +pages):\n%s", n, list, diff)
					}
					l.withoutLast(t, order)
				}
			}
		})
	}
}

// someOrders are all orders of so few, or as many as most.
func someOrders(random *rand.Rand, n, most int) [][]int {
	if n <= 3 {
		return orders(n)
	}
	var list [][]int
	for range most {
		list = append(list, random.Perm(n))
	}
	return list
}

// twice delivers one page again.
func (l *listing) twice(random *rand.Rand, order []int) []sent {
	var list []sent
	for _, i := range order {
		list = append(list, sent{i, time.Duration(i+1) * time.Minute})
	}
	again := list[random.IntN(len(list))]
	if random.IntN(2) == 0 {
		again.at += 30 * time.Second
	}
	at := random.IntN(len(list) + 1)
	return append(list[:at:at], append([]sent{again}, list[at:]...)...)
}

func (l *listing) withoutLast(t *testing.T, order []int) {
	t.Helper()
	var list []sent
	for _, i := range order[:len(order)-1] {
		list = append(list, sent{i, time.Duration(i+1) * time.Minute})
	}
	l.stand(t, list, l.before)
}

// stand fails where the records that a node held before, or that pages have, are not all there.
func (l *listing) stand(t *testing.T, list []sent, records []string) {
	t.Helper()
	for _, s := range list {
		records = append(records[:len(records):len(records)], l.pages[s.page]...)
	}
	end := l.ends(t, false, list)
	for _, r := range records {
		if !strings.Contains(end, fmt.Sprintf("Id=%q", r)) {
			t.Fatalf("pages %v of %d: %s is gone:\n%s", list, len(l.pages), r, end)
		}
	}
}

// TestPagesBeforeNodes: pages of lists of machines that are no nodes yet end the same in any order.
func TestPagesBeforeNodes(t *testing.T) {
	for _, p := range append(products(), silent()...) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			l := listingOf(p, 3)
			var want string
			for i, order := range orders(3) {
				var list []sent
				for _, page := range order {
					list = append(list, sent{page, time.Duration(page+1) * time.Minute})
				}
				got := l.ends(t, true, list)
				if i == 0 {
					want = got
				}
				if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" || !strings.Contains(got, "=") {
					t.Fatalf("delivered as %v (-first +this one):\n%s", list, diff)
				}
			}
		})
	}
}

// silent are products whose pages do not say which they are, though that there are others.
func silent() []paged {
	hosts := []string{"web-01.example.test", "db-01.example.test"}
	return []paged{
		{"wazuh", "", vulnerability, func(records []string, page, size, all int) string {
			var list []string
			for i, r := range records {
				list = append(list, fmt.Sprintf(`{"_index":"wazuh-states-vulnerabilities-c","_source":{"agent":{"id":"%s","name":"%[1]s"},"package":{"name":"alpha","version":"1"},"vulnerability":{"id":"%s"}}}`, hosts[(page*size+i)%2], r))
			}
			return fmt.Sprintf(`{"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":%d,"relation":"eq"},"hits":[%s]}}`, all, strings.Join(list, ","))
		}},
		{"snipeit", "", asset, func(records []string, page, size, all int) string {
			var list []string
			for i, r := range records {
				list = append(list, fmt.Sprintf(`{"id":"%s","name":"%s","asset_tag":"%[1]s","serial":"","model":{"id":1,"name":"P1"},"status_label":{"name":"Ready"}}`, r, hosts[(page*size+i)%2]))
			}
			return fmt.Sprintf(`{"total":%d,"rows":[%s]}`, all, strings.Join(list, ","))
		}},
		{"defender", "", vulnerability, func(records []string, page, size, all int) string {
			var list []string
			for i, r := range records {
				list = append(list, fmt.Sprintf(`{"id":"x%s","cveId":"%[1]s","machineId":"m-%s","deviceName":"%[2]s","productName":"alpha","productVersion":"1","severity":"High"}`, r, hosts[(page*size+i)%2]))
			}
			next := ""
			if (page+1)*size < all {
				next = `"@odata.nextLink":"https://api.example.test?$skip=2",`
			}
			return fmt.Sprintf(`{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#x","@odata.count":%d,%s"value":[%s]}`, all, next, strings.Join(list, ","))
		}},
	}
}

// TestPagesThatDoNotSayIt: all their rows stand, and none of before is removed.
func TestPagesThatDoNotSayIt(t *testing.T) {
	for _, p := range silent() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			l := listingOf(p, 3)
			for _, order := range orders(3) {
				var list []sent
				for _, i := range order {
					list = append(list, sent{i, time.Duration(i+1) * time.Minute})
				}
				l.stand(t, list, l.before)
			}
		})
	}
}

// TestTypesOrderAtEqualTimes: of entries with an equal key and time the first in the type's order stands, wherever it stands in the document.
func TestTypesOrderAtEqualTimes(t *testing.T) {
	trivy := func(list ...string) string {
		return `{"SchemaVersion":2,"CreatedAt":"2026-01-05T08:00:00Z","ArtifactName":"x","ArtifactType":"vm","Results":[{"Target":"a","Class":"os-pkgs","Type":"t","Vulnerabilities":[` + strings.Join(list, ",") + `]}]}`
	}
	lists := func(list ...string) string {
		return `{"target_data":{"host_name":"web-01","fqdn":"web-01.example.test"},"stigs":[{"stig_id":"A","rules":[` + strings.Join(list, ",") + `]}]}`
	}
	scan := func(list ...string) string {
		return `<NessusClientData_v2><Report name="r"><ReportHost name="10.9.0.11"><HostProperties><tag name="HOST_END_TIMESTAMP">1767600000</tag><tag name="host-fqdn">web-01.example.test</tag></HostProperties>` + strings.Join(list, "") + `</ReportHost></Report></NessusClientData_v2>`
	}
	for _, c := range []struct {
		name, as, typeName string
		doc                func(...string) string
		entry              string
	}{
		{"trivy", web, vulnerability, trivy, `{"VulnerabilityID":"CVE-2026-1","PkgName":"alpha","InstalledVersion":"1","Severity":"%s","Title":"%s"}`},
		{"checklist", "", check, lists, `{"group_id":"V-1","severity":"%s","status":"open","rule_title":"%s"}`},
		{"nessus", "", vulnerability, scan, `<ReportItem port="443" protocol="tcp" severity="2" pluginID="100" pluginName="%[2]s" pluginFamily="Web"><solution>%[1]s</solution></ReportItem>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			entries := []string{fmt.Sprintf(c.entry, "low", "a"), fmt.Sprintf(c.entry, "high", "c"), fmt.Sprintf(c.entry, "high", "b")}
			ends := func(entries ...string) map[string]string {
				in, err := install(context.Background(), "", "")
				if err == nil {
					_, err = in.put(t.Context(), c.name, doc{text: c.doc(entries...), as: c.as}, written)
				}
				if err != nil {
					t.Fatal(err)
				}
				item, _ := in.box.Inventory(web, c.typeName)
				if len(item.Entries) != 1 {
					t.Fatalf("%d entries", len(item.Entries))
				}
				return item.Entries[0]
			}
			set, err := builtins()
			if err != nil {
				t.Fatal(err)
			}
			kind, _ := set.Type(c.typeName)
			first := ends(entries[0])
			for _, e := range entries[1:] {
				if other := ends(e); kind.Inventory.Order().Compare(kind.Inventory.EntryOf(other), kind.Inventory.EntryOf(first)) < 0 {
					first = other
				}
			}
			for _, order := range orders(3) {
				if diff := cmp.Diff(first, ends(entries[order[0]], entries[order[1]], entries[order[2]])); diff != "" {
					t.Errorf("entries as %v (-first of the type's order +got):\n%s", order, diff)
				}
			}
		})
	}
}
