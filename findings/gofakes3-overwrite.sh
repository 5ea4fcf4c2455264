#!/usr/bin/env bash
# An object of gofakes3 v1.2.0 (backend s3mem) that is overwritten keeps the metadata of the object before, but for what the new request
# names: S3 replaces an object with all its metadata. Likewise If-Match is looked at when an object is written, and not when it is read: S3
# answers a GET with another ETag with 412, gofakes3 with the object. Code that reads a time or an owner from metadata, or that reads one
# version of an object in several parts under If-Match, passes its tests against it and fails in production. Called through
# aws-sdk-go-v2/service/s3 v1.114.10. Needs Go.
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
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

func main() {
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	defer server.Close()
	client := s3.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}, func(o *s3.Options) { o.UsePathStyle = true })
	ctx, bucket, key := context.Background(), aws.String("bucket"), aws.String("key")
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket})
	fmt.Println("bucket:", err)

	for _, metadata := range []map[string]string{{"owner": "web", "captured": "monday"}, {"owner": "db"}, nil} {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x"), Metadata: metadata})
		if err != nil {
			panic(err)
		}
		head, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
		if err != nil {
			panic(err)
		}
		fmt.Println("put with", metadata, "holds", head.Metadata)
	}

	other := aws.String(`"00000000000000000000000000000000"`)
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("y"), IfMatch: other})
	fmt.Println("put where the ETag is another is refused:", err != nil)
	_, err = client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, IfMatch: other})
	fmt.Println("get where the ETag is another is refused:", err != nil)
}
EOF
go mod init example >install.log 2>&1
go get github.com/johannesboyne/gofakes3@v1.2.0 github.com/johannesboyne/gofakes3/backend/s3mem@v1.2.0 \
  github.com/aws/aws-sdk-go-v2/aws@v1.48.0 github.com/aws/aws-sdk-go-v2/credentials@v1.21.0 \
  github.com/aws/aws-sdk-go-v2/service/s3@v1.114.10 >>install.log 2>&1
go run . | tee seen
diff - seen <<'EOF'
bucket: <nil>
put with map[captured:monday owner:web] holds map[captured:monday owner:web]
put with map[owner:db] holds map[captured:monday owner:db]
put with map[] holds map[captured:monday owner:db]
put where the ETag is another is refused: true
get where the ETag is another is refused: false
EOF
