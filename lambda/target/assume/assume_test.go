package assume

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox/organization"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	account  = "111122223333"
	external = "invbridge-8c1f"
	own      = "us-east-1"
)

func targetIn(region string) target.Target {
	k := target.Key{Account: account, Region: region}
	return target.Target{Key: k, Role: target.RoleARN(k, target.RoleName), ExternalID: external}
}

// begin makes an organization with a node in one region of one account, and what calls it.
func begin(t *testing.T) (*organization.Organization, *Roles) {
	t.Helper()
	o, err := organization.New(organization.Config{
		Nodes:      map[organization.Place][]sandbox.ManagedNode{{Account: account, Region: "eu-central-1"}: {{InstanceID: "i-0123456789abcdef0"}}},
		ExternalID: external,
		Units: []organization.Unit{
			{ID: "ou-a", Accounts: []string{account}}, {ID: "ou-b", Parent: "ou-a", Accounts: many(50)}, {ID: "ou-c", Parent: "ou-b", Accounts: []string{"999999999999"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, New(aws.Config{
		Region: own, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), BaseEndpoint: new("http://organization"),
		HTTPClient: &http.Client{Transport: o.Transport()},
	}, target.Session("stack", "delivery"))
}

// many are accounts by number.
func many(n int) []string {
	var list []string
	for i := range n {
		list = append(list, "2000000000"+string(rune('0'+i/10))+string(rune('0'+i%10)))
	}
	return list
}

// list asks for the nodes of a target: how many there are, and what stands in the way.
func list(t *testing.T, c *actions.Client) (nodes int, class fault.Class, code string) {
	t.Helper()
	out, err := c.DescribeInstanceInformation(t.Context(), &ssm.DescribeInstanceInformationInput{})
	class, code = fault.Of(err)
	if err != nil {
		return 0, class, code
	}
	return len(out.InstanceInformationList), class, code
}

func TestClient(t *testing.T) {
	o, roles := begin(t)
	there, elsewhere := roles.Client(targetIn("eu-central-1")), roles.Client(targetIn("eu-west-1"))
	if got, err := roles.Account(t.Context()); got != "123456789012" || err != nil {
		t.Errorf("the own account is %q, %v", got, err)
	}
	for range 3 {
		if n, _, code := list(t, there); n != 1 || code != "" {
			t.Errorf("%d nodes, %s", n, code)
		}
		if n, _, code := list(t, elsewhere); n != 0 || code != "" {
			t.Errorf("%d nodes, %s", n, code)
		}
	}
	if n, _, _ := list(t, roles.Client(targetIn("eu-central-1"))); n != 1 {
		t.Error("another client of the target sees none")
	}
	if got := o.Calls()["AssumeRole"]; got != 2 {
		t.Errorf("%d calls of AssumeRole for two targets", got)
	}
}

func TestWhatStandsInTheWay(t *testing.T) {
	here := organization.Place{Account: account, Region: "eu-central-1"}
	for name, c := range map[string]struct {
		change func(*organization.Organization, *target.Target)
		class  fault.Class
		code   string
	}{
		"no external ID":    {func(_ *organization.Organization, t *target.Target) { t.ExternalID = "" }, fault.Halt, "AssumeRole.AccessDenied"},
		"another role":      {func(_ *organization.Organization, t *target.Target) { t.Role += "X" }, fault.Halt, "AssumeRole.AccessDenied"},
		"no role at all":    {func(_ *organization.Organization, t *target.Target) { t.Role = "not the ARN of a role" }, fault.Halt, "AssumeRole.ValidationError"},
		"revoked":           {func(o *organization.Organization, _ *target.Target) { o.Revoke(account, true) }, fault.Halt, "AssumeRole.AccessDenied"},
		"suspended":         {func(o *organization.Organization, _ *target.Target) { o.Suspend(account, true) }, fault.Halt, "AssumeRole.AccessDenied"},
		"the region is off": {func(o *organization.Organization, _ *target.Target) { o.TurnOff(here, true) }, fault.Halt, "UnrecognizedClientException"},
		"denied there": {func(o *organization.Organization, _ *target.Target) {
			o.At(here).Inject(sandbox.Fault{Kind: sandbox.FaultError, Code: "AccessDeniedException"})
		}, fault.Denied, "AccessDeniedException"},
		"the own credentials have ended": {func(o *organization.Organization, _ *target.Target) {
			o.Refuse(organization.Refusal{Operation: "AssumeRole", Code: "ExpiredToken"})
		}, fault.Halt, "AssumeRole.ExpiredToken"},
		"STS is down": {func(o *organization.Organization, _ *target.Target) {
			o.Refuse(organization.Refusal{Operation: "AssumeRole", Code: "InternalFailure", Times: -1})
		}, fault.Retry, "AssumeRole.InternalFailure"},
		"STS is slow": {func(o *organization.Organization, _ *target.Target) {
			o.Refuse(organization.Refusal{Operation: "AssumeRole", Code: "Throttling", Times: -1})
		}, fault.Throttled, "AssumeRole.Throttling"},
		"the own region is off in the account": {func(o *organization.Organization, _ *target.Target) {
			o.TurnOff(organization.Place{Account: account, Region: own}, true)
		}, fault.None, ""},
		"both regions are off": {func(o *organization.Organization, _ *target.Target) {
			o.TurnOff(here, true)
			o.TurnOff(organization.Place{Account: account, Region: own}, true)
		}, fault.Halt, "AssumeRole.RegionDisabledException"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, roles := begin(t)
				to := targetIn("eu-central-1")
				c.change(o, &to)
				if _, class, code := list(t, roles.Client(to)); class != c.class || code != c.code {
					t.Errorf("class %d, code %q, want %d and %q", class, code, c.class, c.code)
				}
			})
		})
	}
}

// TestCredentialsAreRenewed: before they end by this clock, after the service says so by its own, and when a role that was revoked is back.
func TestCredentialsAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, roles := begin(t)
		c := roles.Client(targetIn("eu-central-1"))
		works := func(what string, calls int) {
			t.Helper()
			if n, _, code := list(t, c); n != 1 || o.Calls()["AssumeRole"] != calls {
				t.Errorf("%s: %d nodes, %s; %d calls of AssumeRole, want %d", what, n, code, o.Calls()["AssumeRole"], calls)
			}
		}
		works("at first", 1)
		time.Sleep(lasts - early - time.Second)
		works("just before", 1)
		time.Sleep(early)
		works("before its end", 2)
		o.Advance(2 * time.Hour)
		works("the service's clock runs before", 3)
		works("and stays there", 3)
		o.Revoke(account, true)
		if _, class, code := list(t, c); class != fault.Halt || code != "AssumeRole.AccessDenied" {
			t.Errorf("revoked: class %d, %s", class, code)
		}
		o.Revoke(account, false)
		works("back again", 5)
	})
}

func TestAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, roles := begin(t)
		o.Suspend("200000000007", true)
		o.Refuse(organization.Refusal{Operation: "ListAccountsForParent", Code: "TooManyRequestsException", Times: 3})
		o.Refuse(organization.Refusal{Operation: "ListOrganizationalUnitsForParent", Code: "ServiceException"})
		want := slices.Concat([]string{account}, slices.DeleteFunc(many(50), func(id string) bool { return id == "200000000007" }), []string{"999999999999"})
		got, err := roles.accounts(t.Context(), []string{"ou-a", "ou-c"})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Error(err, d)
		}
		_, err = roles.accounts(t.Context(), []string{"ou-x"})
		if class, code := fault.Of(err); class != fault.Missing || code != "ParentNotFoundException" || strings.Contains(err.Error(), "ou-x") {
			t.Error(err)
		}
		o.Refuse(organization.Refusal{Operation: "ListAccountsForParent", Code: "AccessDeniedException"})
		if class, code := fault.Of(second(roles.accounts(t.Context(), []string{"ou-a"}))); class != fault.Denied || code != "AccessDeniedException" {
			t.Error(class, code)
		}
	})
}

func TestFind(t *testing.T) {
	o, roles := begin(t)
	o.Suspend("200000000007", true)
	f, err := target.ParseFile("f", []byte("externalId: e1\nrole: Other\nrate: 3\norganization: {units: [ou-ab12-11111111], regions: [eu-west-1, eu-central-1]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	f.Organization.Units = []string{"ou-c"}
	k := target.Key{Account: "999999999999", Region: "eu-west-1"}
	first := target.Target{Key: k, Role: "arn:aws:iam::999999999999:role/Other", ExternalID: "e1", Rate: 3}
	next := first
	next.Region = "eu-central-1"
	got, err := roles.Find(t.Context(), f)
	if d := cmp.Diff([]target.Target{first, next}, got); err != nil || d != "" {
		t.Error(err, d)
	}
	f.Organization.Units = []string{"ou-x"}
	if _, err := roles.Find(t.Context(), f); err == nil {
		t.Error("a unit that there is not is no error")
	}
	f.Organization = nil
	if got, err := roles.Find(t.Context(), f); len(got) > 0 || err != nil {
		t.Error(got, err)
	}
}

func second(_ []string, err error) error { return err }

// configured is a source of configuration.
type configured struct {
	fips      aws.FIPSEndpointState
	dualStack aws.DualStackEndpointState
	endpoint  string
}

func (c configured) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return c.fips, true, nil
}

func (c configured) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return c.dualStack, true, nil
}

