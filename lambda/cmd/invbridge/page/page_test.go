package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// nasty are names that look like markup, script, ends of elements, or codes of a terminal.
var nasty = []string{
	`<img src=x onerror="window.taken=1">`, `</td></table><script>window.taken=1</script>`, `" onmouseover="window.taken=1" x="`, `'--><svg onload=window.taken=1>`,
	`{{.Policy}}`, "\x1b[31mred\x1b[0m\x1b]0;title\a", "a\u202egpj.exe", "</style><style>*{display:none}</style>", "javascript:window.taken=1", "&lt;b&gt;&amp;", "\u2028\x00",
}

func at() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// imported is a receipt of n records to look at.
func imported(n int) receipt.Receipt {
	r := receipt.Receipt{
		Import: "46492d54647450074e5d98e7", Mapping: "backups", Document: "s3://uploads/backups/backups.csv", Key: "backups/backups.csv", Complete: true,
		Written: at().Add(-time.Hour), Received: at().Add(-time.Minute), Ended: at(), Records: 9 * n, Nodes: 4 * n, Calls: 3 * n, Bytes: int64(1234 * n),
		RejectedFile: "rejected/46492d54647450074e5d98e7/backups.csv", DetailsTotal: n,
		Absence: &receipt.Absence{Reason: "more than 10 % of the nodes are not named: invbridge redrive --confirm-absent", Sources: []receipt.Absent{{Source: "backups", Nodes: 40, Absent: 9}}},
		Notes:   []receipt.Note{{Text: receipt.NoteCut, Count: 3}},
	}
	of := []struct {
		outcome receipt.Outcome
		reason  string
	}{{receipt.Parked, "no-such-node"}, {receipt.Rejected, "Size: is no whole number"}, {receipt.Parked, "ambiguous"}, {receipt.Failed, "InvalidItemContentException"}, {receipt.Truncated, "item-too-large"}, {receipt.Pending, ""}}
	for i := range n {
		d := receipt.Detail{Number: 3*i + 1, Line: 3*i + 2, Outcome: of[i%len(of)].outcome, Reason: of[i%len(of)].reason}
		if d.Outcome != receipt.Parked {
			d.Node = fmt.Sprintf("i-%017x", i)
		}
		r.Details = append(r.Details, d)
		r.Counts.Add(d.Outcome, 1)
	}
	r.Counts.Add(receipt.Put, 5*n)
	r.Counts.Add(receipt.Unchanged, 2*n)
	r.Counts.Add(receipt.Stale, n)
	return r
}

// named are names of machines for the records of a receipt.
func named(r receipt.Receipt) map[int]string {
	names := map[int]string{}
	for i, d := range r.Details {
		names[d.Number] = fmt.Sprintf("app-%05d.corp.example", i)
	}
	return names
}

// hostile is a receipt in which every text is nasty.
func hostile() (receipt.Receipt, map[int]string) {
	r := imported(len(nasty))
	r.Document, r.Mapping, r.Failure, r.RejectedFile, r.Into, r.Import = nasty[0], nasty[1], nasty[2], nasty[3], nasty[5], nasty[1]
	names := map[int]string{}
	for i, text := range nasty {
		r.Details[i].Node, r.Details[i].Reason, names[r.Details[i].Number] = text, text, text
		r.Notes = append(r.Notes, receipt.Note{Text: text, Count: 1})
		r.Absence.Sources = append(r.Absence.Sources, receipt.Absent{Source: text})
	}
	return r, names
}

