package scan_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

func TestXML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"element", `<a/>`, `a={} `},
		{"declaration", "\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?>\n<a></a>\n", `a={} `},
		{"attributes first", `<a x = "1" y='2'><b>t</b></a>`, `a={x=("1"} y=("2"} b={"t"} } `},
		{"own text", "<a> one <b/> two </a>", `a={b={} "one two"} `},
		{"white space between children", "<a>\n <b/>\n <b/>\n</a>", `a={b={} b={} } `},
		{"prefixes", `<n:a xmlns="u" xmlns:n="v" n:x="1" xmlnsx="2"><n:b/></n:a>`, `a={x=("1"} xmlnsx=("2"} b={} } `},
		{"references", `<a x="&lt;&#65;&#x42;&quot;">&amp;&apos;&gt;&#x20AC;</a>`, `a={x=("<AB\""} "&'>€"} `},
		{"CDATA", `<a>x<![CDATA[<&]]]>y</a>`, `a={"x<&]y"} `},
		{"CDATA alone", `<a><![CDATA[]]></a>`, `a={} `},
		{"line ends", "<a x='1\r\n2\t3'>1\r\n2\r3<![CDATA[\r\n]]>4</a>", `a={x=("1 2 3"} "1\n2\n3\n4"} `},
		{"comments", "<!-- a --><?p q?><a><!-- <b> -->t<?p?>u</a><!----><?p ??>", `a={"tu"} `},
		{"doctype", `<!DOCTYPE a SYSTEM "http://x/>y.dtd"><a/>`, `a={} `},
		{"doctype with declarations", `<!DOCTYPE a [<!ELEMENT a (b)> <!ATTLIST a x CDATA ">"><!-- ] --><?p ]?>]><a/>`, `a={} `},
		{"skip", `<a><skip x="1"><skip><b>t</b></skip></skip><c skip="1" d="2"/></a>`, `a={skip=- c={skip=- d=("2"} } } `},
		{"names", "<é:ü.1-_ ñ='1'/>", `ü.1-_={ñ=("1"} } `},
		{"brackets", "<a>]] ]> ]</a>", `a={"]] ]> ]"} `},
		{"end tag with space", "<a></a  >", `a={} `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range readers(test.in) {
				var v recorder
				if err := xml.Read(r, &v, scan.Limits{}); err != nil {
					t.Fatal(err)
				}
				if got := v.b.String(); got != test.want || v.balanced() != nil {
					t.Errorf("got %s, want %s (%v)", got, test.want, v.balanced())
				}
			}
		})
	}
}

// readers returns the text as a whole, and byte by byte.
func readers(text string) []io.Reader {
	return []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))}
}

func TestXMLErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "line 1, column 1: the document has no root element"},
		{"<a>\n<b></a>", `line 2, column 4: an end tag that does not close the element "b" of line 2`},
		{"<a>\n</a>\n<b/>", "line 3, column 1: a second root element"},
		{"<a/>x", "line 1, column 5: text after the end of the root element"},
		{"x<a/>", "line 1, column 1: text before the root element"},
		{"<a/>&amp;", "line 1, column 5: a reference outside of the root element"},
		{"<a/><?xml version='1.0'?><a/>", "an XML declaration that is not at the beginning"},
		{"<a x='1' x='2'/>", "line 1, column 10: an attribute stands twice in a tag"},
		{"<a x='<'/>", `line 1, column 7: "<" in an attribute's value`},
		{"<a x=1/>", "an attribute's value is not in quotes"},
		{"<a x/>", "a tag with something that is no attribute"},
		{"<a x='1'y='2'/>", "a tag with something that is no attribute"},
		{"<a>&nbsp;</a>", "an entity that XML itself does not declare"},
		{"<a>a & b</a>", `line 1, column 6: "&" does not begin a reference`},
		{"<a>&#xFFFE;</a>", "a reference to a character that is not allowed in XML"},
		{"<a>&#xD800;</a>", "a reference to a character that is not allowed in XML"},
		{"<a>\n\x00</a>", "line 2, column 1: the character U+0000 is not allowed in XML"},
		{"<a>\xff</a>", "bytes that are not UTF-8"},
		{"<a x='\xff'/>", "bytes that are not UTF-8"},
		{"<a>\uFFFE</a>", "the character U+FFFE is not allowed"},
		{"<a>]]></a>", `"]]>" outside of a CDATA section`},
		{"<a><!-- -- --></a>", `"--" inside a comment`},
		{"<1a/>", `"<" is not followed by a name`},
		{"< a/>", `"<" is not followed by a name`},
		{"</a>", "an end tag without an open element"},
		{"<a><!DOCTYPE a></a>", `"<!" begins nothing that may stand here`},
		{`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "declares entities is not accepted"},
		{`<!DOCTYPE a [%x;]><a/>`, "declares entities is not accepted"},
		{"<![CDATA[x]]><a/>", `"<!" begins nothing that may stand here`},
		{"<a><skip><b></skip></a>", `does not close the element "b"`},
		{"<a><skip>&x;</skip></a>", "entity"},
		{"<? x?><a/>", "a processing instruction without a name"},
	}
	for _, test := range tests {
		for _, r := range readers(test.in) {
			err := xml.Read(r, &recorder{}, scan.Limits{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q: got %v, want %s", test.in, err, test.want)
			}
		}
	}
}

func TestXMLLimits(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	tests := []struct {
		name, in, want string
		limits         scan.Limits
	}{
		{"depth", strings.Repeat("<a>", 5), "more than 4 deep", scan.Limits{Depth: 4}},
		{"text", "<a>" + long + "</a>", "text is longer than 100 bytes", scan.Limits{Text: 100}},
		{"tag", "<a b='" + long + "'/>", "a tag is longer than", scan.Limits{Record: 65_536}},
		{"element's name", "<abcdef/>", "a name is longer than 5 bytes", scan.Limits{Name: 5}},
		{"attribute's name", "<a bcdefg='1'/>", "a name is longer than 5 bytes", scan.Limits{Name: 5}},
		{"attributes", "<a" + manyAttributes(1025) + "/>", "more than 1024 attributes", scan.Limits{}},
	}
	for _, test := range tests {
		err := xml.Read(strings.NewReader(test.in), &recorder{}, test.limits)
		if !errors.Is(err, scan.ErrLimit) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
	if err := xml.Read(strings.NewReader("<a><skip>"+long+"</skip></a>"), &recorder{}, scan.Limits{Text: 100}); err != nil {
		t.Errorf("a text that is passed over is held: %v", err)
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" a" + strings.Repeat("b", i%100) + string(rune('a'+i%26)) + strings.Repeat("c", i/100) + "=''")
	}
	return b.String()
}

func TestErrorsOfOthersComeThrough(t *testing.T) {
	own := errors.New("own")
	formats := map[string]struct {
		read func(io.Reader, scan.Visitor) error
		text string
	}{
		"XML":  {func(r io.Reader, v scan.Visitor) error { return xml.Read(r, v, scan.Limits{}) }, "<a>t</a>"},
		"JSON": {func(r io.Reader, v scan.Visitor) error { return json.Read(r, v, scan.Limits{}) }, `{"a":"t"}`},
		"CSV":  {func(r io.Reader, v scan.Visitor) error { return csv.Read(r, v, scan.Limits{}, scan.Dialect{}) }, "a\nt\n"},
	}
	for name, f := range formats {
		if err := f.read(strings.NewReader(f.text), &recorder{fail: own}); !errors.Is(err, own) {
			t.Errorf("%s: the visitor's error became %v", name, err)
		}
		broken := io.MultiReader(strings.NewReader(f.text[:3]), iotest.ErrReader(own))
		if err := f.read(broken, &recorder{}); !errors.Is(err, own) {
			t.Errorf("%s: the reader's error became %v", name, err)
		}
		if err := f.read(strings.NewReader(f.text), &recorder{fail: io.EOF}); !errors.Is(err, io.EOF) {
			t.Errorf("%s: the visitor's io.EOF became %v", name, err)
		}
	}
}
