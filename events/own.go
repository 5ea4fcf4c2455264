package events

import (
	"encoding/json"
	"slices"
	"strings"
)

// openOwn reads the bridge's own shapes. In a message that names its mapping in an attribute, the body is that mapping's
// document, so only an object may be pointed at there.
func openOwn(object fields, in envelope) ([]Message, bool) {
	_, declared := in.context.Attributes["mapping"]
	document, isDocument := ownPointer(object["document"], in)
	delivery, isDelivery := ownPointer(object["delivery"], in)
	switch {
	case isDocument:
		return in.one(openPointer(document, in)), true
	case declared:
		return nil, false
	case isDelivery && !delivery.complete():
		return in.within("delivery").failed("bucket or key is missing"), true
	case isDelivery:
		return in.one(Message{Delivery: &delivery}, nil), true
	case isObject(object["sweep"]):
		return in.one(openSweep(object["sweep"], in)), true
	case object.text("mapping") != "" && object.has("records"):
		return in.one(openInline(object, in)), true
	}
	return nil, false
}

// ownPointer wants bucket and key inside a queue, where any JSON may be a document; elsewhere any object is meant to be a pointer.
func ownPointer(raw json.RawMessage, in envelope) (Pointer, bool) {
	pointer, ok := readPointer(raw)
	return pointer, ok && (!in.queue || pointer.complete())
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

func openPointer(p Pointer, in envelope) (Message, error) {
	d := in.context
	d.Pointer, d.Size = p, -1
	m, err := objectMessage(d, in.within("document"))
	if m.Document != nil {
		m.Document.Size = 0 // not known
	}
	return m, err
}

func openSweep(raw json.RawMessage, in envelope) (Message, error) {
	var sweep struct {
		Partition *int `json:"partition"`
	}
	err := in.within("sweep").read(raw, &sweep)
	if err == nil && sweep.Partition != nil && *sweep.Partition < 0 {
		err = &Error{At: in.within("sweep").at, What: "partition is not 0 or more"}
	}
	if err != nil {
		return Message{}, err
	}
	return Message{Sweep: true, Only: sweep.Partition}, nil
}

func openInline(object fields, in envelope) (Message, error) {
	d := in.context
	d.Mapping, d.Inline = object.text("mapping"), object["records"]
	if d.Inline[0] != '[' {
		return Message{}, &Error{At: in.within("records").at, What: "must be a list"}
	}
	if !object.has("as") {
		return Message{Document: &d}, nil
	}
	var err error
	d.As, err = readAs(object["as"], in.within("as"))
	return Message{Document: &d}, err
}

// readAs reads {"nodeId":"…"} or {"hostname":["…","…"]}.
func readAs(raw json.RawMessage, in envelope) (map[string][]string, error) {
	var kinds fields
	if err := in.read(raw, &kinds); err != nil {
		return nil, err
	}
	known := []string{"nodeId", "hostname", "serial", "ip", "mac"}
	as := map[string][]string{}
	for kind, value := range kinds {
		if !slices.Contains(known, kind) {
			return nil, &Error{At: in.at, What: "every member must be one of " + strings.Join(known, ", ")}
		}
		values, ok := textOrTexts(value)
		if !ok {
			return nil, &Error{At: in.within(kind).at, What: "must be a string or a list of strings"}
		}
		as[kind] = values
	}
	return as, nil
}

func textOrTexts(raw json.RawMessage) ([]string, bool) {
	var one string
	if json.Unmarshal(raw, &one) == nil && raw[0] == '"' {
		return []string{one}, true
	}
	var several []string
	err := json.Unmarshal(raw, &several)
	return several, err == nil
}
