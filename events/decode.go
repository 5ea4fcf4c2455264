package events

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxDepth bounds envelopes in envelopes. The deepest way that AWS offers is four: queue, topic, bus, bucket.
const maxDepth = 8

// maxRecords bounds what one envelope may list; a queue's largest batch is 10,000.
const maxRecords = 10_000

// fields are the members of a JSON object by their exact names: encoding/json would take "Records" for "records".
type fields map[string]json.RawMessage

// envelope is where Decode is: how deep, and what it has read from the envelopes around it.
type envelope struct {
	at      string
	depth   int
	queue   bool // inside a queue's or topic's message, where text that is no envelope is a document
	message Message
	context Document // what the document inherits
}

// Decode opens the event that an invocation brought. The error is an *Error, and is returned only where nothing can be done with the
// event: it is not JSON, or of no known shape. What is wrong with one message stands in that message.
func Decode(raw []byte) (Batch, error) {
	object, err := objectOf(raw)
	if err != nil {
		return Batch{}, err
	}
	messages, known := open(object, raw, envelope{})
	if !known {
		return Batch{}, &Error{What: "no known kind of event: expected a notification of S3, SNS, SQS or EventBridge, or one of " +
			`{"document":…}, {"mapping":…,"records":…}, {"sweep":{}}, {"delivery":…}`}
	}
	return Batch{Messages: messages, SQS: fromQueue(object)}, nil
}

func objectOf(raw []byte) (fields, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, &Error{What: "the event is empty"}
	}
	var object fields
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, &Error{What: notAnObject(raw, err)}
	}
	if object == nil {
		return nil, &Error{What: "the event is null"}
	}
	return object, nil
}

// notAnObject says why the event is not a JSON object. The parser's own words are not passed on: they quote the data.
func notAnObject(raw []byte, err error) string {
	if json.Valid(raw) {
		return "the event must be a JSON object"
	}
	if syntax, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // as encoding/json returns it, never wrapped
		return fmt.Sprintf("the event is not JSON: broken at byte %d", syntax.Offset)
	}
	return "the event is not JSON"
}

// fromQueue reports whether the event came from a queue, which expects a batch response.
func fromQueue(object fields) bool {
	var records []struct {
		EventSource string `json:"eventSource"`
	}
	if json.Unmarshal(object["Records"], &records) != nil {
		return false
	}
	for _, r := range records {
		if r.EventSource == sourceSQS {
			return true
		}
	}
	return false
}

// open returns the messages in an object, and reports whether its kind is known.
func open(object fields, raw []byte, in envelope) ([]Message, bool) {
	switch {
	case isNotification(object):
		return openTopicMessage(raw, in), true
	case isBusEvent(object):
		return in.one(openBusEvent(object, raw, in)), true
	case isTestEvent(object):
		return in.nothing("s3:TestEvent: the bucket's notifications have been set up"), true
	case isRecords(object):
		return openRecords(object["Records"], in), true
	}
	return openOwn(object, in)
}

// openText opens what stands as text in another envelope. In a message of a queue or topic, text that is not an envelope is the document.
func openText(text string, in envelope) []Message {
	in.depth++
	if in.depth > maxDepth {
		return in.failed("envelopes in envelopes more than %d deep", maxDepth)
	}
	var object fields
	if json.Unmarshal([]byte(text), &object) == nil && object != nil {
		if messages, known := open(object, []byte(text), in); known {
			return messages
		}
	}
	return in.one(rawDocument(text, in))
}

// rawDocument takes the text of a queue's or topic's message for the document.
func rawDocument(text string, in envelope) (Message, error) {
	if text == "" {
		return Message{}, &Error{At: in.at, What: "the message is empty"}
	}
	document := in.context
	document.Inline = []byte(text)
	document.Mapping = document.Attributes["mapping"]
	return Message{Document: &document}, nil
}

// one returns what an envelope holds as one message, with the ID and group of the queue's message.
func (in envelope) one(m Message, err error) []Message {
	if err != nil {
		m = Message{Err: err}
	}
	m.ID, m.Group, m.Receipt, m.Received = in.message.ID, in.message.Group, in.message.Receipt, in.message.Received
	return []Message{m}
}

func (in envelope) nothing(why string) []Message { return in.one(Message{Nothing: why}, nil) }

func (in envelope) failed(what string, args ...any) []Message {
	return in.one(Message{}, &Error{At: in.at, What: fmt.Sprintf(what, args...)})
}

// within returns the envelope for what stands in a field of this one.
func (in envelope) within(field string) envelope {
	if in.at != "" {
		field = in.at + "." + field
	}
	in.at = field
	return in
}

// read fills a struct from a field. Its error names the place and no value.
func (in envelope) read(raw json.RawMessage, into any) error {
	err := json.Unmarshal(raw, into)
	if err == nil {
		return nil
	}
	what := "cannot be read"
	if wrong, ok := err.(*json.UnmarshalTypeError); ok && wrong.Field != "" && utf8.ValidString(wrong.Field) { //nolint:errorlint // never wrapped
		what = fmt.Sprintf("%s has the wrong type", wrong.Field)
	}
	return &Error{At: in.at, What: what}
}

// text returns a member that is a JSON string, else "".
func (f fields) text(name string) string {
	var s string
	if json.Unmarshal(f[name], &s) != nil {
		return ""
	}
	return s
}

func (f fields) has(name string) bool { return len(f[name]) > 0 && f[name][0] != 'n' }
