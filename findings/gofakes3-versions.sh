#!/usr/bin/env bash
# ListObjectVersions of gofakes3 v1.2.0 (backend s3mem) lists the versions of a key from the oldest on, and the latest last: S3 has the most recently
# stored first. A page that is not the last one has neither a key marker nor a version marker for the next, so a client that pages begins anew, or
# ends. Code that takes the first version that it can read for the newest puts back the oldest, and passes its tests only where there is one. Called
# through aws-sdk-go-v2/service/s3 v1.114.10. Needs Go.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOMODCACHE=$tmp/mod GOFLAGS=-modcacherw

cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	defer server.Close()
	client := s3.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}, func(o *s3.Options) { o.UsePathStyle = true })
	ctx, bucket, key := context.Background(), aws.String("bucket"), aws.String("key")
	must(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
	must(client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
	for _, body := range []string{"first", "second", "third"} {
		must(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader(body)}))
	}
	for _, v := range must(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket})).Versions {
		o := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, VersionId: v.VersionId}))
		fmt.Printf("%s, latest: %v\n", must(io.ReadAll(o.Body)), *v.IsLatest)
	}
	page := must(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket, MaxKeys: aws.Int32(1)}))
	fmt.Println("a page of one: more follow:", *page.IsTruncated, "with a marker for the next:", page.NextKeyMarker != nil || page.NextVersionIdMarker != nil)
}
EOF
go mod init example >install.log 2>&1
go get github.com/johannesboyne/gofakes3@v1.2.0 github.com/johannesboyne/gofakes3/backend/s3mem@v1.2.0 \
  github.com/aws/aws-sdk-go-v2/aws@v1.48.0 github.com/aws/aws-sdk-go-v2/credentials@v1.21.0 \
  github.com/aws/aws-sdk-go-v2/service/s3@v1.114.10 >>install.log 2>&1
go run . | tee seen
diff - seen <<'EOF'
first, latest: false
second, latest: false
third, latest: true
a page of one: more follow: true with a marker for the next: false
EOF
