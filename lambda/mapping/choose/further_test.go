package choose_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// long is a document of about so many bytes: its begin, a piece again and again, and its end.
type long struct {
	begin, piece, end string
	size              int
}

func (l long) text() io.Reader {
	pieces := &repeated{piece: l.piece, left: l.size / len(l.piece)}
	return io.MultiReader(strings.NewReader(l.begin), pieces, strings.NewReader(l.end))
}

// repeated is a text again and again.
type repeated struct {
	piece, rest string
	left        int
	since       int    // bytes since seen was called
	seen        func() // called every 10 MB; nil: never
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.rest = r.piece
		r.since += len(r.piece)
		if r.seen != nil && r.since > 10_000_000 {
			r.since = 0
			r.seen()
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func further(t testing.TB, set *mapping.Set, o choose.Origin, text io.Reader) (mapping.Choice, error) {
	t.Helper()
	begin := make([]byte, 1<<20)
	n, err := io.ReadFull(text, begin)
	complete := errors.Is(err, io.ErrUnexpectedEOF)
	choice, err := set.Choose(o, begin[:n], complete)
	if err == nil || complete {
		return choice, err
	}
	return set.ChooseFurther(o, begin[:n], func() io.Reader { return io.MultiReader(strings.NewReader(string(begin[:n])), text) })
}

const software = `{"name":"openssl","version":"3.0.1","publisher":"x","comments":"` + "a package with a long description, as they have, which nobody reads" + `"},`

var (
	agent = long{`{"action":"inventory","content":{"hardware":{"name":"web-01"},"softwares":[`, software, `{}]},"deviceid":"web-01-2026","itemtype":"Computer"}`, 3 << 20}
	rules = long{`<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2">`, `<Rule id="r" selected="false"><title>filler</title></Rule>`, `<TestResult><target>web-01</target></TestResult></Benchmark>`, 3 << 20}
	lines = long{"", `{"kind":"log","text":"nothing of interest"}` + "\n", `{"hostIdentifier":"a","unixTime":1,"columns":{}}` + "\n", 3 << 20}
)

// TestChooseFurther recognises documents by what stands behind their first MiB.
func TestChooseFurther(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	other := rules
	other.end = "</Benchmark>"
	for _, tt := range []struct {
		name, want string
		origin     choose.Origin
		document   long
	}{
		{"behind the content", "glpi", choose.Origin{Local: true}, agent},
		{"behind the content, in the bucket", "glpi", choose.Origin{Key: "incoming/a.json"}, agent},
		{"behind the content, declared", "glpi", choose.Origin{Declared: "glpi"}, agent},
		{"behind the rules", "xccdf", choose.Origin{Local: true}, rules},
		{"behind the rules, declared", "xccdf", choose.Origin{Declared: "xccdf"}, rules},
		{"in the last line", "osquery", choose.Origin{Local: true}, lines},
		{"rules without results", `1 of 2 conditions of xccdf; none of: TestResult`, choose.Origin{Local: true}, other},
		{"rules without results, declared", `not a xccdf report: it is an XML document with the root element "Benchmark"`, choose.Origin{Declared: "xccdf"}, other},
		{"of another kind", "not a nessus report", choose.Origin{Declared: "nessus"}, agent},
	} {
		choice, err := further(t, set, tt.origin, tt.document.text())
		switch {
		case err != nil && !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: %v", tt.name, err)
		case err == nil && choice.Mapping.Name != tt.want:
			t.Errorf("%s: %s", tt.name, choice.Mapping.Name)
		}
	}
}

// TestNothingIsReadInVain reads on only where a mapping may still recognise the document.
func TestNothingIsReadInVain(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, begin string
		origin      choose.Origin
	}{
		{"another root element", "<other><a/>", choose.Origin{Local: true}},
		{"JSON for a mapping of XML", `{"a":[`, choose.Origin{Declared: "nessus"}},
		{"no mapping's origin", `{"a":[`, choose.Origin{Key: "elsewhere/a"}},
		{"text", "a,b\n1,2\n", choose.Origin{Local: true}},
	} {
		_, err := set.ChooseFurther(tt.origin, []byte(tt.begin), func() io.Reader {
			t.Errorf("%s: it is read", tt.name)
			return strings.NewReader(tt.begin)
		})
		if err == nil {
			t.Errorf("%s: it is known", tt.name)
		}
	}
	broken := errors.New("broken")
	_, err = set.ChooseFurther(choose.Origin{Local: true}, []byte(`{"a":[`), func() io.Reader { return iotest.ErrReader(broken) })
	if !errors.Is(err, broken) {
		t.Errorf("a reader's error: %v", err)
	}
}

// TestReadingFurtherIsFlat reads up to 100 MB, of which mappings ask for much, within a few MiB of memory.
func TestReadingFurtherIsFlat(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	results := long{`{"results":[`, `{"device_type":{"model":"a"},"name":"b","cluster":{"name":"c"},"status":{"value":"d"},"findingArn":"e"},`, "{}]}", 0}
	for _, tt := range []struct {
		document long
		size     int
		want     string
	}{{agent, 100_000_000, "glpi"}, {rules, 30_000_000, "xccdf"}, {results, 30_000_000, ""}, {lines, 30_000_000, "osquery"}} {
		var most uint64
		measure := func() {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		measure()
		before := most
		pieces := &repeated{piece: tt.document.piece, left: tt.size / len(tt.document.piece), seen: measure}
		text := io.MultiReader(strings.NewReader(tt.document.begin), pieces, strings.NewReader(tt.document.end))
		choice, err := further(t, set, choose.Origin{Local: true}, text)
		if (err == nil) != (tt.want != "") || err == nil && choice.Mapping.Name != tt.want {
			t.Errorf("%.40s…: %v, %v", tt.document.begin, choice.Mapping, err)
		}
		if pieces.left > 0 {
			t.Errorf("%.40s…: %d pieces are not read", tt.document.begin, pieces.left)
		}
		if most-before > 16<<20 {
			t.Errorf("%.40s…: %d bytes of memory", tt.document.begin, most-before)
		}
	}
}
