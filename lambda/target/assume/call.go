package assume

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxAnswer bounds an answer in bytes; a page of accounts has 20.
const maxAnswer = 1 << 20

// apart is how far a clock may be from the service's.
const apart = 4 * time.Minute

// call is one request to a service of which no client is linked.
type call struct {
	service, region string // that it is signed for
	endpoint        string
	header          http.Header
	body            []byte
	code            func(*http.Response, []byte) string // of an answer that is an error
}

// send makes a call, and makes it again by the service's clock where that is apart from this one, since signatures are good for minutes.
func (r *Roles) send(ctx context.Context, c call) ([]byte, error) {
	answer, ahead, err := r.sign(ctx, c, time.Now())
	if err != nil && ahead.Abs() > apart {
		answer, _, err = r.sign(ctx, c, time.Now().Add(ahead))
	}
	return answer, err
}

// sign signs a call with the caller's own credentials and returns its answer, and how far the service's clock is ahead. An answer that refuses is
// an error in the SDK's form.
func (r *Roles) sign(ctx context.Context, c call, at time.Time) (answer []byte, ahead time.Duration, err error) {
	if r.config.Credentials == nil {
		return nil, 0, errors.New("there are no credentials")
	}
	credentials, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(c.body))
	if err != nil {
		return nil, 0, err
	}
	if request.URL.Path == "" {
		request.URL.Path = "/"
	}
	request.Header = c.header.Clone()
	sum := sha256.Sum256(c.body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), c.service, c.region, at); err != nil {
		return nil, 0, err
	}
	response, err := r.config.HTTPClient.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = response.Body.Close() }() // it was read
	if date, wrong := http.ParseTime(response.Header.Get("Date")); wrong == nil {
		ahead = date.Sub(at)
	}
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err == nil && response.StatusCode != http.StatusOK {
		err = &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: response},
			Err:      &smithy.GenericAPIError{Code: c.code(response, answer), Message: "the call is refused"},
		}
	}
	return answer, ahead, err
}

// regional returns where a region's STS is called: a host like that of Systems Manager there, of the same kind (FIPS, dual stack).
func (r *Roles) regional(ctx context.Context, region string) (string, error) {
	if set, err := r.set(ctx, "STS"); err != nil || set != "" {
		return set, err
	}
	p := ssm.EndpointParameters{Region: &region, UseFIPS: new(false), UseDualStack: new(false)}
	for _, source := range r.config.ConfigSources {
		if s, ok := source.(fipsSource); ok {
			state, _, err := s.GetUseFIPSEndpoint(ctx)
			if err != nil {
				return "", err
			}
			*p.UseFIPS = *p.UseFIPS || state == aws.FIPSEndpointStateEnabled
		}
		if s, ok := source.(interface {
			GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error)
		}); ok {
			state, _, err := s.GetUseDualStackEndpoint(ctx)
			if err != nil {
				return "", err
			}
			*p.UseDualStack = *p.UseDualStack || state == aws.DualStackEndpointStateEnabled
		}
	}
	e, err := ssm.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, p)
	if err != nil {
		return "", fmt.Errorf("assume: the endpoint of STS: %w", err)
	}
	return "https://sts" + strings.TrimPrefix(e.URI.Host, "ssm"), nil
}

type fipsSource interface {
	GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error)
}

// set returns the endpoint that is set for a service, or for all; "": none.
func (r *Roles) set(ctx context.Context, service string) (string, error) {
	for _, source := range r.config.ConfigSources {
		if s, ok := source.(interface {
			GetServiceBaseEndpoint(context.Context, string) (string, bool, error)
		}); ok {
			endpoint, found, err := s.GetServiceBaseEndpoint(ctx, service)
			if err != nil || found {
				return endpoint, err
			}
		}
	}
	return aws.ToString(r.config.BaseEndpoint), nil
}
