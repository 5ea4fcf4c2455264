package events

import (
	"cmp"
	"encoding/json"
)

type busEvent struct {
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Region     string          `json:"region"`
	Time       string          `json:"time"`
	Detail     json.RawMessage `json:"detail"`
}

func isBusEvent(object fields) bool {
	return object.text("detail-type") != "" && object.text("source") != "" && object.has("detail")
}

// openBusEvent returns the object that an event points at, or the whole event as a document.
func openBusEvent(object fields, raw []byte, in envelope) (Message, error) {
	var event busEvent
	if err := in.read(raw, &event); err != nil {
		return Message{}, err
	}
	if event.Source == "aws.s3" {
		return openS3BusEvent(event, in)
	}
	d := event.document(in)
	if pointer, ok := pointerIn(object["detail"]); ok {
		d.Pointer = pointer
		return objectMessage(d, in.within("detail.document"))
	}
	d.Inline = raw
	return Message{Document: &d}, nil
}

// document returns a document with what stands around the event's detail.
func (e busEvent) document(in envelope) Document {
	d := in.context
	d.EventID = cmp.Or(e.ID, d.EventID)
	d.Source, d.DetailType = e.Source, e.DetailType
	d.Account, d.Region = cmp.Or(e.Account, d.Account), cmp.Or(e.Region, d.Region)
	d.Time = cmp.Or(instant(e.Time), d.Time)
	return d
}

// pointerIn reads {"document":{"bucket":…,"key":…}}. A member "document" of another shape belongs to the
// sender's own event, and is not a pointer.
func pointerIn(raw json.RawMessage) (Pointer, bool) {
	var object fields
	if json.Unmarshal(raw, &object) != nil {
		return Pointer{}, false
	}
	pointer, ok := readPointer(object["document"])
	return pointer, ok && pointer.complete()
}

// readPointer reads a pointer; ok reports whether it is an object at all.
func readPointer(raw json.RawMessage) (p Pointer, ok bool) {
	var object fields
	if json.Unmarshal(raw, &object) != nil {
		return Pointer{}, false
	}
	return Pointer{Bucket: object.text("bucket"), Key: object.text("key"), VersionID: object.text("versionId")}, true
}

func (p Pointer) complete() bool { return p.Bucket != "" && p.Key != "" }
