// Package returned knows how a record is given back as a document or row of its own with what is wrong about it, and how that is read again
// when it comes back mended. It does not know why a record was rejected.
package returned

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// A record can be given back as a document of its own: a JSON object in which the record stands whole at its place, with what the plan
// reads of all that encloses it, of the document and of tables, so that the same plan reads the same of it. What JSON cannot
// express stands under names that begin with a dollar sign: see mendedVisitor, which reads such documents.

// AppendDocument appends the current record of a reading, by a program that CompileWhole made, as a JSON object on a line of its own; the
// record that a whole JSON document of many values is has a line for each of them. The field error, or $error where the document has
// an error of its own, comes first and holds what is wrong.
func AppendDocument(b []byte, r *record.Reading, rec *record.Record, wrong string) []byte {
	w := returning{r: r, rec: rec, out: b, wrong: wrong}
	if r.Program().MarksRecords() {
		w.mark = rec.Block + 1
	}
	if rec.Value == r.Doc() && rec.Value.Kind == tree.List {
		w.values(rec.Value)
		if len(w.out) == len(b) {
			w.line(&branch{record: true})
		}
		return w.out
	}
	w.line(w.root())
	return w.out
}
