package store

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// stores are the stores that there are, each empty.
func stores(t *testing.T) map[string]Store {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("state"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	client := s3.New(s3.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1", UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(credentials),
	})
	return map[string]Store{"memory": &memory{}, "directory": Dir(filepath.Join(t.TempDir(), "new")), "s3": S3(client, "state", "/ledger/")}
}

func TestStores(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			testConditions(t, s)
			testKeys(t, s)
			testManyWriters(t, s)
		})
	}
}

func testConditions(t *testing.T, s Store) {
	ctx := t.Context()
	if _, _, err := s.Get(ctx, "a/b"); !errors.Is(err, ErrNotFound) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	if _, err := s.Put(ctx, "a/b", []byte("0"), "0123456789abcdef0123456789abcdef"); !errors.Is(err, ErrConflict) {
		t.Errorf("over what is not there: %v", err)
	}
	first, err := s.Put(ctx, "a/b", []byte("1"), Absent)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, "a/nothing"); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	if _, err := s.Put(ctx, "a/gone", []byte("1"), Any); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, "a/gone"); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Get(ctx, "a/gone"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
	if _, err := s.Put(ctx, "a/b", []byte("2"), Absent); !errors.Is(err, ErrConflict) {
		t.Errorf("over something: %v", err)
	}
	second, err := s.Put(ctx, "a/b", []byte("3"), first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "a/b", []byte("4"), first); !errors.Is(err, ErrConflict) {
		t.Errorf("over another version: %v", err)
	}
	data, etag, err := s.Get(ctx, "a/b")
	if err != nil || string(data) != "3" || etag != second {
		t.Errorf("%q, %s, %v", data, etag, err)
	}
	if _, err := s.Put(ctx, "a/b", nil, Any); err != nil {
		t.Error(err)
	}
}

func testKeys(t *testing.T, s Store) {
	keys := []string{"k/../x", "k/Umläute & Räume.csv", "k/a.json", "k/a/b", "k/a:b", "k/b%2F"}
	for _, key := range keys {
		if _, err := s.Put(t.Context(), key, []byte(key), Any); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	var got []string
	for key, err := range s.List(t.Context(), "k/") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, key)
	}
	if diff := cmp.Diff(keys, got); diff != "" {
		t.Error(diff)
	}
	for key, err := range s.List(t.Context(), "nothing/") {
		t.Error(key, err)
	}
}

// testManyWriters counts up in one object from many goroutines: none of the counts is lost.
func testManyWriters(t *testing.T, s Store) {
	var wg sync.WaitGroup
	var conflicts atomic.Int32
	if _, err := s.Put(t.Context(), "count", []byte("0"), Any); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		wg.Go(func() {
			for done := 0; done < 10; {
				data, etag, err := s.Get(t.Context(), "count")
				if err != nil {
					t.Error(err)
					return
				}
				var n int
				if _, err := fmt.Sscan(string(data), &n); err != nil {
					t.Error(err)
				}
				_, err = s.Put(t.Context(), "count", fmt.Append(nil, n+1), etag)
				switch {
				case err == nil:
					done++
				case errors.Is(err, ErrConflict):
					conflicts.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if data, _, err := s.Get(t.Context(), "count"); err != nil || string(data) != "40" {
		t.Errorf("%s after %d conflicts, %v", data, conflicts.Load(), err)
	}
}

func TestDirStaysInItsDirectory(t *testing.T) {
	base := t.TempDir()
	s := Dir(filepath.Join(base, "state"))
	for _, key := range []string{"../x", "a/../../../x", "/x", "a//b", ".", strings.Repeat("ü", 300) + "/x", ".lock", "a\x00b"} {
		if _, err := s.Put(t.Context(), key, []byte(key), Any); err != nil {
			t.Errorf("%q: %v", key, err)
		}
		if data, _, err := s.Get(t.Context(), key); err != nil || string(data) != key {
			t.Errorf("%q: %q, %v", key, data, err)
		}
	}
	entries, err := os.ReadDir(base)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
