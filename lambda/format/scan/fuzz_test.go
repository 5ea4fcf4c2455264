package scan_test

import (
	"bytes"
	stdcsv "encoding/csv"
	stdjson "encoding/json"
	stdxml "encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// same checks what holds for every reading: the same events and error whatever the pieces that the bytes come in, and
// balanced calls.
func same(t *testing.T, data []byte, read func(io.Reader, scan.Visitor) error) (events string, err error) {
	t.Helper()
	var whole, pieces recorder
	err = read(bytes.NewReader(data), &whole)
	for _, in := range []io.Reader{iotest.HalfReader(bytes.NewReader(data)), &inPieces{data, 1 + len(data)%7}} {
		pieces = recorder{}
		again := read(in, &pieces)
		if fmt.Sprint(err) != fmt.Sprint(again) || whole.b.String() != pieces.b.String() {
			t.Fatalf("in pieces: %v, %s; whole: %v, %s", again, pieces.b.String(), err, whole.b.String())
		}
	}
	if err == nil && whole.balanced() != nil {
		t.Fatal(whole.balanced())
	}
	if syntax, ok := errors.AsType[*scan.SyntaxError](err); err != nil && (!ok || syntax.Offset < 0 || syntax.Offset > int64(len(data))) {
		t.Fatalf("an error without a place: %v", err)
	}
	return whole.b.String(), err
}

// inPieces yields so many bytes at a time.
type inPieces struct {
	data []byte
	most int
}

func (p *inPieces) Read(b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), p.most)], p.data)
	p.data = p.data[n:]
	return n, nil
}

// FuzzXML compares with encoding/xml what both accept: the same elements, attributes and texts. Known differences, and
// why: it accepts text around the root and several roots, unquoted "]]>", attributes twice and any DOCTYPE; it has
// the tables of names of XML's fourth edition; it refuses encodings, versions, and colons that we let pass.
func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0"?><!DOCTYPE a><a b="c"><d>e</d><!-- f --><![CDATA[g]]></a>`,
		"<n:a x='&lt;&#65;'>1 &amp; 2\r\n<b/> 3 </n:a>", "<a><skip>&amp;</skip></a>", "<a", "<a>&#x", `<!DOCTYPE a [<!ENTITY b "c">]><a/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := same(t, data, func(r io.Reader, v scan.Visitor) error { return xml.Read(r, v, scan.Limits{}) })
		if err != nil {
			return
		}
		var ours outline
		if err := xml.Read(bytes.NewReader(data), &ours, scan.Limits{}); err != nil {
			t.Fatal(err)
		}
		if theirs, err := standardOutline(data); err == nil && theirs != ours.b.String() {
			t.Fatalf("got %s, encoding/xml has %s", ours.b.String(), theirs)
		}
	})
}

// outline writes elements, attributes and the letters of texts.
type outline struct {
	b     strings.Builder
	kinds []scan.Kind
}

func (o *outline) Open(name []byte, kind scan.Kind, _ scan.Place) (scan.Action, error) {
	o.kinds = append(o.kinds, kind)
	fmt.Fprintf(&o.b, "(%s ", name)
	return scan.Enter, nil
}

func (o *outline) Text(value []byte) error {
	o.b.WriteString(strings.Join(strings.Fields(string(value)), ""))
	return nil
}

func (o *outline) Close() error {
	o.kinds = o.kinds[:len(o.kinds)-1]
	o.b.WriteString(")")
	return nil
}

func standardOutline(data []byte) (string, error) {
	dec := stdxml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var b strings.Builder
	var texts []string
	for {
		token, err := dec.RawToken()
		if scan.AtEnd(err) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case stdxml.StartElement:
			fmt.Fprintf(&b, "(%s ", token.Name.Local)
			texts = append(texts, "")
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
					fmt.Fprintf(&b, "(%s %s)", a.Name.Local, strings.Join(strings.Fields(a.Value), ""))
				}
			}
		case stdxml.CharData:
			if len(texts) > 0 {
				texts[len(texts)-1] += strings.Join(strings.Fields(string(token)), "")
			}
		case stdxml.EndElement:
			if len(texts) == 0 {
				return "", errors.New("unbalanced")
			}
			fmt.Fprintf(&b, "%s)", texts[len(texts)-1])
			texts = texts[:len(texts)-1]
		}
	}
}

// FuzzJSON compares with encoding/json: what one accepts, the other does, but for depth, where ours ends earlier, and
// values without space between them, which encoding/json judges by their kind.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,"b\u00e9",null,true]}`, "{\"a\":1}\n{\"a\":2}", "{\n \"a\": {\n  \"b\": [\n   1\n  ]\n }\n}\n{\n \"c\": null\n}[]", `{"skip":[1]}`, `[[[`, `"\ud800"`, "\xEF\xBB\xBF1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := same(t, data, func(r io.Reader, v scan.Visitor) error { return json.Read(r, v, scan.Limits{}) })
		if errors.Is(err, scan.ErrLimit) || bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
			return
		}
		if theirs := stdjson.Valid(data); theirs && err != nil {
			t.Fatalf("valid JSON is refused: %v", err)
		}
		if err == nil && !validStream(data) {
			t.Fatal("accepted what encoding/json refuses")
		}
	})
}

