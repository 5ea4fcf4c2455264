package receipt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
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

// Settle changes the outcome of the records about a node that are pending in a part. A part without such records is left as it is, and one that is
// damaged: the receipt names it.
func (b *Book) Settle(ctx context.Context, id string, partition int, node string, o Outcome, reason string) error {
	err := change(ctx, b, id, partName(partition), func(p *Part, _ bool) bool {
		if p.Waiting[node] == 0 {
			return false
		}
		p.settle(node, o, reason)
		return true
	})
	if errors.Is(err, ErrDamaged) {
		return nil
	}
	return err
}

func (p *Part) settle(node string, o Outcome, reason string) {
	n := p.Waiting[node]
	delete(p.Waiting, node)
	p.Counts.Add(Pending, -n)
	p.Counts.Add(o, n)
	pending := func(d Detail) bool { return d.Node == node && d.Outcome == Pending }
	if o.Good() {
		p.Details = slices.DeleteFunc(p.Details, pending)
		p.DetailsTotal = max(p.DetailsTotal-n, len(p.Details)) // those too that are not listed one by one
		return
	}
	for i, d := range p.Details {
		if pending(d) {
			p.Details[i].Outcome, p.Details[i].Reason = o, reason
		}
	}
}

// Found are the records of an import that were parked and have found their nodes since.
type Found struct {
	Import   string             `json:"import,omitempty"` // "": written by a program before
	Outcomes map[string]Outcome `json:"outcomes"`         // by FoundKey
	Notes    []Note             `json:"notes,omitempty"`
}

func (f *Found) isOf(id, _ string) bool { return f.Import == "" || f.Import == id }

// FoundKey names a record of a source that was parked, with the node that it was found to be about: a record can be about two.
func FoundKey(number int, node, source string) string {
	return fmt.Sprintf("%d@%s %s", number, node, source)
}

// Has reports whether a record of a source was found to be about a node.
func (f *Found) Has(number int, node, source string) bool {
	_, known := f.Outcomes[FoundKey(number, node, source)]
	_, before := f.Outcomes[fmt.Sprintf("%d@%s", number, node)] // as earlier programs wrote it
	return known || before
}

// Numbers returns, by its number, of each record that was found to be about any node whether it has a good outcome there.
func (f *Found) Numbers() map[int]bool {
	numbers := make(map[int]bool, len(f.Outcomes))
	for key, o := range f.Outcomes {
		n, _, _ := strings.Cut(key, "@")
		number, _ := strconv.Atoi(n) // as FoundKey wrote it
		numbers[number] = numbers[number] || o.Good()
	}
	return numbers
}

// FoundWhole is Found, and empty where that is damaged: whoever asks which records found their nodes looks at all again then.
func (b *Book) FoundWhole(ctx context.Context, id string) (Found, error) {
	f, err := b.Found(ctx, id)
	if errors.Is(err, ErrDamaged) {
		return Found{Outcomes: map[string]Outcome{}}, nil
	}
	return f, err
}

// Found returns the records of an import that were parked and are not any more.
func (b *Book) Found(ctx context.Context, id string) (Found, error) {
	f := Found{Outcomes: map[string]Outcome{}}
	_, err := b.getOf(ctx, id, foundName, &f)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	return f, err
}

// Notice adds a note to the receipt of an import, beside those of its parts.
func (b *Book) Notice(ctx context.Context, id string, n Note) error {
	return b.addFound(ctx, id, Found{Notes: []Note{n}})
}

// AddFound notes that records that were parked have found their nodes.
func (b *Book) AddFound(ctx context.Context, id string, outcomes map[string]Outcome) error {
	return b.addFound(ctx, id, Found{Outcomes: outcomes})
}

