package hostile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// syntax is a way to write a made document.
type syntax struct {
	name    string
	mapping string
	marks   string // the bytes that are structure: where it is cut, and damaged
	write   func(testing.TB, *made) string
}

func syntaxes() []syntax {
	return []syntax{
		{"csv", "detect: [{csv: [name, ip]}]\neach: $rows", ",\"\n", func(_ testing.TB, d *made) string { return table(d, ",") }},
		{"tabs", "detect: [{csv: [name, ip]}]\neach: $rows", "\t\"\n", func(_ testing.TB, d *made) string { return table(d, "\t") }},
		{"json", "detect: [{json: [hosts.name]}]\neach: hosts", "{}[],:\"", func(_ testing.TB, d *made) string { return `{"hosts":[` + objects(d, ",\n") + "]}" }},
		{"ndjson", "detect: [{json: [name, ip]}]\neach: $rows", "{}[],:\"\n", func(_ testing.TB, d *made) string { return objects(d, "\n") + "\n" }},
		{"xml", "detect: [{xml: [hosts]}]\neach: host", "<>/=\"&;", elements},
		{"keyvalue", "detect: [{keyvalue: [name, ip]}]\nsections: [name]\neach: name", ":\n", lines},
		{"zip", "detect: [{zip: [hosts]}]\neach: hosts.*", ",\n", members},
		{"workbook", "detect: [{xlsx: [sheet Machines, name]}]\neach: $rows", "<>/=\"&;", book},
	}
}

// identity is what all mappings have behind that.
const identity = `
key: name
identify: {hostname: name, ip: {path: ip, split: ', '}}
Custom:Asset: {AssetId: name, Name: note, Location: {path: extra, join: " "}}
`

// columns returns the names of all fields, in the order in which they are met first.
func columns(d *made) []string {
	all, seen := []string{"name"}, map[string]bool{}
	for _, m := range d.machines {
		for _, f := range m.fields {
			if !seen[f.key] {
				seen[f.key] = true
				all = append(all, f.key)
			}
		}
	}
	return all
}

// rows calls each with the cells of each machine.
func rows(d *made, columns []string, each func(cells []string)) {
	at := map[string]int{}
	for i, c := range columns {
		at[c] = i
	}
	for _, m := range d.machines {
		cells := make([]string, len(columns))
		cells[0] = m.name
		for _, f := range m.fields {
			cells[at[f.key]] = strings.Join(f.values, ", ")
		}
		each(cells)
	}
}

func table(d *made, delimiter string) string {
	var b strings.Builder
	row := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(delimiter)
			}
			if strings.ContainsAny(c, ",\"\t") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString("\n")
	}
	all := columns(d)
	row(all)
	rows(d, all, row)
	return b.String()
}

func quoted(d *made, text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' && d.escaped:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func objects(d *made, between string) string {
	var b strings.Builder
	for i, m := range d.machines {
		if i > 0 {
			b.WriteString(between)
		}
		fmt.Fprintf(&b, `{"name":%s`, quoted(d, m.name))
		if i == 0 && d.depth > 0 {
			fmt.Fprintf(&b, `,"deep":%s%s`, strings.Repeat(`{"d":[`, d.depth/2), strings.Repeat("]}", d.depth/2))
		}
		for _, f := range m.fields {
			fmt.Fprintf(&b, ",%s:", quoted(d, f.key))
			if len(f.values) > 1 {
				b.WriteByte('[')
			}
			for j, v := range f.values {
				if j > 0 {
					b.WriteByte(',')
				}
				b.WriteString(quoted(d, v))
			}
			if len(f.values) > 1 {
				b.WriteByte(']')
			}
		}
		b.WriteByte('}')
	}
	return b.String()
}

