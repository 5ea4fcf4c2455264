package mapping

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	nessusHead     = `<?xml version="1.0"?><NessusClientData_v2><Report><ReportHost name="a"/></Report></NessusClientData_v2>`
	servicenowHead = "sys_id,name,sys_class_name\n1,a,cmdb_ci_server\n"
	cyclonedxHead  = `{"bomFormat":"CycloneDX","components":[]}`
)

func TestChoose(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		delivery Delivery
		head     string
		want     string // mapping, then why; or a part of the error
	}{
		{"by key", Delivery{Bucket: "b", Key: "nessus/a.nessus"}, nessusHead, `nessus: match s3 key "nessus/**"`},
		{"by content under one key", Delivery{Key: "incoming/a"}, nessusHead, `nessus: match s3 key "incoming/**"`},
		{"by content under one key 2", Delivery{Key: "incoming/a"}, servicenowHead, `servicenow: match s3 key "incoming/**"`},
		{"the more specific one does not know it", Delivery{Key: "incoming/x/a"}, servicenowHead, `servicenow: match s3 key "incoming/**"`},
		{"captures", Delivery{Key: "incoming/i-1/a"}, cyclonedxHead, `cyclonedx: match s3 key "incoming/{nodeId}/**"`},
		{"by event", Delivery{EventSource: "aws.securityhub", DetailType: "Security Hub Findings - Imported"}, `{"detail":{"findings":[{"ProductArn":"a"}]}}`, `asff: match eventbridge source "aws.securityhub" detailType "Security Hub Findings - Imported"`},
		{"declared", Delivery{Declared: "nessus", Key: "servicenow/a"}, nessusHead, `nessus: declared`},
		{"declared empty", Delivery{Declared: "asff"}, `[]`, `asff: declared`},
		{"empty list of records", Delivery{Key: "servicenow/a"}, `{"result":[]}`, `servicenow: match s3 key "servicenow/**"`},
		{"local", Delivery{Local: true}, nessusHead, `nessus: detect xml NessusClientData_v2`},
		{"local object", Delivery{Local: true, Key: "elsewhere/a"}, nessusHead, `nessus: detect xml NessusClientData_v2`},
		{"not local", Delivery{Key: "elsewhere/a"}, nessusHead, `unknown format: no mapping's match takes objects under the key "elsewhere/a"`},
		{"declared, not a report", Delivery{Declared: "nessus"}, servicenowHead, `not a nessus report: it is text`},
		{"matched, not a report", Delivery{Key: "nessus/a"}, "<x/>", `not a nessus report: it is an XML document with the root element "x"`},
		{"declared unknown", Delivery{Declared: "nesus"}, nessusHead, `no mapping is called "nesus" (did you mean nessus?)`},
		{"unknown", Delivery{Local: true}, `{"a":1}`, "unknown format: a JSON document, which no mapping knows"},
		{"unknown under incoming", Delivery{Key: "incoming/a"}, `<x/>`, "unknown format: an XML document"},
		{"empty", Delivery{Local: true}, " \n", "the document is empty"},
		{"binary", Delivery{Local: true}, "\x00\x01\x02\x03", "unknown format: neither text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			choice, err := set.Choose(test.delivery, []byte(test.head), true)
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v", err)
				}
				return
			}
			if got := choice.Mapping.Name + ": " + choice.Why; got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestChooseErrorsAreTyped(t *testing.T) {
	dir := write(t, map[string]string{
		"a.yaml": "version: 1\nmapping: one\nmatch:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [a]\n" + rightFill,
		"b.yaml": "version: 1\nmapping: two\nmatch:\n  - s3: {key: \"x/**\"}\ndetect:\n  - json: [b]\n" + rightFill,
	})
	set, err := Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	choose := func(d Delivery, head string) error {
		_, err := set.Choose(d, []byte(head), true)
		return err
	}
	var ambiguous *AmbiguousError
	if err := choose(Delivery{Key: "x/1"}, `{"a":1,"b":2}`); !errors.As(err, &ambiguous) || ambiguous.A != "one" || ambiguous.B != "two" {
		t.Errorf("by match: %v", err)
	}
	if err := choose(Delivery{Local: true}, `{"a":1,"b":2}`); !errors.As(err, &ambiguous) {
		t.Errorf("by content: %v", err)
	}
	var other *NotReportError
	if err := choose(Delivery{Declared: "one"}, `{"c":1}`); !errors.As(err, &other) || other.Mapping != "one" {
		t.Errorf("declared: %v", err)
	}
	if err := choose(Delivery{Local: true}, `{"c":1}`); !errors.Is(err, ErrUnknownFormat) {
		t.Errorf("unknown: %v", err)
	}
	if err := choose(Delivery{Local: true}, ""); !errors.Is(err, ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
}

func TestUsersMappingGoesFirst(t *testing.T) {
	dir := write(t, map[string]string{"a.yaml": "version: 1\nmapping: our-nessus\nextends: nessus\nidentify: {tag: {AssetTag: HostProperties.tag(name=asset)}}\n"})
	set, err := Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []Delivery{{Local: true}, {Key: "nessus/a"}} {
		choice, err := set.Choose(d, []byte(nessusHead), true)
		if err != nil || choice.Mapping.Name != "our-nessus" {
			t.Errorf("%+v: got %v, %v", d, choice.Mapping, err)
		}
	}
	m, _ := set.Mapping("our-nessus")
	if m.Extends != "nessus" || len(m.TagKeys()) != 1 || !m.UsesMAC() || m.Builtin {
		t.Errorf("extended: %v %v %t", m.Extends, m.TagKeys(), m.UsesMAC())
	}
	if base, _ := set.Mapping("nessus"); base.Hash == m.Hash || len(base.TagKeys()) != 0 {
		t.Error("the mapping that is extended changed")
	}
}

// TestContentDecides drops every document of ours, and every sample, where the content alone decides: no other mapping may take it, and
// none may know it as well as its own does.
func TestContentDecides(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	decides := func(t *testing.T, content []byte, want string) {
		t.Helper()
		for _, d := range []Delivery{{Local: true}, {Key: "incoming/i-0a1b2c3d4e5f60718/x"}} {
			choice, err := chosen(t, set, d, content, &Input{})
			if err != nil || choice.Mapping.Name != want {
				t.Errorf("%+v: %s, %v, want %s", d, choice.Why, err, want)
			}
		}
	}
	for _, input := range goldenInputs(t) {
		t.Run(filepath.Base(input), func(t *testing.T) {
			content, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			choice, err := chosen(t, set, Delivery{Local: true}, content, &Input{})
			if err != nil {
				t.Fatal(err)
			}
			decides(t, content, choice.Mapping.Name)
		})
	}
	all := expectations(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, ok := set.Mapping(all[name].Mapping); !ok || all[name].Declared {
			continue
		}
		t.Run(name, func(t *testing.T) {
			content, err := opened(t, shared(t, "samples", name))
			if err != nil {
				return // its compression is broken
			}
			decides(t, content, all[name].Mapping)
		})
	}
}
