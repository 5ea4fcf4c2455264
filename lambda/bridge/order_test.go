package bridge

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// finding is an event about a finding as it was at a minute.
func findingEvent(number, minute int, node, status string) string {
	at := start.Add(time.Duration(minute) * time.Minute).Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"version":"0","id":"e-%d-%d","detail-type":"Inspector2 Finding","source":"aws.inspector2","account":"123456789012","time":%q,"region":"us-east-1",
"detail":{"findingArn":"arn:aws:inspector2:us-east-1:123456789012:finding/%032d","awsAccountId":"123456789012","type":"PACKAGE_VULNERABILITY","description":"a flaw","title":"CVE-2026-%d in openssl",
"severity":"HIGH","status":%q,"inspectorScore":%d.5,"firstObservedAt":%q,"lastObservedAt":%q,"updatedAt":%q,
"packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-%d","source":"NVD","vulnerablePackages":[{"name":"openssl","version":"3.0.%d","arch":"X86_64","packageManager":"OS"}]},
"resources":[{"type":"AWS_EC2_INSTANCE","id":%q,"region":"us-east-1"}]}}`,
		number, minute, start.Add(time.Duration(minute)*time.Minute).Format(time.RFC3339), number, number, status, number%9, at, at, at, number, minute, node)
}

// resultEvent is a line of a host's result log.
func resultEvent(name string, minute int, host, action, version string) string {
	at := start.Add(time.Duration(minute) * time.Minute)
	return fmt.Sprintf(`{"name":"pack_inventory_deb_packages","hostIdentifier":%q,"calendarTime":%q,"unixTime":%d,"epoch":0,"counter":1,"numerics":false,"columns":{"name":%q,"version":%q,"arch":"amd64","source":""},"action":%q}`,
		host, at.Format("Mon Jan _2 15:04:05 2006 UTC"), at.Unix(), name, version, action)
}

// mergedEvents are histories of findings and packages, an event each.
func mergedEvents() (list []string) {
	for number := range 4 {
		for minute, status := range []string{"ACTIVE", "ACTIVE", "CLOSED", "ACTIVE", "SUPPRESSED"}[:2+number%4] {
			list = append(list, findingEvent(number, number+2*minute, nodeID(1+number%2), status))
		}
	}
	for number := range 4 {
		name := fmt.Sprintf("lib%d", number)
		list = append(list, resultEvent(name, number, "web-1", "added", "1.0"))
		if number > 0 {
			list = append(list, resultEvent(name, number+3, "web-1", "removed", "1.0"))
		}
		if number > 1 { // a package that is replaced is removed and added at one time
			list = append(list, resultEvent(name, number+3, "web-1", "added", "2.0"))
		}
	}
	return list
}

// TestEventsInAnyOrder hands in the events of two sources that merge in 100 random orders, with some of them twice: the nodes hold
// the same in the end, but for what is volatile.
func TestEventsInAnyOrder(t *testing.T) {
	set, err := builtins()
	if err != nil {
		t.Fatal(err)
	}
	all := mergedEvents()
	for _, folders := range [][]string{{"lambda", "mapping", "read", "testdata"}, {"testevents", "documents", "uploads", "osquery"}} {
		all = append(all, sampleLines(t, testfiles.Files(t, testfiles.Path(t, folders...)))...)
	}
	if folder, ok := testfiles.Shared(t, "samples", "osquery_ndjson"); ok {
		all = append(all, sampleLines(t, testfiles.Files(t, folder))...)
	}
	var want map[string][]map[string]string
	for round := range 100 {
		random := rand.New(rand.NewPCG(uint64(round), 5))
		order := slices.Clone(all)
		if round > 0 {
			order = append(order, all[:len(all)/3]...)
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		r := newQuickRig(t, shelf{})
		r.config.Mappings, r.config.NodesFor = set, 0
		b := r.bridge()
		for _, e := range order {
			if _, err := b.Import(t.Context(), event(e), Options{}); err != nil {
				t.Fatal(err)
			}
		}
		r.sweep()
		got := r.lasting(set)
		if round == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("round %d: %s", round, diff)
		}
	}
	t.Logf("%d events, %d items", len(all), len(want))
}

// event is a document of an event, which has an ID of its own.
func event(body string) intake.Document {
	d := intake.Document{
		Source: document.Inline("event", []byte(body), time.Time{}), Event: fmt.Sprintf("%x", body[max(0, len(body)-64):]),
		Delivery: choose.Origin{Local: true},
	}
	if at := eventTime(body); !at.IsZero() {
		d.Source = document.Inline("event", []byte(body), at)
	}
	return d
}

// eventTime is when an event says that it was sent.
func eventTime(body string) time.Time {
	_, rest, ok := strings.Cut(body, `"time":"`)
	if !ok {
		return start
	}
	at, err := time.Parse(time.RFC3339, rest[:min(len(rest), len("2006-01-02T15:04:05Z"))])
	if err != nil {
		return start
	}
	return at
}

// sampleLines are the lines of samples that are events about one of the nodes: their hosts are called web-1.
func sampleLines(t *testing.T, files []string) (lines []string) {
	t.Helper()
	for _, file := range files {
		if !strings.Contains(file, "osquery") {
			continue
		}
		data := testfiles.Read(t, file)
		for line := range bytes.Lines(data) {
			if bytes.Contains(line, []byte(`"action"`)) && bytes.Contains(line, []byte(`"columns"`)) && len(lines) < 40 {
				lines = append(lines, rehost(string(bytes.TrimSpace(line))))
			}
		}
	}
	return lines
}

// rehost makes a line one about web-1.
func rehost(line string) string {
	before, rest, ok := strings.Cut(line, `"hostIdentifier":"`)
	if !ok {
		return line
	}
	_, after, _ := strings.Cut(rest, `"`)
	return before + `"hostIdentifier":"web-1"` + after
}

// lasting is all that the nodes hold, without what is volatile.
func (r *rig) lasting(set *mapping.Set) map[string][]map[string]string {
	all := map[string][]map[string]string{}
	for _, t := range set.Types() {
		for _, n := range fleet(4) {
			entries := r.entries(n.InstanceID, t.Name())
			for _, e := range entries {
				for i, name := range t.Inventory.Attributes {
					if i < len(t.Inventory.Volatile) && t.Inventory.Volatile[i] {
						delete(e, name)
					}
				}
			}
			if len(entries) > 0 {
				all[n.InstanceID+" "+t.Name()] = entries
			}
		}
	}
	return all
}
