package choose_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// FuzzChoose: what is recognised by its first bytes is recognised when it is read on, too.
func FuzzChoose(f *testing.F) {
	set, err := load.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{nessusHead, servicenowHead, cyclonedxHead, agent.begin + agent.end, rules.begin + rules.end, lines.piece + lines.end, "Name;Klasse;Seriennummer\n", "A: b\n"} {
		f.Add([]byte(seed))
	}
	for _, file := range testfiles.Documents(f) {
		if content := testfiles.Read(f, file); len(content) < 4<<10 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		o := choose.Origin{Local: true}
		choice, err := set.Choose(o, content, true)
		read := false
		later, failed := set.ChooseFurther(o, content, func() io.Reader {
			read = true
			return bytes.NewReader(content)
		})
		tree := strings.HasPrefix(choice.Why, "detect json") || strings.HasPrefix(choice.Why, "detect xml") // of tables the last row may be cut
		if err == nil && tree && failed != nil {
			t.Errorf("%s at first, then %v", choice.Mapping.Name, failed)
		}
		if failed == nil && !read && err != nil {
			t.Errorf("%v at first, then %s", err, later.Mapping.Name)
		}
	})
}