// held is a node; every text of it is one of some.
func held(rows int, texts ...string) Node {
	text := func(i int) string { return texts[i%len(texts)] }
	n := Node{
		ID: "i-0123456789abcdef0", Name: text(0), State: "Online", Why: map[string]string{text(1): text(2)},
		Parked: []lookup.Parked{{Source: text(3), Import: text(4), Records: []int{1, 2}, Subject: []string{"hostname=" + text(5)}}},
		Known:  &ledger.NodeState{Sources: map[string]*ledger.Source{text(6): {Import: text(7), Received: at(), Missing: &ledger.Missing{Import: text(8), Since: at()}, Cleared: at()}}},
	}
	line := holding.Line{
		Type: text(9), Ledger: &holding.InLedger{Entries: rows, Captured: at(), At: at()}, Service: &holding.InService{Entries: rows, Captured: text(10)},
		Sources: []holding.Source{{Source: text(0), Entries: rows, Captured: at(), Import: text(1)}}, Open: text(2), Differ: text(3),
		Drift: []differ.Row{{Change: differ.RowChanged, Key: []differ.Value{{Name: text(4), New: text(5)}}, Values: []differ.Value{{Name: text(6), Old: text(7), New: text(8)}}}},
	}
	for i := range rows {
		line.Entries = append(line.Entries, holding.Entry{Source: text(i), Import: text(i + 1), Values: map[string]string{text(i + 2): text(i + 3), "Number": fmt.Sprint(i)}})
	}
	n.Lines = []holding.Line{line}
	return n
}

func pageOf(t *testing.T, html func(time.Time) ([]byte, error)) string {
	t.Helper()
	data, err := html(at())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestNothingOfTheDataIsMarkup: of two pages of the same form, one with texts that look like markup, the elements are the same.
func TestNothingOfTheDataIsMarkup(t *testing.T) {
	bad, names := hostile()
	plain := make([]string, len(nasty))
	for i := range plain {
		plain[i] = fmt.Sprint("word", i)
	}
	good := bad
	good.Document, good.Mapping, good.Failure, good.RejectedFile, good.Into, good.Import = plain[0], plain[1], plain[2], plain[3], plain[5], plain[1]
	good.Details, good.Notes = append([]receipt.Detail{}, bad.Details...), append([]receipt.Note{}, bad.Notes...)
	absence := *bad.Absence
	absence.Sources = append([]receipt.Absent{}, absence.Sources...)
	good.Absence = &absence
	goodNames := map[int]string{}
	for i, text := range plain {
		good.Details[i].Node, good.Details[i].Reason, goodNames[good.Details[i].Number] = text, text, text
		good.Notes[i+1].Text, good.Absence.Sources[i+1].Source = text, text
	}
	for name, pair := range map[string][2]string{
		"receipt": {pageOf(t, OfReceipt(&bad, names).HTML), pageOf(t, OfReceipt(&good, goodNames).HTML)},
		"node":    {pageOf(t, new(held(20, nasty...)).HTML), pageOf(t, new(held(20, plain...)).HTML)},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := strings.Join(elements(pair[0]), " "), strings.Join(elements(pair[1]), " "); got != want {
				t.Errorf("the elements are others:\n%s\nwant\n%s", got, want)
			}
			for _, text := range []string{"\x1b", "\u202e", "\a", "\x00", "\u2028"} {
				if strings.Contains(pair[0], text) {
					t.Errorf("%q stands in the page", text)
				}
			}
			if strings.Contains(pair[0], `\n `) {
				t.Error("the end of a line is shown as a character")
			}
			if shown := html.UnescapeString(pair[0]); !strings.Contains(shown, `\x1b[31mred`) || !strings.Contains(shown, nasty[0]) {
				t.Error("what is not printable, or a name, is not shown")
			}
		})
	}
}

var tag = regexp.MustCompile(`<(/?[a-zA-Z!][a-zA-Z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>`)

var attribute = regexp.MustCompile(`\s([a-z-]+)(?:="[^"]*")?`)

// elements are a page's tags with the names of their attributes. The script and the style are cut out: they are the program's own.
func elements(page string) []string {
	page = strings.NewReplacer(script, "", style, "").Replace(page)
	var list []string
	for _, m := range tag.FindAllStringSubmatch(page, -1) {
		list = append(list, m[1])
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			list = append(list, "."+a[1])
		}
	}
	return list
}

