package choose_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

const rightFill = "Custom:Vulnerability:\n  Id: id\n"

const (
	nessusHead     = `<?xml version="1.0"?><NessusClientData_v2><Report><ReportHost name="a"/></Report></NessusClientData_v2>`
	servicenowHead = "sys_id,name,sys_class_name\n1,a,cmdb_ci_server\n"
	cyclonedxHead  = `{"bomFormat":"CycloneDX","components":[]}`
)

func TestChoose(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		origin choose.Origin
		head   string
		want   string // mapping, then why; or a part of the error
	}{
		{"by key", choose.Origin{Bucket: "b", Key: "nessus/a.nessus"}, nessusHead, `nessus: match s3 key "nessus/**"`},
		{"by content under one key", choose.Origin{Key: "incoming/a"}, nessusHead, `nessus: match s3 key "incoming/**"`},
		{"by content under one key 2", choose.Origin{Key: "incoming/a"}, servicenowHead, `servicenow: match s3 key "incoming/**"`},
		{"the more specific one does not know it", choose.Origin{Key: "incoming/x/a"}, servicenowHead, `servicenow: match s3 key "incoming/**"`},
		{"captures", choose.Origin{Key: "incoming/i-1/a"}, cyclonedxHead, `cyclonedx: match s3 key "incoming/{nodeId}/**"`},
		{"by event", choose.Origin{EventSource: "aws.securityhub", DetailType: "Security Hub Findings - Imported"}, `{"detail":{"findings":[{"ProductArn":"a"}]}}`, `asff: match eventbridge source "aws.securityhub" detailType "Security Hub Findings - Imported"`},
		{"declared", choose.Origin{Declared: "nessus", Key: "servicenow/a"}, nessusHead, `nessus: declared`},
		{"declared empty", choose.Origin{Declared: "asff"}, `[]`, `asff: declared`},
		{"empty list of records", choose.Origin{Key: "servicenow/a"}, `{"result":[]}`, `servicenow: match s3 key "servicenow/**"`},
		{"local", choose.Origin{Local: true}, nessusHead, `nessus: detect xml NessusClientData_v2`},
		{"local object", choose.Origin{Local: true, Key: "elsewhere/a"}, nessusHead, `nessus: detect xml NessusClientData_v2`},
		{"not local", choose.Origin{Key: "elsewhere/a"}, nessusHead, `unknown format: no mapping's match takes objects under the key "elsewhere/a"`},
		{"declared, not a report", choose.Origin{Declared: "nessus"}, servicenowHead, `not a nessus report: it is text`},
		{"matched, not a report", choose.Origin{Key: "nessus/a"}, "<x/>", `not a nessus report: it is an XML document with the root element "x"`},
		{"declared unknown", choose.Origin{Declared: "nesus"}, nessusHead, `no mapping is called "nesus" (did you mean nessus?)`},
		{"unknown", choose.Origin{Local: true}, `{"a":1}`, "unknown format: a JSON document, which no mapping knows"},
		{"unknown under incoming", choose.Origin{Key: "incoming/a"}, `<x/>`, "unknown format: an XML document"},
		{"empty", choose.Origin{Local: true}, " \n", "the document is empty"},
		{"binary", choose.Origin{Local: true}, "\x00\x01\x02\x03", "unknown format: neither text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			choice, err := set.Choose(test.origin, []byte(test.head), true)
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
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	try := func(o choose.Origin, head string) error {
		_, err := set.Choose(o, []byte(head), true)
		return err
	}
	var ambiguous *choose.AmbiguousError
	if err := try(choose.Origin{Key: "x/1"}, `{"a":1,"b":2}`); !errors.As(err, &ambiguous) || ambiguous.A != "one" || ambiguous.B != "two" {
		t.Errorf("by match: %v", err)
	}
	if err := try(choose.Origin{Local: true}, `{"a":1,"b":2}`); !errors.As(err, &ambiguous) {
		t.Errorf("by content: %v", err)
	}
	var other *choose.NotReportError
	if err := try(choose.Origin{Declared: "one"}, `{"c":1}`); !errors.As(err, &other) || other.Mapping != "one" {
		t.Errorf("declared: %v", err)
	}
	if err := try(choose.Origin{Local: true}, `{"c":1}`); !errors.Is(err, choose.ErrUnknownFormat) {
		t.Errorf("unknown: %v", err)
	}
	if err := try(choose.Origin{Local: true}, ""); !errors.Is(err, choose.ErrEmpty) {
		t.Errorf("empty: %v", err)
	}
}

func TestUsersMappingGoesFirst(t *testing.T) {
	dir := write(t, map[string]string{"a.yaml": "version: 1\nmapping: our-nessus\nextends: nessus\nidentify: {tag: {AssetTag: HostProperties.tag(name=asset)}}\n"})
	set, err := load.Options{}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []choose.Origin{{Local: true}, {Key: "nessus/a"}} {
		choice, err := set.Choose(d, []byte(nessusHead), true)
		if err != nil || choice.Mapping.Name != "our-nessus" {
			t.Errorf("%+v: got %v, %v", d, choice.Mapping, err)
		}
	}
	m, _ := set.Mapping("our-nessus")
	if by := m.Blocks[0].Identity; len(by.Tags) != 1 || by.MAC == nil || m.Builtin {
		t.Errorf("extended: %v", by)
	}
	if base, _ := set.Mapping("nessus"); base.Hash == m.Hash || len(base.Blocks[0].Identity.Tags) != 0 {
		t.Error("the mapping that is extended changed")
	}
}

// write makes a directory of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// BenchmarkChoose chooses for an event, which one mapping takes, and for an object among all that take the prefix.
func BenchmarkChoose(b *testing.B) {
	set, err := load.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	event := []byte(`{"detail":{"findings":[{"ProductArn":"a"}]}}`)
	for name, test := range map[string]struct {
		origin choose.Origin
		head   []byte
	}{
		"event":    {choose.Origin{EventSource: "aws.securityhub", DetailType: "Security Hub Findings - Imported"}, event},
		"incoming": {choose.Origin{Key: "incoming/i-1/x"}, []byte(cyclonedxHead)},
		"table":    {choose.Origin{Local: true}, []byte(servicenowHead + strings.Repeat("2,b,cmdb_ci_server\n", 5000))},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := set.Choose(test.origin, test.head, true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
