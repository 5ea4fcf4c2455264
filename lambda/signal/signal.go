// Package signal knows how the function speaks to its own queue and bus: what is to be delivered, when a message shall come again, and
// that an import is done. It knows nothing of documents, nor what a delivery says.
//
// It is a client of its own for three actions: those of the SDK for SQS and EventBridge would make the program a fifteenth larger.
package signal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// Bounds of a call.
const (
	attempts     = 4
	maxBody      = 1 << 20          // of an answer
	callsTimeout = 10 * time.Second // of one attempt
)

// service is one that speaks JSON, as its documentation calls it "AWS JSON 1.0" or "1.1".
type service struct {
	config   aws.Config
	endpoint string
	name     string // in signatures
	target   string // before the action's name
	version  string // of the JSON protocol
}

// call makes a call, again where that may help, and reads its answer. Errors are those of the SDK, so that fault.Of knows them.
func (s *service) call(ctx context.Context, action string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("signal: %s: %w", action, err)
	}
	_, err = fault.Again(ctx, attempts, nil, func() (struct{}, error) { return struct{}{}, s.attempt(ctx, action, body, out) })
	if err != nil {
		return fmt.Errorf("signal: %s: %w", action, err)
	}
	return nil
}

func (s *service) attempt(ctx context.Context, action string, body []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callsTimeout)
	defer cancel()
	req, err := s.request(ctx, action, body)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // it was read to its end, or the error is known
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return failed(res, answer)
	}
	return json.Unmarshal(answer, out)
}

// request is a signed request.
func (s *service) request(ctx context.Context, action string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-"+s.version)
	req.Header.Set("X-Amz-Target", s.target+"."+action)
	if s.config.Credentials == nil {
		return nil, errors.New("there are no credentials")
	}
	credentials, err := s.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return req, v4.NewSigner().SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), s.name, s.config.Region, time.Now())
}

// failed is the error that an answer tells of. Its text is left out: it may quote what was sent.
func failed(res *http.Response, answer []byte) error {
	var told struct {
		Type string `json:"__type"`
	}
	_ = json.Unmarshal(answer, &told) // the status tells enough where it is no JSON
	code := told.Type[strings.LastIndexByte(told.Type, '#')+1:]
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: res},
		Err:      &smithy.GenericAPIError{Code: code, Message: http.StatusText(res.StatusCode)},
	}
}