// addFound adds to what was found out. Where that is damaged, it is begun anew: records that were found count as parked in the receipt then.
func (b *Book) addFound(ctx context.Context, id string, more Found) error {
	return change(ctx, b, id, foundName, func(f *Found, isDamaged bool) bool {
		if isDamaged {
			*f = Found{Notes: []Note{damagedNote(id, foundName)}}
		}
		f.Import = id
		if f.Outcomes == nil {
			f.Outcomes = map[string]Outcome{}
		}
		maps.Copy(f.Outcomes, more.Outcomes)
		f.Notes = AddNotes(f.Notes, more.Notes)
		return true
	})
}

// adopt counts records that were parked as what became of them since.
func (r *Receipt) adopt(f Found) {
	r.Notes = AddNotes(r.Notes, f.Notes)
	for _, o := range f.Outcomes {
		r.Counts.Add(Parked, -1)
		r.Counts.Add(o, 1)
		if o.Good() {
			r.DetailsTotal--
		}
	}
	good := f.Numbers()
	r.Details = slices.DeleteFunc(r.Details, func(d Detail) bool { return d.Outcome == Parked && good[d.Number] })
	for _, key := range slices.Sorted(maps.Keys(f.Outcomes)) {
		if o := f.Outcomes[key]; !o.Good() {
			r.adoptBad(key, o)
		}
	}
}

// adoptBad makes a record that was parked, by its FoundKey, one at its node that ended badly there.
func (r *Receipt) adoptBad(key string, o Outcome) {
	number, at, _ := strings.Cut(key, "@")
	at, _, _ = strings.Cut(at, " ")
	i := slices.IndexFunc(r.Details, func(d Detail) bool { return d.Outcome == Parked && strconv.Itoa(d.Number) == number })
	if i >= 0 {
		r.Details[i].Outcome, r.Details[i].Node, r.Details[i].Reason = o, at, ""
	}
}

// Absence is what was decided about the nodes that a document no longer names.
type Absence struct {
	Import  string   `json:"import,omitempty"` // in the object of its own alone; "": written by a program before
	Cleared bool     `json:"cleared"`          // its sources' shares are cleared there
	Reason  string   `json:"reason,omitempty"` // why not
	Sources []Absent `json:"sources"`
	ByHand  bool     `json:"byHand,omitempty"` // a person decided, whatever the rules
	Done    int      `json:"done,omitempty"`   // nodes that are cleared
}

func (a *Absence) isOf(id, _ string) bool { return a.Import == "" || a.Import == id }

// Absence returns what was decided; an fs.ErrNotExist where nothing is.
func (b *Book) Absence(ctx context.Context, id string) (Absence, error) {
	var a Absence
	_, err := b.getOf(ctx, id, absenceName, &a)
	a.Import = ""
	return a, err
}

// Decide notes what was decided about the nodes that an import's document no longer names.
func (b *Book) Decide(ctx context.Context, id string, a Absence) error {
	a.Import = id
	if err := b.put(ctx, importKey(id, absenceName), a, ""); err != nil {
		return err
	}
	_, err := b.Complete(ctx, id)
	return err
}

// change reads an object of an import, or a zero one where there is none, and writes it over what was read where alter reports that it has
// changed it. Then the receipt is completed.
func change[T any, P interface {
	*T
	owned
}](ctx context.Context, b *Book, id, name string, alter func(v *T, isDamaged bool) bool) error {
	key := importKey(id, name)
	for range 10 {
		var v T
		etag, err := b.getOf(ctx, id, name, P(&v))
		if errors.Is(err, fs.ErrNotExist) {
			etag, err = "*", nil
		}
		isDamaged := errors.Is(err, ErrDamaged)
		if err != nil && !isDamaged || !alter(&v, isDamaged) {
			return err
		}
		err = b.put(ctx, key, v, etag)
		if err == nil {
			_, err = b.Complete(ctx, id)
			return err
		}
		if b.Conflict == nil || !errors.Is(err, b.Conflict) {
			return err
		}
	}
	return fmt.Errorf("%w: %s", errConflict, key)
}
