package organization

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

const (
	nodeA = "i-0123456789abcdef0"
	nodeB = "i-0123456789abcdef1"
	nodeC = "i-0123456789abcdef2"

	first, second = "111122223333", "444455556666"
	role          = "arn:aws:iam::" + first + ":role/" + DefaultRole
)

var (
	east = Place{first, "us-east-1"}
	west = Place{first, "eu-west-1"}
	far  = Place{second, "us-east-1"}
)

// world is an organization and who calls it.
type world struct {
	*testing.T
	*Organization
}

func newWorld(t *testing.T) *world {
	t.Helper()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	o, err := New(Config{
		Own: sandbox.Config{Nodes: []sandbox.ManagedNode{{InstanceID: nodeA}}, Clock: func() time.Time { return at }},
		Nodes: map[Place][]sandbox.ManagedNode{
			east: {{InstanceID: nodeB}}, west: {{InstanceID: nodeC}}, far: {{InstanceID: nodeB}, {InstanceID: nodeC}},
		},
		Units: []Unit{{ID: "r-1"}, {ID: "ou-1", Parent: "r-1", Accounts: []string{first}}, {ID: "ou-2", Parent: "ou-1", Accounts: []string{second}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, o}
}

// as returns the configuration of a client with credentials; nil: the own ones.
func (w *world) as(region string, c aws.CredentialsProvider) aws.Config {
	if c == nil {
		c = credentials.NewStaticCredentialsProvider("test", "test", "")
	}
	return aws.Config{
		Region: region, Credentials: c, HTTPClient: &http.Client{Transport: w.Transport()}, BaseEndpoint: new("http://organization"),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// assumed returns the credentials of a role, or the code that it is refused with.
func (w *world) assumed(by aws.CredentialsProvider, change func(*sts.AssumeRoleInput)) (aws.CredentialsProvider, string) {
	w.Helper()
	in := &sts.AssumeRoleInput{RoleArn: new(role), RoleSessionName: new("test"), ExternalId: new(DefaultExternalID)}
	if change != nil {
		change(in)
	}
	out, err := sts.NewFromConfig(w.as("us-east-1", by)).AssumeRole(w.Context(), in)
	if err != nil {
		return nil, code(w.T, err)
	}
	c := out.Credentials
	return credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken), ""
}

func code(t *testing.T, err error) string {
	t.Helper()
	var api smithy.APIError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &api):
		t.Fatal(err)
	}
	return api.ErrorCode()
}

// listed returns the IDs of the nodes that a caller sees in a region, or what it is refused with.
func (w *world) listed(region string, c aws.CredentialsProvider) string {
	w.Helper()
	out, err := ssm.NewFromConfig(w.as(region, c)).DescribeInstanceInformation(w.Context(), &ssm.DescribeInstanceInformationInput{})
	if err != nil {
		return code(w.T, err)
	}
	var ids []string
	for _, n := range out.InstanceInformationList {
		ids = append(ids, *n.InstanceId)
	}
	return strings.Join(ids, " ")
}

func TestEachInItsAccountAndRegion(t *testing.T) {
	w := newWorld(t)
	a, refused := w.assumed(nil, nil)
	if refused != "" {
		t.Fatal(refused)
	}
	b, refused := w.assumed(nil, func(in *sts.AssumeRoleInput) { in.RoleArn = new(strings.Replace(role, first, second, 1)) })
	if refused != "" {
		t.Fatal(refused)
	}
	for _, c := range []struct {
		region string
		by     aws.CredentialsProvider
		want   string
	}{
		{"us-east-1", nil, nodeA},
		{"us-east-1", a, nodeB},
		{"eu-west-1", a, nodeC},
		{"us-east-1", b, nodeB + " " + nodeC},
		{"eu-west-1", b, ""},
		{"eu-west-1", nil, ""},
	} {
		if got := w.listed(c.region, c.by); got != c.want {
			t.Errorf("in %s: %s, want %s", c.region, got, c.want)
		}
	}
	put := func(region string, by aws.CredentialsProvider, node string) string {
		_, err := ssm.NewFromConfig(w.as(region, by)).PutInventory(t.Context(), &ssm.PutInventoryInput{InstanceId: &node, Items: []types.InventoryItem{
			{TypeName: new("Custom:T"), SchemaVersion: new("1.0"), CaptureTime: new("2026-01-02T03:04:05Z"), Content: []map[string]string{{"A": "1"}}},
		}})
		return code(t, err)
	}
	if got := []string{put("us-east-1", a, nodeB), put("us-east-1", a, nodeC), put("us-east-1", nil, nodeB)}; !slices.Equal(got, []string{"", "InvalidInstanceId", "InvalidInstanceId"}) {
		t.Errorf("%q", got)
	}
	if _, ok := w.At(east).Inventory(nodeB, "Custom:T"); !ok {
		t.Error("the node holds nothing")
	}
	if _, ok := w.At(far).Inventory(nodeB, "Custom:T"); ok {
		t.Error("the other account's node of the same ID holds it")
	}
	events := w.At(east).Events()
	if len(w.At(far).Events()) > 0 || slices.ContainsFunc(events, func(e sandbox.Event) bool { return e.Account != first }) {
		t.Error("an event of another account")
	}
}

func TestWhoMayHaveTheRole(t *testing.T) {
	w := newWorld(t)
	session, _ := w.assumed(nil, nil)
	for name, c := range map[string]struct {
		by     aws.CredentialsProvider
		change func(*sts.AssumeRoleInput)
		want   string
	}{
		"no external ID":        {nil, func(in *sts.AssumeRoleInput) { in.ExternalId = nil }, "AccessDenied"},
		"another external ID":   {nil, func(in *sts.AssumeRoleInput) { in.ExternalId = new("other") }, "AccessDenied"},
		"another role":          {nil, func(in *sts.AssumeRoleInput) { in.RoleArn = new(role + "2") }, "AccessDenied"},
		"an unknown account":    {nil, func(in *sts.AssumeRoleInput) { in.RoleArn = new(strings.Replace(role, first, "999999999999", 1)) }, "AccessDenied"},
		"a role that took it":   {session, nil, "AccessDenied"},
		"no ARN":                {nil, func(in *sts.AssumeRoleInput) { in.RoleArn = new("InventoryBridgeTarget-of-nobody") }, "ValidationError"},
		"a name with a space":   {nil, func(in *sts.AssumeRoleInput) { in.RoleSessionName = new("a b") }, "ValidationError"},
		"too long":              {nil, func(in *sts.AssumeRoleInput) { in.DurationSeconds = new(int32(3601)) }, "ValidationError"},
		"too short":             {nil, func(in *sts.AssumeRoleInput) { in.DurationSeconds = new(int32(899)) }, "ValidationError"},
		"a quarter of an hour":  {nil, func(in *sts.AssumeRoleInput) { in.DurationSeconds = new(int32(900)) }, ""},
		"of a sandbox that was": {credentials.NewStaticCredentialsProvider(keyPrefix+"X", "x", "x"), nil, "InvalidClientTokenId"},
	} {
		if _, got := w.assumed(c.by, c.change); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	w.TrustOnly(first, "theirs")
	if _, got := w.assumed(nil, nil); got != "AccessDenied" {
		t.Errorf("the usual ID: %q", got)
	}
	if _, got := w.assumed(nil, func(in *sts.AssumeRoleInput) { in.ExternalId = new("theirs") }); got != "" {
		t.Errorf("its own ID: %q", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	c, _ := w.assumed(nil, func(in *sts.AssumeRoleInput) { in.DurationSeconds = new(int32(900)) })
	w.Advance(15*time.Minute - time.Second)
	if got := w.listed("us-east-1", c); got != nodeB {
		t.Errorf("before its end: %s", got)
	}
	w.Advance(time.Second)
	if got := w.listed("us-east-1", c); got != "ExpiredTokenException" {
		t.Errorf("at its end: %s", got)
	}
	if got := w.listed("us-east-1", nil); got != nodeA {
		t.Errorf("with the own credentials: %s", got)
	}
	bad, _ := c.Retrieve(t.Context())
	c, _ = w.assumed(nil, nil)
	good, _ := c.Retrieve(t.Context())
	mixed := credentials.NewStaticCredentialsProvider(good.AccessKeyID, good.SecretAccessKey, bad.SessionToken)
	if got := w.listed("us-east-1", mixed); got != codeUnrecognized {
		t.Errorf("with another session's token: %s", got)
	}
}

func TestOneAccountApart(t *testing.T) {
	for name, c := range map[string]struct {
		change, back func(*world)
		assume, list string // what the first account's role and its sessions are refused with
	}{
		"suspended":  {func(w *world) { w.Suspend(first, true) }, func(w *world) { w.Suspend(first, false) }, "AccessDenied", "AccessDeniedException"},
		"revoked":    {func(w *world) { w.Revoke(first, true) }, func(w *world) { w.Revoke(first, false) }, "AccessDenied", codeUnrecognized},
		"region off": {func(w *world) { w.TurnOff(east, true) }, func(w *world) { w.TurnOff(east, false) }, "RegionDisabledException", codeUnrecognized},
		"a fault": {func(w *world) {
			w.At(east).Inject(sandbox.Fault{Kind: sandbox.FaultError, Code: "InternalServerError", Times: -1})
		}, func(w *world) { w.At(east).ClearFaults() }, "", "InternalServerError"},
		"throttled": {func(w *world) { w.Refuse(Refusal{Operation: "AssumeRole", Account: first, Code: "Throttling"}) }, func(*world) {}, "Throttling", nodeB},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			session, _ := w.assumed(nil, nil)
			other := func(in *sts.AssumeRoleInput) { in.RoleArn = new(strings.Replace(role, first, second, 1)) }
			c.change(w)
			if _, got := w.assumed(nil, nil); got != c.assume {
				t.Errorf("its role: %q, want %q", got, c.assume)
			}
			if got := w.listed("us-east-1", session); got != c.list {
				t.Errorf("its session: %q, want %q", got, c.list)
			}
			apart, got := w.assumed(nil, other)
			if got != "" || w.listed("us-east-1", apart) != nodeB+" "+nodeC || w.listed("us-east-1", nil) != nodeA {
				t.Errorf("another account is not apart: %s", got)
			}
			c.back(w)
			session, got = w.assumed(nil, nil)
			if got != "" || w.listed("us-east-1", session) != nodeB {
				t.Errorf("back again: %s", got)
			}
		})
	}
}

func TestRights(t *testing.T) {
	w := newWorld(t)
	session, _ := w.assumed(nil, nil)
	if _, err := ssm.NewFromConfig(w.as("us-east-1", session)).DeleteInventory(t.Context(), &ssm.DeleteInventoryInput{TypeName: new("Custom:T")}); code(t, err) != "AccessDeniedException" {
		t.Error(err)
	}
	intake, _ := w.assumed(nil, func(in *sts.AssumeRoleInput) { in.RoleSessionName = new("invbridge-Stack-intake") })
	if got := w.listed("us-east-1", intake); got != nodeB {
		t.Errorf("intake sees %s", got)
	}
	for want, by := range map[string]aws.CredentialsProvider{"AccessDeniedException": intake, "": session} {
		if _, err := ssm.NewFromConfig(w.as("us-east-1", by)).GetInventorySchema(t.Context(), &ssm.GetInventorySchemaInput{}); code(t, err) != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
	objects := func(by aws.CredentialsProvider) *s3.Client {
		return s3.NewFromConfig(w.as("us-east-1", by), func(o *s3.Options) { o.UsePathStyle = true })
	}
	put := &s3.PutObjectInput{Bucket: new("state"), Key: new("k"), Body: strings.NewReader("x")}
	if _, err := objects(nil).PutObject(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if _, err := objects(session).GetObject(t.Context(), &s3.GetObjectInput{Bucket: new("state"), Key: new("k")}); code(t, err) != "AccessDenied" {
		t.Error(err)
	}
	for want, by := range map[string]aws.CredentialsProvider{"arn:aws:iam::123456789012:user/sandbox": nil, "arn:aws:sts::" + first + ":assumed-role/" + DefaultRole + "/test": session} {
		out, err := sts.NewFromConfig(w.as("us-east-1", by)).GetCallerIdentity(t.Context(), nil)
		if err != nil || *out.Arn != want {
			t.Errorf("%v %v", out, err)
		}
	}
}

// ask sends a request to Organizations.
func (w *world) ask(operation, body, key string) map[string]any {
	w.Helper()
	return w.send(http.MethodPost, "/", body, http.Header{
		"X-Amz-Target": {unitsPrefix + operation}, "Content-Type": {jsonContentType},
		"Authorization": {"AWS4-HMAC-SHA256 Credential=" + key + "/20260101/us-east-1/organizations/aws4_request, Signature=any"},
	})
}

func (w *world) send(method, path, body string, header http.Header) map[string]any {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, "http://organization"+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header = header
	answer, err := (&http.Client{Transport: w.Transport()}).Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	got := map[string]any{}
	if err != nil || json.Unmarshal(text, &got) != nil {
		w.Fatalf("%s %v", text, err)
	}
	return got
}

// ids are those of what was listed.
func ids(answer map[string]any, of string) string {
	var all []string
	list, _ := answer[of].([]any)
	for _, item := range list {
		one, _ := item.(map[string]any)
		id, _ := one["Id"].(string)
		state, _ := one["State"].(string)
		all = append(all, strings.TrimSpace(id+" "+state))
	}
	return strings.Join(all, ", ")
}

func TestUnits(t *testing.T) {
	w := newWorld(t)
	if got := ids(w.ask("ListOrganizationalUnitsForParent", `{"ParentId":"r-1"}`, "test"), "OrganizationalUnits"); got != "ou-1" {
		t.Error(got)
	}
	if got := ids(w.ask("ListAccountsForParent", `{"ParentId":"ou-1"}`, "test"), "Accounts"); got != first+" ACTIVE" {
		t.Error(got)
	}
	w.Suspend(first, true)
	if err := w.Move(second, "ou-1"); err != nil {
		t.Fatal(err)
	}
	page := w.ask("ListAccountsForParent", `{"ParentId":"ou-1","MaxResults":1}`, "test")
	next, _ := page["NextToken"].(string)
	last := w.ask("ListAccountsForParent", `{"ParentId":"ou-1","MaxResults":1,"NextToken":"`+next+`"}`, "test")
	if got := ids(page, "Accounts") + "; " + ids(last, "Accounts"); got != first+" SUSPENDED; "+second+" ACTIVE" || last["NextToken"] != nil {
		t.Error(got, last["NextToken"])
	}
	if err := w.Move(second, ""); err != nil {
		t.Fatal(err)
	}
	if got := ids(w.ask("ListAccountsForParent", `{"ParentId":"ou-2"}`, "test"), "Accounts"); got != "" {
		t.Error(got)
	}
	w.Refuse(Refusal{Operation: "ListAccountsForParent", Code: "TooManyRequestsException"})
	for _, c := range []struct{ operation, body, key, want string }{
		{"ListAccountsForParent", `{"ParentId":"ou-1"}`, "test", "TooManyRequestsException"},
		{"ListAccountsForParent", `{"ParentId":"ou-3"}`, "test", "ParentNotFoundException"},
		{"ListAccountsForParent", `{}`, "test", "InvalidInputException"},
		{"ListAccountsForParent", `{"ParentId":"ou-1","MaxResults":21}`, "test", "InvalidInputException"},
		{"ListAccountsForParent", `{"ParentId":"ou-1","NextToken":"x"}`, "test", "InvalidInputException"},
		{"ListAccounts", `{}`, "test", "UnknownOperationException"},
		{"ListAccountsForParent", `{`, "test", "SerializationException"},
		{"ListAccountsForParent", `{"ParentId":"ou-1"}`, keyPrefix + "X", codeUnrecognized},
	} {
		if got := w.ask(c.operation, c.body, c.key)["__type"]; got != c.want {
			t.Errorf("%s %s: %v, want %s", c.operation, c.body, got, c.want)
		}
	}
	if w.Move(first, "ou-9") == nil {
		t.Error("an account is in a unit that there is not")
	}
}

func TestHooks(t *testing.T) {
	w := newWorld(t)
	hook := func(method, path, body string) map[string]any {
		t.Helper()
		return w.send(method, sandbox.HookPrefix+path, body, http.Header{})
	}
	hook("POST", "nodes", `[{"InstanceId":"`+nodeC+`"},{"InstanceId":"`+nodeA+`","Account":"`+second+`","Region":"eu-west-1"}]`)
	hook("POST", "account", `{"account":"`+first+`","revoked":true}`)
	hook("POST", "account", `{"account":"`+second+`","suspended":true,"externalId":"x","unit":"r-1"}`)
	hook("POST", "region", `{"account":"`+first+`","region":"eu-west-1","off":true}`)
	hook("POST", "refuse", `{"operation":"AssumeRole","code":"Throttling"}`)
	hook("POST", "faults?account="+first+"&region=us-east-1", `{"kind":"throttle"}`)
	if _, got := w.assumed(nil, nil); got != "Throttling" {
		t.Error(got)
	}
	if got := w.listed("us-east-1", nil); got != nodeA+" "+nodeC {
		t.Error(got)
	}
	want := map[string]any{
		"own": map[string]any{"account": "123456789012", "region": "us-east-1"}, "calls": map[string]any{"AssumeRole": 1.0},
		"places": []any{
			map[string]any{"account": first, "region": "eu-west-1", "revoked": true, "off": true, "calls": map[string]any{}},
			map[string]any{"account": first, "region": "us-east-1", "revoked": true, "calls": map[string]any{}},
			map[string]any{"account": "123456789012", "region": "us-east-1", "calls": map[string]any{"DescribeInstanceInformation": 1.0}},
			map[string]any{"account": second, "region": "eu-west-1", "suspended": true, "calls": map[string]any{}},
			map[string]any{"account": second, "region": "us-east-1", "suspended": true, "calls": map[string]any{}},
		},
	}
	if d := cmp.Diff(want, hook("GET", "organization", "")); d != "" {
		t.Error(d)
	}
	hook("POST", "clock", `{"advance":"1h"}`)
	hook("POST", "clock?account="+second, `{"advance":"1h"}`)
	for at, hour := range map[Place]int{w.own: 4, east: 4, far: 5} {
		if got := w.At(at).Now().Hour(); got != hour {
			t.Errorf("%v: it is %d", at, got)
		}
	}
	for path, body := range map[string]string{
		"clock": `{"advance":"x"}`, "nodes": `[{"InstanceId":"i-00000001","Region":"x"}]`, "account": `{}`, "region": `[]`, "refuse": `1`, "nothing": "",
	} {
		if hook("POST", path, body)["error"] == nil {
			t.Errorf("%s %s is no error", path, body)
		}
	}
}

func TestWrongNodes(t *testing.T) {
	twice := []sandbox.ManagedNode{{InstanceID: nodeA}, {InstanceID: nodeA}}
	for _, c := range []Config{{Own: sandbox.Config{Nodes: twice}}, {Nodes: map[Place][]sandbox.ManagedNode{east: twice}}} {
		if _, err := New(c); err == nil {
			t.Error("a node that is given twice was taken")
		}
	}
	if o, err := New(Config{Units: nil}); err != nil || (&world{t, o}).ask("ListAccountsForParent", `{"ParentId":"r-1"}`, "x")["__type"] != "AWSOrganizationsNotInUseException" {
		t.Error(err)
	}
}
