package main

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/demo"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// amazon is AWS in its own place, without an endpoint in the settings: requests to its hosts are answered by a sandbox, and by a queue
// with three messages. What goes elsewhere fails.
type amazon struct {
	t   *testing.T
	box http.RoundTripper
}

func (a amazon) RoundTrip(r *http.Request) (*http.Response, error) {
	host := r.URL.Hostname()
	switch host {
	case "ssm.us-east-1.amazonaws.com":
		return a.box.RoundTrip(r)
	case "sqs.us-east-1.amazonaws.com":
		return queue(r), nil
	}
	bucket, isS3 := strings.CutSuffix(host, ".s3.us-east-1.amazonaws.com")
	if !isS3 {
		a.t.Errorf("a request goes to %s", host)
		return nil, http.ErrNotSupported
	}
	inPath := r.Clone(r.Context())
	inPath.URL.Path, inPath.URL.RawPath = "/"+bucket+r.URL.Path, "/"+bucket+r.URL.EscapedPath()
	return a.box.RoundTrip(inPath)
}

// queue is a queue of dead letters.
func queue(r *http.Request) *http.Response {
	body := `{"queueUrls":["https://sqs.us-east-1.amazonaws.com/123456789012/arriving"],"Attributes":{"ApproximateNumberOfMessages":"3","QueueArn":"arn:aws:sqs:us-east-1:123456789012:dead"}}`
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}
}

// onAmazon runs command lines against AWS itself.
func onAmazon(t *testing.T) (box *sandbox.Sandbox, line func(args ...string) (code int, out, errs string)) {
	t.Helper()
	box, nodes, err := demo.Sandbox()
	if err != nil || len(nodes) == 0 {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"AWS_ENDPOINT_URL": "", "AWS_CA_BUNDLE": "", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(k, v)
	}
	client := &http.Client{Transport: amazon{t, box.Transport()}}
	return box, func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), args, session.Console{
			In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }, HTTP: client,
		})
		return code, out.String(), errs.String()
	}
}

// TestEveryCommandAgainstAWS runs each command that asks AWS once, with a state in a directory and one in S3.
func TestEveryCommandAgainstAWS(t *testing.T) {
	const node = "i-0e02a565560e16b71"
	file := filepath.Join("..", "..", "..", "testevents", "documents", "uploads", "nessus", "weekly.nessus")
	for name, state := range map[string]string{"directory": filepath.Join(t.TempDir(), "state"), "S3": "s3://state/of/ours"} {
		t.Run(name, func(t *testing.T) {
			box, line := onAmazon(t)
			if err := box.PutObject("state", "beside", nil); err != nil {
				t.Fatal(err)
			}
			code, out, errs := line("put", file, "--state", state, "--rate", "1000", "--json")
			if code != exitPartial {
				t.Fatalf("put: exit code %d: %s%s", code, out, errs)
			}
			sum := summaryOf[putSummary](t, out)
			if sum.Calls == 0 {
				t.Errorf("put: %+v", sum)
			}
			for _, c := range []struct {
				args string
				code int
				want string // in the output
			}{
				{"records s3://uploads/nessus/weekly.nessus", exitDone, "mapping nessus"},
				{"records " + file, exitDone, "mapping nessus"},
				{"explain " + file, exitPartial, node + " by nodeId"},
				{"explain --record 1 " + file, exitDone, "stands"},
				{"explain s3://uploads/nessus/", exitPartial, node + " by nodeId"},
				{"plan " + file + " --state " + state, exitPartial, "would take 0 calls"},
				{"plan s3://uploads/servicenow/factory/ --state " + state, exitDone, "mapping servicenow"},
				{"put s3://uploads/nessus/weekly.nessus --rate 1000 --state " + state, exitPartial, "unchanged"},
				{"node " + node + " --state " + state, exitDone, "Custom:Vulnerability"},
				{"history " + node + " Vulnerability --state " + state, exitDone, " weekly.nessus)"},
				{"receipt " + sum.Import + " --state " + state, exitDone, "import    " + sum.Import},
				{"invoke " + filepath.Join("..", "..", "..", "testevents", "s3-notification.json") + " --rate 1000 --state " + state, exitPartial, "mapping nessus"},
				{"sweep --rate 1000 --state " + state, exitDone, "0 calls"},
				{"source list --state " + state, exitDone, "nessus"},
				{"redrive --state " + state, exitDone, "parked"},
				{"redrive --parked --rate 1000 --state " + state, exitDone, "still parked"},
				{"redrive --dead-letters https://sqs.us-east-1.amazonaws.com/123456789012/dead", exitDone, "3 messages"},
				{"redrive --again --dead-letters https://sqs.us-east-1.amazonaws.com/123456789012/dead", exitDone, "they are moved back"},
				{"redrive " + file + " --rate 1000 --state " + state, exitPartial, "mapping nessus"},
				{"redrive --rate 1000 --confirm-absent " + sum.Import[:8] + " --state " + state, exitFailed, "no node of it waits for a decision"},
				{"state check --state " + state, exitDone, "something is wrong with 0"},
				{"state repair --plan --state " + state, exitDone, "0 left"},
				{"source remove nessus --rate 1000 --state " + state, exitDone, "call"},
				{"node " + node + " --rate 0 --state " + state, exitUsage, "--rate 0"},
				{"put " + file + " --rate 0 --state " + state, exitUsage, "--rate 0"},
				{"demo", exitDone, "0 for the same again"},
				{"mapping list", exitDone, "nessus"},
			} {
				code, out, errs := line(strings.Fields(c.args)...)
				if code != c.code || !strings.Contains(out+errs, c.want) {
					t.Errorf("%s: exit code %d, want %d; want %q in\n%s%s", c.args, code, c.code, c.want, out, errs)
				}
			}
		})
	}
}
