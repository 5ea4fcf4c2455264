package meaning

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// paged makes documents of a product that says which page it is: records from to to of all, as one page of that size.
type paged struct {
	name     string
	as       string
	typeName string
	page     func(records []string, page, size, all int) string
}

func products() []paged {
	return []paged{
		{"rapid7", web, vulnerability, func(records []string, page, size, all int) string {
			var list []string
			for _, r := range records {
				list = append(list, fmt.Sprintf(`{"id":"%s","instances":1,"since":"2026-01-01T00:00:00Z","status":"vulnerable","results":[]}`, r))
			}
			return fmt.Sprintf(`{"resources":[%s],"page":{"number":%d,"size":%d,"totalResources":%d,"totalPages":%d},"links":[{"href":"https://ivm.example.test/api/3/assets/7/vulnerabilities","rel":"self"}]}`,
				strings.Join(list, ","), page, size, all, (all+size-1)/size)
		}},
		{"rapid7 assets", "", asset, func(records []string, page, size, all int) string {
			var list []string
			for i, r := range records {
				list = append(list, fmt.Sprintf(`{"id":"%s","hostName":"%s.example.test","ip":"%s","osFingerprint":{"description":"os of %s"},"history":[{"date":"2026-01-05T08:00:00Z"}]}`,
					r, []string{"web-01", "db-01"}[(page*size+i)%2], []string{"10.9.0.11", "10.9.0.12"}[(page*size+i)%2], r))
			}
			return fmt.Sprintf(`{"resources":[%s],"page":{"number":%d,"size":%d,"totalResources":%d,"totalPages":%d},"links":[]}`, strings.Join(list, ","), page, size, all, (all+size-1)/size)
		}},
		{"satellite", web, vulnerability, func(records []string, page, size, all int) string {
			var list []string
			for _, r := range records {
				list = append(list, fmt.Sprintf(`{"errata_id":"%s","title":"t"}`, r))
			}
			return fmt.Sprintf(`{"total":%d,"subtotal":%d,"selectable":%d,"page":%d,"per_page":%d,"results":[%s]}`, all, all, all, page+1, size, strings.Join(list, ","))
		}},
		{"netbox", "", asset, func(records []string, page, size, all int) string {
			var list []string
			for i, r := range records {
				list = append(list, fmt.Sprintf(`{"id":"%s","name":"%s","device_type":{"manufacturer":{"name":"House"}},"site":{"name":"Lab"}}`, r, []string{"web-01", "db-01"}[(page*size+i)%2]))
			}
			link := func(there bool, at int) string {
				if !there {
					return "null"
				}
				return fmt.Sprintf(`"https://netbox.example.test/api/dcim/devices/?limit=%d&offset=%d"`, size, at)
			}
			return fmt.Sprintf(`{"count":%d,"next":%s,"previous":%s,"results":[%s]}`, all, link((page+1)*size < all, (page+1)*size), link(page > 0, (page-1)*size), strings.Join(list, ","))
		}},
		{"device42", "", asset, func(records []string, page, size, all int) string {
			return fmt.Sprintf(`{"Devices":[%s],"limit":%d,"offset":%d,"total_count":%d}`, hostsOf(records, page, size,
				`{"device_id":%q,"name":"%s","in_service":true,"is_it_virtual_host":"no","ip_addresses":[{"ip":"%s"}],"os":"of %[1]s"}`), size, page*size, all)
		}},
		{"foreman", "", asset, func(records []string, page, size, all int) string {
			return fmt.Sprintf(`{"total":%d,"subtotal":%d,"page":%d,"per_page":%d,"results":[%s]}`, all+9, all, page+1, size, hostsOf(records, page, size,
				`{"id":%q,"name":"%s","certname":"%[2]s","ip":"%s","global_status_label":"OK","operatingsystem_name":"of %[1]s"}`))
		}},
		{"openvas", "", vulnerability, func(records []string, page, size, all int) string {
			var list []string
			for _, r := range records {
				list = append(list, `<result><name>n</name><host>10.9.0.11<hostname>web-01.example.test</hostname></host><port>443/tcp</port><nvt oid="`+r+`"><name>n</name></nvt><threat>High</threat></result>`)
			}
			return fmt.Sprintf(`<report id="x" content_type="text/xml"><report id="x"><scan_run_status>Done</scan_run_status><results start="%d" max="%d">%s</results><result_count>%d<full>%d</full><filtered>%d</filtered></result_count></report></report>`,
				page*size+1, size, strings.Join(list, ""), all, all, all)
		}},
	}
}

