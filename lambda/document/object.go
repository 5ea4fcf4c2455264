package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// S3API is what is needed of S3.
type S3API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Object is an object in S3; without a version ID, its current version. It is asked for at once, and what comes is what
// the first Open reads; later ones ask for the very same content. Errors: ErrNotFound, ErrDenied.
func Object(ctx context.Context, api S3API, bucket, key, versionID string) (Source, error) {
	name := "s3://" + bucket + "/" + key
	o := &object{api: api, input: s3.GetObjectInput{Bucket: &bucket, Key: &key}, size: -1}
	if versionID != "" {
		o.input.VersionId = &versionID
	}
	out, err := o.get(ctx, 0)
	if err != nil {
		return Source{}, fmt.Errorf("document: %s: %w", name, err)
	}
	o.etag = aws.ToString(out.ETag)
	if out.ContentLength != nil {
		o.size = *out.ContentLength
	}
	if id := aws.ToString(out.VersionId); id != "" && id != "null" {
		o.input.VersionId = &id
	}
	o.first = out.Body
	return Source{
		Name: name, Size: o.size, Time: aws.ToTime(out.LastModified), Version: o.version(),
		open: o.open, close: o.close,
	}, nil
}

// object is one version of an object. Its content is asked for by its ETag, so that it cannot change in between.
type object struct {
	api   S3API
	input s3.GetObjectInput
	etag  string
	size  int64

	mu    sync.Mutex
	first io.ReadCloser // the body of the first answer, not yet read
}

func (o *object) version() string {
	if id := aws.ToString(o.input.VersionId); id != "" {
		return id
	}
	return strings.Trim(o.etag, `"`)
}

func (o *object) takeFirst() io.ReadCloser {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := o.first
	o.first = nil
	return first
}

func (o *object) close() error {
	if first := o.takeFirst(); first != nil {
		return first.Close()
	}
	return nil
}

func (o *object) open(ctx context.Context) (io.ReadCloser, error) {
	if first := o.takeFirst(); first != nil {
		return &objectReader{ctx: ctx, object: o, body: first}, nil
	}
	out, err := o.get(ctx, 0)
	if err != nil {
		return nil, err
	}
	return &objectReader{ctx: ctx, object: o, body: out.Body}, nil
}

// get asks for the content from an offset on. Not every store with the API of S3 heeds conditions and ranges of a GET, so
// the answer is looked at too.
func (o *object) get(ctx context.Context, offset int64) (*s3.GetObjectOutput, error) {
	input := o.input
	if o.etag != "" {
		input.IfMatch = &o.etag
	}
	if offset > 0 {
		input.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	out, err := o.api.GetObject(ctx, &input)
	if err != nil {
		return nil, objectError(err)
	}
	if o.etag != "" && aws.ToString(out.ETag) != o.etag {
		return nil, errors.Join(ErrChanged, out.Body.Close())
	}
	if offset > 0 && out.ContentRange == nil {
		if _, err := io.CopyN(io.Discard, out.Body, offset); err != nil {
			return nil, errors.Join(err, out.Body.Close())
		}
	}
	return out, nil
}

// objectError makes S3's answers errors that a caller decides on. Others, such as throttling, stay as they are.
func objectError(err error) error {
	status, code := 0, ""
	var answer interface{ HTTPStatusCode() int }
	if errors.As(err, &answer) {
		status = answer.HTTPStatusCode()
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code = api.ErrorCode()
	}
	switch {
	case status == http.StatusPreconditionFailed, code == "PreconditionFailed":
		return fmt.Errorf("%w: %w", ErrChanged, err)
	case status == http.StatusForbidden, code == "AccessDenied":
		return fmt.Errorf("%w: %w", ErrDenied, err)
	case status == http.StatusNotFound, code == "NoSuchKey", code == "NoSuchVersion", code == "NoSuchBucket", code == "NotFound",
		status == http.StatusMethodNotAllowed, code == "MethodNotAllowed": // the last two: the version is a delete marker
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

// maxResumes bounds how often a broken connection is resumed without a byte in between.
const maxResumes = 5

// objectReader reads a body and, where the connection breaks, goes on from there with another.
type objectReader struct {
	ctx     context.Context // it bounds one reading, as the reader does
	object  *object
	body    io.ReadCloser
	offset  int64
	resumes int
}

func (r *objectReader) Read(p []byte) (int, error) {
	for {
		n, err := r.body.Read(p)
		r.offset += int64(n)
		if n > 0 {
			r.resumes = 0
		}
		if err == nil || n > 0 {
			return n, r.kept(err)
		}
		if r.whole() {
			return 0, err
		}
		if err := r.resume(err); err != nil {
			return 0, err
		}
	}
}

// kept holds an error back that came together with bytes: the body returns it again, or is resumed.
func (r *objectReader) kept(err error) error {
	if err != nil && r.whole() {
		return err
	}
	return nil
}

// whole reports whether all of the object was read. Of one whose size is not known, the end is believed.
func (r *objectReader) whole() bool { return r.object.size < 0 || r.offset >= r.object.size }

func (r *objectReader) resume(cause error) error {
	if atEnd(cause) {
		cause = io.ErrUnexpectedEOF
	}
	for {
		if r.resumes == maxResumes {
			return fmt.Errorf("cut off after %d of %d bytes, and could not be resumed: %w", r.offset, r.object.size, cause)
		}
		if err := fault.Sleep(r.ctx, 100*time.Millisecond<<r.resumes); err != nil {
			return err
		}
		r.resumes++
		out, err := r.object.get(r.ctx, r.offset)
		if err == nil {
			_ = r.body.Close() // it is broken already
			r.body = out.Body
			return nil
		}
		if errors.Is(err, ErrChanged) || errors.Is(err, ErrDenied) || errors.Is(err, ErrNotFound) {
			return err
		}
		cause = err
	}
}

func (r *objectReader) Close() error { return r.body.Close() }
