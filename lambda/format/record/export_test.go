package record

import (
	"io"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/plan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Held is how many bytes of values are held in memory.
func (r *Reading) Held() int { return r.reader.pool.Held() }

// LetGo lets go of what is held behind the last record, the document's facts and the tables, and returns what is held even so.
func (r *Reading) LetGo() int {
	b := r.reader
	for i := range b.rows {
		for _, rows := range b.rows[i] {
			if rows == nil {
				continue
			}
			rows.Each(func(key string, v *tree.Value) {
				b.pool.Release(v)
				b.pool.Spend(-rowBytes - len(key))
			})
		}
	}
	b.pool.Spend(-path.OwnerBytes * b.owners.Count())
	b.pool.Release(b.doc)
	return b.pool.Held()
}

// Spool is the file of the spool's log; nil where nothing was spooled.
func (r *Reading) Spool() *os.File {
	if r.reader.held.spool == nil {
		return nil
	}
	return r.reader.held.spool.log.file
}

// ProbeEvery is Probe with looks after so many bytes, which holds so many bytes from one to the next.
func ProbeEvery(step, held int, g *plan.Program, text io.Reader, format syntax.Format, look func(*path.Scope) bool) error {
	p := &probe{r: newReader(g), text: text, look: look, step: step, held: held}
	return p.read(format)
}
