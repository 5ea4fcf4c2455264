// Package probe finds out what the service does where AWS documents nothing: with one throw-away custom type on one node it makes calls whose
// answers differ. It knows the open questions and which answers the sandbox can be switched to. It knows neither the ledger nor documents.
//
// It writes the throw-away type alone, unless its options say more, and leaves it empty however it ends. It never calls DeleteInventory,
// which would act on every node: the type stays, and is one of the 20 that an account may have.
package probe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// TypeByDefault is the throw-away type where none is named.
const TypeByDefault = "Custom:InventoryBridgeProbe"

// API is what the probe calls.
type API interface {
	PutInventory(context.Context, *ssm.PutInventoryInput, ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error)
	ListInventoryEntries(context.Context, *ssm.ListInventoryEntriesInput, ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error)
	GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error)
	DescribeInstanceInformation(
		context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options),
	) (*ssm.DescribeInstanceInformationOutput, error)
}

// Options are what is probed, and how.
type Options struct {
	Node string
	Type string // custom

	Offline  string // a node whose agent is offline, which may get an empty list of the type; "": that is not found out
	AWSTypes bool   // put an entry of an AWS type that the node holds nothing of, and clear it
	DayQuota bool   // use up what the node may be put today
	Throttle bool   // call until calls are throttled

	Pause time.Duration // between two calls
	Sleep func(context.Context, time.Duration) error
	Now   func() time.Time
}

// Check returns what is wrong with the options.
func (o Options) Check() error {
	rest, custom := strings.CutPrefix(o.Type, "Custom:")
	if !custom || rest == "" || rest[0] < 'A' || rest[0] > 'Z' || len(o.never()) > 100 {
		return errors.New("probe: the type must be named Custom: and an upper-case letter, and have at most 95 characters")
	}
	if o.Offline == o.Node {
		return errors.New("probe: the offline node must be another one")
	}
	return nil
}

// never is the name of a type that is only named in calls that are refused, so that it never exists.
func (o Options) never() string { return o.Type + "Never" }

// step is a part of the probe. Its number of calls is the most that it makes where none is throttled.
type step struct {
	title string
	calls int
	asked bool
	run   func(*run, context.Context) error
}

func (o Options) steps() []step {
	return []step{
		{"look at the node, the custom types and what the node holds of the type", 4, true, (*run).look},
		{"ask for what is not there", 1 + len(candidates()), true, (*run).askForNothing},
		{"make calls that are refused: an unknown node, a hash of nothing, a version that no type has", 7, true, (*run).refusals},
		{"put an older schema version, where the type was probed before", 3, true, (*run).olderVersion},
		{"put 60 entries and see when they can be read", 9, true, (*run).first},
		{"put the same again: by hash, with another version, with an older time", 14, true, (*run).again},
		{"put what breaks a rule: a type twice, names in two spellings, 51 attributes, long values, February 31st", 7, true, (*run).rules},
		{"put about 1 MB four times, which uses at most 2.7 MB of the 5,000 KB that the node may be put today", 4, true, (*run).sizes},
		{"put an empty list of the type to the offline node", 2, o.Offline != "", (*run).offline},
		{"use up what the node may be put today", 8, o.DayQuota, (*run).dayQuota},
		{"put an empty list, and see whether it clears", 8, true, (*run).clear},
		{"put an entry of an AWS type that the node holds nothing of, and clear it", 9, o.AWSTypes, (*run).awsType},
		{"call until calls are throttled", mostThrottled + 3*throttledTries + 1, o.Throttle, (*run).throttle},
	}
}

// Plan lists what the probe will do, and the most calls that it makes where none is throttled.
func (o Options) Plan() (lines []string, calls int) {
	for _, s := range o.steps() {
		if s.asked {
			lines = append(lines, s.title)
			calls += s.calls
		}
	}
	return lines, calls
}

// Run probes. Whatever ends it, the report has what was found out until then, and what is left on the node.
func Run(ctx context.Context, api API, o Options) (Report, error) {
	if err := o.Check(); err != nil {
		return Report{}, err
	}
	r := &run{Options: o, api: api, found: map[string]finding{}, capture: o.Now().UTC().Add(-10 * time.Minute).Truncate(time.Second)}
	err := r.all(ctx)
	left := r.leaveEmpty(context.WithoutCancel(ctx))
	return r.report(left), err
}

func (r *run) all(ctx context.Context) error {
	for _, s := range r.steps() {
		if !s.asked {
			continue
		}
		if err := s.run(r, ctx); err != nil {
			return fmt.Errorf("probe: %s: %w", s.title, err)
		}
	}
	return nil
}
