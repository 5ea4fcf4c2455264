package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// S3API are the actions of S3 that a state needs. *s3.Client is one.
type S3API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// S3 keeps a state in a bucket under a prefix ("" or "ledger"; a slash is put between). Its conditions are S3's own: If-Match and
// If-None-Match.
func S3(api S3API, bucket, prefix string) Store {
	prefix = strings.Trim(prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &s3Store{api, bucket, prefix}
}

type s3Store struct {
	api    S3API
	bucket string
	prefix string
}

func (s *s3Store) Get(ctx context.Context, key string) ([]byte, string, error) {
	return s.get(ctx, key, nil)
}

func (s *s3Store) GetRange(ctx context.Context, key string, offset, length int64) ([]byte, error) {
	if length <= 0 {
		return nil, nil
	}
	data, _, err := s.get(ctx, key, new(fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)))
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "InvalidRange" {
		return nil, nil // the object ends before the offset
	}
	return data, err
}

func (s *s3Store) get(ctx context.Context, key string, part *string) ([]byte, string, error) {
	out, err := s.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: new(s.prefix + key), Range: part})
	if err != nil {
		return nil, "", s.failed("reading", key, err)
	}
	data, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, "", s.failed("reading", key, err)
	}
	return data, aws.ToString(out.ETag), nil
}

func (s *s3Store) Put(ctx context.Context, key string, data []byte, condition string) (string, error) {
	in := &s3.PutObjectInput{Bucket: &s.bucket, Key: new(s.prefix + key), Body: bytes.NewReader(data)}
	if strings.HasSuffix(key, ".html") {
		in.ContentType = new("text/html; charset=utf-8") // else a browser shows its source, or stores it
	}
	switch condition {
	case Any:
	case Absent:
		in.IfNoneMatch = new("*")
	default:
		in.IfMatch = &condition
	}
	out, err := s.api.PutObject(ctx, in)
	if errors.Is(s3Error(err), ErrNotFound) && in.IfMatch != nil {
		err = ErrConflict // the object that should still be there has gone
	}
	if err != nil {
		return "", s.failed("writing", key, err)
	}
	return aws.ToString(out.ETag), nil
}

func (s *s3Store) Delete(ctx context.Context, key string) error {
	_, err := s.api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: new(s.prefix + key)})
	if err != nil && !errors.Is(s3Error(err), ErrNotFound) {
		return s.failed("deleting", key, err)
	}
	return nil
}

func (s *s3Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		in := &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: new(s.prefix + prefix)}
		for {
			page, err := s.api.ListObjectsV2(ctx, in)
			if err != nil {
				yield("", s.failed("listing", prefix, err))
				return
			}
			for _, o := range page.Contents {
				if !yield(strings.TrimPrefix(aws.ToString(o.Key), s.prefix), nil) {
					return
				}
			}
			in.ContinuationToken = page.NextContinuationToken
			if aws.ToString(in.ContinuationToken) == "" {
				return
			}
		}
	}
}

func (s *s3Store) failed(doing, key string, err error) error {
	return fmt.Errorf("ledger: %s s3://%s/%s%s: %w", doing, s.bucket, s.prefix, key, s3Error(err))
}

// s3Error makes ErrNotFound and ErrConflict of S3's own errors and leaves others as they are.
func s3Error(err error) error {
	switch class, _ := fault.Of(err); class {
	case fault.Missing:
		return ErrNotFound
	case fault.Conflict:
		return ErrConflict
	}
	return err
}
