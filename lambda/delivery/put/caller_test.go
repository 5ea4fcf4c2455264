package put

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// TestCallsAreLikeTheSDKs makes calls for several endpoints: a second one must go where the first went, with the same headers and its own signature.
func TestCallsAreLikeTheSDKs(t *testing.T) {
	for host, option := range map[string]func(*ssm.Options){
		"ssm.eu-west-1.amazonaws.com":     func(*ssm.Options) {},
		"ssm.us-gov-west-1.amazonaws.com": func(o *ssm.Options) { o.Region = "us-gov-west-1" },
		"ssm.cn-north-1.amazonaws.com.cn": func(o *ssm.Options) { o.Region = "cn-north-1" },
		"ssm-fips.us-east-1.amazonaws.com": func(o *ssm.Options) {
			o.Region, o.EndpointOptions.UseFIPSEndpoint = "us-east-1", aws.FIPSEndpointStateEnabled
		},
		"ssm.eu-west-1.api.aws": func(o *ssm.Options) { o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled },
		"127.0.0.1:4599":        func(o *ssm.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:4599/below") },
		"an-endpoint.example":   func(o *ssm.Options) { o.BaseEndpoint = aws.String("https://an-endpoint.example:443") },
	} {
		t.Run(host, func(t *testing.T) {
			w := &wire{}
			c := caller(w, option)
			for _, body := range []string{"{}", `{"a":1}`, `{"b":2}`} {
				if err := put(c, body); err != nil {
					t.Fatal(err)
				}
			}
			if !w.bySDK(1) || w.bySDK(2) || w.bySDK(3) {
				t.Fatal("not only the first call was the SDK's")
			}
			if got := strings.TrimSuffix(w.sent[0].URL.Host, ":443"); got != host {
				t.Errorf("the SDK calls %s", got)
			}
			if diff := cmp.Diff([]string{"{}", `{"a":1}`, `{"b":2}`}, w.bodies); diff != "" {
				t.Error(diff)
			}
			for n, r := range w.sent {
				if r.URL.String() != w.sent[0].URL.String() || r.Host != w.sent[0].Host || r.Method != http.MethodPost || r.ContentLength != int64(len(w.bodies[n])) {
					t.Errorf("call %d: %s %s at %s, %d bytes", n+1, r.Method, r.URL, r.Host, r.ContentLength)
				}
				if diff := cmp.Diff(common(w.sent[0].Header), common(r.Header)); diff != "" {
					t.Errorf("call %d has other headers:\n%s", n+1, diff)
				}
				if got, want := r.Header.Get("X-Amz-Security-Token"), fmt.Sprint("token-", n+1); got != want {
					t.Errorf("call %d has the token %s", n+1, got)
				}
				checkSignature(t, r, w.bodies[n])
			}
		})
	}
}

func TestTheSDKMakesACallEachMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		c := caller(w)
		for _, bySDK := range []bool{true, false, false, true, false} {
			if err := put(c, "{}"); err != nil || w.bySDK(len(w.sent)) != bySDK {
				t.Errorf("call %d: by the SDK %t, want %t; %v", len(w.sent), w.bySDK(len(w.sent)), bySDK, err)
			}
			time.Sleep(25 * time.Second)
		}
	})
}

// TestAPatternIsOld goes by the clock on the wall: a function is frozen between two invocations, and that clock may be set back, too.
func TestAPatternIsOld(t *testing.T) {
	now := time.Now()
	p := newPattern(&exchange{at: now, options: ssm.Options{Credentials: &tokens{}}, sent: &http.Request{URL: &url.URL{}, Header: http.Header{
		"X-Amz-Date": {now.UTC().Format("20060102T150405Z")}, "Authorization": {"AWS4-HMAC-SHA256 Credential=k/20260302/eu-west-1/ssm/aws4_request, SignedHeaders=host"},
	}}})
	for age, want := range map[time.Duration]bool{0: true, 59 * time.Second: true, time.Minute: false, 30 * time.Hour: false, -time.Second: false} {
		if p.isGood(now.Add(age)) != want {
			t.Errorf("good after %v: %t", age, !want)
		}
	}
}

