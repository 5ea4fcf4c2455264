package receipt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Names of an import's objects that are no partition's parts.
const (
	intakeName  = "intake"
	receiptName = "receipt"
	foundName   = "found"
	absenceName = "absence"
)

// errConflict is returned where an object was written by somebody else each time between reading and writing.
var errConflict = errors.New("receipt: it was written by somebody else meanwhile")

// Settle changes the outcome of the records about a node that are pending in a part. A part without such records is left as it is.
func (b *Book) Settle(ctx context.Context, id string, partition int, node string, o Outcome, reason string) error {
	changed, err := b.change(ctx, importKey(id, partName(partition)), func(data []byte) (any, error) {
		var p Part
		if data == nil {
			return nil, nil
		}
		if err := json.Unmarshal(data, &p); err != nil {
			return nil, err
		}
		if p.Waiting[node] == 0 {
			return nil, nil
		}
		p.settle(node, o, reason)
		return p, nil
	})
	if err != nil || !changed {
		return err
	}
	_, err = b.complete(ctx, id)
	return err
}

func (p *Part) settle(node string, o Outcome, reason string) {
	n := p.Waiting[node]
	delete(p.Waiting, node)
	p.Counts.Add(Pending, -n)
	p.Counts.Add(o, n)
	kept := p.Details[:0]
	for _, d := range p.Details {
		if d.Node == node && d.Outcome == Pending {
			d.Outcome, d.Reason = o, reason
			if o.Good() {
				p.DetailsTotal--
				n--
				continue
			}
		}
		kept = append(kept, d)
	}
	p.Details = kept
	if o.Good() { // those that were not listed one by one
		p.DetailsTotal = max(p.DetailsTotal-n, len(kept))
	}
}

// Found are the records of an import that were parked and have found their nodes since.
type Found struct {
	Outcomes map[string]Outcome `json:"outcomes"` // by FoundKey
	Notes    []Note             `json:"notes,omitempty"`
}

// FoundKey names a record that was parked, with the node that it was found to be about: a record can be about two.
func FoundKey(number int, node string) string { return fmt.Sprintf("%d@%s", number, node) }

// Numbers returns the numbers of the records that were found to be about any node.
func (f *Found) Numbers() map[string]bool {
	numbers := make(map[string]bool, len(f.Outcomes))
	for key := range f.Outcomes {
		n, _, _ := strings.Cut(key, "@")
		numbers[n] = true
	}
	return numbers
}

// Found returns the records of an import that were parked and are not any more.
func (b *Book) Found(ctx context.Context, id string) (Found, error) {
	f := Found{Outcomes: map[string]Outcome{}}
	err := b.get(ctx, importKey(id, foundName), &f)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	return f, err
}

// Notice adds a note to the receipt of an import, beside those of its parts.
func (b *Book) Notice(ctx context.Context, id string, n Note) error {
	_, err := b.change(ctx, importKey(id, foundName), func(data []byte) (any, error) {
		f, err := foundOf(data)
		f.Notes = addNote(f.Notes, n)
		return f, err
	})
	if err != nil {
		return err
	}
	_, err = b.complete(ctx, id)
	return err
}

func foundOf(data []byte) (Found, error) {
	var f Found
	if data != nil {
		if err := json.Unmarshal(data, &f); err != nil {
			return f, err
		}
	}
	if f.Outcomes == nil {
		f.Outcomes = map[string]Outcome{}
	}
	return f, nil
}

// AddFound notes that records that were parked have found their nodes.
func (b *Book) AddFound(ctx context.Context, id string, outcomes map[string]Outcome) error {
	_, err := b.change(ctx, importKey(id, foundName), func(data []byte) (any, error) {
		f, err := foundOf(data)
		for key, o := range outcomes {
			f.Outcomes[key] = o
		}
		return f, err
	})
	if err != nil {
		return err
	}
	_, err = b.complete(ctx, id)
	return err
}

// adopt counts records that were parked as what became of them since.
func (r *Receipt) adopt(f Found) {
	r.Notes = AddNotes(r.Notes, f.Notes)
	for _, o := range f.Outcomes {
		r.Counts.Add(Parked, -1)
		r.Counts.Add(o, 1)
	}
	r.Details = slices.DeleteFunc(r.Details, func(d Detail) bool { return d.Outcome == Parked && f.good(d.Number) })
	for _, o := range f.Outcomes {
		if o.Good() {
			r.DetailsTotal--
		}
	}
}

// good reports whether a record was found to be about a node, with a good outcome.
func (f *Found) good(number int) bool {
	for key, o := range f.Outcomes {
		if n, _, _ := strings.Cut(key, "@"); n == strconv.Itoa(number) && o.Good() {
			return true
		}
	}
	return false
}

// Absence is what was decided about the nodes that a document no longer names.
type Absence struct {
	Cleared bool     `json:"cleared"`          // its sources' shares are cleared there
	Reason  string   `json:"reason,omitempty"` // why not
	Sources []Absent `json:"sources"`
	ByHand  bool     `json:"byHand,omitempty"` // a person decided, whatever the rules
	Done    int      `json:"done,omitempty"`   // nodes that are cleared
}

// Absence returns what was decided; an fs.ErrNotExist where nothing is.
func (b *Book) Absence(ctx context.Context, id string) (Absence, error) {
	var a Absence
	err := b.get(ctx, importKey(id, absenceName), &a)
	return a, err
}

// Decide notes what was decided about the nodes that an import's document no longer names.
func (b *Book) Decide(ctx context.Context, id string, a Absence) error {
	if err := b.put(ctx, importKey(id, absenceName), a); err != nil {
		return err
	}
	_, err := b.complete(ctx, id)
	return err
}

// change reads an object, nil where there is none, and writes what change returns over what was read; nothing where that is nil.
func (b *Book) change(ctx context.Context, key string, change func([]byte) (any, error)) (bool, error) {
	for range 10 {
		data, etag, err := b.store.Get(ctx, key)
		if errors.Is(err, fs.ErrNotExist) {
			data, etag, err = nil, "*", nil
		}
		if err != nil {
			return false, fmt.Errorf("receipt: reading %s: %w", key, err)
		}
		next, err := change(data)
		if err != nil {
			return false, &damagedError{key, err}
		}
		if next == nil {
			return false, nil
		}
		data, err = json.Marshal(next)
		if err != nil {
			return false, fmt.Errorf("receipt: %w", err)
		}
		if _, err = b.store.Put(ctx, key, append(data, '\n'), etag); err == nil {
			return true, nil
		}
		if b.Conflict == nil || !errors.Is(err, b.Conflict) {
			return false, fmt.Errorf("receipt: writing %s: %w", key, err)
		}
	}
	return false, fmt.Errorf("%w: %s", errConflict, key)
}
