package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// What is neither counted nor read from the template: how long runs take at its memory, how much they log, and what AWS does by itself.
const (
	deliverySeconds = 1.0 // of a delivery, beside the calls that it waits to make
	eventSeconds    = 1.0 // of intake, for an event of one record
	logKiB          = 2.0 // a run
	pollsAMinute    = 5 * 3.0
	kmsShare        = 0.01 // of the calls of S3, with bucket keys
	monthDays       = 30.0
	refreshDays     = 14.0 // after which the sweep confirms an item, at the soonest
	freeDashboards  = 3
	gib             = 1 << 20 // KiB
)

// counts are the calls and bytes of a night, as TestCallsOfANight in lambda/bridge writes them.
type counts struct {
	Nodes, Partitions, Feeds, Changed, Sweeps int
	Intake, Delivery, Sweep, Refresh          map[string]float64
	KiB                                       map[string]map[string]float64
}

// bill is what a fleet costs in a month.
type bill struct {
	prices map[string]struct{ USD, Per float64 }
	tmpl   template
	night  counts
	times  float64 // the fleet is that many times the one that was counted

	intakeSeconds, sweepSeconds float64
}

func (b bill) price(name string, amount float64) float64 {
	p, ok := b.prices[name]
	if !ok {
		panic("no price of " + name)
	}
	return amount * p.USD / p.Per
}

// monthly is how often something is called in a month: by nights, by idle sweeps, and to refresh what nodes hold.
func (b bill) monthly(actions ...string) (n float64) {
	for _, action := range actions {
		refresh := b.night.Refresh[action] - b.night.Sweep[action]*float64(b.night.Sweeps)
		n += (b.night.Intake[action] + b.night.Delivery[action]) * monthDays
		n += b.night.Sweep[action]*b.sweeps() + max(refresh, 0)*monthDays/refreshDays
	}
	return n * b.times
}

// sweeps is how many there are in a month, by the schedule.
func (b bill) sweeps() float64 {
	for _, id := range b.tmpl.of("AWS::Scheduler::Schedule") {
		if b.tmpl.Resources[id].at("ScheduleExpression") == "rate(1 hour)" {
			return monthDays * 24
		}
	}
	panic("the sweep has another schedule")
}

// deliveries and documents are numbers of a month.
func (b bill) deliveries() float64 {
	return b.night.Delivery["sqs:ReceiveMessage"] * monthDays * b.times
}
func (b bill) documents() float64 { return float64(b.night.Feeds) * monthDays }

// memory is that of a function in GB.
func (b bill) memory(function string) float64 {
	for id, r := range b.tmpl.Resources {
		if plain(id) == function {
			return r.at("MemorySize").(float64) / 1024
		}
	}
	panic("there is no " + function)
}

// secondsACall is how long a delivery waits for its turn of the rate, where all are at work.
func (b bill) secondsACall() float64 {
	for id, r := range b.tmpl.Resources {
		if plain(id) != "Delivery" {
			continue
		}
		variables := r.at("Environment.Variables").(map[string]any)
		s, err := config.Read(func(name string) string {
			text, _ := variables[name].(string) // what refers to a resource says nothing of the rate
			return map[string]string{"INVBRIDGE_STATE": "s3://state"}[name] + text
		})
		if err != nil {
			panic(err)
		}
		return 1 / s.PerProcess()
	}
	panic("there is no Delivery")
}

func (b bill) deliveryGBs() float64 {
	return b.memory("Delivery") * (b.deliveries()*deliverySeconds + b.monthly("ssm:PutInventory")*b.secondsACall() + b.sweeps()*b.sweepSeconds)
}

func (b bill) intakeGBs() float64 { return b.memory("Intake") * b.documents() * b.intakeSeconds }

func (b bill) runs() float64 { return b.deliveries() + b.documents() + b.sweeps() }

