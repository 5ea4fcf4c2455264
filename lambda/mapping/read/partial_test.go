package read

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// TestPartialRecordsDoNotStateDefaults: what a partial record does not give is left to what the machine has; what its entries are made of
// has its defaults.
func TestPartialRecordsDoNotStateDefaults(t *testing.T) {
	set, err := load.Options{}.Load(write(t, map[string]string{
		"m.yaml": "version: 1\nmapping: mine\ndetect:\n  - json: [machines, complete]\neach: machines\nidentify: {hostname: name}\nscope: r.complete != \"false\"\n" +
			"Custom:Vulnerability:\n  each: flaws\n  Id: id\n  Severity: severity\n",
		"types.yaml": "version: 1\ntypes: {}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	o := readAll(t, set, "", []byte(`{"complete":1,"machines":[{"name":"a","flaws":[{"id":"1"},{"id":"2","severity":"high"}]},`+
		`{"name":"b","complete":"false","flaws":[{"id":"1"},{"id":"2","severity":"high"},{"id":"3","severity":"odd"}]}]}`))
	if o.err != nil {
		t.Fatal(o.err)
	}
	var got []string
	for _, v := range o.values {
		got = append(got, v["Source"]+" "+v["Id"]+" "+v["Severity"]+" "+v["SeverityRank"])
	}
	want := []string{"mine 1 UNKNOWN 5", "mine 2 HIGH 1", "mine 1  ", "mine 2 HIGH 1", "mine 3 UNKNOWN 5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, ty := range set.Types() {
		if ty.Name() != "Custom:Vulnerability" {
			continue
		}
		e := ty.Inventory.WithDefaults(ty.Inventory.EntryOf(map[string]string{"Id": "1"}))
		if s, r := ty.Inventory.Value(e, "Severity"), ty.Inventory.Value(e, "SeverityRank"); s != "UNKNOWN" || r != "5" {
			t.Errorf("a new entry has %q, %q", s, r)
		}
	}
}
