// Package session is one run of a command: its console, the flags that commands share, and what it opens by these: AWS clients,
// mappings, state, directory and documents. It does not know the commands, nor how anything is shown.
package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go/logging"
	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

// Console is what a command talks to.
type Console struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	HTTP     aws.HTTPClient // for calls of AWS; nil: the SDK's own
}

// Settings are the flags that several commands share; each command has some of them.
type Settings struct {
	JSON        bool
	MappingDirs []string // the user's own mappings and types
	AWSTypes    []string // that mappings may fill
	LimitFlags  []string // limits of documents, as name=number
	Mapping     string   // that the documents are for; "": key and content decide
	As          []string // kind=value: the machine of a document that names none
	Nodes       string   // file of managed nodes; "": the service's directory
	Targets     string   // file of accounts and regions beside this one; "": none
	State       string   // s3://bucket/prefix or a directory
	Partitions  int      // of a new state; 0: the usual number
	Rate        float64  // PutInventory calls a second; 0: no limit
	Force       bool     // put what did not change, too
	AsOf        string   // "now": documents count as of now, whatever times they have
}

// DefaultRate is how many PutInventory calls a second are made where nothing else is set.
const DefaultRate = 2

// Session is one run of a command.
type Session struct {
	Console
	Settings
	clients *Clients
	roles   *assume.Roles
	closers []func() error
	named   bool         // the state was
	least   atomic.Int64 // that the memory is bounded by; 0: it is not
}

// New returns a session that has opened nothing.
func New(c Console) *Session {
	if c.Getenv == nil {
		c.Getenv = func(string) string { return "" }
	}
	return &Session{Console: c, Settings: Settings{Rate: DefaultRate}}
}

// StateByDefault is the place of the state where no flag names one; "": none was set.
func (s *Session) StateByDefault() string { return s.Getenv("INVBRIDGE_STATE") }

// MappingsByDefault are the directories of the user's own mappings where no flag names any, separated as those of PATH.
func (s *Session) MappingsByDefault() []string {
	return filepath.SplitList(s.Getenv("INVBRIDGE_MAPPINGS"))
}

// Close closes what was opened: documents, and this writer of the state.
func (s *Session) Close() {
	for _, c := range s.closers {
		_ = c() // a temporary copy or a lock: the system removes what could not be
	}
	s.closers = nil
}

// UsageError is a mistake in the command line.
type UsageError string

// Error returns the message.
func (e UsageError) Error() string { return string(e) }

var errNoRegion = errors.New("no AWS region: set AWS_REGION, or AWS_ENDPOINT_URL to a sandbox (invbridge sandbox)")

// Clients are the AWS clients of a run, and the configuration that they were made from.
type Clients struct {
	SSM    *actions.Client
	S3     *s3.Client
	Config aws.Config
}

// Clients makes the AWS clients on first use. Endpoints come from AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SSM and
// AWS_ENDPOINT_URL_S3, as the SDK reads them.
func (s *Session) Clients(ctx context.Context) (*Clients, error) {
	if s.clients != nil {
		return s.clients, nil
	}
	client := s.HTTP
	if client == nil {
		client = put.Client()
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}), config.WithHTTPClient(client)) // what matters is returned as an error
	if err != nil {
		return nil, fmt.Errorf("AWS settings: %w", err)
	}
	if cfg.Region == "" {
		if s.endpoint() == "" {
			return nil, errNoRegion
		}
		cfg.Region = "us-east-1"
	}
	s.clients = &Clients{
		Config: cfg,
		SSM:    actions.New(ssm.NewFromConfig(cfg)),
		S3: s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = s.Getenv("AWS_ENDPOINT_URL_S3") != "" || s.Getenv("AWS_ENDPOINT_URL") != ""
			o.DisableLogOutputChecksumValidationSkipped = true
		}),
	}
	return s.clients, nil
}

// endpoint is where inventory goes when it does not go to AWS; "" for AWS.
func (s *Session) endpoint() string {
	return cmp.Or(s.Getenv("AWS_ENDPOINT_URL_SSM"), s.Getenv("AWS_ENDPOINT_URL"))
}

// LoadMappings loads the built-in mappings, the user's own, and those in more directories.
func (s *Session) LoadMappings(more ...string) (*mapping.Set, error) {
	var dirs []string // each once: who checks DIR may have named it in INVBRIDGE_MAPPINGS as well
	for _, dir := range slices.Concat(s.MappingDirs, more) {
		if !slices.ContainsFunc(dirs, func(known string) bool { return SamePlace(known, dir) }) {
			dirs = append(dirs, dir)
		}
	}
	return load.Options{AWSTypes: s.AWSTypes}.Load(dirs...)
}

// SamePlace reports whether two paths are one directory or file, as far as that can be found out.
func SamePlace(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
