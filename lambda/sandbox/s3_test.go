package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// oddKeys are keys that a client or a server easily gets wrong.
func oddKeys() []string {
	return []string{"plain.json", "a b/c d.csv", "größe/ü.xml", "plus+sign", "per%20cent", "a%2Fb", "q?x=1&y", "hash#tag", "semi;colon", "~/.hidden", "日本"}
}

// store is an S3 client of a sandbox whose directory holds bucket/files.
type store struct {
	*testing.T
	sandbox *Sandbox
	s3      *s3.Client
	url     string
	dir     string
}

func newStore(t *testing.T, files map[string]string) *store {
	t.Helper()
	dir := t.TempDir()
	for key, body := range files {
		path := filepath.Join(dir, "seeded", filepath.FromSlash(key))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(body), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := New(Config{Objects: dir})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := s3.NewFromConfig(clientConfig(server.URL), func(o *s3.Options) { o.UsePathStyle = true })
	return &store{T: t, sandbox: s, s3: client, url: server.URL, dir: dir}
}

func (s *store) put(bucket, key, body string, change ...func(*s3.PutObjectInput)) (string, error) {
	in := &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(body)}
	for _, c := range change {
		c(in)
	}
	out, err := s.s3.PutObject(s.Context(), in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ETag), nil
}

func (s *store) get(bucket, key string, change ...func(*s3.GetObjectInput)) (string, *s3.GetObjectOutput, error) {
	in := &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)}
	for _, c := range change {
		c(in)
	}
	out, err := s.s3.GetObject(s.Context(), in)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = out.Body.Close() }()
	body, err := io.ReadAll(out.Body)
	return string(body), out, err
}

func (s *store) keys(bucket, prefix, delimiter string, most int32) (keys, prefixes []string) {
	s.Helper()
	in := &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String(prefix), MaxKeys: aws.Int32(most)}
	if delimiter != "" {
		in.Delimiter = aws.String(delimiter)
	}
	for pages := s3.NewListObjectsV2Paginator(s.s3, in); pages.HasMorePages(); {
		page, err := pages.NextPage(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		if n := len(page.Contents) + len(page.CommonPrefixes); n > int(most) {
			s.Errorf("a page of %d", n)
		}
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			prefixes = append(prefixes, *p.Prefix)
		}
	}
	return keys, prefixes
}

