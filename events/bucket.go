package events

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
)

// isTestEvent reports whether this is what S3 sends once when a notification is set up.
func isTestEvent(object fields) bool {
	return object.text("Event") == "s3:TestEvent" && object.has("Service")
}

// bucketObject is a new object, as a bucket's own notification and the bus have it.
type bucketObject struct {
	Bucket struct {
		Name string `json:"name"`
	} `json:"bucket"`
	Object struct {
		Key        string `json:"key"`
		DecodedKey string `json:"urlDecodedKey"`
		Size       int64  `json:"size"`
		ETag       string `json:"eTag"` // on the bus etag, which is read as well
		VersionID  string `json:"versionId"`
		BusVersion string `json:"version-id"`
		Sequencer  string `json:"sequencer"`
	} `json:"object"`
}

// message returns the document that the object is.
func (o bucketObject) message(d Document, key, version string, in envelope) (Message, error) {
	d.Pointer = Pointer{Bucket: o.Bucket.Name, Key: key, VersionID: version}
	d.ETag, d.Sequencer, d.Size = o.Object.ETag, o.Object.Sequencer, o.Object.Size
	return objectMessage(d, in)
}

// openS3Record reads one record of a bucket's own notification. Only here are keys URL-encoded, with a plus for a space.
func openS3Record(raw json.RawMessage, in envelope) (Message, error) {
	var r struct {
		Name   string       `json:"eventName"`
		Time   string       `json:"eventTime"`
		Region string       `json:"awsRegion"`
		S3     bucketObject `json:"s3"`
	}
	if err := in.read(raw, &r); err != nil {
		return Message{}, err
	}
	if !strings.HasPrefix(strings.TrimPrefix(r.Name, "s3:"), "ObjectCreated:") {
		return Message{Nothing: "not about a new object"}, nil
	}
	key := r.S3.Object.DecodedKey
	if key == "" {
		var err error
		key, err = url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			return Message{}, &Error{At: in.at, What: "s3.object.key is not URL-encoded"}
		}
	}
	d := in.context
	d.Time, d.Region = cmp.Or(instant(r.Time), d.Time), cmp.Or(r.Region, d.Region)
	return r.S3.message(d, key, r.S3.Object.VersionID, in.within("s3"))
}

// openS3BusEvent reads what S3 sends over the bus, where keys are not encoded.
func openS3BusEvent(event busEvent, in envelope) (Message, error) {
	if event.DetailType != "Object Created" {
		return Message{Nothing: "not about a new object"}, nil
	}
	var detail bucketObject
	in = in.within("detail")
	if err := in.read(event.Detail, &detail); err != nil {
		return Message{}, err
	}
	return detail.message(event.document(in), detail.Object.Key, detail.Object.BusVersion, in)
}

// objectMessage checks that a pointer points somewhere. The empty object that consoles make for a folder is no document.
func objectMessage(d Document, in envelope) (Message, error) {
	switch {
	case d.Bucket == "":
		return Message{}, &Error{At: in.at, What: "the bucket's name is missing"}
	case d.Key == "":
		return Message{}, &Error{At: in.at, What: "the object's key is missing"}
	case strings.HasSuffix(d.Key, "/") && d.Size == 0:
		return Message{Nothing: "a folder's marker"}, nil
	}
	return Message{Document: &d}, nil
}
