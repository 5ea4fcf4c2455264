package main

import (
	"html"
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
