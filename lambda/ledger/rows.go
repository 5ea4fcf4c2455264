package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/layout"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/written"
)

// Rows is what one source states of one node and type. It is a block of its head (in states of before an object rows/<2 hex>/<name>), and never
// changed.
//
// The bytes are "ibrows01"; the length of a JSON header and the header; for each row, where the header has "stamps", the row's stamp
// (two times), and then its values in the order of the header's attributes; for each key that was removed its stamp, when it arrived,
// where the header has "scoped" another stamp, and its values, those outside the key empty; for each patch the index of its row, a flag and the stamps of the attributes. Lengths are unsigned
// varints, strings a length and bytes, times as in a delivery.
type Rows struct {
	Rows    []inventory.Entry // in the type's order, each key once
	Stamps  []Stamp           // by row; zero: that of the share (Share.Base). nil: that is so for all
	Patches []*Patch          // by row: what partial statements have set of it; nil: nothing. nil as a whole: that is so for all
	Removed []Removed         // keys that merges removed, kept for as long as an older row for them may come
}

// Patch is what partial statements have set of a row that are newer than the row's stamp. The other values are those of the statement that
// has the stamp; there may be none.
type Patch struct {
	Whole bool    // a statement with the row's stamp has stated the row; else what is older than the stamp does not count
	Set   []Stamp // by attribute: of the statement that set it; zero: none has
}

// Newest is the stamp of the newest statement of a patch; zero: there is no patch.
func (p *Patch) Newest() Stamp {
	var newest Stamp
	if p == nil {
		return newest
	}
	for _, s := range p.Set {
		newest = Newest(newest, s)
	}
	return newest
}

// Removed is a key that was removed.
type Removed struct {
	Key     inventory.Entry // values outside the key are empty
	At      Stamp
	Arrived time.Time // by our clock

	// Explicit is the stamp of the newest statement that removes the key; older than At where a snapshot that looked at the key has removed what
	// was stated of it until At; zero: no statement removes it.
	Explicit Stamp
}

const (
	rowsMagic   = "ibrows01"
	headerBytes = 512 // a header seldom has more
)

// rowsHeader makes stored rows readable when their type has changed meanwhile.
type rowsHeader struct {
	Type       string   `json:"type"`
	Definition string   `json:"definition"` // the type's, whose order the rows have
	Attributes []string `json:"attributes"`
	Rows       int      `json:"rows"`
	Stamps     bool     `json:"stamps,omitempty"`
	Removed    int      `json:"removed,omitempty"`
	Patches    int      `json:"patches,omitempty"` // a program that does not know them refuses the bytes of the patches
	Scoped     bool     `json:"scoped,omitempty"`  // removed keys have Explicit; else it is At
	Salt       string   `json:"salt,omitempty"`    // of before: with it, equal rows had another name
}

// WriteRows keeps the rows of a type until the head is saved that is to name them, and returns the block's name.
func (l *Ledger) WriteRows(ctx context.Context, h *Head, t *inventory.Type, r *Rows) (string, error) {
	buf, ok := l.buffers.Get().(*[]byte)
	if !ok {
		buf = new([]byte)
	}
	defer l.buffers.Put(buf)
	data, err := appendRows(l.rows, (*buf)[:0], t, r)
	if err != nil {
		return "", err
	}
	*buf = data
	return l.writeBlock(ctx, h, data)
}

// ReadRows reads the rows that a share of a head names, as the type has them now: in its order, attributes that it did not have then empty,
// those that it no longer has left out. Where they are damaged or gone, the error is a *BlockError.
func (l *Ledger) ReadRows(ctx context.Context, h *Head, t *inventory.Type, name string) (*Rows, error) {
	data, err := l.readBlock(ctx, h, &rowsKind, name)
	if err != nil {
		return nil, err
	}
	r, err := decodeRows(t, string(data))
	if err != nil {
		return nil, &BlockError{"rows " + name, err.Error()}
	}
	return r, nil
}

func rowsKey(name string) string {
	return rowsPrefix + name[:min(2, len(name))] + "/" + name
}

