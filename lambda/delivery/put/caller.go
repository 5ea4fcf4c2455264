package put

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
)

// Caller makes calls of PutInventory with one client. It is safe for use by several goroutines.
//
// The SDK makes the first call. Those of the minute after it are made as that one was, with their own body, time and signature: what the SDK does for each
// call to find the endpoint and the headers, which are the same, took more time than all else here. Where the service does not accept such a
// call, the SDK is given the answer, and does what it does with its own; it makes the next call, too.
type Caller struct {
	api      API
	pattern  atomic.Pointer[pattern] // nil: the SDK makes the next call
	imitates bool                    // the API is a client of the SDK itself
}

// NewCaller returns what makes calls with a client. One that is not the SDK's own makes all calls itself.
func NewCaller(api API) *Caller {
	c := &Caller{api: api}
	switch api.(type) {
	case *ssm.Client, *actions.Client:
		c.imitates = true
	}
	return c
}

// call makes a call: input returns it as the SDK takes it, and body is all of it as JSON.
func (c *Caller) call(ctx context.Context, input func() *ssm.PutInventoryInput, body []byte) (*ssm.PutInventoryOutput, error) {
	var had *answer
	if p := c.pattern.Load(); p != nil && p.isGood(time.Now()) {
		var out *ssm.PutInventoryOutput
		var err error
		out, had, err = p.call(ctx, body)
		if out != nil {
			return out, nil
		}
		c.pattern.Store(nil)
		if err != nil {
			return nil, err
		}
	}
	return c.bySDK(ctx, input(), &exchange{body: body, had: had})
}

// bySDK has the SDK make a call, or take the answer to one. The calls that follow one that was accepted are made as that was.
func (c *Caller) bySDK(ctx context.Context, in *ssm.PutInventoryInput, x *exchange) (*ssm.PutInventoryOutput, error) {
	out, err := c.api.PutInventory(ctx, in, x.ready)
	x.close()
	switch {
	case err != nil:
		c.pattern.Store(nil)
	case c.imitates && x.sent != nil:
		c.pattern.Store(newPattern(x))
	}
	return out, err
}