func referenced(d *made, text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '&':
			b.WriteString("&amp;")
		case c == '"':
			b.WriteString("&quot;")
		case c < ' ' && c > 0 && d.escaped:
			fmt.Fprintf(&b, "&#%d;", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func elements(_ testing.TB, d *made) string {
	var b strings.Builder
	b.WriteString("<hosts>")
	for i, m := range d.machines {
		b.WriteString("<host")
		twice := map[string]bool{}
		for _, f := range m.fields {
			if !d.asText && len(f.values) == 1 && !twice[f.key] {
				fmt.Fprintf(&b, ` %s="%s"`, f.key, referenced(d, f.values[0]))
				twice[f.key] = true
			}
		}
		fmt.Fprintf(&b, "><name>%s</name>", referenced(d, m.name))
		if i == 0 && d.depth > 0 {
			b.WriteString(strings.Repeat("<d>", d.depth) + strings.Repeat("</d>", d.depth))
		}
		for _, f := range m.fields {
			if twice[f.key] {
				continue
			}
			for _, v := range f.values {
				fmt.Fprintf(&b, "<%[1]s>%[2]s</%[1]s>", f.key, referenced(d, v))
			}
		}
		b.WriteString("</host>\n")
	}
	b.WriteString("</hosts>")
	return b.String()
}

func lines(_ testing.TB, d *made) string {
	var b strings.Builder
	for _, m := range d.machines {
		fmt.Fprintf(&b, "name: %s\n", m.name)
		for _, f := range m.fields {
			for _, v := range f.values {
				fmt.Fprintf(&b, "%s: %s\n", f.key, v)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// members puts the machines into small files of three syntaxes.
func members(t testing.TB, d *made) string {
	var all []string
	each := max(3, len(d.machines)/5000) // fewer members than a zip file may have
	for i := 0; i < len(d.machines); i += each {
		some := *d
		some.machines = d.machines[i:min(i+each, len(d.machines))]
		if i > 0 {
			some.depth = 0
		}
		switch i / each % 3 {
		case 0:
			all = append(all, fmt.Sprintf("hosts/f%d.csv", i), table(&some, ","))
		case 1:
			all = append(all, fmt.Sprintf("hosts/f%d.json", i), "["+objects(&some, ",")+"]")
		default:
			all = append(all, fmt.Sprintf("hosts/f%d.jsonl", i), objects(&some, "\n")+"\n")
		}
	}
	return testfiles.Zip(t, append(all, "other/read.me", "nothing")...)
}

// column returns the letters of a column, from 0.
func column(n int) string {
	letters := ""
	for n++; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

func book(t testing.TB, d *made) string {
	var sheet, shared strings.Builder
	count, number := 0, 0
	row := func(cells []string) {
		number++
		fmt.Fprintf(&sheet, `<row r="%d">`, number)
		for i, c := range cells {
			if c == "" {
				continue
			}
			c = referenced(&made{escaped: false}, sheetText(d, c))
			if i%2 == 0 {
				fmt.Fprintf(&sheet, `<c r="%s%d" t="s"><v>%d</v></c>`, column(i), number, count)
				fmt.Fprintf(&shared, "<si><t>%s</t></si>", c)
				count++
			} else {
				fmt.Fprintf(&sheet, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, column(i), number, c)
			}
		}
		sheet.WriteString("</row>")
	}
	all := columns(d)
	row(all)
	rows(d, all, row)
	deep := strings.Repeat("<d>", d.depth) + strings.Repeat("</d>", d.depth)
	return testfiles.Zip(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<workbook><sheets><sheet name="Machines" id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="s.xml"/><Relationship Id="b" Type="t/sharedStrings" Target="t.xml"/></Relationships>`,
		"xl/s.xml", "<worksheet>"+deep+"<sheetData>"+sheet.String()+"</sheetData></worksheet>", "xl/t.xml", "<sst>"+shared.String()+"</sst>")
}

// sheetText is a text as workbooks write control characters.
func sheetText(d *made, text string) string {
	if !d.escaped {
		return text
	}
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < ' ' {
			fmt.Fprintf(&b, "_x%04X_", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
