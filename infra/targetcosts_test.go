package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// What is assumed of an organization, and of the calls that a sweep makes for it.
const (
	orgAccounts, orgRegions, orgNodes = 200.0, 2.0, 500.0 // nodes of each account and region
	orgDelegated                      = 10.0              // units that are asked for
	pageNodes                         = 50.0              // the most that a page of DescribeInstanceInformation has
	pageAccounts                      = 20.0              // the most that a page of Organizations has
	pageSeconds                       = 0.2
	listedAtOnce                      = 16.0
	shardKiB                          = 20.0 // of the nodes of a target, compressed
	sessionHours                      = 1.0  // that credentials of a role last
)

// TestCostsOfTargets keeps what targets cost in infra/README.md: go test ./infra -run TestCostsOfTargets -update.
func TestCostsOfTargets(t *testing.T) {
	nights, b, _ := readCosts(t)
	p := serving(t, "externalId: ab\norganization: {units: [ou-ab12-11111111], regions: [eu-central-1, us-east-1]}\n")
	tmpl, _ := synthesised(t, p)
	bare, _ := synthesised(t, stub())
	b.tmpl, b.night, b.times = tmpl, nights[1], 1
	all, sweeps := orgAccounts*orgRegions, b.sweeps()
	processes := 0.0
	for _, function := range []string{"Intake", "Delivery"} {
		processes += tmpl.one(t, function+"Source").at("ScalingConfig.MaximumConcurrency").(float64)
	}
	pages := all * orgNodes / pageNodes
	writes, reads := (all+1)*sweeps, (all+1)*(b.documents()+sweeps)
	days := b.kept("State", "directory") // as earlier versions
	listing := pages / listedAtOnce * pageSeconds * sweeps * b.memory("Delivery")
	alarms := float64(len(tmpl.of("AWS::CloudWatch::Alarm")) - len(bare.of("AWS::CloudWatch::Alarm")))
	lines := []line{
		{"STS: roles assumed, at the most", number(processes * all * monthDays * 24 / sessionHours), 0},
		{"Systems Manager: pages of nodes", number(pages * sweeps), 0},
		{"Organizations: pages of accounts and units", number((orgAccounts/pageAccounts + 2*orgDelegated) * sweeps), 0},
		{"S3, writes, where every list of nodes changes every hour", number(writes), b.price("s3Write", writes)},
		{"S3, reads", number(reads), b.price("s3Read", reads)},
		{"S3, storage", number(all*shardKiB*24*days/gib) + " GB", b.price("s3GB", all*shardKiB*24*days/gib)},
		{"the sweep, while it lists", number(listing) + " GB-s", b.price("lambdaGBs", listing)},
		{"KMS, with bucket keys", number((writes + reads) * kmsShare), b.price("kmsCall", (writes+reads)*kmsShare)},
		{"metric and alarm", number(1 + alarms), b.price("metric", 1) + b.price("alarm", alarms)},
	}
	var made strings.Builder
	fmt.Fprintf(&made, "What that costs in a month beside [the rest](#what-it-costs), for %s accounts with %s regions and %s nodes in each, %d documents a night, and a list of the nodes every hour:\n\n",
		number(orgAccounts), number(orgRegions), number(orgNodes), b.night.Feeds)
	made.WriteString("| | | US dollars |\n|---|--:|--:|\n")
	sum := 0.0
	for _, l := range lines {
		fmt.Fprintf(&made, "| %s | %s | %.2f |\n", l.about, l.amount, l.usd)
		sum += l.usd
	}
	fmt.Fprintf(&made, "| **together** | | **%.2f** |\n", sum)
	const begins, ends = "<!-- targets: made by the tests of infra -->\n", "<!-- /targets -->\n"
	before, rest, ok := strings.Cut(string(testfiles.Read(t, "README.md")), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		t.Fatalf("README.md has no place for the costs of targets: %q and %q", begins, ends)
	}
	testfiles.Golden(t, "README.md", []byte(before+begins+made.String()+ends+after))
}
