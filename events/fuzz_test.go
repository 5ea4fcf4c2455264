package events

import (
	"encoding/json"
	"os"
	"testing"
)

// FuzzDecode holds Decode to this: it does not panic, each message has at most one thing to do and says otherwise why not, and no
// message of a queue is lost or loses its ID.
func FuzzDecode(f *testing.F) {
	for _, file := range testEvents(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		batch, err := Decode(raw)
		if err != nil {
			return
		}
		found := map[string]bool{}
		for _, m := range batch.Messages {
			if n := things(m); n != 1 {
				t.Errorf("%d of document, delivery, sweep, nothing and error: %+v", n, m)
			}
			found[m.ID] = true
		}
		for _, id := range queueIDs(raw) {
			if !found[id] {
				t.Errorf("message %q is lost", id)
			}
		}
	})
}

func things(m Message) int {
	n := 0
	for _, there := range []bool{m.Document != nil, m.Delivery != nil, m.Sweep, m.Nothing != "", m.Err != nil} {
		if there {
			n++
		}
	}
	return n
}

// queueIDs reads the IDs on its own, where the event is plainly a queue's.
func queueIDs(raw []byte) []string {
	var object map[string]json.RawMessage
	var records []map[string]any
	if json.Unmarshal(raw, &object) != nil || json.Unmarshal(object["Records"], &records) != nil {
		return nil
	}
	var ids []string
	for _, r := range records {
		id, _ := r["messageId"].(string)
		if r["eventSource"] == "aws:sqs" && id != "" && len(object) == 1 && len(records) <= maxRecords {
			ids = append(ids, id)
		}
	}
	return ids
}
