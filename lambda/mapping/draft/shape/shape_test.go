package shape

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFieldsOfAList: what stands in the objects of a list has one path each, also under names that are data, and in a list of pairs.
func TestFieldsOfAList(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string
	}{
		"json": {
			`{"hosts":[{"name":"web-1","disks":[{"id":"a"}],"props":[{"name":"os","value":"Debian"}]},{"name":"web-2","disks":[{"id":"b"},{"id":"c"}]}]}`,
			[]string{"name", "disks.id", "props(name=os).value", "props.name", "props.value"},
		},
		"objects used as maps": {`{"hosts":[{"nics":{"10.0.0.1":{"up":"yes"},"10.0.0.2":{"up":"no"}}}]}`, []string{"nics.*.up"}},
		"xml":                  {`<scan><hosts id="1"><ip>10.0.0.1</ip></hosts><hosts id="2"><ip>10.0.0.2</ip></hosts></scan>`, []string{"id", "ip"}},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			tree := treeOf(t, c.text)
			var list *Shape
			for _, up := range []*Shape{tree.Rows, tree.Root} {
				up.Walk(func(s *Shape) bool {
					if s.Name == "hosts" {
						list = s
					}
					return true
				})
			}
			if list == nil || !list.IsObject() {
				t.Fatal("the list is not there")
			}
			var got []string
			for _, f := range tree.FieldsOf(list, true) {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRecordsOfAList(t *testing.T) {
	text := `[{"name":"web-1","disks":[{"id":"a"},{"id":"b"}]},{"name":"web-2","disks":[]},{"name":"-"}]`
	s, err := Open(Sample{Name: "hosts.json", Text: []byte(text), Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	tree := treeOf(t, text)
	name, disks := tree.Rows.index["name"], tree.Rows.index["disks"]
	records, err := s.Records(tree, tree.Rows, []*Shape{disks})
	if err != nil || len(records) != 3 {
		t.Fatal(len(records), err)
	}
	for i, want := range []struct {
		name  string
		disks int
	}{{"web-1", 2}, {"web-2", 0}, {"", 0}} {
		if r := records[i]; r.Values[name] != want.name || len(r.Entries[disks]) != want.disks {
			t.Errorf("record %d: %q with %d disks", i, r.Values[name], len(r.Entries[disks]))
		}
	}
}

func treeOf(t *testing.T, text string) *Tree {
	t.Helper()
	s, err := Open(Sample{Name: "hosts", Text: []byte(text), Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Grow(s)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
