package read

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestListsOutsideOfEntries: what an expression reads around an entry is that of the entry's own object and record, however often it was read
// for others.
func TestListsOutsideOfEntries(t *testing.T) {
	const lines = "each: things.list\nCustom:Thing:\n  each: sets.parts\n  Id: {expr: 'r.id'}\n" +
		"  Plain: {expr: 'join(texts(\"$up.names\"), \"+\") + \"/\" + join(texts(\"$doc.things.all\"), \"+\")'}\n"
	for _, size := range [][3]int{{3, 4, 5}, {1, 1500, 2}} {
		document, want := nested(size)
		for _, budget := range []int{0, 1} { // entries in memory, and in the spool
			o := thingsWithin(t, lines, document, budget)
			if d := cmp.Diff(want, brief(o)); o.err != nil || d != "" {
				t.Errorf("%v, budget %d: %v %s", size, budget, o.err, d)
			}
		}
	}
}

// nested is a document of so many records, of each so many sets, and of each so many parts, and what comes of it. Names stand behind the
// parts that ask for them.
func nested(size [3]int) (document string, want []string) {
	comma := map[bool]string{true: ","}
	var b strings.Builder
	b.WriteString(`{"things":{"all":["x","y"],"list":[`)
	for record := range size[0] {
		b.WriteString(comma[record > 0] + `{"sets":[`)
		for set := range size[1] {
			b.WriteString(comma[set > 0] + `{"parts":[`)
			for part := range size[2] {
				id := fmt.Sprintf("%d-%d-%d", record, set, part)
				fmt.Fprintf(&b, `%s{"id":"%s"}`, comma[part > 0], id)
				want = append(want, fmt.Sprintf("%s Word=UNSAID Rank=UNSAID Plain=%d+%d/x+y", id, record, set))
			}
			fmt.Fprintf(&b, `],"names":["%d","%d"]}`, record, set)
		}
		b.WriteString(`]}`)
	}
	b.WriteString(`]}}`)
	return b.String(), want
}
