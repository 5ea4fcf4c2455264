package record_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
)

// TestSpooledRecordsShareWhatEnclosesThem: what encloses all records is not read back from the spool for each of them.
func TestSpooledRecordsShareWhatEnclosesThem(t *testing.T) {
	program, err := plan.Compile(plan.Plan{Blocks: []plan.Block{{
		Each: mustPaths("report.host"), Reads: mustPaths("$up.end", "$doc.report.host.ip", "$doc.last"), Types: []plan.Entries{{Reads: mustPaths("ip")}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	few, many := allocated(t, program, 500), allocated(t, program, 2000)
	if many > 8*few {
		t.Errorf("%d bytes for 2,000 records, %d for 500: not in proportion", many, few)
	}
}

// allocated returns how many bytes are allocated for so many spooled records.
func allocated(t *testing.T, program *plan.Program, hosts int) uint64 {
	t.Helper()
	var doc strings.Builder
	doc.WriteString("<x><report><end>now</end>")
	for i := range hosts {
		fmt.Fprintf(&doc, "<host><ip>10.0.0.%d</ip></host>", i)
	}
	doc.WriteString("</report><last>1</last></x>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read := 0
	in := record.Input{Reader: strings.NewReader(doc.String()), Format: syntax.XML, Budget: 1, TempDir: t.TempDir()}
	for rec, err := range record.Read(t.Context(), program, in).Records() {
		if err != nil {
			t.Fatal(err)
		}
		s := rec.Scope()
		if up := mustPaths("$up.end")[0].Texts(&s, rec.Value, nil); len(up) != 1 {
			t.Fatal("what encloses a record is gone")
		}
		read++
	}
	runtime.ReadMemStats(&after)
	if read != hosts {
		t.Fatalf("%d records of %d", read, hosts)
	}
	return after.TotalAlloc - before.TotalAlloc
}
