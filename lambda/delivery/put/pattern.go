package put

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// patternLasts is how long calls are made as one was: the SDK notes at each of its own how far the service's clock is from this one.
	patternLasts = time.Minute

	signedAt = "X-Amz-Date"
	signed   = "Authorization"

	timeOfSignature = "20060102T150405Z"
)

// pattern is a call that the SDK made and the service accepted: what it has in common with those that follow.
type pattern struct {
	made      time.Time // without the reading of a clock that stands still while a function is frozen
	options   ssm.Options
	operation *smithy.OperationSchema
	method    string
	url       url.URL
	host      string
	header    http.Header   // without what is of that call alone
	ahead     time.Duration // of this clock is the one by which calls are signed
	region    string        // of the signature
	service   string
}

// newPattern returns a pattern; nil: the call was not signed as calls of Systems Manager are.
func newPattern(x *exchange) *pattern {
	p := &pattern{
		made: x.at.Round(0), options: x.options, operation: x.operation,
		method: x.sent.Method, url: *x.sent.URL, host: x.sent.Host, header: maps.Clone(x.sent.Header),
	}
	at, err := time.Parse(timeOfSignature, p.header.Get(signedAt))
	if err != nil || x.options.Credentials == nil {
		return nil
	}
	p.ahead = at.Sub(x.at)
	var isScope bool
	if p.region, p.service, isScope = scope(p.header.Get(signed)); !isScope {
		return nil
	}
	for _, name := range []string{
		signed, signedAt, "X-Amz-Security-Token", // are made anew
		"Amz-Sdk-Invocation-Id", "Amz-Sdk-Request", "X-Amzn-Trace-Id", // belong to one call, and need not be sent
	} {
		p.header.Del(name)
	}
	return p
}

// isGood reports whether calls are still made like it.
func (p *pattern) isGood(now time.Time) bool {
	age := now.Round(0).Sub(p.made)
	return age >= 0 && age < patternLasts
}

// scope returns region and service of a signature: AWS4-HMAC-SHA256 Credential=KEY/20260302/us-east-1/ssm/aws4_request, SignedHeaders=…
func scope(header string) (region, service string, ok bool) {
	credential, isSigned := strings.CutPrefix(header, "AWS4-HMAC-SHA256 Credential=")
	credential, _, isMore := strings.Cut(credential, ",")
	parts := strings.Split(credential, "/")
	if !isSigned || !isMore || len(parts) < 5 {
		return "", "", false
	}
	return parts[len(parts)-3], parts[len(parts)-2], true
}

// call makes a call. Where neither an output nor an error comes, the service has not accepted it, and the SDK is to be given the answer; without an answer
// there was no call.
func (p *pattern) call(ctx context.Context, body []byte) (*ssm.PutInventoryOutput, *answer, error) {
	req, err := p.request(ctx, body)
	if err != nil {
		return nil, nil, nil // the SDK meets the error, too
	}
	response, err := p.options.HTTPClient.Do(req)
	if err != nil || response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, &answer{response, err}, nil
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	out := &ssm.PutInventoryOutput{}
	err = p.options.Protocol.DeserializeResponse(ctx, p.operation, ssm.TypeRegistry, &smithyhttp.Response{Response: response}, out)
	if err != nil {
		return nil, nil, fmt.Errorf("put: the answer: %w", err)
	}
	return out, nil, nil
}

// request makes the request of a call, and signs it.
func (p *pattern) request(ctx context.Context, body []byte) (*http.Request, error) {
	credentials, err := p.options.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	to := p.url // the signer changes it
	req := (&http.Request{
		Method: p.method, URL: &to, Host: p.host, Header: maps.Clone(p.header),
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}).WithContext(ctx)
	err = p.options.HTTPSignerV4.SignHTTP(ctx, credentials, req, hash(body), p.service, p.region, time.Now().Add(p.ahead))
	return req, err
}

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