func validStream(data []byte) bool {
	dec := stdjson.NewDecoder(bytes.NewReader(data))
	for {
		var value stdjson.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err == io.EOF
		}
	}
}

// FuzzCSV compares with encoding/csv where it accepts and we do: the same cells.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\r\n\"1,\"\"2\"\"\",\"x\ny\"\n", "a\n\"", "a,,a\n1,2,3", "a\n1\"2\n", "\"a,\"\"b\"\"\"\n\"1,2\"\n", "a\tb\n\\N\t\\\\x\n", "a,b\n1,2\n\nx\nb,a\nTotal,1\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := same(t, data, func(r io.Reader, v scan.Visitor) error { return csv.Read(r, v, scan.Limits{}, scan.Dialect{}) })
		for _, d := range []scan.Dialect{{Wrapped: true}, {Delimiter: '\t', Backslash: true}, {Delimiter: ';', HeaderRow: 1}} {
			if _, err := same(t, data, func(r io.Reader, v scan.Visitor) error { return csv.Read(r, v, scan.Limits{}, d) }); err != nil {
				csv.WithBackslash(d, data)
			}
		}
		csv.Head(data, false, scan.Dialect{Delimiter: ';', Wrapped: len(data)%2 == 0}, 50)
		if err != nil || bytes.Contains(data, []byte("\r")) || hasBlankLine(data) || bytes.Contains(data, []byte(`\N`)) || bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
			return // CR alone is a line end for us, a byte mark is no part of the first name, encoding/csv does not show blank rows, and \N is no value
		}
		if theirs, err := standardRows(data); err == nil && theirs != events {
			t.Fatalf("got %s, encoding/csv has %s", events, theirs)
		}
	})
}

func hasBlankLine(data []byte) bool {
	for line := range bytes.Lines(data) {
		if len(bytes.Trim(line, ", \t\"\n\v\f")) == 0 {
			return true
		}
	}
	return bytes.Contains(data, []byte("\xEF\xBB\xBF"))
}

// standardRows replays the rows that encoding/csv finds; which of them are records, our own rules decide.
func standardRows(data []byte) (string, error) {
	r := stdcsv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return "", err
	}
	var v recorder
	var table *scan.Table
	for i, row := range rows {
		texts := make([][]byte, len(row))
		for k := range row {
			texts[k] = bytes.TrimSpace([]byte(row[k]))
		}
		kind := scan.Header
		if table != nil {
			kind, _ = table.Judge(texts, i, true)
		}
		switch {
		case len(bytes.Join(texts, nil)) == 0:
		case kind == scan.Header:
			table = scan.NewTable(texts, "")
		case kind == scan.Record:
			replay(&v, table.Fields(), row)
		}
	}
	return v.b.String(), nil
}

func replay(v *recorder, header [][]byte, row []string) {
	_, _ = v.Open(nil, scan.Object, scan.Place{})
	for i, name := range header[:min(len(header), len(row))] {
		if len(name) == 0 {
			continue
		}
		if action, _ := v.Open(name, scan.Text, scan.Place{}); action == scan.Enter {
			_ = v.Text([]byte(row[i]))
			_ = v.Close()
		}
	}
	_ = v.Close()
}
