package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Variables that choose among a service's endpoints, as the SDKs name them.
const (
	endpointVariable  = "AWS_ENDPOINT_URL"
	fipsVariable      = "AWS_USE_FIPS_ENDPOINT"
	dualStackVariable = "AWS_USE_DUALSTACK_ENDPOINT"
)

// environment returns the AWS configuration as Lambda gives it: everything stands in the environment, so the SDK's loader of profiles,
// single sign-on and metadata, a good part of the program's size and start, is not needed.
func environment(getenv func(string) string) (aws.Config, error) {
	v := variables{getenv: getenv}
	var err error
	if v.fips, err = v.truth(fipsVariable); err != nil {
		return aws.Config{}, err
	}
	if v.dualStack, err = v.truth(dualStackVariable); err != nil {
		return aws.Config{}, err
	}
	c := aws.Config{Region: getenv("AWS_REGION"), Credentials: aws.CredentialsProviderFunc(v.credentials), ConfigSources: []any{v}}
	if e := getenv(endpointVariable); e != "" {
		c.BaseEndpoint = &e
	}
	return c, nil
}

// variables are a source of configuration: the SDK looks for its methods by their names.
type variables struct {
	getenv          func(string) string
	fips, dualStack bool
}

// truth reads a variable that is true or false; unset it is false.
func (v variables) truth(name string) (bool, error) {
	switch strings.ToLower(v.getenv(name)) {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, fmt.Errorf("%s must be true or false", name)
}

func (v variables) credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID: v.getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: v.getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: v.getenv("AWS_SESSION_TOKEN"), Source: "environment",
	}, nil
}

// GetServiceBaseEndpoint returns the endpoint that a variable sets for one service: AWS_ENDPOINT_URL_S3.
func (v variables) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	e := v.getenv(endpointVariable + "_" + strings.ToUpper(strings.ReplaceAll(service, " ", "_")))
	return e, e != "", nil
}

// GetUseFIPSEndpoint reports that FIPS endpoints are to be called, where they are.
func (v variables) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return aws.FIPSEndpointStateEnabled, v.fips, nil
}

// GetUseDualStackEndpoint reports that endpoints for IPv6, too, are to be called, where they are.
func (v variables) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return aws.DualStackEndpointStateEnabled, v.dualStack, nil
}