func code(err error) string {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestObjectKeys(t *testing.T) {
	files := map[string]string{}
	for _, key := range oddKeys() {
		files[key] = "seeded " + key
	}
	s := newStore(t, files)
	for _, key := range oddKeys() {
		if body, _, err := s.get("seeded", key); err != nil || body != "seeded "+key {
			t.Errorf("seeded %s: %q, %v", key, body, err)
		}
		if _, err := s.put("made", key, "put "+key); err != nil {
			t.Errorf("put %s: %v", key, err)
		}
		if body, _, err := s.get("made", key); err != nil || body != "put "+key {
			t.Errorf("made %s: %q, %v", key, body, err)
		}
	}
	want := slices.Sorted(slices.Values(oddKeys()))
	for _, bucket := range []string{"seeded", "made"} {
		if keys, _ := s.keys(bucket, "", "", 3); !slices.Equal(keys, want) {
			t.Errorf("%s holds %q", bucket, keys)
		}
	}
}

func TestObjectConditions(t *testing.T) {
	s := newStore(t, map[string]string{"k": "0123456789"})
	made, err := s.put("made", "k", "0123456789")
	if err != nil {
		t.Fatal(err)
	}
	for _, bucket := range []string{"made", "seeded"} {
		for _, test := range []struct {
			name, match, noneMatch, span string
			body, code                   string
		}{
			{name: "whole", body: "0123456789"},
			{name: "match", match: made, body: "0123456789"},
			{name: "match without quotes", match: strings.Trim(made, `"`), body: "0123456789"},
			{name: "match and range", match: made, span: "bytes=7-", body: "789"},
			{name: "range", span: "bytes=2-3", body: "23"},
			{name: "last bytes", span: "bytes=-2", body: "89"},
			{name: "no match", match: `"x"`, code: "PreconditionFailed"},
			{name: "no match and range", match: `"x"`, span: "bytes=7-", code: "PreconditionFailed"},
			{name: "no match and range beyond the end", match: `"x"`, span: "bytes=70-", code: "PreconditionFailed"},
			{name: "range beyond the end", match: made, span: "bytes=10-", code: "InvalidRange"},
			{name: "none match", noneMatch: made, code: "NotModified"},
			{name: "none match another", noneMatch: `"x"`, body: "0123456789"},
		} {
			t.Run(bucket+" "+test.name, func(t *testing.T) {
				body, out, err := s.get(bucket, "k", func(in *s3.GetObjectInput) {
					in.IfMatch, in.IfNoneMatch, in.Range = optional(test.match), optional(test.noneMatch), optional(test.span)
				})
				if test.code != "" {
					if code(err) != test.code {
						t.Errorf("%v, not %s", err, test.code)
					}
					return
				}
				if err != nil || body != test.body || aws.ToString(out.ETag) != made || out.LastModified == nil {
					t.Errorf("%q %+v %v", body, out, err)
				}
			})
		}
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func TestObjectConditionalPut(t *testing.T) {
	s := newStore(t, map[string]string{"k": "old"})
	match := func(tag string) func(*s3.PutObjectInput) {
		return func(in *s3.PutObjectInput) { in.IfMatch = aws.String(tag) }
	}
	none := func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }
	if _, err := s.put("made", "k", "first", none); err != nil {
		t.Fatal(err)
	}
	if _, err := s.put("made", "k", "second", none); code(err) != "PreconditionFailed" {
		t.Errorf("%v", err)
	}
	if _, err := s.put("seeded", "k", "new", none); code(err) != "PreconditionFailed" {
		t.Errorf("over a file: %v", err)
	}
	_, out, err := s.get("seeded", "k")
	if err != nil {
		t.Fatal(err)
	}
	tag, err := s.put("seeded", "k", "new", match(*out.ETag))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.put("seeded", "k", "newer", match(*out.ETag)); code(err) != "PreconditionFailed" {
		t.Errorf("with the old tag: %v", err)
	}
	if _, err := s.put("seeded", "k", "newer", match(tag)); err != nil {
		t.Error(err)
	}
	if _, err := s.put("seeded", "nothing", "x", match(tag)); code(err) != "NoSuchKey" {
		t.Errorf("where there is nothing: %v", err)
	}
	if body, _, err := s.get("seeded", "k"); err != nil || body != "newer" {
		t.Errorf("%q, %v", body, err)
	}
	if b, err := os.ReadFile(filepath.Join(s.dir, "seeded", "k")); err != nil || string(b) != "old" {
		t.Errorf("the file holds %q now", b)
	}
}

func TestObjectConditionalPutRace(t *testing.T) {
	s := newStore(t, nil)
	won := make(chan bool)
	for range 8 {
		go func() {
			_, err := s.put("made", "k", "x", func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") })
			won <- err == nil
		}()
	}
	winners := 0
	for range 8 {
		if <-won {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%d winners", winners)
	}
}

func TestObjectDeleteAndList(t *testing.T) {
	s := newStore(t, map[string]string{"a/1": "x", "a/2": "x", "b": "x", "c/d/e": "x"})
	for _, key := range []string{"a/3", "c/f"} {
		if _, err := s.put("seeded", key, "y"); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		keys, prefixes := s.keys("seeded", "", "/", 1)
		if !slices.Equal(keys, []string{"b"}) || !slices.Equal(prefixes, []string{"a/", "c/"}) {
			t.Fatalf("%q %q", keys, prefixes)
		}
	}
	_, err := s.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("seeded"), Key: aws.String("a/1")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.s3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("seeded"), Delete: &types.Delete{
		Objects: []types.ObjectIdentifier{{Key: aws.String("a/3")}, {Key: aws.String("b")}, {Key: aws.String("none")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if keys, _ := s.keys("seeded", "", "", 1000); !slices.Equal(keys, []string{"a/2", "c/d/e", "c/f"}) {
		t.Errorf("%q", keys)
	}
	if keys, _ := s.keys("seeded", "c/", "", 1); !slices.Equal(keys, []string{"c/d/e", "c/f"}) {
		t.Errorf("%q", keys)
	}
	if _, _, err := s.get("seeded", "a/1"); code(err) != "NoSuchKey" {
		t.Errorf("%v", err)
	}
	if _, _, err := s.get("nowhere", "a"); code(err) != "NoSuchKey" {
		t.Errorf("%v", err)
	}
}

// TestObjectVersions: the versions of a key are listed as S3 lists them, the newest first, a deletion among them.
func TestObjectVersions(t *testing.T) {
	s := newStore(t, nil)
	bucket := aws.String("kept")
	if _, err := s.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	_, err := s.s3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, put := range [][2]string{{"b", "1"}, {"a", "2"}, {"b", "3"}, {"a", "4"}, {"a", "5"}} {
		if _, err := s.put("kept", put[0], put[1]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("b")}); err != nil {
		t.Fatal(err)
	}
	list, err := s.s3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket, MaxKeys: aws.Int32(2)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range list.Versions {
		o, err := s.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: v.Key, VersionId: v.VersionId})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(o.Body)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *v.Key+string(body))
	}
	if !slices.Equal(got, []string{"a5", "a4", "a2", "b3", "b1"}) || len(list.DeleteMarkers) != 1 {
		t.Errorf("%q, %d deletions", got, len(list.DeleteMarkers))
	}
}

func TestObjectMetadata(t *testing.T) {
	s := newStore(t, map[string]string{"k": "seeded"})
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(s.dir, "seeded", "k"), at, at); err != nil {
		t.Fatal(err)
	}
	head, err := s.s3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("seeded"), Key: aws.String("k")})
	if err != nil || !head.LastModified.Equal(at) || *head.ContentLength != 6 || *head.ContentType != "binary/octet-stream" {
		t.Errorf("%+v, %v", head, err)
	}
	_, err = s.put("made", "k", "zipped", func(in *s3.PutObjectInput) {
		in.ContentEncoding, in.ContentType, in.Metadata = aws.String("zstd"), aws.String("text/csv"), map[string]string{"who": "me"}
	})
	if err != nil {
		t.Fatal(err)
	}
	body, out, err := s.get("made", "k", func(in *s3.GetObjectInput) { in.ChecksumMode = types.ChecksumModeEnabled })
	if err != nil || body != "zipped" || *out.ContentLength != 6 || *out.ContentEncoding != "zstd" || *out.ContentType != "text/csv" ||
		out.Metadata["who"] != "me" || aws.ToString(out.ChecksumCRC32) == "" {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := s.put("made", "k", "plain"); err != nil {
		t.Fatal(err)
	}
	_, out, err = s.get("made", "k")
	if err != nil || out.ContentEncoding != nil || len(out.Metadata) != 0 {
		t.Errorf("the metadata of the object before lives on: %+v, %v", out, err)
	}
	s.sandbox.Advance(48 * time.Hour)
	if err := s.sandbox.PutObject("made", "later", []byte("x")); err != nil {
		t.Fatal(err)
	}
	_, out, err = s.get("made", "later")
	if err != nil || time.Until(*out.LastModified) < 47*time.Hour {
		t.Errorf("an object does not follow the sandbox's clock: %v, %v", out, err)
	}
}

func TestObjectLarge(t *testing.T) {
	s := newStore(t, map[string]string{"k": ""})
	const size = 3 << 30
	if err := os.Truncate(filepath.Join(s.dir, "seeded", "k"), size); err != nil {
		t.Skip("this file system makes no sparse file of 3 GB")
	}
	body, out, err := s.get("seeded", "k", func(in *s3.GetObjectInput) { in.Range = aws.String(fmt.Sprintf("bytes=%d-", size-5)) })
	if err != nil || body != "\x00\x00\x00\x00\x00" || *out.ContentRange != fmt.Sprintf("bytes %d-%d/%d", size-5, size-1, size) {
		t.Errorf("%q %+v %v", body, out, err)
	}
}

func TestObjectChunkedUpload(t *testing.T) {
	s := newStore(t, nil)
	const framed = "5;chunk-signature=00\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+"/made/k", strings.NewReader(framed))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	r.Header.Set("X-Amz-Decoded-Content-Length", "11")
	r.Header.Set("Content-Encoding", "aws-chunked")
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", answer, err)
	}
	_ = answer.Body.Close()
	if body, out, err := s.get("made", "k"); err != nil || body != "hello world" || out.ContentEncoding != nil {
		t.Errorf("%q %+v %v", body, out, err)
	}
}

func TestObjectMultipartAndCopy(t *testing.T) {
	s := newStore(t, map[string]string{"k": "seeded"})
	bucket, key := aws.String("made"), aws.String("parts")
	up, err := s.s3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for n, text := range []string{strings.Repeat("x", 5<<20), "end"} {
		number := aws.Int32(int32(n + 1))
		out, err := s.s3.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: number, Body: strings.NewReader(text),
		})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{ETag: out.ETag, PartNumber: number})
	}
	_, err = s.s3.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	if err != nil {
		t.Fatal(err)
	}
	if body, _, err := s.get("made", "parts"); err != nil || len(body) != 5<<20+3 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	_, err = s.s3.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String("seeded/k")})
	if err != nil {
		t.Fatal(err)
	}
	if body, _, err := s.get("made", "copy"); err != nil || body != "seeded" {
		t.Errorf("%q, %v", body, err)
	}
}

