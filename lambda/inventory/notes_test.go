package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNotesAreWhatIsFoundOutElse(t *testing.T) {
	plain := func() *Type {
		summary := &Type{Name: "Custom:Sum", SchemaVersion: "1.0", Attributes: []string{"Source", "Total"}, Key: []int{0}}
		return &Type{
			Name: "Custom:Any", SchemaVersion: "1.1", Attributes: []string{"Id", "Na\"me", "Seen"}, Volatile: []bool{false, false, true}, Sort: []int{1},
			Rollup: &Rollup{Type: summary, Count: 1},
		}
	}
	rows := []Entry{{"2", "b", "x"}, {"1", "b", "y"}, {"1", "a", ""}}
	known := func(t *Type) []any {
		arranged := t.Arrange(rows).Rows
		return []any{
			t.Definition(), t.Order(), t.all(), t.lasting(), t.key(), t.Sum(arranged), t.ContentBytes(arranged), string(t.AppendJSON(nil, arranged, false)),
			arranged, t.Rollup.Type.Definition(), t.KeyOnly(rows[0]),
		}
	}
	noted := plain()
	noted.Note()
	for range 2 { // asking changes nothing
		if diff := cmp.Diff(known(plain()), known(noted)); diff != "" {
			t.Error(diff)
		}
	}
}
