package signal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal/bus"
)

// told is what a server was told: the action and the body.
type told struct {
	Action string
	Body   map[string]any
}

// server answers each call with the next of the answers, the last one for ever.
func server(t *testing.T, answers ...answer) (aws.Config, *[]told) {
	t.Helper()
	var log []told
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		call := told{Action: r.Header.Get("X-Amz-Target")}
		if err := json.Unmarshal(body, &call.Body); err != nil {
			t.Errorf("%s: %v", call.Action, err)
		}
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
			t.Errorf("%s is not signed", call.Action)
		}
		a := answers[min(len(log), len(answers)-1)]
		log = append(log, call)
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return aws.Config{Region: "eu-central-1", BaseEndpoint: &s.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}, &log
}

type answer struct {
	status int
	body   string
}

const queueURL = "https://sqs.eu-central-1.amazonaws.com/111122223333/deliveries.fifo"

func queue(t *testing.T, c aws.Config) *signal.Queue {
	t.Helper()
	q, err := signal.NewQueue(c, queueURL)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestSend(t *testing.T) {
	c, log := server(t, answer{200, `{"Successful":[]}`})
	var messages []signal.Message
	for range 11 {
		messages = append(messages, signal.Message{Group: "7", Once: "import-7", Body: `{"delivery":{}}`})
	}
	if err := queue(t, c).Send(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	if len(*log) != 2 || len((*log)[0].Body["Entries"].([]any)) != 10 {
		t.Fatalf("%d calls: want one of ten messages and one of one", len(*log))
	}
	want := told{"AmazonSQS.SendMessageBatch", map[string]any{"QueueUrl": queueURL, "Entries": []any{map[string]any{
		"Id": "0", "MessageBody": `{"delivery":{}}`, "MessageGroupId": "7", "MessageDeduplicationId": "import-7",
	}}}}
	if diff := cmp.Diff(want, (*log)[1]); diff != "" {
		t.Error(diff)
	}
}

func TestAgain(t *testing.T) {
	c, log := server(t, answer{200, "{}"})
	if err := queue(t, c).Again(t.Context(), "handle", time.Minute); err != nil {
		t.Fatal(err)
	}
	want := told{"AmazonSQS.ChangeMessageVisibility", map[string]any{"QueueUrl": queueURL, "ReceiptHandle": "handle", "VisibilityTimeout": 60.0}}
	if diff := cmp.Diff([]told{want}, *log); diff != "" {
		t.Error(diff)
	}
}

func TestDeadLetters(t *testing.T) {
	c, log := server(t, answer{200, `{"queueUrls":["x"],"Attributes":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:dead","ApproximateNumberOfMessages":"3"}}`})
	q := queue(t, c)
	if n, err := q.Waiting(t.Context()); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if err := q.Redrive(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := told{"AmazonSQS.StartMessageMoveTask", map[string]any{"SourceArn": "arn:aws:sqs:eu-central-1:111122223333:dead"}}
	if diff := cmp.Diff(want, (*log)[3]); diff != "" {
		t.Error(diff)
	}
}

// TestDeadLettersOfRules keeps that what SQS does not move is sent to its target, and deleted after that.
func TestDeadLettersOfRules(t *testing.T) {
	const target = "https://sqs.eu-central-1.amazonaws.com/111122223333/arriving"
	message := func(id, attributes string) string {
		return `{"MessageId":"` + id + `","ReceiptHandle":"handle-` + id + `","Body":"body-` + id + `","MessageAttributes":{` + attributes + `}}`
	}
	to := func(name string) string {
		return `"TARGET_ARN":{"DataType":"String","StringValue":"arn:aws:sqs:eu-central-1:111122223333:` + name + `"}`
	}
	for _, c := range []struct {
		name, url, messages, err string
		sent                     map[string]any
	}{
		{"standard", target, message("1", to("arriving")), "", map[string]any{"QueueUrl": target, "MessageBody": "body-1"}},
		{"FIFO", target + ".fifo", message("1", to("arriving.fifo")), "", map[string]any{
			"QueueUrl": target + ".fifo", "MessageBody": "body-1", "MessageGroupId": signal.SweepGroup, "MessageDeduplicationId": "1",
		}},
		{"without a target", target, message("2", "") + "," + message("1", to("arriving")), "1 messages stay", map[string]any{"QueueUrl": target, "MessageBody": "body-1"}},
		{"of something else", target, message("1", strings.Replace(to("arriving"), ":sqs:", ":sns:", 1)), "must be the ARN of a queue", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, log := server(t, answer{200, `{"queueUrls":[]}`}, answer{200, `{"Messages":[` + c.messages + `]}`},
				answer{200, `{"QueueUrl":"` + c.url + `"}`}, answer{200, "{}"}, answer{200, "{}"}, answer{200, "{}"})
			err := queue(t, config).Redrive(t.Context())
			if got := fmt.Sprint(err); (err == nil) != (c.err == "") || !strings.Contains(got, c.err) {
				t.Errorf("%v, want %q", err, c.err)
			}
			calls := (*log)[2:]
			if c.sent == nil {
				if len(calls) > 0 {
					t.Errorf("calls after it: %v", calls)
				}
				return
			}
			want := []told{
				{"AmazonSQS.GetQueueUrl", map[string]any{"QueueName": path.Base(c.url), "QueueOwnerAWSAccountId": "111122223333"}},
				{"AmazonSQS.SendMessage", c.sent},
				{"AmazonSQS.DeleteMessage", map[string]any{"QueueUrl": queueURL, "ReceiptHandle": "handle-1"}},
			}
			if diff := cmp.Diff(want, calls[:3]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPut(t *testing.T) {
	c, log := server(t, answer{200, `{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}`})
	if err := bus.New(c, "bridge").Put(t.Context(), "Done", map[string]int{"records": 3}); err != nil {
		t.Fatal(err)
	}
	want := told{"AWSEvents.PutEvents", map[string]any{"Entries": []any{map[string]any{
		"EventBusName": "bridge", "Source": bus.Source, "DetailType": "Done", "Detail": `{"records":3}`,
	}}}}
	if diff := cmp.Diff([]told{want}, *log); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []answer
		calls   int
		class   fault.Class
	}{
		{"comes to an end", []answer{{500, "oops"}, {400, `{"__type":"com.amazon.coral.service#ThrottlingException"}`}, {200, "{}"}}, 3, fault.None},
		{"never works", []answer{{503, ""}}, 4, fault.Retry},
		{"no such queue", []answer{{400, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"a secret"}`}}, 1, fault.Halt},
		{"not allowed", []answer{{403, `{"__type":"AccessDeniedException"}`}}, 1, fault.Denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, log := server(t, c.answers...)
			err := queue(t, config).Again(t.Context(), "handle", 0)
			if class, _ := fault.Of(err); class != c.class || len(*log) != c.calls {
				t.Errorf("%v, class %v, %d calls; want class %v, %d calls", err, class, len(*log), c.class, c.calls)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Error("the error tells what the service was told")
			}
		})
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	c, _ := server(t, answer{200, `{"Failed":[{"Id":"0","Code":"InternalError"}],"Entries":[{"ErrorCode":"InternalFailure"}]}`})
	if queue(t, c).Send(t.Context(), []signal.Message{{}}) == nil {
		t.Error("a message that was not taken is no error")
	}
	if bus.New(c, "bridge").Put(t.Context(), "Done", nil) == nil {
		t.Error("an event that was not taken is no error")
	}
	c.Credentials = nil
	if queue(t, c).Send(t.Context(), []signal.Message{{}}) == nil {
		t.Error("without credentials something was sent")
	}
}

// host is where a call goes: the transport's answer is an error, so nothing leaves the machine.
func host(t *testing.T, c aws.Config, f func(aws.Config) error) string {
	t.Helper()
	called := ""
	c.HTTPClient = smithyhttp.ClientDoFunc(func(r *http.Request) (*http.Response, error) {
		called = r.URL.Scheme + "://" + r.URL.Host
		return &http.Response{StatusCode: http.StatusForbidden, Body: http.NoBody, Request: r}, nil
	})
	c.Credentials = credentials.NewStaticCredentialsProvider("key", "secret", "")
	if err := f(c); err == nil {
		t.Error("a call that is refused is no error")
	}
	return called
}

// switches are a source of configuration, as the SDK asks one.
type switches struct{ fips, dualStack bool }

func (s switches) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return aws.FIPSEndpointStateEnabled, s.fips, nil
}

func (s switches) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return aws.DualStackEndpointStateEnabled, s.dualStack, nil
}

func TestEndpoints(t *testing.T) {
	if _, err := signal.NewQueue(aws.Config{}, "deliveries"); err == nil {
		t.Error("a name is taken for a URL")
	}
	for _, c := range []struct {
		region        string
		switches      switches
		url           string
		queue, events string
	}{
		{"eu-central-1", switches{}, queueURL, "https://sqs.eu-central-1.amazonaws.com", "https://events.eu-central-1.amazonaws.com"},
		{"eu-central-1", switches{dualStack: true}, queueURL, "https://sqs.eu-central-1.api.aws", "https://events.eu-central-1.api.aws"},
		{
			"us-east-1",
			switches{fips: true},
			"https://sqs.us-east-1.amazonaws.com/111122223333/deliveries.fifo",
			"https://sqs-fips.us-east-1.amazonaws.com", "https://events-fips.us-east-1.amazonaws.com",
		},
		{
			"cn-north-1",
			switches{},
			"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/deliveries.fifo",
			"https://sqs.cn-north-1.amazonaws.com.cn", "https://events.cn-north-1.amazonaws.com.cn",
		},
		{
			"us-iso-east-1",
			switches{},
			"https://sqs.us-iso-east-1.c2s.ic.gov/111122223333/deliveries.fifo",
			"https://sqs.us-iso-east-1.c2s.ic.gov", "https://events.us-iso-east-1.c2s.ic.gov",
		},
		{"eu-central-1", switches{}, "http://queues:9324/000000000000/deliveries.fifo", "http://queues:9324", "https://events.eu-central-1.amazonaws.com"},
	} {
		config := aws.Config{Region: c.region, ConfigSources: []any{c.switches}}
		got := host(t, config, func(config aws.Config) error {
			q, err := signal.NewQueue(config, c.url)
			if err != nil {
				t.Fatal(err)
			}
			return q.Again(t.Context(), "handle", 0)
		})
		if got != c.queue {
			t.Errorf("%s, %+v: the queue is called at %s, want %s", c.region, c.switches, got, c.queue)
		}
		if got := host(t, config, func(config aws.Config) error { return bus.New(config, "bridge").Put(t.Context(), "Done", nil) }); got != c.events {
			t.Errorf("%s, %+v: the bus is called at %s, want %s", c.region, c.switches, got, c.events)
		}
	}
}