// polls are those of queues at which nothing waits, by price.
func (b bill) polls() map[string]float64 {
	polls := map[string]float64{}
	for _, id := range b.tmpl.of("AWS::Lambda::EventSourceMapping") {
		queue := resolved(b.tmpl.Resources[id].at("EventSourceArn"))
		for q, r := range b.tmpl.Resources {
			if plain(q) == queue && r.at("FifoQueue") == true {
				polls["sqsFIFO"] += pollsAMinute * 60 * 24 * monthDays
			} else if plain(q) == queue {
				polls["sqsStandard"] += pollsAMinute * 60 * 24 * monthDays
			}
		}
	}
	return polls
}

// queued is how often the queue of deliveries is called: each message is received and deleted by itself.
func (b bill) queued() float64 {
	return b.night.Intake["sqs:SendMessage"]*monthDays*b.times + 2*b.deliveries() + 3*b.sweeps()
}

// kept is how many days an object is there after it was written: until it expires, and then as an older version.
func (b bill) kept(bucket, prefix string) float64 {
	var expiry, history float64
	for _, r := range b.tmpl.Resources[bucket].at("LifecycleConfiguration.Rules").([]any) {
		rule := resource{Properties: r.(map[string]any)}
		if days, ok := rule.at("NoncurrentVersionExpiration.NoncurrentDays").(float64); ok {
			history = days
		}
		if days, ok := rule.at("ExpirationInDays").(float64); ok && (rule.at("Prefix") == nil || rule.at("Prefix") == prefix+"/") {
			expiry = days
		}
	}
	return expiry + history
}

// stored is how many GB lie in the buckets once as much goes as comes. Rows stay while nodes have them, and then for twice the history: until
// nothing refers to them, and as an older version.
func (b bill) stored() float64 {
	kib := b.night.KiB["intake"]["uploads"]*b.kept("Uploads", "") + b.night.KiB["first"]["rows"] + b.night.KiB["delivery"]["rows"]*2*b.kept("State", "rows")
	for _, prefix := range []string{"staging", "receipts", "heads"} {
		days := b.kept("State", prefix)
		kib += (b.night.KiB["intake"][prefix] + b.night.KiB["delivery"][prefix]) * days
		kib += b.night.KiB["refresh"][prefix] / refreshDays * days
	}
	return kib * b.times / gib
}

// metered is how many metrics the functions write: those that alarms and dashboard read, and the parked records of each feed's mapping.
func (b bill) metered() float64 {
	names := map[string]bool{}
	for _, metric := range metrics(b.tmpl) {
		for name := range strings.FieldsSeq(strings.NewReplacer(`"`, " ", ",", " ", "[", " ").Replace(metric)) {
			names[name] = true
		}
	}
	n := float64(b.night.Feeds)
	for _, name := range append(slices.Clone(outcomes()),
		config.MetricImports, config.MetricFailed, config.MetricRetried, config.MetricCalls, config.MetricBytes, config.MetricNodes, config.MetricBrake,
		config.MetricOpen, config.MetricOpenLong, config.MetricParked, config.MetricUndecided, config.MetricSilent, config.MetricNodeBytesMost) {
		if !names[name] {
			panic(name + " is shown nowhere")
		}
		n++
	}
	return n
}

// line is one of the table: what it is about, how much of it there is, and what that costs.
type line struct {
	about, amount string
	usd           float64
}

