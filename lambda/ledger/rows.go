package ledger

import (
	"context"
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
// The bytes are "ibrows01"; the length of a JSON header and the header; for each row, where the header says "times", the row's time, and
// then its values in the order of the header's attributes; for each key that was removed its time and its values, those outside
// the key empty. Lengths are unsigned varints, texts a length and bytes, times as in a delivery.
type Rows struct {
	Rows    []inventory.Entry // in the type's order, each key once
	Times   []time.Time       // by row, where they were set one by one; nil: all when the shard was captured
	Removed []Removed         // keys that merges removed, kept for as long as an older row for them may come
}

// Removed is a key that was removed.
type Removed struct {
	Key inventory.Entry // values outside the key are empty
	At  time.Time
}

const rowsMagic = "ibrows01"

// rowsHeader makes stored rows readable when their type has changed meanwhile.
type rowsHeader struct {
	Type       string   `json:"type"`
	Definition string   `json:"definition"` // the type's, whose order the rows have
	Attributes []string `json:"attributes"`
	Rows       int      `json:"rows"`
	Times      bool     `json:"times,omitempty"`
	Removed    int      `json:"removed,omitempty"`
}

// WriteRows stores the rows of a type and returns the object's name. Rows that are there already are not written again.
func (l *Ledger) WriteRows(ctx context.Context, t *inventory.Type, r *Rows) (string, error) {
	data, err := encodeRows(t, r)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if l.recent.get(name) != nil {
		return name, nil
	}
	stored, err := l.zip.compress(data)
	if err != nil {
		return "", err
	}
	if _, err := l.store.Put(ctx, rowsKey(name), stored, Absent); err != nil && !errors.Is(err, ErrConflict) {
		return "", fmt.Errorf("ledger: writing rows of %s: %w", t.Name, err)
	}
	l.recent.put(name, stored)
	return name, nil
}

// ReadRows reads the rows that a shard names, as the type has them now: in its order, attributes that it did not have then empty,
// those that it no longer has left out.
func (l *Ledger) ReadRows(ctx context.Context, t *inventory.Type, name string) (*Rows, error) {
	stored := l.recent.get(name)
	if stored == nil {
		var err error
		if stored, _, err = l.store.Get(ctx, rowsKey(name)); err != nil {
			return nil, fmt.Errorf("ledger: reading rows of %s: %w", t.Name, err)
		}
	}
	data, err := l.zip.expand(stored)
	if err != nil {
		return nil, &FormatError{"rows", name + ": it is damaged"}
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return nil, &FormatError{"rows", name + ": it holds something else"}
	}
	return decodeRows(t, string(data))
}

func rowsKey(name string) string {
	return "rows/" + name[:min(2, len(name))] + "/" + name
}

func encodeRows(t *inventory.Type, r *Rows) ([]byte, error) {
	head, err := json.Marshal(rowsHeader{
		Type: t.Name, Definition: t.Definition(), Attributes: t.Attributes,
		Rows: len(r.Rows), Times: r.Times != nil, Removed: len(r.Removed),
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	e := encoder{buf: []byte(rowsMagic)}
	e.text(string(head))
	for i, row := range r.Rows {
		if r.Times != nil {
			e.time(r.Times[i])
		}
		e.entry(row)
	}
	for _, gone := range r.Removed {
		e.time(gone.At)
		e.entry(gone.Key)
	}
	return e.buf, nil
}

func decodeRows(t *inventory.Type, data string) (*Rows, error) {
	if len(data) < len(rowsMagic) || data[:len(rowsMagic)] != rowsMagic {
		return nil, &FormatError{"rows", "they are of another version of this program"}
	}
	d := decoder{rest: data[len(rowsMagic):]}
	var h rowsHeader
	if err := json.Unmarshal([]byte(d.text()), &h); err != nil || h.Rows < 0 || h.Removed < 0 || len(h.Attributes) == 0 {
		return nil, &FormatError{"rows", "their header is damaged"}
	}
	if h.Type != t.Name {
		return nil, &FormatError{"rows", "they are of another type"}
	}
	r := &Rows{}
	for range h.Rows {
		if h.Times {
			r.Times = append(r.Times, d.time())
		}
		r.Rows = append(r.Rows, d.entry(make(inventory.Entry, len(h.Attributes))))
		if d.problem != "" {
			break
		}
	}
	for range h.Removed {
		r.Removed = append(r.Removed, Removed{At: d.time(), Key: d.entry(make(inventory.Entry, len(h.Attributes)))})
		if d.problem != "" {
			break
		}
	}
	if d.problem != "" || d.rest != "" {
		return nil, &FormatError{"rows", "they are damaged"}
	}
	if h.Definition != t.Definition() {
		r.adapt(h, t)
	}
	return r, nil
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
	if r.Times != nil {
		times := make([]time.Time, len(a.From))
		for i, old := range a.From {
			times[i] = r.Times[old]
		}
		r.Times = times
	}
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
