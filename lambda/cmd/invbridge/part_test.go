package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each command that shows what a document states says that it is a part.
func TestAPartIsSaidToBeOne(t *testing.T) {
	_, env := against(t, webNode(1, "web-1"))
	dir := t.TempDir()
	write(t, dir, "m/types.yaml", "version: 1\ntypes:\n  Custom:Note:\n    schemaVersion: \"1.0\"\n    key: [Id]\n    attributes:\n      Id: {}\n")
	write(t, dir, "m/m.yaml", "version: 1\nmapping: notes\ndetect:\n  - json: [notes, total]\nwhole: {expr: int(r.total) <= $records, page: page, pages: pages}\n"+
		"each: notes\nidentify: {hostname: name}\nCustom:Note:\n  Id: id\n")
	file := write(t, dir, "x.json", `{"total":9,"page":2,"pages":3,"notes":[{"name":"web-1","id":"1"}]}`)
	own := []string{"--mappings", filepath.Join(dir, "m")}
	state := []string{"--state", filepath.Join(dir, "state")}
	for _, c := range [][]string{{"records"}, {"explain"}, append([]string{"plan"}, state...), append([]string{"put", "--rate", "0"}, state...)} {
		args := append(append(c, file), own...)
		code, out, errs := runLine(t, env, "", args...)
		if code != exitDone || !strings.Contains(out, "part: adds only, page 2 of 3") || strings.Contains(out, "complete") {
			t.Errorf("%s: exit code %d, %s%s", c[0], code, out, errs)
		}
		code, out, errs = runLine(t, env, "", append(args, "--json")...)
		if code != exitDone || !strings.Contains(out, `"part":true,"page":2,"pages":3`) {
			t.Errorf("%s: exit code %d, %s%s", c[0], code, out, errs)
		}
		if c[0] == "put" {
			id := summaryOf[putSummary](t, out).Import
			_, out, errs = runLine(t, env, "", append([]string{"receipt", id}, state...)...)
			if !strings.Contains(out, "part: adds only, page 2 of 3") {
				t.Errorf("receipt: %s%s", out, errs)
			}
		}
	}
}
