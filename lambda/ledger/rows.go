package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Rows is what one source states of one node and type. It is stored under rows/<2 hex>/<sha256>, named by the SHA-256 of its bytes
// before compression, before the head that names it, and never changed.
//
// The bytes are "ibrows01"; the length of a JSON header and the header; for each row, where the header has "stamps", the row's stamp
// (two times), and then its values in the order of the header's attributes; for each key that was removed its stamp, when it arrived, and
// its values, those outside the key empty; for each patch the index of its row, a flag and the stamps of the attributes. Lengths are unsigned
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
}

const rowsMagic = "ibrows01"

// rowsHeader makes stored rows readable when their type has changed meanwhile.
type rowsHeader struct {
	Type       string   `json:"type"`
	Definition string   `json:"definition"` // the type's, whose order the rows have
	Attributes []string `json:"attributes"`
	Rows       int      `json:"rows"`
	Stamps     bool     `json:"stamps,omitempty"`
	Removed    int      `json:"removed,omitempty"`
	Patches    int      `json:"patches,omitempty"` // a program that does not know them refuses the bytes of the patches
	Salt       string   `json:"salt,omitempty"`    // with it, equal rows have another name
}

// WriteRows stores the rows of a type and returns the object's name. Rows that are there already are not written again.
func (l *Ledger) WriteRows(ctx context.Context, t *inventory.Type, r *Rows) (string, error) {
	name, doomed, err := l.writeRows(ctx, t, r, "")
	if err == nil && doomed {
		name, _, err = l.writeRows(ctx, t, r, rand.Text())
	}
	return name, err
}

// writeRows stores rows, unless they are there already. Those that are there may be about to be deleted. With a salt the same rows have
// another name.
func (l *Ledger) writeRows(ctx context.Context, t *inventory.Type, r *Rows, salt string) (name string, doomed bool, err error) {
	data, err := encodeRows(t, r, salt)
	if err != nil {
		return "", false, err
	}
	name = rowsName(data)
	if l.recent.get(name, l.now()) != nil {
		return name, false, nil
	}
	stored, err := l.zip.compress(data)
	if err != nil {
		return "", false, err
	}
	_, err = l.store.Put(ctx, rowsKey(name), stored, Absent)
	if errors.Is(err, ErrConflict) {
		doomed, err = l.doomed(ctx, name, l.now())
		if doomed || err != nil {
			return "", doomed, err
		}
	}
	if err != nil {
		return "", false, fmt.Errorf("ledger: writing rows of %s: %w", t.Name, err)
	}
	l.recent.put(name, stored, l.now())
	return name, false, nil
}

// ReadRows reads the rows that a share names, as the type has them now: in its order, attributes that it did not have then empty,
// those that it no longer has left out.
func (l *Ledger) ReadRows(ctx context.Context, t *inventory.Type, name string) (*Rows, error) {
	stored := l.recent.get(name, l.now())
	kept := stored != nil // as it was named
	if !kept {
		var err error
		stored, _, err = l.store.Get(ctx, rowsKey(name))
		if err != nil {
			return nil, fmt.Errorf("ledger: reading rows of %s: %w", t.Name, err)
		}
	}
	data, err := l.zip.expand(stored)
	if err != nil {
		return nil, &FormatError{"rows", name + ": it is damaged"}
	}
	if !kept && rowsName(data) != name {
		return nil, &FormatError{"rows", name + ": it holds something else"}
	}
	return decodeRows(t, string(data))
}

func rowsName(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func rowsKey(name string) string {
	return "rows/" + name[:min(2, len(name))] + "/" + name
}

func encodeRows(t *inventory.Type, r *Rows, salt string) ([]byte, error) {
	patches := 0
	for _, p := range r.Patches {
		if p != nil {
			patches++
		}
	}
	head, err := json.Marshal(rowsHeader{
		Type: t.Name, Definition: t.Definition(), Attributes: t.Attributes,
		Rows: len(r.Rows), Stamps: r.Stamps != nil, Removed: len(r.Removed), Patches: patches, Salt: salt,
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	e := encoder{buf: []byte(rowsMagic)}
	e.text(string(head))
	for i, row := range r.Rows {
		if r.Stamps != nil {
			e.stamp(r.Stamps[i])
		}
		e.entry(row)
	}
	for _, gone := range r.Removed {
		e.stamp(gone.At)
		e.time(gone.Arrived)
		e.entry(gone.Key)
	}
	for row, p := range r.Patches {
		if p != nil {
			e.number(row)
			e.flag(p.Whole)
			for _, s := range p.Set {
				e.stamp(s)
			}
		}
	}
	return e.buf, nil
}

func decodeRows(t *inventory.Type, data string) (*Rows, error) {
	if len(data) < len(rowsMagic) || data[:len(rowsMagic)] != rowsMagic {
		return nil, &FormatError{"rows", "they are of another version of this program"}
	}
	d := decoder{rest: data[len(rowsMagic):]}
	var h rowsHeader
	if err := json.Unmarshal([]byte(d.text()), &h); err != nil || h.Rows < 0 || h.Removed < 0 || h.Patches < 0 || len(h.Attributes) == 0 {
		return nil, &FormatError{"rows", "their header is damaged"}
	}
	if h.Type != t.Name {
		return nil, &FormatError{"rows", "they are of another type"}
	}
	r := &Rows{}
	for n := 0; n < h.Rows && d.problem == ""; n++ {
		if h.Stamps {
			r.Stamps = append(r.Stamps, d.stamp())
		}
		r.Rows = append(r.Rows, d.entry(make(inventory.Entry, len(h.Attributes))))
	}
	for n := 0; n < h.Removed && d.problem == ""; n++ {
		r.Removed = append(r.Removed, Removed{At: d.stamp(), Arrived: d.time(), Key: d.entry(make(inventory.Entry, len(h.Attributes)))})
	}
	if h.Patches > 0 {
		r.Patches = d.patches(h)
	}
	if d.problem != "" || d.rest != "" {
		return nil, &FormatError{"rows", "they are damaged"}
	}
	if h.Definition != t.Definition() {
		r.adapt(h, t)
	}
	return r, nil
}

func (d *decoder) patches(h rowsHeader) []*Patch {
	if d.problem != "" {
		return nil
	}
	patches := make([]*Patch, h.Rows)
	for n := 0; n < h.Patches && d.problem == ""; n++ {
		row := d.number(h.Rows - 1)
		p := &Patch{Whole: d.flag(), Set: make([]Stamp, len(h.Attributes))}
		for i := range p.Set {
			p.Set[i] = d.stamp()
		}
		if d.problem == "" {
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
