package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// session is one run of a command: its console, its flags, and what it has opened so far.
type session struct {
	console
	options options
	given   func(flag string) bool
	opened  *clients
	set     *mapping.Set
}

// clients are the AWS clients of a run.
type clients struct {
	ssm    *ssm.Client
	s3     *s3.Client
	region string
	config aws.Config
}

// clients makes the AWS clients on first use. Endpoints come from AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SSM and
// AWS_ENDPOINT_URL_S3, as the SDK reads them.
func (s *session) clients(ctx context.Context) (*clients, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS settings: %w", err)
	}
	if cfg.Region == "" {
		if s.endpoint() == "" {
			return nil, fmt.Errorf("no AWS region: set AWS_REGION, or AWS_ENDPOINT_URL to a sandbox (invbridge sandbox)")
		}
		cfg.Region = "us-east-1"
	}
	s.opened = &clients{
		region: cfg.Region,
		config: cfg,
		ssm:    ssm.NewFromConfig(cfg),
		s3: s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = s.getenv("AWS_ENDPOINT_URL_S3") != "" || s.getenv("AWS_ENDPOINT_URL") != ""
			o.DisableLogOutputChecksumValidationSkipped = true
		}),
	}
	return s.opened, nil
}

// endpoint is where inventory goes when it does not go to AWS; "" for AWS.
func (s *session) endpoint() string {
	if e := s.getenv("AWS_ENDPOINT_URL_SSM"); e != "" {
		return e
	}
	return s.getenv("AWS_ENDPOINT_URL")
}

// mappings loads the built-ins and the user's own.
func (s *session) mappings() (*mapping.Set, error) {
	if s.set != nil {
		return s.set, nil
	}
	set, err := load.Options{AWSTypes: s.options.awsTypes}.Load(s.options.mappings...)
	s.set = set
	return set, err
}

// stateName is where the ledger lives: what the flag says, or a folder named for the endpoint.
func (s *session) stateName() (string, error) {
	if s.options.state != "" {
		return s.options.state, nil
	}
	if s.endpoint() == "" {
		return "", usageError("against AWS say where the ledger lives: --state s3://bucket/prefix (the one the stack made), or --state DIR")
	}
	u, err := url.Parse(s.endpoint())
	if err != nil || u.Host == "" {
		return "", usageError("the endpoint in AWS_ENDPOINT_URL is not a URL")
	}
	return filepath.Join(".invbridge", strings.ReplaceAll(u.Host, ":", "-")), nil
}

// interactive says whether progress may be drawn.
func (s *session) interactive() bool {
	f, ok := s.err.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
