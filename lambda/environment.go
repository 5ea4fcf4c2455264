package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Variables that choose among a service's endpoints, as the SDKs name them.
const (
	endpointVariable  = "AWS_ENDPOINT_URL"
	fipsVariable      = "AWS_USE_FIPS_ENDPOINT"
	dualStackVariable = "AWS_USE_DUALSTACK_ENDPOINT"
)

// environment returns the AWS configuration that Lambda provides: everything stands in the environment, so the SDK's loader of profiles,
// single sign-on and metadata, a good part of the program's size and start, is not needed.
func environment(getenv func(string) string) (aws.Config, error) {
	v := variables(getenv)
	_, fipsErr := v.truth(fipsVariable)
	_, dualStackErr := v.truth(dualStackVariable)
	if err := errors.Join(fipsErr, dualStackErr, v.endpoints(), v.required("AWS_REGION")); err != nil {
		return aws.Config{}, err
	}
	c := aws.Config{Region: getenv("AWS_REGION"), Credentials: aws.CredentialsProviderFunc(v.credentials), ConfigSources: []any{v}}
	if e := getenv(endpointVariable); e != "" {
		c.BaseEndpoint = &e
	}
	return c, nil
}

// variables are a source of configuration: the SDK looks for its methods by their names.
type variables func(string) string

// truth reads a variable that is true or false; unset it is false.
func (v variables) truth(name string) (bool, error) {
	switch strings.ToLower(v(name)) {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, fmt.Errorf("%s must be true or false", name)
}

// endpoints checks the endpoints that are set, for all services and for each.
func (v variables) endpoints() error {
	var errs []error
	for _, service := range []string{"", "_SSM", "_S3", "_SQS", "_EVENTBRIDGE", "_STS", "_ORGANIZATIONS"} {
		text := v(endpointVariable + service)
		u, err := url.Parse(text)
		if text != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("%s must be a URL such as http://127.0.0.1:4599", endpointVariable+service))
		}
	}
	return errors.Join(errs...)
}

func (v variables) required(name string) error {
	if v(name) == "" {
		return fmt.Errorf("%s must be set", name)
	}
	return nil
}

func (v variables) credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID: v("AWS_ACCESS_KEY_ID"), SecretAccessKey: v("AWS_SECRET_ACCESS_KEY"), SessionToken: v("AWS_SESSION_TOKEN"), Source: "environment",
	}, nil
}

// GetServiceBaseEndpoint returns the endpoint that a variable sets for one service: AWS_ENDPOINT_URL_S3.
func (v variables) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) { //nolint:unparam // the SDK's signature
	e := v(endpointVariable + "_" + strings.ToUpper(strings.ReplaceAll(service, " ", "_")))
	return e, e != "", nil
}

// GetUseFIPSEndpoint reports whether FIPS endpoints are to be called, where a service has them.
func (v variables) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	on, err := v.truth(fipsVariable)
	return aws.FIPSEndpointStateEnabled, on, err
}

// GetUseDualStackEndpoint reports whether endpoints with IPv6 addresses as well are to be called, where a service has them.
func (v variables) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	on, err := v.truth(dualStackVariable)
	return aws.DualStackEndpointStateEnabled, on, err
}
