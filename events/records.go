package events

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	sourceS3  = "aws:s3"
	sourceSQS = "aws:sqs"
	sourceSNS = "aws:sns"
)

func isRecords(object fields) bool {
	var records []fields
	if json.Unmarshal(object["Records"], &records) != nil {
		return false
	}
	for _, r := range records {
		if !strings.HasPrefix(cmp.Or(r.text("eventSource"), r.text("EventSource")), "aws:") {
			return false // a document that has a list of that name, such as an audit log
		}
	}
	return records != nil
}

func openRecords(raw json.RawMessage, in envelope) []Message {
	var records []json.RawMessage
	if err := in.within("Records").read(raw, &records); err != nil {
		return in.one(Message{}, err)
	}
	if len(records) > maxRecords {
		return in.failed("more than %d Records", maxRecords)
	}
	if len(records) == 0 {
		return in.nothing("the event has no Records")
	}
	var messages []Message
	for i, record := range records {
		messages = append(messages, openRecord(record, in.within(fmt.Sprintf("Records[%d]", i)))...)
	}
	return messages
}

func openRecord(raw json.RawMessage, in envelope) []Message {
	var record struct {
		EventSource string `json:"eventSource"` // also EventSource, as topics spell it
	}
	if err := in.read(raw, &record); err != nil {
		return in.one(Message{}, err)
	}
	switch record.EventSource {
	case sourceS3:
		return in.one(openS3Record(raw, in))
	case sourceSQS:
		return openQueueMessage(raw, in)
	case sourceSNS:
		return openTopicRecord(raw, in)
	}
	return in.failed("eventSource is none of %s, %s, %s", sourceS3, sourceSQS, sourceSNS)
}

// openQueueMessage opens one message of a queue. Its ID goes on all that is found in it, also where it cannot be read.
func openQueueMessage(raw json.RawMessage, in envelope) []Message {
	var m struct {
		MessageID  any               `json:"messageId"`
		Receipt    any               `json:"receiptHandle"`
		Body       string            `json:"body"`
		Attributes map[string]string `json:"attributes"`
		Custom     map[string]struct {
			StringValue string `json:"stringValue"`
		} `json:"messageAttributes"`
		ARN    string `json:"eventSourceARN"`
		Region string `json:"awsRegion"`
	}
	err := in.read(raw, &m) // fills what it can beside a field of a wrong kind
	in.queue = true
	in.message.ID, _ = m.MessageID.(string)
	in.message.Receipt, _ = m.Receipt.(string)
	in.message.Group = m.Attributes["MessageGroupId"]
	in.message.Received = count(m.Attributes["ApproximateReceiveCount"])
	in.context.EventID = in.message.ID
	in.context.Time = unixMillis(m.Attributes["SentTimestamp"])
	in.context.Region, in.context.Account = ownerOf(m.ARN)
	if in.context.Region == "" {
		in.context.Region = m.Region
	}
	if err != nil {
		return in.one(Message{}, err)
	}
	attributes := map[string]string{}
	for name, a := range m.Custom {
		if a.StringValue != "" {
			attributes[name] = a.StringValue
		}
	}
	in.context.Attributes = attributes
	return openText(m.Body, in.within("body"))
}

// count parses how often something happened; 0 where it is not such a number.
func count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// unixMillis parses the milliseconds since 1970 that queues write; zero where it is not a number.
func unixMillis(text string) time.Time {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// instant parses the time of an event; zero where it is not a time.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// ownerOf returns region and account of an ARN (arn:partition:service:region:account:resource).
func ownerOf(arn string) (region, account string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return "", ""
	}
	return parts[3], parts[4]
}
