package events

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// seen is a batch as its golden shows it: bytes as text, errors as their sentences.
type seen struct {
	SQS      bool `json:"sqs"`
	Messages []seenMessage
}

type seenMessage struct {
	ID       string        `json:",omitempty"`
	Group    string        `json:",omitempty"`
	Receipt  string        `json:",omitempty"`
	Received int           `json:",omitempty"`
	Document *seenDocument `json:",omitempty"`
	Delivery *Pointer      `json:",omitempty"`
	Sweep    bool          `json:",omitempty"`
	Only     *int          `json:",omitempty"`
	Nothing  string        `json:",omitempty"`
	Err      string        `json:",omitempty"`
}

type seenDocument struct {
	Document
	Inline string `json:",omitempty"`
}

func show(b Batch) seen {
	out := seen{SQS: b.SQS}
	for _, m := range b.Messages {
		s := seenMessage{ID: m.ID, Group: m.Group, Receipt: m.Receipt, Received: m.Received, Delivery: m.Delivery, Sweep: m.Sweep, Only: m.Only, Nothing: m.Nothing}
		if m.Document != nil {
			s.Document = &seenDocument{Document: *m.Document, Inline: string(m.Document.Inline)}
		}
		if m.Err != nil {
			s.Err = m.Err.Error()
		}
		out.Messages = append(out.Messages, s)
	}
	return out
}

func testEvents(t testing.TB) []string {
	files, err := filepath.Glob("../testevents/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test events: %v", err)
	}
	return files
}

func TestEveryTestEvent(t *testing.T) {
	for _, file := range testEvents(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			batch, err := Decode(raw)
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, filepath.Join("testdata", name+".golden.json"), show(batch))
			checkObjects(t, batch)
		})
	}
}

func compareGolden(t *testing.T, golden string, got any) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testfiles.Golden(t, golden, append(text, '\n'))
}

// checkObjects holds the events to the objects beside them: each exists and has the size that its event tells.
func checkObjects(t *testing.T, b Batch) {
	t.Helper()
	for _, m := range b.Messages {
		if m.Document == nil || m.Document.Key == "" {
			continue
		}
		info, err := os.Stat(filepath.Join("..", "testevents", "documents", m.Document.Bucket, filepath.FromSlash(m.Document.Key)))
		if err != nil {
			t.Errorf("the event points at an object that is not there: %v", err)
		} else if m.Document.Size != 0 && m.Document.Size != info.Size() {
			t.Errorf("the event says %d bytes, the object has %d", m.Document.Size, info.Size())
		}
	}
}
