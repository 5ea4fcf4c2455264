package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// serveObjects answers S3 requests, path style. Reading an object is done here, where conditions, ranges and large files are right;
// everything else is the library's.
func (s *Sandbox) serveObjects(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	operation := objectOperation(r.Method, key, r.URL.Query(), r.Header)
	s.count(operation)
	met := s.meet(operation, "", nil)
	if err := met.before(r.Context()); err != nil {
		writeObjectFault(w, err)
		return
	}
	if met.cutAfter {
		w = &cutWriter{ResponseWriter: w, left: met.afterBytes}
		defer cutConnection()
	}
	if slices.Contains(provided, operation) {
		if err := s.objects.provide(bucket); err != nil {
			writeObjectError(w, http.StatusInternalServerError, "InternalError", "The bucket could not be made.")
			return
		}
	}
	if operation == "GetObject" || operation == "HeadObject" {
		s.objects.serveObject(w, r, bucket, key)
		return
	}
	unchunk(r)
	s.objects.server.ServeHTTP(w, r)
}

// provided are the operations that make the bucket they name, so that no client has to. Reading is among them: a client may look
// before it writes.
var provided = []string{"PutObject", "CopyObject", "CreateMultipartUpload", "GetObject", "HeadObject", "ListObjects", "ListObjectsV2"}

// objectOperation names a request as S3's API does, as far as the sandbox tells requests apart.
func objectOperation(method, key string, query url.Values, header http.Header) string {
	switch {
	case query.Has("uploads") && method == http.MethodPost:
		return "CreateMultipartUpload"
	case query.Has("uploadId"):
		return map[string]string{
			http.MethodPut: "UploadPart", http.MethodPost: "CompleteMultipartUpload", http.MethodDelete: "AbortMultipartUpload",
			http.MethodGet: "ListParts",
		}[method]
	case key == "":
		return bucketOperation(method, query)
	case method == http.MethodPut && header.Get("X-Amz-Copy-Source") != "":
		return "CopyObject"
	}
	return map[string]string{
		http.MethodGet: "GetObject", http.MethodHead: "HeadObject", http.MethodPut: "PutObject", http.MethodDelete: "DeleteObject",
	}[method]
}

func bucketOperation(method string, query url.Values) string {
	switch {
	case query.Has("versions"):
		return "ListObjectVersions"
	case query.Has("versioning"):
		return method + "BucketVersioning"
	case query.Has("delete"):
		return "DeleteObjects"
	case method == http.MethodGet && query.Get("list-type") == "2":
		return "ListObjectsV2"
	case method == http.MethodGet:
		return "ListObjects"
	}
	return method + "Bucket"
}

// cutWriter lets a part of the answer through and cuts the connection.
type cutWriter struct {
	http.ResponseWriter
	left int64
}

// Write passes on what is left to be let through.
func (w *cutWriter) Write(b []byte) (int, error) {
	if int64(len(b)) < w.left {
		w.left -= int64(len(b))
		return w.ResponseWriter.Write(b)
	}
	if _, err := w.ResponseWriter.Write(b[:w.left]); err == nil && w.left > 0 {
		_ = http.NewResponseController(w.ResponseWriter).Flush() // what was let through must arrive
	}
	cutConnection()
	return 0, nil
}
