package scan_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// A document cut off anywhere must not pass for a whole one: half a list would erase the other half.
func TestCutOff(t *testing.T) {
	const xmlText = "<?xml version=\"1.0\"?>\r\n<!DOCTYPE a SYSTEM 'b' [<!ELEMENT a ANY>]>\n<!-- c --><?d e?>" +
		"<n:a b=\"&lt;ü\" c='&#10;'>x &amp; y]] ü<![CDATA[<z>\r\n]]><skip d='1'><e/>ü</skip><!-- f --><g ></g\n></n:a>"
	const jsonText = ` {"a":"b\u00e9\"ü","c":[1,-2.5e3,true,false,null,{}],"skip":{"d":[[],"e"]}}`
	const stream = "{\n  \"a\": {\n    \"b\": \"c\"\n  }\n}\n{\n  \"d\": [\n    1\n  ]\n}{ \"e\": null }\n"
	const settings = "# x\n\na=1\nb[]=\n#c\nb[]=|d|\n"
	const csvText = "a,b,c\n1,\"2,\"\"ü\"\"\n\",3\r\n4,5,6\n,,7\n8\n,9,\"x\"\"\ny\"\n10,11,\n"
	tests := []struct {
		name, text string
		read       func(io.Reader, scan.Visitor) error
		whole      func(cut string) bool // what cannot be told from a whole document
	}{
		{
			"XML", xmlText, func(r io.Reader, v scan.Visitor) error { return xml.Read(r, v, scan.Limits{}) },
			func(string) bool { return false },
		},
		{
			"JSON", jsonText, func(r io.Reader, v scan.Visitor) error { return json.Read(r, v, scan.Limits{}) },
			func(cut string) bool { return strings.TrimSpace(cut) == "" },
		},
		{
			"JSON values one behind the other", stream, func(r io.Reader, v scan.Visitor) error { return json.Read(r, v, scan.Limits{}) },
			func(cut string) bool { return strings.Count(cut, "{") == strings.Count(cut, "}") },
		},
		{
			"settings", settings, keyValue, func(cut string) bool {
				return !strings.Contains(cut, "=") && !strings.Contains(cut, "a") || strings.HasSuffix(cut, "\n")
			},
		},
		{
			"CSV", csvText, func(r io.Reader, v scan.Visitor) error { return csv.Read(r, v, scan.Limits{}, scan.Dialect{}) },
			func(cut string) bool { return cut != "" && (!strings.Contains(cut, "\n") || lastColumn(cut)) },
		},
	}
	for _, test := range tests {
		for n := range len(test.text) {
			cut := test.text[:n]
			err := test.read(strings.NewReader(cut), &recorder{})
			if test.whole(cut) {
				if err != nil {
					t.Errorf("%s: %q: %v", test.name, cut, err)
				}
				continue
			}
			if !errors.Is(err, scan.ErrCut) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %q: got %v", test.name, cut, err)
			}
		}
		if err := test.read(strings.NewReader(test.text), &recorder{}); err != nil {
			t.Errorf("%s: the whole: %v", test.name, err)
		}
	}
}

// lastColumn reports whether the text ends behind a row, or in its last cell. (One cut between the bytes of a character
// is met before, where the encoding is read.)
func lastColumn(text string) bool {
	if strings.Count(text, `"`)%2 != 0 {
		return false
	}
	quoted, commas := false, 0
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			commas = 0
		case c == ',' && !quoted:
			commas++
		}
	}
	return commas == 2 || strings.HasSuffix(text, "\n")
}