func (c configured) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	if service != "Organizations" && service != "STS" {
		return "", false, errors.New("another service")
	}
	return c.endpoint, c.endpoint != "", nil
}

func TestWhereOrganizationsIsCalled(t *testing.T) {
	fips := configured{fips: aws.FIPSEndpointStateEnabled}
	for _, c := range []struct {
		config           aws.Config
		endpoint, region string
	}{
		{aws.Config{Region: "eu-central-1"}, "https://organizations.us-east-1.amazonaws.com", "us-east-1"},
		{aws.Config{Region: "cn-north-1"}, "https://organizations.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
		{aws.Config{Region: "us-gov-east-1", ConfigSources: []any{fips}}, "https://organizations.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
		{aws.Config{Region: "us-west-2", ConfigSources: []any{1, fips}}, "https://organizations-fips.us-east-1.amazonaws.com", "us-east-1"},
		{aws.Config{Region: "us-west-2", BaseEndpoint: new("http://x")}, "http://x", "us-east-1"},
		{aws.Config{Region: "us-west-2", BaseEndpoint: new("http://x"), ConfigSources: []any{configured{endpoint: "http://y"}}}, "http://y", "us-east-1"},
	} {
		endpoint, region, err := New(c.config, "").organizations(t.Context())
		if endpoint != c.endpoint || region != c.region || err != nil {
			t.Errorf("%s: %s in %s, %v", c.config.Region, endpoint, region, err)
		}
	}
}

func TestWhereSTSIsCalled(t *testing.T) {
	fips, both := configured{fips: aws.FIPSEndpointStateEnabled}, configured{dualStack: aws.DualStackEndpointStateEnabled}
	for _, c := range []struct {
		config           aws.Config
		region, endpoint string
	}{
		{aws.Config{}, "eu-central-1", "https://sts.eu-central-1.amazonaws.com"},
		{aws.Config{}, "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"},
		{aws.Config{ConfigSources: []any{1, fips}}, "us-west-2", "https://sts-fips.us-west-2.amazonaws.com"},
		{aws.Config{ConfigSources: []any{fips}}, "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"},
		{aws.Config{ConfigSources: []any{both}}, "us-west-2", "https://sts.us-west-2.api.aws"},
		{aws.Config{BaseEndpoint: new("http://x")}, "us-west-2", "http://x"},
		{aws.Config{BaseEndpoint: new("http://x"), ConfigSources: []any{configured{endpoint: "http://y"}}}, "us-west-2", "http://y"},
	} {
		endpoint, err := New(c.config, "").regional(t.Context(), c.region)
		if endpoint != c.endpoint || err != nil {
			t.Errorf("%s: %s, %v", c.region, endpoint, err)
		}
	}
}

// behind refuses what is signed by a clock that is more than five minutes apart from its own.
type behind struct {
	now   time.Time
	calls int
}

func (b *behind) Do(r *http.Request) (*http.Response, error) {
	b.calls++
	header := http.Header{"Date": {b.now.UTC().Format(http.TimeFormat)}}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || b.now.Sub(at).Abs() > 5*time.Minute {
		return answering{403, header, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"}.Do(r)
	}
	return answering{200, header, "<R><Account>111122223333</Account></R>"}.Do(r)
}

func TestClocksApart(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"together": 0, "an hour behind": -time.Hour, "a day ahead": 24 * time.Hour} {
		service := &behind{now: time.Now().Add(ahead)}
		roles := New(aws.Config{Region: own, HTTPClient: service, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "x")
		want := map[bool]int{true: 1, false: 2}[ahead == 0]
		if got, err := roles.Account(t.Context()); got != account || err != nil || service.calls != want {
			t.Errorf("%s: %q, %v, %d calls", name, got, err, service.calls)
		}
	}
}

func TestOtherAnswersOfSTS(t *testing.T) {
	for name, c := range map[string]struct {
		answer answering
		says   string
	}{
		"no credentials":  {answering{200, nil, "<AssumeRoleResponse/>"}, "no credentials"},
		"a page of HTML":  {answering{200, nil, "<html><br>"}, "no credentials"},
		"a code alone":    {answering{403, nil, "<ErrorResponse><Error>\n<Code>AccessDenied</Code><Message>secret</Message></Error></ErrorResponse>"}, "AccessDenied"},
		"nothing to read": {answering{403, nil, ""}, "403"},
	} {
		roles := New(aws.Config{Region: own, HTTPClient: c.answer, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "x")
		if _, err := roles.assume(t.Context(), targetIn(own), own); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(aws.Config{Region: own}, "x").Account(t.Context()); err == nil {
		t.Error("a caller without credentials is one")
	}
}

// answering answers every request in the same way.
type answering struct {
	status int
	header http.Header
	body   string
}

func (a answering) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func TestOtherAnswersOfOrganizations(t *testing.T) {
	for name, c := range map[string]struct {
		answer answering
		want   string
	}{
		"in the header":  {answering{400, http.Header{"X-Amzn-Errortype": {"AccessDeniedException:http://internal"}}, "{}"}, "AccessDeniedException"},
		"with a prefix":  {answering{400, nil, `{"__type":"com.amazonaws.organizations#InvalidInputException"}`}, "InvalidInputException"},
		"a page of HTML": {answering{403, nil, "<html>"}, "Forbidden"},
	} {
		roles := New(aws.Config{Region: own, HTTPClient: c.answer, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "x")
		if _, code := fault.Of(second(roles.accounts(t.Context(), []string{"ou-a"}))); code != c.want {
			t.Errorf("%s: %q, want %q", name, code, c.want)
		}
	}
	old := answering{200, nil, `{"Accounts":[{"Id":"111122223333","Status":"ACTIVE"},{"Id":"222222222222","Status":"SUSPENDED"}]}`}
	roles := New(aws.Config{Region: own, HTTPClient: old, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "x")
	if got, err := roles.accounts(t.Context(), []string{"ou-a"}); err != nil || !slices.Equal(got, []string{account}) {
		t.Error(got, err)
	}
}

func TestSessionName(t *testing.T) {
	for name, want := range map[string]string{
		target.Session("InventoryBridge", "delivery"): "invbridge-InventoryBridge-delivery",
		target.CommandSession:                         "invbridge-command",
		strings.Repeat("é", 70):                       strings.Repeat("-", 64),
		"a b":                                         "a-b",
	} {
		if got := sessionName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
