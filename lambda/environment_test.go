package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal/bus"
)

// called is the host of the one call that f makes. The transport refuses it, so nothing leaves the machine.
func called(t *testing.T, variables map[string]string, f func(aws.Config) error) string {
	t.Helper()
	for name, value := range variables {
		t.Setenv(name, value) // the SDK looks there, too
	}
	c, err := environment(func(name string) string { return variables[name] })
	if err != nil {
		t.Fatal(err)
	}
	host := ""
	c.HTTPClient = smithyhttp.ClientDoFunc(func(r *http.Request) (*http.Response, error) {
		host = r.URL.Host
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
			t.Errorf("%s: not signed", host)
		}
		return &http.Response{StatusCode: http.StatusForbidden, Body: http.NoBody, Request: r}, nil
	})
	if err := f(c); err == nil {
		t.Error("a call that is refused is no error")
	}
	return host
}

func TestEndpointsOfTheEnvironment(t *testing.T) {
	services := map[string]func(aws.Config) error{
		"ssm": func(c aws.Config) error {
			_, err := ssm.NewFromConfig(c).DescribeInstanceInformation(t.Context(), nil)
			return err
		},
		"s3": func(c aws.Config) error {
			_, err := s3.NewFromConfig(c).GetObject(t.Context(), &s3.GetObjectInput{Bucket: new("state"), Key: new("head")})
			return err
		},
		"sqs": func(c aws.Config) error {
			q, err := signal.NewQueue(c, "https://sqs."+c.Region+".amazonaws.com/111122223333/deliveries.fifo")
			if err != nil {
				return err
			}
			return q.Again(t.Context(), "handle", 0)
		},
		"eventbridge": func(c aws.Config) error { return bus.New(c, "bridge").Put(t.Context(), "Done", nil) },
	}
	for _, c := range []struct {
		name      string
		variables map[string]string
		want      map[string]string
	}{
		{"AWS", nil, map[string]string{
			"ssm": "ssm.us-east-1.amazonaws.com", "s3": "state.s3.us-east-1.amazonaws.com",
			"sqs": "sqs.us-east-1.amazonaws.com", "eventbridge": "events.us-east-1.amazonaws.com",
		}},
		{"FIPS", map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, map[string]string{
			"ssm": "ssm-fips.us-east-1.amazonaws.com", "s3": "state.s3-fips.us-east-1.amazonaws.com",
			"sqs": "sqs-fips.us-east-1.amazonaws.com", "eventbridge": "events-fips.us-east-1.amazonaws.com",
		}},
		{"dual stack", map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "True"}, map[string]string{
			"ssm": "ssm.us-east-1.api.aws", "s3": "state.s3.dualstack.us-east-1.amazonaws.com",
			"sqs": "sqs.us-east-1.api.aws", "eventbridge": "events.us-east-1.api.aws",
		}},
		{"one endpoint for all, and one for SQS", map[string]string{
			"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:2", "AWS_ENDPOINT_URL_S3": "",
		}, map[string]string{"ssm": "127.0.0.1:1", "sqs": "127.0.0.1:2", "eventbridge": "127.0.0.1:1"}},
		{"an endpoint for EventBridge", map[string]string{"AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_EVENTBRIDGE": "http://127.0.0.1:3"}, map[string]string{
			"ssm": "ssm.us-east-1.amazonaws.com", "eventbridge": "127.0.0.1:3",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			variables := map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
			maps.Copy(variables, c.variables)
			for service, want := range c.want {
				if got := called(t, variables, services[service]); got != want {
					t.Errorf("%s is called at %s, want %s", service, got, want)
				}
			}
		})
	}
}

func TestSwitchesAreTrueOrFalse(t *testing.T) {
	for _, name := range []string{fipsVariable, dualStackVariable} {
		_, err := environment(func(n string) string { return map[string]string{name: "a secret"}[n] })
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: want an error that names %s and not its value", err, name)
		}
	}
}
