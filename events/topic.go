package events

import "encoding/json"

// isNotification reports whether this is the JSON in which a topic wraps a message for a queue, unless raw delivery is on.
func isNotification(object fields) bool {
	return object.text("TopicArn") != "" && object.text("Type") != "" && object.has("Message")
}

// notification is a topic's message, as it stands in a queue's body and under "Sns" of a direct invocation.
type notification struct {
	Type       string `json:"Type"`
	MessageID  string `json:"MessageId"`
	TopicARN   string `json:"TopicArn"`
	Message    string `json:"Message"`
	Timestamp  string `json:"Timestamp"`
	Attributes map[string]struct {
		Type  string `json:"Type"`
		Value any    `json:"Value"`
	} `json:"MessageAttributes"`
}

func openTopicRecord(raw json.RawMessage, in envelope) []Message {
	var record struct {
		Sns json.RawMessage `json:"Sns"`
	}
	if err := in.read(raw, &record); err != nil {
		return in.one(Message{}, err)
	}
	in = in.within("Sns")
	if len(record.Sns) == 0 {
		return in.failed("is missing")
	}
	return openTopicMessage(record.Sns, in)
}

func openTopicMessage(raw json.RawMessage, in envelope) []Message {
	var n notification
	if err := in.read(raw, &n); err != nil {
		return in.one(Message{}, err)
	}
	if n.Type != "Notification" {
		return in.nothing("a topic's own message, not a notification")
	}
	in.queue = true
	in.context.EventID = n.MessageID
	in.context.Time = instant(n.Timestamp)
	in.context.Region, in.context.Account = ownerOf(n.TopicARN)
	in.context.Attributes = n.texts()
	return openText(n.Message, in.within("Message"))
}

// texts returns the attributes that are text or numbers.
func (n notification) texts() map[string]string {
	texts := map[string]string{}
	for name, a := range n.Attributes {
		if value, ok := a.Value.(string); ok && a.Type != "Binary" && value != "" {
			texts[name] = value
		}
	}
	return texts
}
