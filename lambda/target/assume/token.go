package assume

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// tokenTries is how often STS is asked.
const tokenTries = 4

// Account returns the account of the caller itself.
func (r *Roles) Account(ctx context.Context) (string, error) {
	answer, err := r.tokens(ctx, r.config.Region, url.Values{"Action": {"GetCallerIdentity"}})
	if err != nil {
		return "", fmt.Errorf("assume: asking for the caller's account: %w", err)
	}
	return answer["Account"], nil
}

// assume assumes a target's role at the endpoint of a region.
func (r *Roles) assume(ctx context.Context, t target.Target, region string) (aws.Credentials, error) {
	question := url.Values{
		"Action": {"AssumeRole"}, "RoleArn": {t.Role}, "RoleSessionName": {r.session}, "DurationSeconds": {strconv.Itoa(int(lasts.Seconds()))},
	}
	if t.ExternalID != "" {
		question.Set("ExternalId", t.ExternalID)
	}
	answer, err := r.tokens(ctx, region, question)
	if err != nil {
		return aws.Credentials{}, err
	}
	c := aws.Credentials{
		AccessKeyID: answer["AccessKeyId"], SecretAccessKey: answer["SecretAccessKey"], SessionToken: answer["SessionToken"], Source: "AssumeRole", CanExpire: true,
	}
	if !c.HasKeys() {
		return c, errors.New("assume: the answer has no credentials")
	}
	return c, nil
}

// tokens calls STS, in the form of the services that speak XML, and returns the texts of the answer by the names of their elements. The two
// operations are called by themselves: the SDK's client of STS is a fortieth of the program, and takes longer to start than they to read.
func (r *Roles) tokens(ctx context.Context, region string, question url.Values) (map[string]string, error) {
	endpoint, err := r.regional(ctx, region)
	if err != nil {
		return nil, err
	}
	question.Set("Version", "2011-06-15")
	c := call{
		service: "sts", region: region, endpoint: endpoint, body: []byte(question.Encode()),
		header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}},
		code:   func(_ *http.Response, answer []byte) string { return texts(answer)["Code"] },
	}
	answer, err := fault.Again(ctx, tokenTries, nil, func() ([]byte, error) { return r.send(ctx, c) })
	if err != nil {
		return nil, err
	}
	return texts(answer), nil
}

// texts returns the texts of XML by the names of the elements that they stand in; of what is no XML those before it breaks.
func texts(answer []byte) map[string]string {
	found, name := map[string]string{}, ""
	for d := xml.NewDecoder(bytes.NewReader(answer)); ; {
		token, err := d.Token()
		if err != nil {
			return found // io.EOF, or broken
		}
		switch t := token.(type) {
		case xml.StartElement:
			name = t.Name.Local
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" && name != "" {
				found[name] += text
			}
		case xml.EndElement:
			name = ""
		}
	}
}
