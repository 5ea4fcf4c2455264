// Command lambda is the function: it reads its settings, makes its clients, and hands every event to the bridge.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/actions"
	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/config"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/put"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/metric"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal/bus"
)

func main() {
	runtime.MemProfileRate = 0   // the table of a profile that nobody asks for takes a MiB
	gc := debug.SetGCPercent(-1) // a start leaves little garbage, and every millisecond of it is waited for
	f, err := start()
	debug.SetGCPercent(gc)
	if err != nil {
		slog.Error("start failed", "error", err)
		os.Exit(1)
	}
	boundMemory(os.Getenv)
	boundProcessors(os.Getenv)
	lambda.Start(f.handle)
}

// function is one instance of the function between its start and its end.
type function struct {
	settings config.Settings
	config   bridge.Config
	s3       *s3.Client
	others   *others

	mu     sync.Mutex
	bridge *bridge.Bridge
}

// start does what a cold start needs, without a call over the network.
func start() (*function, error) {
	settings, err := config.Read(os.Getenv)
	if err != nil {
		return nil, err
	}
	set, err := mappings(settings)
	if err != nil {
		return nil, err
	}
	limits, err := limit.Parse(settings.Limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.Variable("LIMITS"), err)
	}
	clients, err := environment(os.Getenv)
	if err != nil {
		return nil, err
	}
	own := clients.Copy()
	own.HTTPClient = put.Client()
	f := &function{settings: settings}
	if f.others, err = targets(settings, clients); err != nil {
		return nil, err
	}
	f.s3 = s3.NewFromConfig(clients, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	f.config = bridge.Config{
		Mappings: set, Role: bridge.Role(settings.Role), SSM: actions.New(ssm.NewFromConfig(own)), Objects: f.s3, Region: clients.Region,
		Uploads: settings.Uploads, Rate: settings.PerProcess(), Processes: settings.Concurrency, Together: put.AtOnce, Limits: limits,
		Writer: "function-" + os.Getenv("AWS_LAMBDA_LOG_STREAM_NAME"),
		Log:    slog.New(slog.NewJSONHandler(os.Stdout, nil)),
	}
	if settings.Metrics {
		measure(&f.config, &metric.Log{Writer: os.Stdout, Namespace: config.Namespace, Dimensions: ofStack(settings.Stack), Now: time.Now})
	}
	if err := f.connect(clients); err != nil {
		return nil, err
	}
	return f, nil
}

// connect makes the clients of queue and bus, where there are any.
func (f *function) connect(clients aws.Config) error {
	if f.settings.Bus != "" {
		f.config.Bus = bus.New(clients, f.settings.Bus)
	}
	if f.settings.Queue == "" {
		return nil
	}
	queue, err := signal.NewQueue(clients, f.settings.Queue)
	if err != nil {
		return fmt.Errorf("%s: %w", config.Variable("QUEUE"), err)
	}
	f.config.Queue = queue
	return nil
}

// endpoint is where inventory goes when it does not go to AWS; "" for AWS.
func endpoint() string {
	return cmp.Or(os.Getenv("AWS_ENDPOINT_URL_SSM"), os.Getenv("AWS_ENDPOINT_URL"))
}

// account returns the account in which the function runs, out of its ARN; "" where that is not AWS, whose local runtimes make one up.
func account(ctx context.Context) string {
	invoked, ok := lambdacontext.FromContext(ctx)
	if !ok || endpoint() != "" {
		return ""
	}
	parts := strings.Split(invoked.InvokedFunctionArn, ":") // arn:aws:lambda:REGION:ACCOUNT:function:NAME
	if len(parts) < 7 {
		return ""
	}
	return parts[4]
}

func (f *function) handle(ctx context.Context, event json.RawMessage) (any, error) {
	b, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	return b.Handle(ctx, event)
}

// open opens the ledger at the first event.
func (f *function) open(ctx context.Context) (*bridge.Bridge, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bridge != nil {
		return f.bridge, nil
	}
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(f.settings.State, "s3://"), "/")
	at := bridge.StartOf(ctx, endpoint())
	l, err := ledger.Open(ctx, ledger.S3(f.s3, bucket, strings.Trim(prefix, "/")), ledger.Options{
		Partitions: f.settings.Partitions, Endpoint: endpoint(), Start: at.ID, Now: at.Now,
		Guest: f.config.Role == bridge.RoleIntake, // which may write no part of the ledger
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.Variable("STATE"), err)
	}
	f.config.Now, f.config.Account = at.Now, account(ctx)
	if err := f.others.reach(ctx, &f.config); err != nil {
		return nil, err
	}
	f.config.Ledger, f.config.Place = l, bridge.Place{Bucket: bucket, Prefix: strings.Trim(prefix, "/")}
	f.bridge = bridge.New(f.config)
	return f.bridge, nil
}
