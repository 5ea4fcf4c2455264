package path

import (
	"fmt"
	"slices"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// wideObject is an object with many results between names of two spellings. It can grow.
type wideObject struct {
	*tree.Value
	pool  tree.Pool
	names *tree.Names
}

func newWideObject(results int) *wideObject {
	o := &wideObject{names: tree.NewNames(nil)}
	o.Value = o.pool.Begin(nil, nil, 0)
	o.Kind = tree.Object
	o.add("Machine-Name", "loose")
	for i := range results {
		o.add("result", fmt.Sprint(i))
	}
	o.add("machine.name", "looser")
	return o
}

func (o *wideObject) add(name, text string) {
	field := o.pool.New(o.names.Find([]byte(name)), o.Value, 0)
	if text != "" {
		field.Kind = tree.Text
		o.pool.SetText(field, []byte(text))
	}
	o.Append(field)
}

func (o *wideObject) texts(t *testing.T, text string) []string {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	from := o.Value
	if p.Root == RootUp {
		from = o.First
	}
	return p.Texts(&Scope{}, from, nil)
}

// TestWideObjectsAreReadLikeOthers: an index finds what looking through all fields finds, also of fields that come after it was made.
func TestWideObjectsAreReadLikeOthers(t *testing.T) {
	wide, narrow := newWideObject(1000), newWideObject(3)
	if !wide.IsWide() || narrow.IsWide() {
		t.Fatal("an object of 1,000 fields is wide, one of 3 is not")
	}
	grow := []struct{ name, text string }{{"", ""}, {"other", "1"}, {"MACHINE_NAME", ""}, {"machinename", ""}, {"machinename", "exact"}, {"Other", "2"}, {"other", "3"}}
	for _, field := range grow {
		if field.name != "" {
			wide.add(field.name, field.text)
			narrow.add(field.name, field.text)
		}
		for _, text := range []string{"machinename", "machinename(0)", "$up.machinename", "machinename+", "machine.name", "other", "other(1)", "none", "oth*"} {
			if got, want := wide.texts(t, text), narrow.texts(t, text); !slices.Equal(got, want) {
				t.Errorf("%s, with %q added: %q, want %q", text, field.name, got, want)
			}
		}
	}
	if got := wide.texts(t, "result"); len(got) != 1000 || got[999] != "999" {
		t.Errorf("%d results", len(got))
	}
}

// TestIndexPassesFewFields: a lookup in a wide object does not pass the fields of other names.
func TestIndexPassesFewFields(t *testing.T) {
	o := newWideObject(1000)
	for name, want := range map[string]int{"machine_name": 2, "result": 1000, "other": 0} {
		pattern, passed := tree.NewPattern(name), 0
		for range o.Near(&pattern) {
			passed++
		}
		if passed != want {
			t.Errorf("%s: %d fields are passed, want %d", name, passed, want)
		}
	}
}

// TestIndexAfterPruning: fields that were taken back are not found any more.
func TestIndexAfterPruning(t *testing.T) {
	o := newWideObject(1000)
	o.texts(t, "result")
	o.Pop()
	if got := o.texts(t, "machinename"); !slices.Equal(got, []string{"loose"}) {
		t.Errorf("%q after the last field was taken back", got)
	}
	o.pool.Prune(o.Value, func(v *tree.Value) bool { return v.Name() != "Machine-Name" })
	if got := o.texts(t, "machinename"); len(got) > 0 || len(o.texts(t, "result")) != 1000 {
		t.Errorf("%q after its field was taken back", got)
	}
}
