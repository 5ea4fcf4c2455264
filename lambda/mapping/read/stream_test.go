package read

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

const (
	streamMapping = "version: 1\nmapping: things\ndetect: [{json: [config.tool]}]\nwhole: r.end.done == \"true\"\n" +
		"Custom:Thing:\n  each: finding\n  Id: id\n  Plain: $advisories(advisory).title\ntables:\n  advisories: {each: advisory, key: id}\n"
	stream = "{\n  \"config\": {\n    \"tool\": \"x\"\n  }\n}\n{\n  \"finding\": {\n    \"id\": \"a\",\n    \"advisory\": 2\n  }\n}\n{\n  \"advisory\": {\n    \"id\": 1,\n    \"title\": \"one\"\n  }\n}" +
		"{\n  \"advisory\": {\n    \"id\": 2,\n    \"title\": \"two\"\n  }\n}\n{\n  \"finding\": {\n    \"id\": \"b\",\n    \"advisory\": 1\n  }\n}\n{\n  \"end\": {\n    \"done\": true\n  }\n}\n"
)

// TestStreamOfValues reads JSON values over several lines, one behind the other, as tools write them that print as they go: what one says is looked
// up in others, and what is cut within a value is an error.
func TestStreamOfValues(t *testing.T) {
	set, err := load.Options{}.Load(write(t, map[string]string{"t.yaml": thingTypes, "m.yaml": streamMapping}))
	if err != nil {
		t.Fatal(err)
	}
	choice, err := set.Choose(choose.Origin{Local: true}, []byte(stream), true)
	if err != nil {
		t.Fatal(err)
	}
	read := func(r io.Reader) (entries []string, part bool, err error) {
		reading := Document(t.Context(), Input{Reader: r}, choice, Facts{})
		var o outcome
		o.subjects, o.entries = map[string]bool{}, map[string]int{}
		for record, err := range reading.Records() {
			if err != nil {
				return nil, false, err
			}
			o.add(choice.Mapping, record)
		}
		return brief(o), reading.Part() != nil, o.err
	}
	for _, r := range []io.Reader{strings.NewReader(stream), iotest.OneByteReader(strings.NewReader(stream))} {
		entries, part, err := read(r)
		if got := strings.Join(entries, "; "); err != nil || part || got != "a Word=UNSAID Rank=UNSAID Plain=two; b Word=UNSAID Rank=UNSAID Plain=one" {
			t.Errorf("%s, part %v, %v", got, part, err)
		}
	}
	for n := range len(stream) - 1 {
		cut := stream[:n]
		_, part, err := read(strings.NewReader(cut))
		switch between := strings.Count(cut, "{") == strings.Count(cut, "}"); {
		case between && (err != nil || part == strings.Contains(cut, "end")):
			t.Errorf("cut at %d, between values: part %v, %v", n, part, err)
		case !between && !errors.Is(err, scan.ErrCut):
			t.Errorf("cut at %d, within a value: %v", n, err)
		}
	}
}