// hostsOf are records of a page about two machines in turns: a record's number, name and address.
func hostsOf(records []string, page, size int, form string) string {
	var list []string
	for i, r := range records {
		n := (page*size + i) % 2
		list = append(list, fmt.Sprintf(form, r, []string{"web-01.example.test", "db-01.example.test"}[n], []string{"10.9.0.11", "10.9.0.12"}[n]))
	}
	return strings.Join(list, ",")
}

// TestPagesEndLikeTheWhole: a list cut into pages that say which they are, delivered in any order, ends like the list in one document,
// whatever the node held before; without one of the pages nothing goes.
func TestPagesEndLikeTheWhole(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, p := range products() {
		t.Run(p.name, func(t *testing.T) {
			for range 6 {
				before, after := some(random, "a", "b", "c", "d", "e"), some(random, "c", "d", "e", "f", "g", "h", "i")
				size := 1 + random.IntN(3)
				whole := after.put(t, p, before, [][]string{after.records}, len(after.records))
				pages := after.cut(size)
				cut := after.put(t, p, before, pages, size)
				if diff := cmp.Diff(whole, cut); diff != "" {
					t.Fatalf("before %v, then %v in pages of %d (-whole +pages):\n%s", before.records, after.records, size, diff)
				}
				if len(pages) < 2 {
					continue
				}
				missing := random.IntN(len(pages))
				pages[missing] = nil
				holds := after.put(t, p, before, pages, size)
				for _, id := range before.records {
					if !strings.Contains(holds, id+" ") {
						t.Fatalf("before %v, then %v in pages of %d without page %d: %s is gone: %s", before.records, after.records, size, missing+1, id, holds)
					}
				}
			}
		})
	}
}

// set is the records of a list.
type set struct {
	records []string
	random  *rand.Rand
}

// some are some of the names, at least one, in any order.
func some(random *rand.Rand, names ...string) set {
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return set{names[:1+random.IntN(len(names))], random}
}

func (s set) cut(size int) [][]string {
	var pages [][]string
	for from := 0; from < len(s.records); from += size {
		pages = append(pages, s.records[from:min(from+size, len(s.records))])
	}
	return pages
}

// put delivers the list of before, then pages in any order, a page that is nil left out, and returns what nodes hold.
func (s set) put(t *testing.T, p paged, before set, pages [][]string, size int) string {
	t.Helper()
	in, err := install(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string, at time.Time) {
		got, err := in.put(t.Context(), name, doc{text: text, as: p.as}, at)
		if err != nil || got.Counts.Of(receipt.Rejected)+got.Counts.Of(receipt.Failed) > 0 {
			t.Fatalf("%s: %v, %v", name, got.Counts, err)
		}
	}
	put("before", p.page(before.records, 0, len(before.records), len(before.records)), written)
	for _, i := range s.random.Perm(len(pages)) {
		if pages[i] != nil {
			put(fmt.Sprint("page", i), p.page(pages[i], i, size, len(s.records)), written.Add(time.Duration(1+i)*time.Minute))
		}
	}
	var b strings.Builder
	for _, node := range []string{web, db} {
		item, _ := in.box.Inventory(node, p.typeName)
		for _, e := range item.Entries {
			fmt.Fprintf(&b, "%s %s%s %s\n", node, e["Id"], e["AssetId"], e["Location"])
		}
	}
	return b.String()
}
