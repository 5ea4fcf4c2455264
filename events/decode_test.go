package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// quoted gives text as a JSON string.
func quoted(t testing.TB, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func inQueue(t testing.TB, body, attributes string) string {
	t.Helper()
	return fmt.Sprintf(`{"Records":[{"messageId":"m1","eventSource":"aws:sqs","body":%s,"messageAttributes":%s,
		"attributes":{"SentTimestamp":"1768197608000"},"eventSourceARN":"arn:aws:sqs:eu-west-1:111122223333:q"}]}`, quoted(t, body), attributes)
}

const mappingAttribute = `{"mapping":{"stringValue":"cmdb","dataType":"String"}}`

func s3Record(key, more string) string {
	return `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-01-02T03:04:05.678Z","s3":{"bucket":{"name":"b"},"object":{"key":` +
		key + more + `}}}]}`
}

// TestPointers looks at which object each way in points at.
func TestPointers(t *testing.T) {
	bus := `{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"a+b%20c.csv","version-id":"v7"}}}`
	tests := []struct {
		name, event string
		want        Pointer
	}{
		{"plus is a space", s3Record(`"a+b.csv"`, ""), Pointer{"b", "a b.csv", ""}},
		{"encoded plus and umlaut", s3Record(`"a%2Bb/%C3%BC.csv"`, ""), Pointer{"b", "a+b/ü.csv", ""}},
		{"slash encoded too", s3Record(`"a%2Fb.csv"`, ""), Pointer{"b", "a/b.csv", ""}},
		{"key decoded already", s3Record(`"a+b.csv"`, `,"urlDecodedKey":"a+b.csv"`), Pointer{"b", "a+b.csv", ""}},
		{"version", s3Record(`"a.csv"`, `,"versionId":"v1"`), Pointer{"b", "a.csv", "v1"}},
		{"unknown fields", s3Record(`"a.csv"`, `,"new":{"x":[1]},"tags":null`), Pointer{"b", "a.csv", ""}},
		{"bus keys are not encoded", bus, Pointer{"b", "a+b%20c.csv", "v7"}},
		{"bus in queue", inQueue(t, bus, `{}`), Pointer{"b", "a+b%20c.csv", "v7"}},
		{"pointer", `{"document":{"bucket":"b","key":"k","versionId":"v"},"more":1}`, Pointer{"b", "k", "v"}},
		{"pointer, no version", `{"document":{"bucket":"b","key":"k+%20","versionId":null}}`, Pointer{"b", "k+%20", ""}},
		{"pointer in queue", inQueue(t, `{"document":{"bucket":"b","key":"k"}}`, `{}`), Pointer{"b", "k", ""}},
		{"pointer with attribute", inQueue(t, `{"document":{"bucket":"b","key":"k"}}`, mappingAttribute), Pointer{"b", "k", ""}},
		{"pointer on a bus", `{"detail-type":"x","source":"y","detail":{"document":{"bucket":"b","key":"k"}}}`, Pointer{"b", "k", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := only(t, test.event)
			if m.Err != nil || m.Document == nil {
				t.Fatalf("no document: %+v", m)
			}
			if diff := cmp.Diff(test.want, m.Document.Pointer); diff != "" {
				t.Error(diff)
			}
			if m.Document.Mapping != "" || m.Document.Inline != nil {
				t.Error("an object has a mapping or bytes of its own")
			}
		})
	}
}

// TestInline looks at what is the document where the message carries it.
func TestInline(t *testing.T) {
	event := `{"detail-type":"Scan","source":"acme","detail":{"document":{"title":"a stranger's"}}}`
	tests := []struct {
		name, event, inline, mapping string
	}{
		{"bus event whole", event, event, ""},
		{"bus event in queue", inQueue(t, event, `{}`), event, ""},
		{"records", `{"mapping":"m","records":[ {"a":1} ]}`, `[ {"a":1} ]`, "m"},
		{"records in queue", inQueue(t, `{"mapping":"m","records":[]}`, `{}`), `[]`, "m"},
		{"text", inQueue(t, "a,b\n1,2\n", mappingAttribute), "a,b\n1,2\n", "cmdb"},
		{"text without mapping", inQueue(t, "a,b\n1,2\n", `{}`), "a,b\n1,2\n", ""},
		{"JSON list", inQueue(t, `[{"a":1}]`, `{}`), `[{"a":1}]`, ""},
		{"null", inQueue(t, `null`, mappingAttribute), `null`, "cmdb"},
		{"records of a stranger", inQueue(t, `{"records":[{"a":1}]}`, `{}`), `{"records":[{"a":1}]}`, ""},
		{"audit log", inQueue(t, `{"Records":[{"eventSource":"ec2.amazonaws.com"}]}`, `{}`), `{"Records":[{"eventSource":"ec2.amazonaws.com"}]}`, ""},
		{"declared: no sweep", inQueue(t, `{"sweep":{}}`, mappingAttribute), `{"sweep":{}}`, "cmdb"},
		{"declared: no inline form", inQueue(t, `{"mapping":"x","records":[]}`, mappingAttribute), `{"mapping":"x","records":[]}`, "cmdb"},
		{"a stranger's document field", inQueue(t, `{"document":{"bucket":"only"}}`, `{}`), `{"document":{"bucket":"only"}}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := only(t, test.event)
			if m.Err != nil || m.Document == nil {
				t.Fatalf("no document: %+v", m)
			}
			if string(m.Document.Inline) != test.inline || m.Document.Mapping != test.mapping {
				t.Errorf("got %q by %q", m.Document.Inline, m.Document.Mapping)
			}
			if m.Document.Pointer != (Pointer{}) {
				t.Error("points at an object as well")
			}
		})
	}
}

func TestNothingToDo(t *testing.T) {
	tests := map[string]string{
		"removed":      strings.Replace(s3Record(`"k"`, ""), "ObjectCreated:Put", "ObjectRemoved:Delete", 1),
		"restored":     strings.Replace(s3Record(`"k"`, ""), "ObjectCreated:Put", "ObjectRestore:Completed", 1),
		"folder":       s3Record(`"a/b/"`, `,"size":0`),
		"tags":         `{"detail-type":"Object Tags Added","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}}`,
		"deleted":      `{"detail-type":"Object Deleted","source":"aws.s3","detail":{}}`,
		"test":         `{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`,
		"confirmation": `{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:r:1:t","Message":"You have chosen"}`,
		"no records":   `{"Records":[]}`,
	}
	for name, event := range tests {
		t.Run(name, func(t *testing.T) {
			for _, m := range []Message{only(t, event), only(t, inQueue(t, event, `{}`))} {
				if m.Err != nil || m.Document != nil || m.Nothing == "" {
					t.Errorf("got %+v", m)
				}
			}
		})
	}
}

func TestSignals(t *testing.T) {
	for _, event := range []string{`{"sweep":{}}`, `{"sweep":{"since":1},"x":2}`, inQueue(t, `{"sweep":{}}`, `{}`)} {
		if m := only(t, event); !m.Sweep {
			t.Errorf("%s: %+v", event, m)
		}
	}
	want := Pointer{Bucket: "b", Key: "k"}
	for _, event := range []string{`{"delivery":{"bucket":"b","key":"k"}}`, inQueue(t, `{"delivery":{"bucket":"b","key":"k"}}`, `{}`)} {
		if m := only(t, event); m.Delivery == nil || *m.Delivery != want {
			t.Errorf("%s: %+v", event, m)
		}
	}
}

func TestAs(t *testing.T) {
	m := only(t, `{"mapping":"m","as":{"nodeId":"i-1","hostname":["a","b"]},"records":[]}`)
	want := map[string][]string{"nodeId": {"i-1"}, "hostname": {"a", "b"}}
	if m.Document == nil {
		t.Fatalf("no document: %+v", m)
	}
	if diff := cmp.Diff(want, m.Document.As); diff != "" {
		t.Error(diff)
	}
}

// TestBrokenMessages looks at errors of one message: where they are, and that they tell nothing out of the data.
func TestBrokenMessages(t *testing.T) {
	tests := []struct{ name, event, want string }{
		{"bad key", s3Record(`"%zzsecret"`, ""), "events: Records[0]: s3.object.key is not URL-encoded"},
		{"no key", s3Record(`""`, ""), "events: Records[0].s3: the object's key is missing"},
		{"no bucket", `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"object":{"key":"secret"}}}]}`, "events: Records[0].s3: the bucket's name is missing"},
		{"size is text", s3Record(`"secret"`, `,"size":"secret"`), "events: Records[0]: s3.object.size has the wrong type"},
		{"other source", `{"Records":[{"eventSource":"aws:kinesis","data":"secret"}]}`, "events: Records[0]: eventSource is none of aws:s3, aws:sqs, aws:sns"},
		{"pointer", `{"document":{"bucket":"secret"}}`, "events: document: the object's key is missing"},
		{"delivery", `{"delivery":{"bucket":"secret"}}`, "events: delivery: bucket or key is missing"},
		{"as", `{"mapping":"m","as":{"secret":"x"},"records":[]}`, "events: as: every member must be one of nodeId, hostname, serial, ip, mac"},
		{"as value", `{"mapping":"m","as":{"ip":7},"records":[]}`, "events: as.ip: must be a string or a list of strings"},
		{"records", `{"mapping":"m","records":"secret"}`, "events: records: must be a list"},
		{"no Sns", `{"Records":[{"EventSource":"aws:sns"}]}`, "events: Records[0].Sns: is missing"},
		{"empty body", inQueue(t, "", `{}`), "events: Records[0].body: the message is empty"},
		{"bus", `{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":"secret"}}`, "events: detail: bucket has the wrong type"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := only(t, test.event)
			if m.Err == nil || m.Err.Error() != test.want {
				t.Fatalf("got %v, want %s", m.Err, test.want)
			}
			if !errors.As(m.Err, new(*Error)) || m.Document != nil || m.Delivery != nil {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestNoEvent(t *testing.T) {
	for _, event := range []string{
		"", " \n", "null", "7", `"x"`, "[]", "{}", `{"hello":"secret"}`, `{"Records":{}}`, `{"Records":[`, `{"records":[]}`, "a,b\n1,2",
		`{"Records":[{"eventSource":"ec2.amazonaws.com"}]}`, `{"configRuleId":"config-rule-0123456","version":"1.0"}`, `{"sweep":true}`, `{"document":"x"}`,
	} {
		_, err := Decode([]byte(event))
		if typed := new(*Error); !errors.As(err, typed) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", event, err)
		}
	}
}

func TestOneBadMessageLeavesTheOthers(t *testing.T) {
	event := `{"Records":[
		{"messageId":"a","eventSource":"aws:sqs","body":7},
		{"messageId":"b","eventSource":"aws:sqs","body":"{\"sweep\":{}}"},
		{"messageId":"c","eventSource":"aws:sqs","body":"` + strings.ReplaceAll(s3Record(`"%zz"`, ""), `"`, `\"`) + `"}]}`
	batch, err := Decode([]byte(event))
	if err != nil || len(batch.Messages) != 3 || !batch.SQS {
		t.Fatalf("got %+v, %v", batch, err)
	}
	a, b, c := batch.Messages[0], batch.Messages[1], batch.Messages[2]
	if a.ID != "a" || a.Err == nil || b.ID != "b" || !b.Sweep || c.ID != "c" || c.Err == nil {
		t.Errorf("got %+v", batch.Messages)
	}
}

func TestDepth(t *testing.T) {
	event := `{"sweep":{}}`
	for range maxDepth + 1 {
		event = `{"Type":"Notification","TopicArn":"arn:aws:sns:r:1:t","Message":` + quoted(t, event) + `}`
	}
	if m := only(t, event); m.Err == nil || !strings.Contains(m.Err.Error(), "more than 8 deep") {
		t.Errorf("got %+v", m.Err)
	}
}

func TestTimes(t *testing.T) {
	sent := time.Date(2026, 1, 12, 6, 0, 8, 0, time.UTC)
	if got := only(t, inQueue(t, "text", `{}`)).Document; !got.Time.Equal(sent) || got.Region != "eu-west-1" || got.Account != "111122223333" || got.EventID != "m1" {
		t.Errorf("of a queue: %+v", got)
	}
	written := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	if got := only(t, inQueue(t, s3Record(`"k"`, ""), `{}`)).Document.Time; !got.Equal(written) {
		t.Errorf("of an object: %v", got)
	}
}

// foreign are events of services that others publish, made as theirs are.
var foreign = map[string]string{
	"s3-event.json":              `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","awsRegion":"eu-west-1","eventTime":"2026-01-12T06:00:08.000Z","s3":{"bucket":{"name":"b"},"object":{"key":"Two+words.csv","size":9}}}]}`,
	"s3-event-decoded.json":      `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","awsRegion":"eu-west-1","eventTime":"2026-01-12T06:00:08.000Z","s3":{"bucket":{"name":"b"},"object":{"key":"Two%20words.csv","urlDecodedKey":"Two words.csv","size":9}}}]}`,
	"s3-object-created.json":     `{"version":"0","id":"1","detail-type":"Object Created","source":"aws.s3","account":"111122223333","time":"2026-01-12T06:00:08Z","region":"eu-west-1","resources":["arn:aws:s3:::b"],"detail":{"version":"0","bucket":{"name":"b"},"object":{"key":"one.csv","size":9,"etag":"e"},"reason":"PutObject"}}`,
	"image-scan.json":            `{"version":"0","id":"2","detail-type":"ECR Image Scan","source":"aws.ecr","account":"111122223333","time":"2026-01-12T06:00:08Z","region":"eu-west-1","resources":[],"detail":{"scan-status":"COMPLETE","repository-name":"r"}}`,
	"configuration-of-rule.json": `{"version":"1.0","configRuleName":"r","invokingEvent":"{\"messageType\":\"ScheduledNotification\"}","resultToken":"t","accountId":"111122223333"}`,
}

// TestSamples decodes events as services publish them: ours, and those of others where they are at hand.
func TestSamples(t *testing.T) {
	keys := map[string]string{
		"s3-event.json": "Happy Face.jpg", "s3-event-with-decoded.json": "Happy Face.jpg",
		"s3-eventbridge-object-created.json": "IMG_m7fzo3.jpg", "ecr-image-scan-event.json": "", "config-event.json": "refused",
	}
	if dir, ok := testfiles.Shared(t, "samples", "lambda_events"); ok {
		for _, file := range testfiles.Files(t, dir) {
			if strings.HasSuffix(file, ".json") {
				checkForeign(t, file, string(testfiles.Read(t, file)), keys)
			}
		}
	}
	ours := map[string]string{
		"s3-event.json": "Two words.csv", "s3-event-decoded.json": "Two words.csv", "s3-object-created.json": "one.csv", "image-scan.json": "",
		"configuration-of-rule.json": "refused",
	}
	for name, event := range foreign {
		checkForeign(t, name, event, ours)
	}
}

func checkForeign(t *testing.T, file, event string, keys map[string]string) {
	t.Helper()
	want, known := keys[filepath.Base(file)]
	batch, err := Decode([]byte(event))
	if !known || want == "refused" {
		if known && err == nil {
			t.Errorf("%s: taken for an event", file)
		}
		return
	}
	if err != nil || batch.Messages[0].Document.Key != want {
		t.Errorf("%s: %+v, %v", file, batch, err)
	}
}

func only(t *testing.T, event string) Message {
	t.Helper()
	batch, err := Decode([]byte(event))
	if err != nil {
		t.Fatal(err)
	}
	if len(batch.Messages) != 1 {
		t.Fatalf("%d messages", len(batch.Messages))
	}
	return batch.Messages[0]
}