// TestCallsAtOnce makes calls from several goroutines, for the race detector, and looks at each call's own signature.
func TestCallsAtOnce(t *testing.T) {
	var mu sync.Mutex
	w := &wire{}
	c := NewCaller(ssm.New(ssm.Options{Region: "eu-west-1", HTTPClient: locked{w, &mu}, Credentials: aws.NewCredentialsCache(&tokens{})}))
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 20 {
				if err := put(c, fmt.Sprintf(`{"n":%d,"i":%d}`, n, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	bySDK := 0
	for n, r := range w.sent {
		checkSignature(t, r, w.bodies[n])
		if w.bySDK(n + 1) {
			bySDK++
		}
	}
	if len(w.sent) != 160 || bySDK > 8 {
		t.Errorf("%d calls, %d by the SDK", len(w.sent), bySDK)
	}
}

// TestWhatIsNotAcceptedIsTheSDKs: an error is the SDK's own, no call is made twice, and the next one is made by the SDK.
func TestWhatIsNotAcceptedIsTheSDKs(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		err    error
		class  fault.Class
		code   string
		item   string
	}{
		"refused":   {status: http.StatusBadRequest, body: errorOf("InvalidItemContentException"), class: fault.Refused, code: "InvalidItemContentException", item: "Custom:Asset"},
		"throttled": {status: http.StatusBadRequest, body: errorOf("ThrottlingException"), class: fault.Throttled, code: "ThrottlingException"},
		"gone":      {status: http.StatusBadRequest, body: errorOf("InvalidInstanceId"), class: fault.Gone, code: "InvalidInstanceId"},
		"a page":    {status: http.StatusBadGateway, body: "<html>", class: fault.Retry, code: "Bad Gateway"},
		"elsewhere": {status: http.StatusFound, body: "", class: fault.Refused, code: "UnknownError"},
		"no JSON":   {status: http.StatusOK, body: "<html>", class: fault.Retry, code: "connection failed"},
		"no answer": {err: errors.New("connection reset"), class: fault.Retry, code: "connection failed"},
		"too late":  {err: context.DeadlineExceeded, class: fault.Retry, code: "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wire{}
			w.answers = func(n int) (*http.Response, error) {
				switch {
				case n == 2 && c.err != nil:
					return nil, c.err
				case n == 2:
					return answered(c.status, c.body), nil
				}
				return answered(http.StatusOK, "{}"), nil
			}
			calls := caller(w)
			first, second := put(calls, "{}"), put(calls, "{}")
			class, code := fault.Of(second)
			if first != nil || class != c.class || code != c.code || fault.Item(second) != c.item {
				t.Errorf("%v, then class %d, code %q, item %q: %v", first, class, code, fault.Item(second), second)
			}
			if third := put(calls, "{}"); third != nil || len(w.sent) != 3 || w.bySDK(2) || !w.bySDK(3) {
				t.Errorf("%v; %d calls", third, len(w.sent))
			}
		})
	}
}

// TestAnAnswerIsReadByTheOptions: what is added to a client sees an answer that the SDK did not ask for, and may make the call again.
func TestAnAnswerIsReadByTheOptions(t *testing.T) {
	w := &wire{answers: func(n int) (*http.Response, error) {
		if n == 2 {
			return answered(http.StatusBadRequest, errorOf("ExpiredTokenException")), nil
		}
		return answered(http.StatusOK, "{}"), nil
	}}
	again := middleware.InitializeMiddlewareFunc("again", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		out, m, err := next.HandleInitialize(ctx, in)
		if err != nil {
			return next.HandleInitialize(ctx, in)
		}
		return out, m, err
	})
	c := caller(w, ssm.WithAPIOptions(func(s *middleware.Stack) error { return s.Initialize.Add(again, middleware.Before) }))
	if first, second := put(c, "{}"), put(c, `{"a":1}`); first != nil || second != nil {
		t.Error(first, second)
	}
	if len(w.sent) != 3 || w.bySDK(2) || !w.bySDK(3) || w.bodies[2] != `{"a":1}` {
		t.Errorf("%d calls: %q", len(w.sent), w.bodies)
	}
}

// TestTheClockIsTheServices: where the SDK knows that the service's clock is another one, all calls are signed by that.
func TestTheClockIsTheServices(t *testing.T) {
	w := &wire{answers: func(int) (*http.Response, error) {
		r := answered(http.StatusOK, "{}")
		r.Header.Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		return r, nil
	}}
	client := ssm.New(ssm.Options{Region: "eu-west-1", HTTPClient: w, Credentials: &tokens{}})
	if _, err := client.DescribeInstanceInformation(t.Context(), &ssm.DescribeInstanceInformationInput{}); err != nil {
		t.Fatal(err)
	}
	c := NewCaller(client)
	for range 3 {
		if err := put(c, "{}"); err != nil {
			t.Fatal(err)
		}
	}
	for n, r := range w.sent[1:] {
		at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if ahead := time.Until(at); err != nil || ahead < 59*time.Minute || ahead > 61*time.Minute {
			t.Errorf("call %d is signed %v ahead, %v", n+1, ahead, err)
		}
	}
}

