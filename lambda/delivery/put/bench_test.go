package put

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// nowhere accepts every request, and reads none.
type nowhere struct{}

func (nowhere) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Date": {"Mon, 02 Mar 2026 06:00:00 GMT"}}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

// BenchmarkPut puts small items, one a node: to nobody, so that it takes what is done here, and to a server.
func BenchmarkPut(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "{}")
	}))
	b.Cleanup(server.Close)
	for name, client := range map[string]aws.HTTPClient{"nobody": nowhere{}, "server": Client()} {
		for _, rows := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", name, rows), func(b *testing.B) { benchmarkPut(b, server.URL, client, rows) })
		}
	}
}

func benchmarkPut(b *testing.B, url string, client aws.HTTPClient, rows int) {
	b.Helper()
	b.ReportAllocs()
	service := Service{
		Caller: NewCaller(ssm.New(ssm.Options{Region: "us-east-1", BaseEndpoint: &url, HTTPClient: client, Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(
			func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
			},
		))})),
		Now: time.Now, Part: &receipt.Part{}, Until: time.Now().Add(24 * time.Hour),
	}
	kind := &inventory.Type{Name: "Custom:Asset", SchemaVersion: "1.0", Attributes: []string{"Id", "Title"}}
	entries := make([]inventory.Entry, rows)
	for i := range entries {
		entries[i] = inventory.Entry{fmt.Sprint(i), strings.Repeat("title ", 20)}
	}
	bytes := kind.ContentBytes(entries)
	at := time.Now()
	for b.Loop() {
		i := &Item{Type: kind, Rows: entries, Captured: at, Hash: "abc", Bytes: bytes, Needed: true}
		service.Put(b.Context(), &Node{ID: "i-0123456789abcdef0", Reserved: 1 << 20}, []*Item{i})
		if i.Outcome != receipt.Put {
			b.Fatal(i.Outcome, i.Reason)
		}
	}
}
