package put

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ready returns the options of one call whose body is there already. The SDK resolves the endpoint, signs, sends and reads the answer; its own
// retries are off: calls are counted and paced here.
func ready(body []byte) func(*ssm.Options) {
	return func(o *ssm.Options) {
		o.Retryer = aws.NopRetryer{}
		o.Protocol = protocol{o.Protocol, body}
		if o.HTTPClient != nil {
			o.HTTPClient = client{o.HTTPClient, body}
		}
	}
}

// protocol is the SDK's, with a body that is there already.
type protocol struct {
	smithyhttp.ClientProtocol
	body []byte
}

// SerializeRequest has the SDK write the headers for a body of nothing, and replaces that.
func (p protocol) SerializeRequest(ctx context.Context, op *smithy.OperationSchema, _ smithy.Serializable, req *smithyhttp.Request) error {
	if err := p.ClientProtocol.SerializeRequest(ctx, op, nothing{}, req); err != nil {
		return err
	}
	with, err := req.SetStream(bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	*req = *with
	return nil
}

// nothing serializes nothing.
type nothing struct{}

func (nothing) Serialize(smithy.ShapeSerializer) {}

// client sends the body as what it is, bytes in memory. The SDK wraps it in a reader that package http does not know: then the headers are
// sent alone, and where the answer comes before the end of that reader is seen, the connection is given up.
type client struct {
	aws.HTTPClient
	body []byte
}

// Do sends the request.
func (c client) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil && req.ContentLength == int64(len(c.body)) {
		req.Body = io.NopCloser(bytes.NewReader(c.body))
	}
	return c.HTTPClient.Do(req)
}
