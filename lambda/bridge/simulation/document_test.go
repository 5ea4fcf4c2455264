package simulation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// The sources, which are mappings in testdata, and the types that they fill.
const (
	scan     = "sim-scan"
	feed     = "sim-feed"
	register = "sim-register"
	lapse    = "sim-lapse"
	blob     = "sim-blob"
	probe    = "sim-probe"
	facts    = "sim-facts"
	paged    = "sim-list"

	findingType = "Custom:SimFinding"
	summaryType = "Custom:SimSummary"
	assetType   = "Custom:SimAsset"
	blobType    = "Custom:SimBlob"
	portType    = "Custom:SimPort"
)

// fillsOf returns which types a source fills.
func fillsOf(source string) []string {
	switch source {
	case scan:
		return []string{findingType, assetType}
	case register:
		return []string{assetType}
	case blob:
		return []string{blobType}
	case probe, facts, paged:
		return []string{portType}
	}
	return []string{findingType}
}

// doc is what one source says at one time.
type doc struct {
	number  int
	source  string
	written time.Time
	records []rec

	more        bool // it says itself that it is not all
	page, pages int  // which page of how many it is; 0: none
	resent      bool // it was written once more

	mends *doc   // of a mended file: whose rejected records it has
	file  string // its text, once it was returned and mended
	into  string // the import that returned it
}

// isPart reports whether the document is not all that its source knows.
func (d *doc) isPart() bool { return d.more || d.pages > 1 }

// rec is one record of a document.
type rec struct {
	node       int    // about which of the fleet's nodes; nobody: about none of them
	by, name   string // the identifier: node, host or ip
	at         time.Time
	remove     bool // of a merge
	keepAssets bool // it says nothing of assets
	rows       map[string][]row

	partial  bool // it sets only what it has values for
	unlooked bool // it looked at nothing
	areas    look // what it looked at; none: all
}

const nobody = -1

// row is an entry, whatever its type. One without an ID is rejected.
type row struct {
	ID       string `json:"id,omitempty"`
	Text     string `json:"title,omitempty"`
	Severity string `json:"severity,omitempty"`
	Seen     string `json:"seen,omitempty"`
	Area     string `json:"area,omitempty"`
	CVE      string `json:"cve,omitempty"`
	Score    string `json:"score,omitempty"`
}

func (d *doc) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s #%d written %s", d.source, d.number, clock(d.written))
	if d.pages > 0 {
		fmt.Fprintf(&b, " page %d of %d", d.page, d.pages)
	}
	if d.more {
		b.WriteString(" part")
	}
	if d.mends != nil {
		fmt.Fprintf(&b, " mends #%d", d.mends.number)
	}
	for _, r := range d.records {
		fmt.Fprintf(&b, "\n      %s=%s at %s", r.by, r.name, clock(r.at))
		if r.remove {
			b.WriteString(" gone")
		}
		if d.source == probe || r.partial {
			fmt.Fprintf(&b, " partial %t looked %t at %v", r.partial, !r.unlooked, r.areas)
		}
		for _, t := range fillsOf(d.source) {
			if t == assetType && r.keepAssets {
				continue
			}
			fmt.Fprintf(&b, " %s[", strings.TrimPrefix(t, "Custom:Sim"))
			for _, w := range r.rows[t] {
				fmt.Fprintf(&b, " %s:%s%s:%s:%s:%s", w.ID, w.Severity, w.Area, w.Text[:min(8, len(w.Text))], w.CVE, w.Score)
			}
			b.WriteString(" ]")
		}
	}
	return b.String()
}

func clock(t time.Time) string { return t.Format("02T15:04:05") }

// merges reports whether the source sets and removes single rows.
func merges(source string) bool { return source == feed }

// input is the document as it is handed in. Handed in again it is the same import.
func (d *doc) input() intake.Document {
	body, name := d.lines(), fmt.Sprintf("%s-%d", d.source, d.number)
	if d.mends != nil {
		body, name = d.file, "rejected-"+d.into+".ndjson"
	}
	switch d.source {
	case register:
		body = d.table()
	case probe, facts, paged:
		body = d.object()
	}
	return intake.Document{
		Source:   document.Inline(name, []byte(body), d.written),
		Delivery: choose.Origin{Declared: d.source},
	}
}

// table is the document as CSV.
func (d *doc) table() string {
	var b strings.Builder
	b.WriteString("register,node,host,ip,asset,owner,seen\n")
	for _, r := range d.records {
		id := map[string]string{r.by: r.name}
		for _, w := range r.rows[assetType] {
			fmt.Fprintf(&b, "1,%s,%s,%s,%s,%s,%s\n", id["node"], id["host"], id["ip"], w.ID, w.Text, w.Seen)
		}
	}
	return b.String()
}

// lines is the document as a JSON object a line.
func (d *doc) lines() string {
	var b strings.Builder
	for _, r := range d.records {
		line := map[string]any{strings.TrimPrefix(d.source, "sim-"): "1", r.by: r.name, "at": r.at.Format(time.RFC3339)}
		switch d.source {
		case feed:
			w := r.rows[findingType][0]
			delete(line, "feed")
			line["event"], line["id"], line["title"], line["severity"], line["seen"] = "1", w.ID, w.Text, w.Severity, w.Seen
			if r.remove {
				line["state"] = "gone"
			}
		case blob:
			line["blobs"] = r.rows[blobType]
		default:
			line["findings"] = slices.Concat([]row{}, r.rows[findingType])
			if d.source == scan && !r.keepAssets {
				line["assets"] = slices.Concat([]row{}, r.rows[assetType])
			}
		}
		text, _ := json.Marshal(line) // strings and lists of strings
		b.Write(append(text, '\n'))
	}
	return b.String()
}

// object is the document as one JSON object.
func (d *doc) object() string {
	whole := map[string]any{strings.TrimPrefix(d.source, "sim-"): "1"}
	if d.more {
		whole["more"] = "true"
	}
	if d.pages > 0 {
		whole["page"], whole["pages"] = d.page, d.pages
	}
	var hosts []map[string]any
	for _, r := range d.records {
		host := map[string]any{r.by: r.name, "at": r.at.Format(time.RFC3339), "ports": slices.Concat([]row{}, r.rows[portType])}
		if r.partial {
			host["partial"] = "true"
		}
		if r.unlooked {
			host["looked"] = "false"
		}
		if len(r.areas) > 0 {
			host["areas"] = r.areas
		}
		hosts = append(hosts, host)
	}
	whole["hosts"] = hosts
	text, _ := json.Marshal(whole) // strings, numbers and lists of them
	return string(text)
}