func TestWithoutCredentials(t *testing.T) {
	w := &wire{}
	c := caller(w)
	if err := put(c, "{}"); err != nil {
		t.Fatal(err)
	}
	want := errors.New("no credentials")
	p := c.pattern.Load()
	p.options.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, want })
	if err := put(c, "{}"); err != nil || len(w.sent) != 2 || !w.bySDK(2) {
		t.Errorf("%d calls, %v", len(w.sent), err)
	}
	none := caller(&wire{}, func(o *ssm.Options) { o.Credentials = p.options.Credentials })
	if err := put(none, "{}"); !errors.Is(err, want) {
		t.Error(err)
	}
	anonymous := &wire{}
	c = caller(anonymous, func(o *ssm.Options) { o.Credentials = aws.AnonymousCredentials{} })
	if first, second := put(c, "{}"), put(c, "{}"); first != nil || second != nil || !anonymous.bySDK(2) {
		t.Error(first, second)
	}
}

// TestAnotherClientMakesAllCalls: what is around the SDK's client sees each call.
func TestAnotherClientMakesAllCalls(t *testing.T) {
	w := &wire{}
	around := &counting{API: ssm.New(ssm.Options{Region: "eu-west-1", HTTPClient: w, Credentials: &tokens{}})}
	c := NewCaller(around)
	for range 3 {
		if err := put(c, "{}"); err != nil {
			t.Fatal(err)
		}
	}
	if around.calls != 3 || !w.bySDK(3) {
		t.Errorf("%d of 3 calls", around.calls)
	}
}

// TestTheActionsAreTheSDKs: the client that the programs have is imitated, as the SDK's own is.
func TestTheActionsAreTheSDKs(t *testing.T) {
	w := &wire{}
	c := NewCaller(actions.New(ssm.New(ssm.Options{Region: "eu-west-1", HTTPClient: w, Credentials: &tokens{}})))
	if first, second := put(c, "{}"), put(c, "{}"); first != nil || second != nil || w.bySDK(2) {
		t.Error(first, second)
	}
}

type counting struct {
	API
	calls int
}

func (c *counting) PutInventory(ctx context.Context, in *ssm.PutInventoryInput, o ...func(*ssm.Options)) (*ssm.PutInventoryOutput, error) {
	c.calls++
	return c.API.PutInventory(ctx, in, o...)
}

func TestTheMessageOfAnAnswer(t *testing.T) {
	w := &wire{answers: func(int) (*http.Response, error) { return answered(http.StatusOK, `{"Message":"so it is"}`), nil }}
	c := caller(w)
	for range 2 {
		out, err := c.call(t.Context(), someInput, []byte("{}"))
		if err != nil || aws.ToString(out.Message) != "so it is" {
			t.Errorf("%+v, %v", out, err)
		}
	}
}

func TestScope(t *testing.T) {
	for header, want := range map[string]string{
		"AWS4-HMAC-SHA256 Credential=k/20260302/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=x":     "eu-west-1 ssm",
		"AWS4-HMAC-SHA256 Credential=k/e/y/20260302/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=x": "eu-west-1 ssm",
		"AWS4-HMAC-SHA256 Credential=20260302/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=x":       "",
		"AWS4-HMAC-SHA256 Credential=k/20260302/eu-west-1/ssm/aws4_request":                                      "",
		"AWS4-ECDSA-P256-SHA256 Credential=k/20260302/ssm/aws4_request/x, SignedHeaders=host":                    "",
		"Bearer x": "", "": "",
	} {
		region, service, ok := scope(header)
		if got := strings.TrimSpace(region + " " + service); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %t", header, got, ok)
		}
	}
}

// TestOverHTTPS makes calls to a server with a certificate, which speaks HTTP/2.
func TestOverHTTPS(t *testing.T) {
	var protos []string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protos = append(protos, r.Proto)
		_, _ = io.WriteString(w, "{}")
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	own := Client().WithTransportOptions(func(tr *http.Transport) {
		tr.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	})
	c := NewCaller(ssm.New(ssm.Options{Region: "eu-west-1", BaseEndpoint: &s.URL, HTTPClient: own, Credentials: &tokens{}}))
	for range 3 {
		if err := put(c, strings.Repeat(" ", 200_000)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"HTTP/2.0", "HTTP/2.0", "HTTP/2.0"}, protos); diff != "" {
		t.Error(diff)
	}
}
