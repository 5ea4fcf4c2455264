package probe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/probe"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

const (
	nodeA   = "i-0123456789abcdef0"
	offline = "i-00000001"
)

// account is a sandbox with a type that was probed before, and disabled since.
type account struct {
	*sandbox.Sandbox
	api *ssm.Client
}

// roundTripper is a function as one.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// through makes an account, which answers through a function.
func through(t *testing.T, switches sandbox.Switches, f func(http.RoundTripper) http.RoundTripper) account {
	t.Helper()
	noon := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	box, err := sandbox.New(sandbox.Config{
		Nodes: []sandbox.ManagedNode{{InstanceID: nodeA, Tags: map[string]string{"Team": "web"}}, {InstanceID: offline, InstanceStatus: "ConnectionLost"}},
		Clock: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	client := func(transport http.RoundTripper) *ssm.Client {
		return ssm.New(ssm.Options{
			Region: "us-east-1", BaseEndpoint: aws.String("http://sandbox"), HTTPClient: &http.Client{Transport: transport},
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
			}),
		})
	}
	a := account{box, client(box.Transport())}
	a.disable(t)
	box.SetSwitches(switches)
	box.SetRate(0.001, 200)
	a.api = client(f(box.Transport()))
	return a
}

func straight(r http.RoundTripper) http.RoundTripper { return r }

