package put

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// exchange is one call that the SDK makes with a body that is there already. The SDK resolves the endpoint, signs, sends and reads the answer; its own
// retries are off: calls are counted and paced here.
type exchange struct {
	body []byte
	had  *answer // was there already, so that nothing is sent for it; nil: there was none

	options   ssm.Options
	operation *smithy.OperationSchema
	sent      *http.Request // nil: nothing was
	at        time.Time     // when it was
}

// answer is what came of a request.
type answer struct {
	response *http.Response
	err      error
}

// ready makes the options of the call.
func (x *exchange) ready(o *ssm.Options) {
	x.options = *o
	o.Retryer = aws.NopRetryer{}
	o.Protocol = protocol{o.Protocol, x}
	if o.HTTPClient != nil {
		o.HTTPClient = client{o.HTTPClient, x}
	}
}

// protocol is the SDK's, with a body that is there already.
type protocol struct {
	smithyhttp.ClientProtocol
	x *exchange
}

// SerializeRequest has the SDK write the headers for a body of nothing, and replaces that.
func (p protocol) SerializeRequest(ctx context.Context, op *smithy.OperationSchema, _ smithy.Serializable, req *smithyhttp.Request) error {
	p.x.operation = op
	if err := p.ClientProtocol.SerializeRequest(ctx, op, nothing{}, req); err != nil {
		return err
	}
	with, err := req.SetStream(bytes.NewReader(p.x.body))
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
	x *exchange
}

// Do sends the request, unless there is an answer already.
func (c client) Do(req *http.Request) (*http.Response, error) {
	if had := c.x.had; had != nil {
		c.x.had = nil
		return had.response, had.err
	}
	if req.Body != nil && req.ContentLength == int64(len(c.x.body)) {
		req.Body = io.NopCloser(bytes.NewReader(c.x.body))
	}
	c.x.sent, c.x.at = req, time.Now()
	return c.HTTPClient.Do(req)
}

// close closes an answer that the SDK did not ask for.
func (x *exchange) close() {
	if x.had != nil && x.had.response != nil {
		_ = x.had.response.Body.Close() // what is not read of it is not missed
	}
}
