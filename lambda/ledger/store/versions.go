package store

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
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
		for {
			page, err := list.ListObjectVersions(ctx, in)
			if err != nil {
				yield(nil, s.failed("listing the versions of", key, err))
				return
			}
			for _, v := range page.Versions {
				if aws.ToString(v.Key) != s.prefix+key {
					continue
				}
				data, err := s.version(ctx, key, v.VersionId)
				if !yield(data, err) || err != nil {
					return
				}
			}
			if !aws.ToBool(page.IsTruncated) {
				return
			}
			in.KeyMarker, in.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
		}
	}
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