func TestObjectFaults(t *testing.T) {
	s := newStore(t, map[string]string{"k": "0123456789"})
	s.sandbox.Inject(Fault{Operation: "GetObject", Kind: FaultCutAfter, AfterBytes: 4})
	if body, _, err := s.get("seeded", "k"); err == nil || body != "" && body != "0123" {
		t.Errorf("%q, %v", body, err)
	}
	s.sandbox.Inject(Fault{Operation: "PutObject", Kind: FaultCutAfter})
	if _, err := s.put("made", "k", "x"); err == nil {
		t.Error("an upload whose connection was cut has an answer")
	}
	if body, _, err := s.get("made", "k"); err != nil || body != "x" {
		t.Errorf("it was not stored: %v", err)
	}
	s.sandbox.Inject(Fault{Operation: "PutObject", Kind: FaultThrottle})
	if _, err := s.put("made", "k", "y"); code(err) != "SlowDown" {
		t.Errorf("%v", err)
	}
	s.sandbox.Inject(Fault{Operation: "PutObject", Kind: FaultError, Code: "PreconditionFailed"})
	if _, err := s.put("made", "k", "y"); code(err) != "PreconditionFailed" {
		t.Errorf("%v", err)
	}
	if n := s.sandbox.Counts().Calls["PutObject"]; n != 3 {
		t.Errorf("%d uploads", n)
	}
}

func FuzzChunkReader(f *testing.F) {
	f.Add([]byte("5;chunk-signature=00\r\nhello\r\n0\r\n\r\n"))
	f.Add([]byte("fffffffffffffff\r\n"))
	f.Add([]byte("-1\r\n"))
	f.Fuzz(func(t *testing.T, framed []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/b/k", bytes.NewReader(framed))
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
		r.Header.Set("X-Amz-Decoded-Content-Length", "5")
		unchunk(r)
		if body, err := io.ReadAll(r.Body); err == nil && len(body) > len(framed) {
			t.Errorf("%d bytes out of %d", len(body), len(framed))
		}
	})
}
