// Package signal knows how the function calls its own queue: what is to be delivered, and when a message shall come again; in package bus, that
// an import is done. It knows nothing of documents, nor of what a delivery holds.
package signal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// Bounds of an action.
const (
	maxCalls    = 4
	callTimeout = 10 * time.Second
)

// Settings returns a configuration for clients that call once, since package fault knows which errors are worth another call, and that
// refuse what the SDK would do without credentials: call unsigned.
func Settings(c aws.Config) aws.Config {
	c.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	if c.Credentials == nil {
		c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("there are no credentials")
		})
	}
	return c
}

// Call makes a call, again where that may help.
func Call[In, Out, Options any](ctx context.Context, action string, f func(context.Context, In, ...func(*Options)) (Out, error), in In) (Out, error) {
	out, err := fault.Again(ctx, maxCalls, nil, func() (Out, error) {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		return f(ctx, in)
	})
	if err != nil {
		return out, fmt.Errorf("signal: %s: %w", action, bare(err))
	}
	return out, nil
}

// bare returns a service's error without its text, which may quote what was sent: code and status stay.
func bare(err error) error {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) {
		return err
	}
	code := ""
	var api smithy.APIError
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	text := http.StatusText(response.HTTPStatusCode())
	return &smithyhttp.ResponseError{Response: response.Response, Err: &smithy.GenericAPIError{Code: code, Message: text}}
}
