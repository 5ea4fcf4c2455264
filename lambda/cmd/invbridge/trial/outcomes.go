package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/subjects"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/subject"
)

// Failure is an expectation that is not met. Its message names attributes and counts, never a value of the sample.
type Failure struct {
	problem.Place
	Mapping string `json:"mapping"`
	Sample  string `json:"sample"`
	Message string `json:"message"`
}

// outcomes is what came out of a test's sample.
type outcomes struct {
	mapping   *mapping.Mapping
	test      *mapping.Test
	directory *node.Directory // nil: nodes are not looked for
	outside   node.Subject
	machines  map[string]node.Subject
	order     []string
	records   int
	skipped   int
	rejected  int
	matched   []int    // by expected entry
	near      [][]int  // by expected entry: of the entry that comes nearest the attributes that differ
	why       []string // why records were rejected, each reason once
	failures  []Failure
}

func newOutcomes(m *mapping.Mapping, test *mapping.Test) *outcomes {
	return &outcomes{
		mapping: m, test: test, outside: machineNamed(test.As), machines: map[string]node.Subject{},
		matched: make([]int, len(test.Entries)), near: make([][]int, len(test.Entries)),
	}
}

func (o *outcomes) record(rec *read.Record) error {
	o.records++
	if rec.Skip != "" {
		o.skipped++
		return nil
	}
	subject := o.machine(rec)
	rejected := false
	for e, err := range rec.Entries() {
		if err != nil {
			return err
		}
		if e.Reject != "" {
			rejected = true
			if !slices.Contains(o.why, e.Reject) {
				o.why = append(o.why, e.Reject)
			}
			continue
		}
		if !e.Remove {
			o.entry(subject, &e)
		}
	}
	if rejected {
		o.rejected++
	}
	return nil
}

// machine unites the identifiers that the records of one machine hold, and returns those of this record.
func (o *outcomes) machine(rec *read.Record) node.Subject {
	key, own := "", o.outside
	if !rec.Outside {
		key, own = "key "+rec.Key, subjects.Of(rec.Subject, nil)
		if number, ok := subject.NumberOf(o.mapping.Family, rec.Key); ok {
			own.Number = []node.Number{number}
		}
		if rec.Key == "" {
			key = fmt.Sprint("record ", rec.Number, len(o.order))
		}
	}
	known, there := o.machines[key]
	if !there {
		o.order = append(o.order, key)
	}
	o.machines[key] = known.Union(own)
	return own
}

// entry compares an entry with all that are expected.
func (o *outcomes) entry(subject node.Subject, e *read.Entry) {
	for i := range o.test.Entries {
		want := &o.test.Entries[i]
		if want.Type != e.Type || want.Subject != "" && !named(subject, want.Subject) {
			continue
		}
		var differ []int
		for a, value := range want.Attributes {
			if e.Values[a] != value {
				differ = append(differ, a)
			}
		}
		if len(differ) == 0 {
			o.matched[i]++
		} else if o.near[i] == nil || len(differ) < len(o.near[i]) {
			slices.Sort(differ)
			o.near[i] = differ
		}
	}
}

// named reports whether a text is one of a machine's identifiers, in whatever spelling.
func named(s node.Subject, text string) bool {
	one := []string{text}
	asked := node.Subject{NodeID: one, Serial: one, Hostname: one, IP: one, MAC: one}.Normalise()
	if slices.ContainsFunc(s.Number, func(n node.Number) bool { return n.Key == identifier.Number(text) }) {
		return true
	}
	shares := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(text string) bool { return slices.Contains(b, text) })
	}
	if shares(s.NodeID, asked.NodeID) || shares(s.Serial, asked.Serial) || sharesName(s.Hostname, asked.Hostname) || shares(s.IP, asked.IP) || shares(s.MAC, asked.MAC) {
		return true
	}
	for _, values := range s.Tags {
		if slices.Contains(values, text) {
			return true
		}
	}
	return false
}

// sharesName reports whether names are equal; a short name equals a long one by its first label.
func sharesName(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool {
			return x == y || strings.HasPrefix(x, y+".") || strings.HasPrefix(y, x+".")
		})
	})
}

// fail keeps an expectation that is not met.
func (o *outcomes) fail(at problem.Place, format string, args ...any) {
	o.failures = append(o.failures, Failure{at, o.mapping.Name, o.test.Sample, fmt.Sprintf(format, args...)})
}

// compare compares what came out with what is expected.
func (o *outcomes) compare() {
	why := ""
	if len(o.why) > 0 {
		why = " (" + strings.Join(o.why, "; ") + ")"
	}
	o.count(o.test.Records, "records", o.records, "")
	o.count(o.test.Skipped, "skipped records", o.skipped, "")
	o.count(o.test.Rejected, "rejected records", o.rejected, why)
	for i := range o.test.Subjects {
		o.subject(&o.test.Subjects[i])
	}
	for i := range o.test.Entries {
		if message := o.expected(i); message != "" {
			o.fail(o.test.Entries[i].At, "%s", message)
		}
	}
}

func (o *outcomes) count(want *mapping.Count, what string, got int, why string) {
	if want != nil && want.N != got {
		o.fail(want.At, "%s: %d are expected, %d came out%s", what, want.N, got, why)
	}
}

// expected describes what is wrong with the entries that are expected; "" if nothing is.
func (o *outcomes) expected(i int) string {
	want := &o.test.Entries[i]
	t := o.mapping.Types()[want.Type]
	switch {
	case want.Count >= 0 && want.Count != o.matched[i]:
		return fmt.Sprintf("entries of %s like this: %d are expected, %d came out", t.Name(), want.Count, o.matched[i])
	case want.Count >= 0 || o.matched[i] > 0:
		return ""
	case o.near[i] == nil && want.Subject != "":
		return fmt.Sprintf("no entry of %s came out for this machine", t.Name())
	case o.near[i] == nil:
		return fmt.Sprintf("no entry of %s came out", t.Name())
	}
	var names []string
	for _, a := range o.near[i] {
		names = append(names, t.Attributes[a].Name)
	}
	return fmt.Sprintf("no entry of %s is like this: the nearest one differs in %s", t.Name(), strings.Join(names, ", "))
}

// subject compares the nodes of a machine with the one that is expected: the first that is another is reported.
func (o *outcomes) subject(want *mapping.ExpectedSubject) {
	there := false
	for _, key := range o.order {
		s := o.machines[key]
		if !named(s, want.Identifier) {
			continue
		}
		there = true
		d := o.directory.Resolve(s, intake.RulesOf(&o.mapping.Head, "", ""))
		switch matched := d.Outcome == node.Matched; {
		case matched && !strings.EqualFold(d.Node, want.Node):
			o.fail(want.At, "this machine is the node %s, by its %s", d.Node, d.Rule)
			return
		case !matched && !strings.EqualFold(string(d.Outcome), want.Node):
			o.fail(want.At, "this machine is %s: %s", d.Outcome, d.Reason)
			return
		}
	}
	if !there {
		o.fail(want.At, "no machine of the sample has this identifier")
	}
}
