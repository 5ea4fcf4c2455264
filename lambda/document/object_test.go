package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// store is one object, of which each answer gives only so many bytes before the connection is cut.
type store struct {
	data, etag string
	piece      int
	plain      bool  // ranges and conditions are not heeded
	fail       error // of the second call and those after it
	calls      []string
}

func (s *store) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	s.calls = append(s.calls, aws.ToString(in.Range)+" "+aws.ToString(in.IfMatch)+" "+aws.ToString(in.VersionId))
	if len(s.calls) > 1 && s.fail != nil {
		return nil, s.fail
	}
	offset := 0
	out := &s3.GetObjectOutput{ETag: &s.etag, LastModified: aws.Time(time.Unix(5, 0))}
	if in.Range != nil && !s.plain {
		if _, err := fmt.Sscanf(*in.Range, "bytes=%d-", &offset); err != nil {
			return nil, err
		}
		out.ContentRange = aws.String("bytes")
	}
	rest := s.data[offset:]
	out.ContentLength = aws.Int64(int64(len(rest)))
	if s.piece > 0 && s.piece < len(rest) {
		out.Body = io.NopCloser(io.MultiReader(strings.NewReader(rest[:s.piece]), iotest.ErrReader(errors.New("connection reset"))))
	} else {
		out.Body = io.NopCloser(strings.NewReader(rest))
	}
	return out, nil
}

func TestObject(t *testing.T) {
	s := &store{data: testfiles.Gzip(t, "text"), etag: `"e1"`}
	source, err := Object(t.Context(), s, "bucket", "a key", "")
	if err != nil {
		t.Fatal(err)
	}
	if source.Name != "s3://bucket/a key" || source.Version != "e1" || source.Time.Unix() != 5 || source.Size != int64(len(s.data)) {
		t.Errorf("got %+v", source)
	}
	for range 2 {
		text, d, err := readAll(t, source, Limits{})
		if err != nil || text != "text" {
			t.Fatalf("got %q, %v", text, err)
		}
		if version, err := d.Version(); version != "e1" || err != nil {
			t.Errorf("got %q, %v", version, err)
		}
	}
	if want := `[  ] [ "e1" ]`; fmt.Sprintf("[%s]", strings.Join(s.calls, "] [")) != want {
		t.Errorf("calls: %q", s.calls)
	}
}

func TestObjectIsResumed(t *testing.T) {
	for _, plain := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := &store{data: strings.Repeat("0123456789", 10), etag: `"e1"`, piece: 30, plain: plain}
			if plain {
				s.piece = 80
			}
			source, err := Object(t.Context(), s, "bucket", "key", "v1")
			if err != nil {
				t.Fatal(err)
			}
			text, _, err := readAll(t, source, Limits{})
			if plain { // each answer is cut at the same place, so that nothing is won
				if err == nil {
					t.Error("a cut object passes for a whole one")
				}
				return
			}
			if err != nil || text != s.data {
				t.Errorf("got %q, %v", text, err)
			}
			if got := s.calls[1]; got != `bytes=30- "e1" v1` {
				t.Errorf("asked for %q", got)
			}
		})
	}
}

func TestObjectErrors(t *testing.T) {
	status := func(code int) error {
		return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: errors.New("x")}
	}
	tests := []struct {
		name string
		fail error
		want error
	}{
		{"changed", status(412), ErrChanged},
		{"gone", &smithy.GenericAPIError{Code: "NoSuchKey"}, ErrNotFound},
		{"deleted", status(405), ErrNotFound},
		{"denied", status(403), ErrDenied},
		{"unreachable", io.ErrUnexpectedEOF, io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := &store{data: strings.Repeat("x", 100), etag: "e1", piece: 40, fail: test.fail}
			source, err := Object(t.Context(), s, "bucket", "key", "")
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = readAll(t, source, Limits{}); !errors.Is(err, test.want) {
				t.Errorf("%s: got %v", test.name, err)
			}
		})
	}
}

// A store that does not heed If-Match is seen through by the answer's ETag.
func TestObjectChangedUnseen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &store{data: strings.Repeat("x", 100), etag: "e1", piece: 40}
		source, err := Object(t.Context(), s, "bucket", "key", "")
		if err != nil {
			t.Fatal(err)
		}
		s.etag = "e2"
		if _, _, err = readAll(t, source, Limits{}); !errors.Is(err, ErrChanged) {
			t.Errorf("got %v", err)
		}
		if err := source.Close(); err != nil {
			t.Error(err)
		}
	})
}
