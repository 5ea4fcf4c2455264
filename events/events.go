// Package events knows what may arrive at the function, and in how many envelopes; it knows neither what a document states nor
// what becomes of it, and it fetches nothing.
//
// Decode opens envelope after envelope (a queue's batch, a topic's notification, a bus event, a bucket's notification) until it
// meets one of four things: a document (an object that is pointed at, or records in the message itself), a delivery, the sweep's
// signal, or something that asks for nothing. It probes for the fields that it needs and ignores all others, since AWS adds fields
// to its events from time to time.
//
// The shapes are those of the AWS documentation: "Event message structure" and "EventBridge event message structure" (S3),
// "Using Lambda with Amazon SQS", "Amazon SNS message formats". The bridge's own shapes are
//
//	{"document":{"bucket":"…","key":"…","versionId":"…"}}   an object; versionId may be left out
//	{"mapping":"…","as":{"nodeId":"…"},"records":[…]}       records in the message; as may be left out
//	{"sweep":{}}                                            finish what is open; {"sweep":{"partition":7}}: of that one only
//	{"delivery":{"bucket":"…","key":"…"}}                   a staged partition
package events

import "time"

// Batch is what one invocation brought, in the order in which it stands in the event.
type Batch struct {
	Messages []Message
	SQS      bool // it came from a queue, which expects a partial batch response
}

// Message is one thing to do. At most one of Document, Delivery and Sweep is set; where none is and Err is nil, Nothing is why
// there is nothing to do. One message of a queue may bring several: they share its ID.
type Message struct {
	ID       string // the queue's message ID; empty outside queues
	Group    string // the message group of a FIFO queue
	Receipt  string // the queue's receipt handle, by which the message is made visible again sooner or later
	Received int    // how often the queue has handed it out, from 1; 0: not known
	Document *Document
	Delivery *Pointer
	Sweep    bool
	Only     *int   // the one partition that the sweep is about; nil: all
	Nothing  string // why there is nothing to do
	Err      error  // what is wrong with this message alone: an *Error
}

// Pointer names an object in S3. VersionID may be empty: the current version.
type Pointer struct {
	Bucket, Key, VersionID string
}

// Document is something about machines: an object, or bytes that came with the message.
type Document struct {
	Pointer // the object; empty where Inline is set

	// Inline is the document itself: a whole bus event, so that paths such as detail.findings lead somewhere; the list under
	// "records" of the inline form; a queue message's whole body, which may be any text.
	Inline []byte

	ETag      string
	Sequencer string
	Size      int64     // of the object in bytes; 0: not known
	Time      time.Time // when it was written or sent, by the innermost envelope that has a time; else zero

	// Mapping is what the sender names: the attribute "mapping" of a message, or "mapping" of the inline form. It is never set
	// for objects: their key decides.
	Mapping string
	// As are the identifiers of the machine that the sender names, by kind: nodeId, hostname, serial, ip, mac.
	As map[string][]string

	Source, DetailType string            // of a bus event
	Attributes         map[string]string // a message's attributes that are text or numbers
	EventID            string            // of the innermost envelope that has one: bus event, notification, queue message
	Account, Region    string            // of the sender, where the envelope has them
}

// Error is what is wrong with an event or with one message of it. It names places and fields, never a value.
type Error struct {
	At   string // where in the event, for example Records[2].body; empty at its top
	What string
}

func (e *Error) Error() string {
	text := "events: "
	if e.At != "" {
		text += e.At + ": "
	}
	return text + e.What
}
