package put

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// wire records what is sent, and answers it.
type wire struct {
	sent    []*http.Request
	bodies  []string
	answers func(n int) (*http.Response, error) // n is from 1; nil: all is accepted
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.sent, w.bodies = append(w.sent, r), append(w.bodies, string(body))
	if w.answers == nil {
		return answered(http.StatusOK, "{}"), nil
	}
	return w.answers(len(w.sent))
}

// bySDK reports whether the SDK has made a call from its beginning.
func (w *wire) bySDK(n int) bool { return w.sent[n-1].Header.Get("Amz-Sdk-Invocation-Id") != "" }

func answered(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

func errorOf(code string) string { return fmt.Sprintf(`{"__type":%q,"TypeName":"Custom:Asset"}`, code) }

// tokens are credentials with another token each time.
type tokens struct{ n int }

func (c *tokens) Retrieve(context.Context) (aws.Credentials, error) {
	c.n++
	return aws.Credentials{AccessKeyID: "key/with/slashes", SecretAccessKey: "secret", SessionToken: fmt.Sprint("token-", c.n)}, nil
}

// caller returns what calls over a wire.
func caller(w *wire, options ...func(*ssm.Options)) *Caller {
	return NewCaller(ssm.New(ssm.Options{Region: "eu-west-1", HTTPClient: w, Credentials: &tokens{}}, options...))
}

func put(c *Caller, body string) error {
	_, err := c.call(context.Background(), someInput, []byte(body))
	return err
}

func someInput() *ssm.PutInventoryInput {
	return &ssm.PutInventoryInput{InstanceId: aws.String("i-1"), Items: []types.InventoryItem{}}
}

// locked is a wire for several goroutines.
type locked struct {
	wire *wire
	mu   *sync.Mutex
}

func (l locked) Do(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wire.Do(r)
}

// common are the headers that do not belong to one call.
func common(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "Amz-Sdk-Invocation-Id", "Amz-Sdk-Request"} {
		h.Del(name)
	}
	return h
}

// checkSignature signs a request again, and compares.
func checkSignature(t *testing.T, r *http.Request, body string) {
	t.Helper()
	signature := r.Header.Get("Authorization")
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("signed at %v, %v", at, err)
	}
	region, service, ok := scope(signature)
	if !ok || service != "ssm" {
		t.Fatalf("signed for %q in %q", service, region)
	}
	again := r.Clone(context.Background())
	again.Header.Del("Authorization")
	credentials := aws.Credentials{AccessKeyID: "key/with/slashes", SecretAccessKey: "secret", SessionToken: r.Header.Get("X-Amz-Security-Token")}
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, again, hash([]byte(body)), service, region, at); err != nil {
		t.Fatal(err)
	}
	if got := again.Header.Get("Authorization"); got != signature {
		t.Errorf("%s\nwould be right, and was\n%s", got, signature)
	}
}
