package store

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// lister is the action of S3 that lists versions. Only who repairs a state needs it.
type lister interface {
	ListObjectVersions(context.Context, *s3.ListObjectVersionsInput, ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error)
}

// Versions yields the versions of an object that the bucket keeps.
func (s *s3Store) Versions(ctx context.Context, key string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		list, ok := s.api.(lister)
		if !ok {
			return
		}
		in := &s3.ListObjectVersionsInput{Bucket: &s.bucket, Prefix: aws.String(s.prefix + key)}
		for more := true; more; {
			page, err := list.ListObjectVersions(ctx, in)
			if err != nil {
				yield(nil, s.failed("listing the versions of", key, err))
				return
			}
			if !s.versions(ctx, key, page.Versions, yield) {
				return
			}
			in.KeyMarker, in.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
			more = aws.ToBool(page.IsTruncated)
		}
	}
}

// versions yields the versions of an object among those of a page, and reports whether more are wanted.
func (s *s3Store) versions(ctx context.Context, key string, list []types.ObjectVersion, yield func([]byte, error) bool) bool {
	for _, v := range list {
		if aws.ToString(v.Key) != s.prefix+key {
			continue
		}
		data, err := s.version(ctx, key, v.VersionId)
		if !yield(data, err) || err != nil {
			return false
		}
	}
	return true
}

func (s *s3Store) version(ctx context.Context, key string, id *string) ([]byte, error) {
	out, err := s.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + key), VersionId: id})
	if err != nil {
		return nil, s.failed("reading a version of", key, err)
	}
	data, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, s.failed("reading a version of", key, err)
	}
	return data, nil
}