// TestThePolicyAllowsItsOwnScriptAndStyleAlone compares the hashes with what stands in the page.
func TestThePolicyAllowsItsOwnScriptAndStyleAlone(t *testing.T) {
	r := imported(5)
	page := pageOf(t, OfReceipt(&r, nil).HTML)
	_, rest, _ := strings.Cut(page, `http-equiv="Content-Security-Policy" content="`)
	policy, _, _ := strings.Cut(rest, `"`)
	want := "default-src 'none'"
	for _, element := range []string{"style", "script"} {
		if n := strings.Count(page, "<"+element); n != 1 {
			t.Errorf("%d elements %s", n, element)
		}
		_, rest, _ := strings.Cut(page, "<"+element+">")
		text, _, _ := strings.Cut(rest, "</"+element+">")
		sum := sha256.Sum256([]byte(text))
		want += "; " + element + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	if got := html.UnescapeString(policy); got != want+"; base-uri 'none'; form-action 'none'" {
		t.Errorf("the policy is %s, want %s; …", got, want)
	}
	if strings.Index(page, "Content-Security-Policy") > strings.Index(page, "<style>") {
		t.Error("the policy stands behind what it is about")
	}
}

// TestThePageIsSelfContained finds nothing that a browser would load, and no attribute that the policy forbids.
func TestThePageIsSelfContained(t *testing.T) {
	r := imported(50)
	for _, page := range []string{pageOf(t, OfReceipt(&r, named(r)).HTML), pageOf(t, new(held(20, "word", "other")).HTML)} {
		if found := regexp.MustCompile(`\s(src|srcset|style|on[a-z]+|action|data)=|href="[^#]|url\(|@import|<(link|img|iframe|object|embed|base)\b`).FindString(page); found != "" {
			t.Errorf("%q stands in the page", found)
		}
	}
}

func TestAPageOfTenThousandNodesIsSmall(t *testing.T) {
	r := imported(10_000)
	page := pageOf(t, OfReceipt(&r, named(r)).HTML)
	if len(page) > 5_000_000 || strings.Count(page, "<tr id=") != 10_000 {
		t.Errorf("%d bytes, %d rows", len(page), strings.Count(page, "<tr id="))
	}
	t.Logf("%d bytes", len(page))
}

// TestAReceiptIsShownWhole looks for each thing that a receipt says.
func TestAReceiptIsShownWhole(t *testing.T) {
	r := imported(40)
	r.DetailsTotal = 45
	page := html.UnescapeString(pageOf(t, OfReceipt(&r, named(r)).HTML))
	for _, want := range []string{
		"46492d54647450074e5d98e7", "complete", "s3://uploads/backups/backups.csv", "<b>200</b> put", "<b>14</b> parked", "2026-03-01T11:59:00Z", "59m0s later",
		"no-such-node", `<td>7</td><td><a href="#r0">record 1 (line 2)</a> <a href="#r6">record 19 (line 20)</a>`, "record 4 (line 5)", "app-00001.corp.example (i-00000000000000001)",
		"<td>backups</td><td>40</td><td>9</td><td>more than 10 %", "invbridge redrive --parked", "rejected/46492d54647450074e5d98e7/backups.csv", receipt.NoteCut, "5 more are not listed",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(page, "<b>0</b>") {
		t.Error("an outcome that no record has is shown")
	}
	r = receipt.Receipt{Import: "im"}
	if page := pageOf(t, OfReceipt(&r, nil).HTML); strings.Contains(page, "<table") || strings.Contains(page, "Time line") {
		t.Error("an empty receipt has rows or times")
	}
}

// TestPagesForABrowser writes the pages that `make page` opens.
func TestPagesForABrowser(t *testing.T) {
	dir := os.Getenv("INVBRIDGE_PAGES")
	if dir == "" {
		t.Skip("INVBRIDGE_PAGES names no directory: make page does")
	}
	small, large := imported(40), imported(10_000)
	bad, names := hostile()
	for name, html := range map[string]func(time.Time) ([]byte, error){
		"receipt":      OfReceipt(&small, named(small)).HTML,
		"large":        OfReceipt(&large, named(large)).HTML,
		"nasty":        OfReceipt(&bad, names).HTML,
		"node":         new(held(30, "app-07", "backups", "Custom:Backup", "fleet", "patches")).HTML,
		"nasty-node":   new(held(30, nasty...)).HTML,
		"long-strings": new(held(30, strings.Repeat("x", 500))).HTML,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), bytes.TrimSpace([]byte(pageOf(t, html))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
