package scan_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/json"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/xml"
)

// chosen enters what it is told to and passes over the rest, as a mapping that reads a third of the fields does.
type chosen struct {
	names map[string]bool
	texts int
}

func (c *chosen) Open(name []byte, _ scan.Kind, _ scan.Place) (scan.Action, error) {
	if name == nil || c.names[string(name)] {
		return scan.Enter, nil
	}
	return scan.Skip, nil
}
func (c *chosen) Text([]byte) error { c.texts++; return nil }
func (*chosen) Close() error        { return nil }

func choose(names ...string) *chosen {
	c := &chosen{names: map[string]bool{}}
	for _, name := range names {
		c.names[name] = true
	}
	return c
}

func benchmark(b *testing.B, text []byte, read func(io.Reader) error) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}

const prose = "The remote host is missing a security update. See the advisory &amp; its references; update the affected packages.\n"

func BenchmarkXML(b *testing.B) {
	var t bytes.Buffer
	t.WriteString("<Data><Report>\n")
	for i := range 4000 {
		fmt.Fprintf(&t, "<Item port=\"%d\" protocol=\"tcp\" severity=\"2\" id=\"%d\" name=\"Some finding\">\n<description>%s</description>\n<synopsis>%s</synopsis>\n<score>7.5</score>\n<cve>CVE-2020-1</cve>\n<solution>%s</solution>\n<output>%s</output>\n<see>%s</see>\n</Item>\n",
			i, i, strings.Repeat(prose, 4), prose, prose, strings.Repeat(prose, 8), prose)
	}
	t.WriteString("</Report></Data>")
	benchmark(b, t.Bytes(), func(r io.Reader) error {
		return xml.Read(r, choose("Data", "Report", "Item", "port", "severity", "id", "score", "cve"), scan.Limits{})
	})
}

func BenchmarkJSON(b *testing.B) {
	var t bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&t, `{"id":%d,"host":{"name":"h%d","ip":"10.0.0.1"},"score":7.5,"text":%q,"tags":["a","b",{"c":null}],"more":%q}`+"\n", i, i, prose, prose)
	}
	benchmark(b, t.Bytes(), func(r io.Reader) error { return json.Read(r, choose("id", "host", "name", "score"), scan.Limits{}) })
}

func BenchmarkCSV(b *testing.B) {
	var t bytes.Buffer
	t.WriteString("id,host,ip,text,quoted,score,a,b,c,d\n")
	for i := range 20_000 {
		fmt.Fprintf(&t, "%d,h%d,10.0.0.1,some words and more of them,\"a, b and \"\"c\"\"\",7.5,aaaa,bbbb,cccc,dddd\n", i, i)
	}
	benchmark(b, t.Bytes(), func(r io.Reader) error {
		return csv.Read(r, choose("id", "host", "ip", "score"), scan.Limits{}, scan.Dialect{})
	})
}
