package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
)

// inProcess are clients of a sandbox without a network.
func inProcess(t testing.TB, c Config) (*Sandbox, *ssm.Client, *s3.Client) {
	t.Helper()
	c.Nodes = append(c.Nodes, worldNodes()...)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	config := clientConfig("http://sandbox.invalid")
	config.HTTPClient = &http.Client{Transport: s.Transport()}
	return s, ssm.NewFromConfig(config), s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
}

func putInput(hash string, rows ...string) *ssm.PutInventoryInput {
	item := with("Custom:T", hash, entries(rows...))
	return &ssm.PutInventoryInput{InstanceId: aws.String(nodeA), Items: []types.InventoryItem{item, with("Custom:U", "", entries("A=1"))}}
}

func TestTransportInventory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client, _ := inProcess(t, Config{})
		if _, err := client.PutInventory(t.Context(), putInput("h", "A=1", "A=2")); err != nil {
			t.Fatal(err)
		}
		out, err := client.ListInventoryEntries(t.Context(), &ssm.ListInventoryEntriesInput{
			InstanceId: aws.String(nodeA), TypeName: aws.String("Custom:T"),
		})
		if err != nil || len(out.Entries) != 2 {
			t.Errorf("%v, %v", out, err)
		}
		s.Inject(Fault{Kind: FaultThrottle})
		var refusal smithy.APIError
		if _, err := client.PutInventory(t.Context(), putInput("h")); !errors.As(err, &refusal) || refusal.ErrorCode() != codeThrottling {
			t.Errorf("%v", err)
		}
	})
}

func TestTransportCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client, _ := inProcess(t, Config{})
		for kind, kept := range map[FaultKind]bool{FaultCutBefore: false, FaultCutAfter: true, FaultLate: false} {
			s.Inject(Fault{Kind: kind, Delay: time.Hour})
			if _, err := client.PutInventory(t.Context(), putInput("", "A="+string(kind))); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %v", kind, err)
			}
			held, _ := s.Inventory(nodeA, "Custom:T")
			if got := len(held.Entries) == 1 && held.Entries[0]["A"] == string(kind); got != kept {
				t.Errorf("%s: it holds %v", kind, held.Entries)
			}
			time.Sleep(2 * time.Hour)
		}
	})
}

// TestTransportDelay gives up during a delay: the error comes at once and the call is executed as over a network.
func TestTransportDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client, _ := inProcess(t, Config{})
		s.Inject(Fault{Kind: FaultDelay, Delay: time.Minute, Times: 2})
		begin := time.Now()
		if _, err := client.PutInventory(t.Context(), putInput("", "A=1")); err != nil || time.Since(begin) != time.Minute {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		begin = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.PutInventory(ctx, putInput("", "A=2")); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		if held, _ := s.Inventory(nodeA, "Custom:T"); held.Entries[0]["A"] != "2" {
			t.Errorf("it holds %v", held.Entries)
		}
		calls := s.Counts().Calls["PutInventory"]
		if _, err := client.PutInventory(ctx, putInput("", "A=3")); err == nil || s.Counts().Calls["PutInventory"] != calls {
			t.Errorf("a request that was given up before was served: %v", err)
		}
	})
}

func TestTransportObjects(t *testing.T) {
	s, _, client := inProcess(t, Config{})
	body := bytes.Repeat([]byte("0123456789"), 1000)
	name := func() (bucket, key *string) { return aws.String("bucket"), aws.String("a key/ä") }
	put := func(body io.Reader) error {
		bucket, key := name()
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: body})
		return err
	}
	get := func() ([]byte, error) {
		bucket, key := name()
		out, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key})
		if err != nil {
			return nil, err
		}
		defer func() { _ = out.Body.Close() }()
		return io.ReadAll(out.Body)
	}
	for _, b := range [][]byte{{}, body} {
		if err := put(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		if got, err := get(); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes for %d, %v", len(got), len(b), err)
		}
	}
	bucket, key := name()
	if head, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key}); err != nil || aws.ToInt64(head.ContentLength) != int64(len(body)) {
		t.Errorf("%v, %v", head, err)
	}
	s.Inject(Fault{Operation: "GetObject", Kind: FaultCutAfter, AfterBytes: 100})
	if got, err := get(); !errors.Is(err, io.ErrUnexpectedEOF) || len(got) != 100 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for _, kind := range []FaultKind{FaultCutAfter, FaultCutBefore} {
		s.Inject(Fault{Operation: "PutObject", Kind: kind})
		if err := put(strings.NewReader(string(kind))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if got, err := get(); err != nil || string(got) != string(FaultCutAfter) {
		t.Errorf("%q, %v", got, err)
	}
	s.Inject(Fault{Kind: FaultLate, Times: -1})
	if got, err := get(); err != nil || len(got) == 0 {
		t.Errorf("S3 meets late calls: %v", err)
	}
}

// TestTransportHook reads one of the sandbox's own requests, and keeps a request as it is.
func TestTransportHook(t *testing.T) {
	s, _, _ := inProcess(t, Config{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://sandbox.invalid/_sandbox/clock", struct{ io.Reader }{strings.NewReader(`{"advance":"1h"}`)})
	if err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(r.Header, r.ContentLength, r.RequestURI)
	out, err := s.Transport().RoundTrip(r)
	if err != nil || out.StatusCode != http.StatusOK || out.Status != "200 OK" {
		t.Fatalf("%v, %v", out, err)
	}
	defer func() { _ = out.Body.Close() }()
	if after := fmt.Sprint(r.Header, r.ContentLength, r.RequestURI); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if body, err := io.ReadAll(out.Body); err != nil || !bytes.Contains(body, []byte(`"now"`)) {
		t.Errorf("%s, %v", body, err)
	}
}