func (b bill) lines() []line {
	writes, reads := b.monthly("s3:PutObject", "s3:ListBucket"), b.monthly("s3:GetObject")
	polls := b.polls()
	idle := 0.0
	for _, name := range slices.Sorted(maps.Keys(polls)) {
		idle += b.price(name, polls[name])
	}
	alarms, boards := float64(len(b.tmpl.of("AWS::CloudWatch::Alarm"))), float64(len(b.tmpl.of("AWS::CloudWatch::Dashboard")))
	return []line{
		{"S3, writes and lists", number(writes), b.price("s3Write", writes)},
		{"S3, reads", number(reads), b.price("s3Read", reads)},
		{"S3, storage", number(b.stored()) + " GB", b.price("s3GB", b.stored())},
		{"delivery and sweeps", number(b.deliveryGBs()) + " GB-s", b.price("lambdaGBs", b.deliveryGBs())},
		{"intake", number(b.intakeGBs()) + " GB-s", b.price("lambdaGBs", b.intakeGBs())},
		{"runs of the functions", number(b.runs()), b.price("lambdaRun", b.runs())},
		{"SQS, polls of idle queues", number(polls["sqsFIFO"] + polls["sqsStandard"]), idle},
		{"SQS, calls for deliveries", number(b.queued()), b.price("sqsFIFO", b.queued())},
		{"KMS, with bucket keys", number((writes + reads) * kmsShare), b.price("kmsCall", (writes+reads)*kmsShare)},
		{"logs", number(b.runs()*logKiB/gib) + " GB", b.price("logsGB", b.runs()*logKiB/gib)},
		{"metrics", number(b.metered()), b.price("metric", b.metered())},
		{"alarms", number(alarms), b.price("alarm", alarms)},
		{"dashboard (three are free)", number(boards), b.price("dashboard", max(boards-freeDashboards, 0))},
	}
}

func (b bill) sum() (usd float64) {
	for _, l := range b.lines() {
		usd += l.usd
	}
	return usd
}

// event is what a finding costs that comes as an event of its own: an import and a delivery of one record.
func (b bill) event() float64 {
	calls := func(action string) float64 { return b.night.Intake[action] + b.night.Delivery[action] }
	return b.price("s3Write", calls("s3:PutObject")+calls("s3:ListBucket")) + b.price("s3Read", calls("s3:GetObject")) + b.price("lambdaRun", 2) +
		b.price("lambdaGBs", b.memory("Intake")*eventSeconds+b.memory("Delivery")*(deliverySeconds+b.secondsACall())) +
		b.price("sqsStandard", 3) + b.price("sqsFIFO", 3) + b.price("logsGB", 2*logKiB/gib)
}

// number writes a number for people, with three digits that count.
func number(n float64) string {
	if n < 1 && n > 0 {
		return fmt.Sprintf("%.2f", n)
	}
	if n < 10 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
	}
	unit := math.Pow(10, max(math.Floor(math.Log10(n))-2, 0))
	return grouped(math.Round(n/unit) * unit)
}

