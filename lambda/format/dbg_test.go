package format

import (
	"fmt"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"strings"
	"testing"
)

func TestDbg(t *testing.T) {
	doc := `[{"b":{"c":{"x":"K1"}}}]`
	for _, pl := range []Plan{
		{Tables: []Table{{Name: "t", Each: mustPaths("(c)?.d"), Key: mustPaths("a.x")}}, Blocks: []Block{{Each: mustPaths("a(x)+", "e.e", "$rows"), Types: []Entries{{Each: mustPaths("c(y)", "b(k!=1).c"), Reads: mustPaths("x", "$t(k).x")}}}, {Types: []Entries{{Each: mustPaths("(a)*.b"), Reads: mustPaths("$up.x")}}}}},
		{Tables: []Table{{Name: "t", Each: mustPaths("t"), Key: mustPaths("k")}}, Blocks: []Block{{Each: mustPaths("$rows"), Reads: mustPaths("$t(k).x"), Types: []Entries{{Each: mustPaths("b(k!=1).c"), Reads: mustPaths("x")}}}}},
		{Blocks: []Block{{Each: mustPaths("$rows"), Types: []Entries{{Each: mustPaths("b(k!=1).c"), Reads: mustPaths("x")}}}}},
		{Blocks: []Block{{Each: mustPaths("e.e", "$rows"), Types: []Entries{{Each: mustPaths("c(y)", "b(k!=1).c"), Reads: mustPaths("x", "$host.b(k=K1).x")}}}, {Types: []Entries{{Each: mustPaths("(a)*.b"), Reads: mustPaths("(b.c)?.y")}}}}},
	} {
		for _, b := range []int{0, 1} {
			g, _ := Compile(pl)
			r := g.Read(t.Context(), Input{Reader: strings.NewReader(doc), Format: scan.FormatJSON, Budget: b})
			out, err := engineRecords(&pl, r)
			fmt.Println(b, strings.Join(out, "\n"), err)
		}
	}
}
