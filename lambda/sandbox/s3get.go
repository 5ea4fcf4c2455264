package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// serveObject answers GetObject and HeadObject: with If-Match, If-None-Match, the conditions on time, and Range.
func (s *objectStore) serveObject(w http.ResponseWriter, r *http.Request, bucket, key string) {
	o, body, err := s.read(bucket, key, r.URL.Query().Get("versionId"))
	if err != nil {
		writeObjectFault(w, err)
		return
	}
	defer func() { _ = o.Contents.Close() }() // it was only read
	answer := &objectWriter{ResponseWriter: w, bodiless: r.Method == http.MethodHead, size: o.Size}
	setObjectHeaders(w.Header(), o)
	if r.Header.Get("Range") == "" && strings.EqualFold(r.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		if sum, err := checksum(body, o.Size); err == nil && sum != "" {
			w.Header().Set("X-Amz-Checksum-Crc32", sum)
			w.Header().Set("X-Amz-Checksum-Type", "FULL_OBJECT")
		}
	}
	tidyConditions(r.Header)
	modified, _ := time.Parse(http.TimeFormat, o.Metadata["Last-Modified"]) // the zero time: no header
	http.ServeContent(answer, r, "", modified, body)
}

// read returns an object with a body that can be read from the middle.
func (s *objectStore) read(bucket, key, version string) (*gofakes3.Object, io.ReadSeeker, error) {
	var o *gofakes3.Object
	var err error
	if version == "" || version == "null" {
		o, err = s.GetObject(bucket, key, nil)
	} else {
		o, err = s.GetObjectVersion(bucket, key, gofakes3.VersionID(version), nil)
	}
	if err != nil {
		return nil, nil, err
	}
	if file, ok := o.Contents.(*os.File); ok {
		return o, file, nil
	}
	body, err := gofakes3.ReadAll(o.Contents, o.Size)
	return o, bytes.NewReader(body), err
}

func setObjectHeaders(header http.Header, o *gofakes3.Object) {
	header.Set("ETag", gofakes3.FormatETag(o.Hash))
	header.Set("X-Amz-Request-Id", newUUID())
	header.Set("Content-Type", "binary/octet-stream")
	if o.VersionID != "" {
		header.Set("X-Amz-Version-Id", string(o.VersionID))
	}
	for name, value := range o.Metadata {
		switch {
		case value == "":
		case strings.HasPrefix(name, "X-Amz-Meta-"), name == "Content-Type", name == "Content-Encoding", name == "Content-Disposition":
			header.Set(name, value)
		}
	}
}

// tidyConditions brings to HTTP's form what S3 accepts besides: an ETag without quotes. S3 answers a request for several ranges with the
// whole object.
func tidyConditions(header http.Header) {
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if tag := header.Get(name); tag != "" && tag != "*" && !strings.Contains(tag, `"`) {
			header.Set(name, `"`+tag+`"`)
		}
	}
	if strings.Contains(header.Get("Range"), ",") {
		header.Del("Range")
	}
}

// objectWriter brings the answers of http.ServeContent to S3's form: errors in XML, and always the length.
type objectWriter struct {
	http.ResponseWriter
	bodiless bool
	size     int64
	refused  bool
}

// WriteHeader turns an error's status into S3's error.
func (w *objectWriter) WriteHeader(status int) {
	header := w.Header()
	if status != http.StatusOK {
		header.Del("X-Amz-Checksum-Crc32") // it is the sum of the whole body, which is not sent
		header.Del("X-Amz-Checksum-Type")
	}
	switch status {
	case http.StatusPreconditionFailed:
		w.refuse(status, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	case http.StatusRequestedRangeNotSatisfiable:
		w.refuse(status, "InvalidRange", "The requested range is not satisfiable")
		return
	case http.StatusOK:
		header.Set("Content-Length", decimal(w.size))
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *objectWriter) refuse(status int, code, message string) {
	w.refused = true
	if w.bodiless {
		w.Header().Del("Content-Length")
		w.ResponseWriter.WriteHeader(status)
		return
	}
	writeObjectError(w.ResponseWriter, status, code, message)
}

// Write omits the text that http.ServeContent has for an error.
func (w *objectWriter) Write(b []byte) (int, error) {
	if w.refused {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}
