package put

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// bySDK is the item as the SDK's structures have it, contents and all.
func bySDK(i *Item) types.InventoryItem {
	out := i.described()
	if i.Confirms != "" {
		return out
	}
	out.Content = []map[string]string{}
	for _, row := range i.Rows {
		entry := map[string]string{}
		for a, name := range i.Type.Attributes {
			if i.Context == nil || !slices.Contains(i.Type.Context, a) {
				entry[name] = row[a]
			}
		}
		out.Content = append(out.Content, entry)
	}
	return out
}

func someItems() map[string][]*Item {
	plain := &inventory.Type{Name: "Custom:Asset", SchemaVersion: "1.0", Attributes: []string{"Id", "Title"}}
	tied := &inventory.Type{Name: "AWS:ComplianceItem", SchemaVersion: "1.0", Attributes: []string{"ComplianceType", "ExecutionTime", "Id"}, Context: []int{0, 1}}
	at := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	rows := []inventory.Entry{{"1", "a \"quoted\" \\ title\n"}, {"2", "\u2028\x01\xff<&>日本"}}
	whole := &Item{Type: plain, Rows: rows, Captured: at, Hash: "abc"}
	return map[string][]*Item{
		"rows":         {whole},
		"no hash":      {{Type: plain, Rows: rows[:1], Captured: at}},
		"no rows":      {{Type: plain, Captured: at, Hash: "abc"}},
		"confirmed":    {{Type: plain, Rows: rows, Captured: at, Hash: "abc", Confirms: "def"}},
		"with context": {{Type: tied, Rows: []inventory.Entry{{"Custom:P", "t", "x"}}, Captured: at, Context: map[string]string{"ExecutionTime": "t", "ComplianceType": "Custom:\"P"}}},
		"two":          {whole, {Type: plain, Rows: rows[1:], Captured: at.Add(time.Hour), Hash: "ghi"}},
		"long":         {{Type: plain, Rows: slices.Repeat([]inventory.Entry{{"1", strings.Repeat("long ", 100)}}, 200), Captured: at}},
	}
}

func TestTheBodyMeansWhatTheSDKsDoes(t *testing.T) {
	for name, items := range someItems() {
		t.Run(name, func(t *testing.T) {
			full := &ssm.PutInventoryInput{InstanceId: aws.String("i-1")}
			for _, i := range items {
				full.Items = append(full.Items, bySDK(i))
			}
			want, err := testfiles.Sent(t.Context(), full)
			if err != nil {
				t.Fatal(err)
			}
			in, body := input(&Node{ID: "i-1"}, items), body(&Node{ID: "i-1"}, items)
			got, err := testfiles.Sent(t.Context(), in, (&exchange{body: body}).ready)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(ssm.PutInventoryInput{}, types.InventoryItem{})); diff != "" {
				t.Errorf("the SDK would send something else:\n%s", diff)
			}
		})
	}
}

// TestCallsShareAConnection sends many small bodies to a server: none may cost the connection, and each comes as one piece with its headers.
func TestCallsShareAConnection(t *testing.T) {
	var opened atomic.Int32
	items := someItems()["rows"]
	in, body := input(&Node{ID: "i-1"}, items), body(&Node{ID: "i-1"}, items)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%q came, %v", got, err)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	s.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context { opened.Add(1); return ctx }
	s.Start()
	defer s.Close()
	c := NewCaller(ssm.New(ssm.Options{
		Region: "us-east-1", BaseEndpoint: &s.URL, HTTPClient: Client(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	}))
	for range 500 {
		if _, err := c.call(t.Context(), func() *ssm.PutInventoryInput { return in }, body); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for one call after the other", n)
	}
}