// grouped writes a whole number with its thousands apart.
func grouped(n float64) string {
	digits := fmt.Sprintf("%.0f", n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// TestTheChainCountsTheSame holds the counted calls against those that the chain counts for one feed, which are made over HTTP by functions that
// run as AWS runs them. Its feed is the only source, so it reads less.
func TestTheChainCountsTheSame(t *testing.T) {
	nights, _, _ := readCosts(t)
	var chain counts
	if err := json.Unmarshal(testfiles.Read(t, "testdata/counts.json"), &chain); err != nil {
		t.Fatal(err)
	}
	ours := nights[1]
	if chain.Nodes != ours.Nodes || chain.Partitions != ours.Partitions || chain.Changed != ours.Changed {
		t.Fatalf("the chain counts another fleet: %d nodes, %d partitions, %d changed", chain.Nodes, chain.Partitions, chain.Changed)
	}
	calls := func(n counts, actions ...string) (sum float64) {
		for _, action := range actions {
			sum += n.Intake[action] + n.Delivery[action]
		}
		return sum
	}
	for _, c := range []struct {
		what        string
		actions     []string
		least, most float64 // of the chain's
	}{
		{"puts", []string{"ssm:PutInventory"}, 1, 1},
		{"calls of intake to the queue", []string{"sqs:SendMessage"}, 1, 1},
		{"writes and lists", []string{"s3:PutObject", "s3:ListBucket"}, 0.95, 1.05},
		{"reads", []string{"s3:GetObject", "s3:GetObjectVersion"}, 0.99, 1.5},
	} {
		is, should := calls(ours, c.actions...)/float64(ours.Feeds), calls(chain, c.actions...)
		if is < c.least*should || is > c.most*should {
			t.Errorf("%s: %v are counted for a feed, %v in the chain", c.what, is, should)
		}
	}
	// The chain's sweep is the first after a night, so it reads heads that it has not read before, and lists what concerns a record that waits.
	for action, least := range map[string]float64{"s3:GetObject": 0.65, "s3:ListBucket": 0.4, "s3:PutObject": 0.3} {
		if is, should := ours.Sweep[action], chain.Sweep[action]; is < least*should || is > should {
			t.Errorf("%s: %v are counted for a sweep, %v in the chain", action, is, should)
		}
	}
}

// readCosts reads what was counted, and the prices.
func readCosts(t *testing.T) (nights []counts, b bill, source string) {
	t.Helper()
	var list struct {
		Date, Region, Source string
		Prices               map[string]struct{ USD, Per float64 }
	}
	for name, into := range map[string]any{"testdata/nights.json": &nights, "testdata/prices.json": &list} {
		if err := json.Unmarshal(testfiles.Read(t, name), into); err != nil {
			t.Fatal(err)
		}
	}
	b.prices = list.Prices
	return nights, b, fmt.Sprintf("In %s, US dollars a month of 30 days, by list prices without free tiers (%s)", list.Region, list.Date)
}

// TestCosts keeps the table of costs in infra/README.md what the template, the counted calls and the prices make of it, and the totals in the
// README: go test ./infra -run TestCosts -update.
func TestCosts(t *testing.T) {
	nights, bare, source := readCosts(t)
	billed := func(p settings.Props, night counts, times, intakeSeconds, sweepSeconds float64) bill {
		b := bare
		b.tmpl, _ = synthesised(t, p)
		b.night, b.times, b.intakeSeconds, b.sweepSeconds = night, times, intakeSeconds, sweepSeconds
		return b
	}
	large := stub()
	large.Partitions = 1024
	event, small, big := billed(stub(), nights[0], 1, 0, 0), billed(stub(), nights[1], 1, 5, 5), billed(large, nights[2], 50, 100, 60)
	var table strings.Builder
	fmt.Fprintf(&table, "%s. %d feeds a night name every node; of each, 2 %% of the nodes change.\n\n", source, small.night.Feeds)
	fmt.Fprintf(&table, "| | %s nodes, %d partitions | | %s nodes, %s partitions | |\n|---|--:|--:|--:|--:|\n", grouped(float64(small.night.Nodes)), small.night.Partitions,
		grouped(float64(big.night.Nodes)*big.times), grouped(float64(large.Partitions)))
	others := big.lines()
	for i, l := range small.lines() {
		fmt.Fprintf(&table, "| %s | %s | %.2f | %s | %.2f |\n", l.about, l.amount, l.usd, others[i].amount, others[i].usd)
	}
	fmt.Fprintf(&table, "| **together** | | **%.2f** | | **%.2f** |\n\n", small.sum(), big.sum())
	fmt.Fprintf(&table, "The same with uploads of 1 GB a night: %.2f more. A finding that comes as an event of its own: %.5f. `customerKey`: %.2f more.\n",
		small.price("s3GB", small.kept("Uploads", "")), event.event(), small.price("kmsKey", 1))
	totals := fmt.Sprintf("about %.0f US dollars a month for 1,000 nodes, and about %.0f for 100,000 nodes", small.sum(), big.sum())
	for path, made := range map[string]string{"README.md": table.String(), testfiles.Path(t, "README.md"): totals + "\n"} {
		const begins, ends = "<!-- costs: made by the tests of infra -->\n", "<!-- /costs -->\n"
		before, rest, ok := strings.Cut(string(testfiles.Read(t, path)), begins)
		_, after, closed := strings.Cut(rest, ends)
		if !ok || !closed {
			t.Fatalf("%s has no place for costs: %q and %q", path, begins, ends)
		}
		testfiles.Golden(t, path, []byte(before+begins+made+ends+after))
	}
}
