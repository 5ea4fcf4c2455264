// Package assume calls other accounts and regions with the credentials of the roles there, and asks an organization for its accounts. It does
// not know what is called for, nor which targets there are.
package assume

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	// lasts is how long a role is asked for: a role that assumes another has it for an hour at most.
	lasts = time.Hour

	// early is how long before their end credentials are renewed: a call must still arrive with them.
	early = 5 * time.Minute

	longestName = 64
)

// Roles makes the clients of targets. It is safe for use by several goroutines.
type Roles struct {
	config  aws.Config
	session string

	mu   sync.Mutex
	held map[target.Target]*aws.CredentialsCache
}

// New returns what makes clients with a configuration, whose credentials may assume the roles. The session is what the targets' logs name the
// caller by.
func New(config aws.Config, session string) *Roles {
	config = config.Copy()
	if config.HTTPClient == nil {
		config.HTTPClient = awshttp.NewBuildableClient() // of all targets: each client would make one of its own
	}
	return &Roles{config: config, session: sessionName(session), held: map[target.Target]*aws.CredentialsCache{}}
}

// sessionName spells a name as sessions may be called.
func sessionName(name string) string {
	name = regexp.MustCompile(`[^\w+=,.@-]`).ReplaceAllString(name, "-")
	return name[:min(len(name), longestName)]
}

// Client returns a client of Systems Manager in a target. An error of a call that never was, since the role cannot be assumed, is a
// fault.Assuming.
func (r *Roles) Client(t target.Target) *actions.Client {
	cache := r.credentials(t)
	config := r.config.Copy()
	config.Region, config.Credentials = t.Region, cache
	return actions.New(ssm.NewFromConfig(config, func(o *ssm.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error { return s.Initialize.Add(renewing{cache}, middleware.Before) })
	}))
}

// credentials returns those of a target's role, which are kept until they end.
func (r *Roles) credentials(t target.Target) *aws.CredentialsCache {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.Rate = 0
	if r.held[t] == nil {
		r.held[t] = aws.NewCredentialsCache(r.provider(t), func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow, o.ExpiryWindowJitterFrac = early, 0.5 })
	}
	return r.held[t]
}

// provider assumes a role at the own region's endpoint and, where the role's account has turned that region off, at the target's: what either
// gives out is good in all regions.
func (r *Roles) provider(t target.Target) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		begun := time.Now()
		got, err := r.assume(ctx, t, r.config.Region)
		if _, code := fault.Of(err); code == "RegionDisabledException" && t.Region != r.config.Region {
			got, err = r.assume(ctx, t, t.Region)
		}
		if err != nil {
			return aws.Credentials{}, &fault.Assuming{Err: err}
		}
		got.Expires = begun.Add(lasts) // by this clock, which may be apart from the service's
		return got, nil
	})
}

// renewing makes a call once more, with credentials that are asked for anew, where the service says that they have ended: it may have another
// clock, or somebody has ended them.
type renewing struct{ cache *aws.CredentialsCache }

// ID names the middleware.
func (renewing) ID() string { return "renewCredentials" }

// HandleInitialize makes the call.
func (m renewing) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	out middleware.InitializeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleInitialize(ctx, in)
	if !ended(err) {
		return out, metadata, err
	}
	m.cache.Invalidate()
	return next.HandleInitialize(ctx, in)
}

// ended reports whether the service refuses credentials that were good before. Those of the caller itself, with which a role is assumed, are
// another matter.
func ended(err error) bool {
	api, answered := errors.AsType[smithy.APIError](err)
	if _, unassumed := errors.AsType[*fault.Assuming](err); !answered || unassumed {
		return false
	}
	switch api.ErrorCode() {
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId":
		return true
	}
	return false
}
