package bridge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// finding is an event about a finding of web-1: its packages, whether it is open, and when that was so.
func finding(status string, after time.Duration, packages ...string) string {
	var list []string
	for _, p := range packages {
		list = append(list, fmt.Sprintf(`{"name":"%s","version":"1.0"}`, p))
	}
	return fmt.Sprintf(`{"detail":{"awsAccountId":"111122223333","findingArn":"arn:aws:inspector2:r:111122223333:finding/1","type":"PACKAGE_VULNERABILITY",`+
		`"status":"%s","severity":"HIGH","title":"%s","updatedAt":"%s","packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-1","vulnerablePackages":[%s]},`+
		`"resources":[{"type":"AWS_EC2_INSTANCE","id":"%s","region":"r"}]}}`,
		status, strings.Join(packages, " "), start.Add(after).Format(time.RFC3339), strings.Join(list, ","), nodeID(1))
}

// TestFindingIsUpdatedAndClosed: each event finds the entry of the one before, though what the finding says has changed.
func TestFindingIsUpdatedAndClosed(t *testing.T) {
	r := newRig(t, fleet(1))
	for i, step := range []struct{ event, want string }{
		{finding("ACTIVE", 0, "openssl", "openssl-libs"), "openssl 1.0, openssl-libs 1.0"},
		{finding("ACTIVE", time.Minute, "openssl"), "openssl 1.0"},
		{finding("CLOSED", 2*time.Minute, "openssl"), ""},
	} {
		r.put(text(fmt.Sprint("event ", i), step.event, time.Duration(i)*time.Minute))
		if got := r.values(nodeID(1), "Custom:Vulnerability", "Affected"); got != step.want {
			t.Errorf("after event %d the node holds %q, want %q", i, got, step.want)
		}
	}
}

// TestNewestSnapshotOfALog: of a log with several snapshots of a query the newest is put, and other queries' entries stay.
func TestNewestSnapshotOfALog(t *testing.T) {
	r := newRig(t, fleet(1))
	line := func(query string, after time.Duration, names ...string) string {
		var rows []string
		for _, n := range names {
			rows = append(rows, fmt.Sprintf(`{"name":"%s","version":"1"}`, n))
		}
		return fmt.Sprintf(`{"name":"%s","hostIdentifier":"web-1","unixTime":%d,"snapshot":[%s],"action":"snapshot"}`+"\n", query, start.Add(after).Unix(), strings.Join(rows, ","))
	}
	r.put(text("one", line("npm_packages", 0, "left-pad"), 0))
	got := r.put(text("two", line("deb_packages", time.Minute, "a", "b", "c")+line("deb_packages", 3*time.Minute, "a")+line("deb_packages", 2*time.Minute, "a", "b"), 3*time.Minute))
	if got.Counts.Of(receipt.Put) != 1 || got.Counts.Of(receipt.Stale) != 2 {
		t.Errorf("the outcomes are %v", got.Counts)
	}
	if names := r.values(nodeID(1), "Custom:SoftwareComponent", "Name"); names != "a left-pad" {
		t.Errorf("the node holds %q", names)
	}
}
