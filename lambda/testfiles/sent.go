package testfiles

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Sent returns what a call of PutInventory puts on the wire, as the SDK's structures: with its options it may be more than its input says.
func Sent(ctx context.Context, in *ssm.PutInventoryInput, options ...func(*ssm.Options)) (*ssm.PutInventoryInput, error) {
	wire := &capture{}
	client := ssm.New(ssm.Options{Region: "us-east-1", HTTPClient: wire, Credentials: aws.CredentialsProviderFunc(nobody)})
	if _, err := client.PutInventory(ctx, in, options...); err != nil {
		return nil, err
	}
	out := &ssm.PutInventoryInput{}
	return out, json.Unmarshal(wire.body, out)
}

func nobody(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
}

// capture keeps the body of a request, and answers that it was accepted.
type capture struct{ body []byte }

func (c *capture) Do(req *http.Request) (_ *http.Response, err error) {
	c.body, err = io.ReadAll(req.Body)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, err
}
