package events

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
)

// isTestEvent tells what S3 sends once when a notification is set up.
func isTestEvent(object fields) bool {
	return object.text("Event") == "s3:TestEvent" && object.has("Service")
}

// openS3Record reads one record of a bucket's own notification. Only here are keys URL-encoded, with a plus for a space.
func openS3Record(raw json.RawMessage, in envelope) (Message, error) {
	var r struct {
		Name   string `json:"eventName"`
		Time   string `json:"eventTime"`
		Region string `json:"awsRegion"`
		S3     struct {
			Bucket struct {
				Name string `json:"name"`
			} `json:"bucket"`
			Object struct {
				Key        string `json:"key"`
				DecodedKey string `json:"urlDecodedKey"`
				Size       int64  `json:"size"`
				ETag       string `json:"eTag"`
				VersionID  string `json:"versionId"`
				Sequencer  string `json:"sequencer"`
			} `json:"object"`
		} `json:"s3"`
	}
	if err := in.read(raw, &r); err != nil {
		return Message{}, err
	}
	if !strings.HasPrefix(strings.TrimPrefix(r.Name, "s3:"), "ObjectCreated:") {
		return Message{Nothing: "not about a new object"}, nil
	}
	object := r.S3.Object
	key := object.DecodedKey
	if key == "" {
		var err error
		key, err = url.QueryUnescape(object.Key)
		if err != nil {
			return Message{}, &Error{At: in.at, What: "s3.object.key is not URL-encoded"}
		}
	}
	d := in.context
	d.Pointer = Pointer{Bucket: r.S3.Bucket.Name, Key: key, VersionID: object.VersionID}
	d.ETag, d.Sequencer, d.Size = object.ETag, object.Sequencer, object.Size
	d.Time, d.Region = orTime(instant(r.Time), d.Time), cmp.Or(r.Region, d.Region)
	return objectMessage(d, in.within("s3"))
}

// openS3BusEvent reads what S3 sends over the bus, where keys are not encoded.
func openS3BusEvent(event busEvent, in envelope) (Message, error) {
	if event.DetailType != "Object Created" {
		return Message{Nothing: "not about a new object"}, nil
	}
	var detail struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			Size      int64  `json:"size"`
			ETag      string `json:"etag"`
			VersionID string `json:"version-id"`
			Sequencer string `json:"sequencer"`
		} `json:"object"`
	}
	in = in.within("detail")
	if err := in.read(event.Detail, &detail); err != nil {
		return Message{}, err
	}
	d := event.document(in)
	object := detail.Object
	d.Pointer = Pointer{Bucket: detail.Bucket.Name, Key: object.Key, VersionID: object.VersionID}
	d.ETag, d.Sequencer, d.Size = object.ETag, object.Sequencer, object.Size
	return objectMessage(d, in)
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
