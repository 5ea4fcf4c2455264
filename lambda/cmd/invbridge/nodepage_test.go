package main

import (
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPagesOfReceiptAndNode writes both pages after an import, and looks for what they are about.
func TestPagesOfReceiptAndNode(t *testing.T) {
	r := newPlanRig(t)
	out := r.run(exitPartial, "put", "--rate", "0", r.file("register.csv", register+"d,cmdb_ci_server,web-44,,,Linux\n"))
	_, rest, _ := strings.Cut(out, "import ")
	id := rest[:24]
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"receipt", id}, []string{id, "register.csv", "servicenow", "no-such-node", "web-44", "parked", "Time line"}},
		{[]string{"node", "web-1"}, []string{"web-1", webNode(1, "").InstanceID, "servicenow", id, "Online", "accepted by the service"}},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			file := filepath.Join(r.dir, c.args[0]+".html")
			without := r.run(exitDone, c.args...)
			with := r.run(exitDone, append(c.args, "--html", file)...)
			if !strings.HasPrefix(with, without) || !strings.Contains(with, "the page is in ") {
				t.Errorf("the output is %s", with)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(html.UnescapeString(string(data)), want) {
					t.Errorf("%q is missing in the page", want)
				}
			}
			info, err := os.Stat(file)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v: others can read it", err, info.Mode())
			}
			r.run(exitFailed, append(c.args, "--html", filepath.Join(r.dir, "none", "page.html"))...)
		})
	}
	page, err := os.ReadFile(filepath.Join(r.dir, "node.html"))
	if err != nil || strings.Count(string(page), "<tr id=") == 0 || !strings.Contains(string(page), "cmdb_ci_server") && !strings.Contains(string(page), "Linux") {
		t.Errorf("%v: the page of the node has no rows", err)
	}
}

// TestAPublishedPage: it stands beside the receipt as a page that browsers show, and is none of the objects that are looked at as such.
func TestAPublishedPage(t *testing.T) {
	r := newPlanRig(t)
	r.run(exitDone, "put", "--rate", "0", "--state", "s3://state/ledger", r.file("register.csv", register))
	list := r.run(exitDone, "import", "list", "--state", "s3://state/ledger", "--json")
	_, rest, _ := strings.Cut(list, `"import":"`)
	id, _, _ := strings.Cut(rest, `"`)
	key := "receipts/" + id + "/receipt.html"
	for range 2 { // the second one takes the place of the first
		if out := r.run(exitDone, "receipt", id[:6], "--publish", "--state", "s3://state/ledger"); !strings.Contains(out, "the page is "+key+" in the state") {
			t.Errorf("the output is %s", out)
		}
	}
	answer, err := http.Get(r.env["AWS_ENDPOINT_URL"] + "/state/ledger/" + key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(string(page), "Content-Security-Policy") || !strings.Contains(string(page), id) {
		t.Errorf("%v: %v, %.100s", err, answer.Header, page)
	}
	r.run(exitDone, "state", "check", "--state", "s3://state/ledger")
	if again := r.run(exitDone, "import", "list", "--state", "s3://state/ledger", "--json"); again != list {
		t.Errorf("the list of imports is another: %s", again)
	}
}