// disable puts a version of the type and disables it, as an operator does after a probe.
func (a account) disable(t *testing.T) {
	t.Helper()
	_, err := a.api.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: aws.String(nodeA), Items: []types.InventoryItem{{
		TypeName: aws.String(probe.TypeByDefault), SchemaVersion: aws.String("1.0"), CaptureTime: aws.String("2026-06-01T00:00:00Z"),
		Content: []map[string]string{{"A": "1"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.api.DeleteInventory(t.Context(), &ssm.DeleteInventoryInput{
		TypeName: aws.String(probe.TypeByDefault), SchemaDeleteOption: types.InventorySchemaDeleteOptionDisableSchema,
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Advance(time.Hour)
}

// options ask for everything.
func (a account) options() probe.Options {
	return probe.Options{
		Node: nodeA, Type: probe.TypeByDefault, Offline: offline, AWSTypes: true, DayQuota: true, Throttle: true,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Now: a.Now,
	}
}

// findable are the switches that change an answer: some change nothing where another one is on.
func findable(t *testing.T, w sandbox.Switches) map[string]bool {
	t.Helper()
	on := map[string]bool{}
	text, err := json.Marshal(w)
	if err = errors.Join(err, json.Unmarshal(text, &on)); err != nil {
		t.Fatal(err)
	}
	if w.DayQuotaIsThrottling {
		delete(on, "dayQuotaIsItemSize")
	}
	if w.NeitherIsValidation {
		delete(on, "neitherIsMismatch")
	}
	on["itemsBeforeNode"] = w.ItemsBeforeNode && !w.NodeBeforeShape
	return on
}

// finds probes an account with those switches, and checks that the probe finds them all.
func finds(t *testing.T, w sandbox.Switches) {
	t.Helper()
	a := through(t, w, straight)
	_, planned := a.options().Plan()
	report, err := probe.Run(t.Context(), a.api, a.options())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(findable(t, w), report.Switches); diff != "" {
		t.Errorf("%+v:\n%s%+v", w, diff, report.Answers)
	}
	if !report.Left.Empty || !a.empty() {
		t.Errorf("%+v", report.Left)
	}
	if report.Calls > planned {
		t.Errorf("%d calls, and %d were planned", report.Calls, planned)
	}
}

// empty reports whether the node holds no entries of the probe.
func (a account) empty() bool {
	for _, name := range []string{probe.TypeByDefault, "AWS:WindowsRole"} {
		if i, there := a.Inventory(nodeA, name); there && len(i.Entries) > 0 {
			return false
		}
	}
	return true
}

func TestProbeFindsEachSwitch(t *testing.T) {
	finds(t, sandbox.Switches{})
	for _, name := range sandbox.SwitchNames() {
		var w sandbox.Switches
		if err := w.Set(name, true); err != nil {
			t.Fatal(err)
		}
		finds(t, w)
	}
}

// TestProbeFindsEveryPair probes until each two switches were both on, both off, and one on without the other.
func TestProbeFindsEveryPair(t *testing.T) {
	type pair struct {
		a, b     string
		onA, onB bool
	}
	names := sandbox.SwitchNames()
	random, met := rand.New(rand.NewPCG(16, 5)), map[pair]bool{}
	for len(met) < len(names)*(len(names)-1)/2*4 {
		var w sandbox.Switches
		on := map[string]bool{}
		for _, name := range names {
			on[name] = random.IntN(2) == 0
			if err := w.Set(name, on[name]); err != nil {
				t.Fatal(err)
			}
		}
		for n, a := range names {
			for _, b := range names[:n] {
				met[pair{a, b, on[a], on[b]}] = true
			}
		}
		finds(t, w)
	}
}

// TestProbeWhereCallsFail shows that calls which fail now and then change no answer.
func TestProbeWhereCallsFail(t *testing.T) {
	for _, w := range []sandbox.Switches{{}, {PartialCommit: true, VersionChangesContent: true, SizesOfPairs: true, InvalidWhenNothingStored: true}} {
		a := through(t, w, straight)
		for _, kind := range []sandbox.FaultKind{sandbox.FaultThrottle, sandbox.FaultError, sandbox.FaultCutAfter} {
			a.Inject(sandbox.Fault{Kind: kind, Probability: 0.07, Times: -1}) // drawn in the same order each time
		}
		o := a.options()
		o.Throttle, o.DayQuota = false, false
		report, err := probe.Run(t.Context(), a.api, o)
		if err != nil {
			t.Fatal(err)
		}
		want := findable(t, w)
		for _, name := range []string{"shapeBeforeRate", "dayQuotaIsItemSize", "dayQuotaIsThrottling"} {
			delete(want, name)
		}
		if diff := cmp.Diff(want, report.Switches); diff != "" || !report.Left.Empty || !a.empty() {
			t.Errorf("%s%+v", diff, report.Left)
		}
	}
}

// TestStoppedAtEveryCall stops the probe while each of its calls is under way.
func TestStoppedAtEveryCall(t *testing.T) {
	for _, w := range []sandbox.Switches{{}, {PartialCommit: true, IgnoreOlderCapture: true, VersionChangesContent: true, AcceptTypeTwice: true}} {
		for k := 1; ; k++ {
			ctx, stop := context.WithCancel(t.Context())
			made := 0
			a := through(t, w, func(to http.RoundTripper) http.RoundTripper {
				return roundTripper(func(r *http.Request) (*http.Response, error) {
					made++
					if made == k {
						stop()
					}
					return to.RoundTrip(r)
				})
			})
			o := a.options()
			o.Throttle = false // it writes nothing
			report, err := probe.Run(ctx, a.api, o)
			stop()
			if err == nil {
				break // it ended before call k
			}
			if !errors.Is(err, context.Canceled) || !report.Left.Empty || !a.empty() {
				t.Fatalf("stopped at call %d: %v, %+v", k, err, report.Left)
			}
		}
	}
}

// TestEmptyListThatDoesNotClear shows that what stays is said.
func TestEmptyListThatDoesNotClear(t *testing.T) {
	a := through(t, sandbox.Switches{}, ignoresEmptyLists)
	o := a.options()
	o.Throttle = false
	report, err := probe.Run(t.Context(), a.api, o)
	if err != nil || report.Left.Empty || a.empty() || !strings.Contains(report.Left.Text, "an empty list does not clear here") {
		t.Errorf("%v, %+v", err, report.Left)
	}
	at := slices.IndexFunc(report.Answers, func(a probe.Answer) bool { return a.ID == "emptyList" })
	if got := report.Answers[at]; got.Found != "does not clear" || got.Agrees {
		t.Errorf("%+v", got)
	}
}

// ignoresEmptyLists answers to an empty list as if it were taken, and changes nothing.
func ignoresEmptyLists(to http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(body, []byte(`"Content":[]`)) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte("{}"))), Request: r}, nil
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		return to.RoundTrip(r)
	})
}

// TestRefusedBeforeAnything: a type of somebody else, and a node that is not there, are left alone.
func TestRefusedBeforeAnything(t *testing.T) {
	a := through(t, sandbox.Switches{}, straight)
	_, err := a.api.PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: aws.String(nodeA), Items: []types.InventoryItem{{
		TypeName: aws.String("Custom:Assets"), SchemaVersion: aws.String("1.0"), CaptureTime: aws.String("2026-06-01T00:00:00Z"),
		Content: []map[string]string{{"Owner": "ada"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*probe.Options){
		func(o *probe.Options) { o.Type = "Custom:Assets" },
		func(o *probe.Options) { o.Node = "i-0000000f" },
		func(o *probe.Options) { o.Type = "AWS:Service" },
		func(o *probe.Options) { o.Offline = o.Node },
	} {
		o := a.options()
		change(&o)
		before := maps.Clone(a.Counts().Calls)
		if report, err := probe.Run(t.Context(), a.api, o); err == nil || !report.Left.Empty && report.Calls > 0 {
			t.Errorf("%+v was probed: %+v", o, report)
		}
		if puts := a.Counts().Calls["PutInventory"] - before["PutInventory"]; puts > 0 {
			t.Errorf("%d puts", puts)
		}
	}
}