func appendRows(w *written.Writer[rowsHeader], b []byte, t *inventory.Type, r *Rows) ([]byte, error) {
	patches := 0
	for _, p := range r.Patches {
		if p != nil {
			patches++
		}
	}
	scoped := slices.ContainsFunc(r.Removed, func(k Removed) bool { return k.Explicit.Compare(k.At) != 0 })
	head, err := w.Append(make([]byte, 0, headerBytes), &rowsHeader{
		Type: t.Name, Definition: t.Definition(), Attributes: t.Attributes,
		Rows: len(r.Rows), Stamps: r.Stamps != nil, Removed: len(r.Removed), Scoped: scoped, Patches: patches,
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	e := encoder{Writer: layout.Writer{Buf: append(b, rowsMagic...)}}
	e.Number(len(head))
	e.Buf = append(e.Buf, head...)
	for i, row := range r.Rows {
		if r.Stamps != nil {
			e.stamp(r.Stamps[i])
		}
		e.Entry(row)
	}
	for _, gone := range r.Removed {
		e.stamp(gone.At)
		e.Time(gone.Arrived)
		if scoped {
			e.stamp(gone.Explicit)
		}
		e.Entry(gone.Key)
	}
	for row, p := range r.Patches {
		if p != nil {
			e.Number(row)
			e.Flag(p.Whole)
			for _, s := range p.Set {
				e.stamp(s)
			}
		}
	}
	return e.Buf, nil
}

func decodeRows(t *inventory.Type, data string) (*Rows, error) {
	if len(data) < len(rowsMagic) || data[:len(rowsMagic)] != rowsMagic {
		return nil, &FormatError{"rows", "they are of another version of this program"}
	}
	d := decoder{Reader: layout.Reader{Rest: data[len(rowsMagic):]}}
	var h rowsHeader
	if err := json.Unmarshal([]byte(d.Text()), &h); err != nil || h.Rows < 0 || h.Removed < 0 || h.Patches < 0 || len(h.Attributes) == 0 {
		return nil, &FormatError{"rows", "their header is damaged"}
	}
	if h.Type != t.Name {
		return nil, &FormatError{"rows", "they are of another type"}
	}
	r := &Rows{}
	for n := 0; n < h.Rows && d.Problem == ""; n++ {
		if h.Stamps {
			r.Stamps = append(r.Stamps, d.stamp())
		}
		r.Rows = append(r.Rows, d.Entry(make(inventory.Entry, len(h.Attributes))))
	}
	for n := 0; n < h.Removed && d.Problem == ""; n++ {
		gone := Removed{At: d.stamp(), Arrived: d.Time()}
		gone.Explicit = gone.At
		if h.Scoped {
			gone.Explicit = d.stamp()
		}
		gone.Key = d.Entry(make(inventory.Entry, len(h.Attributes)))
		r.Removed = append(r.Removed, gone)
	}
	if h.Patches > 0 {
		r.Patches = d.patches(h)
	}
	if d.Problem != "" || d.Rest != "" {
		return nil, &FormatError{"rows", "they are damaged"}
	}
	if h.Definition != t.Definition() {
		r.adapt(h, t)
	}
	return r, nil
}

func (d *decoder) patches(h rowsHeader) []*Patch {
	if d.Problem != "" {
		return nil
	}
	patches := make([]*Patch, h.Rows)
	for n := 0; n < h.Patches && d.Problem == ""; n++ {
		row := d.Number(h.Rows - 1)
		p := &Patch{Whole: d.Flag(), Set: make([]Stamp, len(h.Attributes))}
		for i := range p.Set {
			p.Set[i] = d.stamp()
		}
		if d.Problem == "" {
			patches[row] = p
		}
	}
	return patches
}

// adapt makes rows of an older definition rows of the type as it is now.
func (r *Rows) adapt(h rowsHeader, t *inventory.Type) {
	from := make([]int, len(t.Attributes))
	for i, name := range t.Attributes {
		from[i] = slices.Index(h.Attributes, name)
	}
	for i := range r.Rows {
		r.Rows[i] = adapted(r.Rows[i], from)
	}
	for i := range r.Removed {
		r.Removed[i].Key = adapted(r.Removed[i].Key, from)
	}
	a := t.Arrange(r.Rows)
	r.Rows = a.Rows
	if r.Stamps != nil {
		stamps := make([]Stamp, len(a.From))
		for i, old := range a.From {
			stamps[i] = r.Stamps[old]
		}
		r.Stamps = stamps
	}
	if r.Patches != nil {
		patches := make([]*Patch, len(a.From))
		for i, old := range a.From {
			patches[i] = r.Patches[old].adapted(from)
		}
		r.Patches = patches
	}
}

func (p *Patch) adapted(from []int) *Patch {
	if p == nil {
		return nil
	}
	out := &Patch{Whole: p.Whole, Set: make([]Stamp, len(from))}
	for i, old := range from {
		if old >= 0 {
			out.Set[i] = p.Set[old]
		}
	}
	return out
}

func adapted(e inventory.Entry, from []int) inventory.Entry {
	out := make(inventory.Entry, len(from))
	for i, old := range from {
		if old >= 0 {
			out[i] = e[old]
		}
	}
	return out
}
