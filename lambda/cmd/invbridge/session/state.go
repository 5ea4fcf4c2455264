package session

import (
	"context"
	"math"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Store opens the place of the state; dir is its directory, "" for S3.
func (s *Session) Store(ctx context.Context) (store ledger.Store, dir string, err error) {
	name, err := s.stateName()
	if err != nil {
		return nil, "", err
	}
	rest, isS3 := strings.CutPrefix(name, "s3://")
	if !isS3 {
		return ledger.Dir(name), name, nil
	}
	api, err := s.Clients(ctx)
	if err != nil {
		return nil, "", err
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	return ledger.S3(api.S3, bucket, strings.Trim(prefix, "/")), "", nil
}

// stateName is the place of the state: what the flag names, or a folder named for the endpoint.
func (s *Session) stateName() (string, error) {
	if s.State != "" {
		return s.State, nil
	}
	if s.endpoint() == "" {
		return "", UsageError("against AWS name the place of the state: --state s3://bucket/prefix (the one that the stack made), or --state DIR")
	}
	u, err := url.Parse(s.endpoint())
	if err != nil || u.Host == "" {
		return "", UsageError("the endpoint in AWS_ENDPOINT_URL is not a URL")
	}
	return filepath.Join(".invbridge", strings.ReplaceAll(u.Host, ":", "-")), nil
}

func (s *Session) checkRate() error {
	switch r := s.Rate; {
	case r < 0 || math.IsNaN(r):
		return UsageError("--rate must be a number of calls a second, or 0 for no limit")
	case r == 0 && s.endpoint() == "":
		return UsageError("--rate 0 is allowed only where an endpoint is set: against AWS the calls have a limit")
	default:
		return nil
	}
}
