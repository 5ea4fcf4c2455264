package delivery

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestAStateOfBefore goes on with a state that was made when there were neither scopes nor partial statements nor pages: a snapshot of two
// sources on one node, merges on it and on another one, and a key that was removed.
func TestAStateOfBefore(t *testing.T) {
	var objects map[string]string
	if err := json.Unmarshal(testfiles.Read(t, filepath.Join("testdata", "state.before.json")), &objects); err != nil {
		t.Fatal(err)
	}
	began := func() *process {
		p := &process{t: t, w: newWorld(), name: "w"}
		for key, data := range objects {
			body, err := base64.StdEncoding.DecodeString(data)
			if err != nil {
				t.Fatal(err)
			}
			p.w.objects[key] = string(body)
		}
		return p
	}
	for _, c := range []struct {
		name  string
		docs  []page
		want  string // outcomes of the last
		holds string // of what was put now
	}{
		{"the same again", []page{whole(document{"2", -20, []*statement{merges(web1, "a", "3=HIGH", "!2"), merges(web2, "a", "7", "8")}})}, "unchanged=4", ""},
		{"older", []page{whole(document{"0", -40, []*statement{says(web1, "a", "1", "2")}})}, "stale=2", ""},
		{"older, for a removed key", []page{whole(document{"0", -25, []*statement{says(web1, "a", "1", "2")}})}, "unchanged=1 stale=1", ""},
		{"a snapshot", []page{whole(document{"3", -10, []*statement{says(web1, "a", "4")}})}, "put=1", "Finding[b1 a4] Summary[a:1/0 b:1/0]"},
		{
			"a snapshot of a part",
			[]page{whole(document{"3", -10, []*statement{looks(says(web1, "a", "4"), "Id", "2-9")}})},
			"put=1",
			"Finding[a1 b1 a4] Summary[a:2/0 b:1/0]",
		},
		{
			"a partial statement",
			[]page{whole(document{"3", -10, []*statement{adds(web1, "a", "3@x", "1=LOW")}})},
			"put=2",
			"Finding[a1LOW b1 a3HIGH]",
		},
		{
			"pages", list("p", -10, []*statement{says(web1, "a", "1")}, []*statement{says(web1, "a", "5")}), "put=1",
			"Finding[a1 b1 a5] Summary[a:2/0 b:1/0]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := began()
			got := ""
			for _, d := range c.docs {
				got = p.turn(d)
			}
			equal(t, "outcomes, holds", []string{got, p.w.holds(web1)}, []string{c.want, c.holds})
			if h := p.head(); h.Version < 2 || h.Nodes[web2].Types["Custom:Finding"].Shares["a"].Count != 2 {
				t.Errorf("the head: %+v", h)
			}
		})
	}
}
