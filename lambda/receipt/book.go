package receipt

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
)

// Store is where receipts are kept. Get's error is an fs.ErrNotExist where there is no such object. Put with the condition "" writes
// whatever is there.
type Store interface {
	Get(ctx context.Context, key string) (data []byte, etag string, err error)
	Put(ctx context.Context, key string, data []byte, condition string) (etag string, err error)
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Book keeps the receipts of a state: receipts/<import>/intake.json, receipts/<import>/<partition>.json, receipts/<import>/receipt.json,
// receipts/<import>/earlier-<when>.json and receipts/latest/<key>.json.
type Book struct {
	store Store

	Conflict error // the store's error where an object is another one than was read; nil: it has none
}

// NewBook returns the book of receipts in a store.
func NewBook(s Store) *Book { return &Book{store: s} }

// ErrUnknownImport is returned for an import of which there is no receipt, nor a part of one.
var ErrUnknownImport = errors.New("receipt: no such import")

// ErrDamaged is returned for a stored receipt that cannot be read.
var ErrDamaged = errors.New("is damaged")

// WriteIntake writes intake's part. It returns the receipt as it stands then; it is Complete where no partition's part is missing.
func (b *Book) WriteIntake(ctx context.Context, in Import) (Receipt, error) {
	if err := in.Check(); err != nil {
		return Receipt{}, err
	}
	in.Partition = Intake
	slices.Sort(in.Partitions)
	if err := b.forgetFound(ctx, in.Import); err != nil {
		return Receipt{}, err
	}
	if err := b.putPart(ctx, in.Import, intakeName, in); err != nil {
		return Receipt{}, err
	}
	return b.Complete(ctx, in.Import)
}

// forgetFound forgets what was found out later about records that an import's earlier run parked: this run parks them anew.
func (b *Book) forgetFound(ctx context.Context, id string) error {
	if !ValidID(id) {
		return nil // writing it fails for that
	}
	f, err := b.Found(ctx, id)
	isDamaged := errors.Is(err, ErrDamaged)
	if err != nil && !isDamaged || err == nil && len(f.Outcomes) == 0 {
		return err
	}
	kept := Found{Import: id}
	if !isDamaged {
		kept.Notes = f.Notes
	}
	return b.put(ctx, importKey(id, foundName), kept, "")
}

// PutPart writes a partition's part, over the one that it may have written before. Who has written the last part calls Complete.
func (b *Book) PutPart(ctx context.Context, p Part) error {
	if err := p.Check(); err != nil {
		return err
	}
	return b.putPart(ctx, p.Import, partName(p.Partition), p)
}

func (b *Book) putPart(ctx context.Context, id, name string, part any) error {
	if !ValidID(id) {
		return errors.New("receipt: an import's ID must have only letters, digits, dashes, dots and underscores")
	}
	return b.put(ctx, importKey(id, name), part, "")
}

// Complete writes the receipt if all parts are there, and returns it as it stands. Where intake's part is not there yet, it has nothing of
// the document. Of two that find all parts, both write the same.
func (b *Book) Complete(ctx context.Context, id string) (Receipt, error) {
	names, hasReceipt, err := b.names(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	if !slices.Contains(names, intakeName) {
		return Receipt{Import: id, There: len(partsOf(names))}, nil
	}
	var in Import
	_, err = b.getOf(ctx, id, intakeName, &in)
	if errors.Is(err, ErrDamaged) {
		return Receipt{Import: id, There: len(partsOf(names)), Notes: []Note{damagedNote(id, intakeName)}}, nil
	}
	if err != nil {
		return Receipt{}, err
	}
	if slices.ContainsFunc(in.Partitions, func(p int) bool { return !slices.Contains(names, partName(p)) }) {
		return Receipt{Import: id, Mapping: in.Mapping, Records: in.Read, Expected: len(in.Partitions), There: len(partsOf(names))}, nil
	}
	r, err := b.sum(ctx, in, names)
	if err != nil || !r.Complete {
		return r, err
	}
	if err := r.Check(); err != nil {
		return Receipt{}, err
	}
	if hasReceipt {
		err = b.keepEarlier(ctx, r)
	}
	if err == nil {
		err = b.put(ctx, importKey(id, receiptName), r, "")
	}
	if err != nil {
		return Receipt{}, err
	}
	return r, b.latest(ctx, r)
}

// latest writes the receipt under its document's key, unless that of a later document is there.
func (b *Book) latest(ctx context.Context, r Receipt) error {
	if r.Key == "" {
		return nil
	}
	var last Receipt
	_, err := b.get(ctx, latestKey(r.Key), &last)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrDamaged) {
		return err
	}
	isLater := cmp.Or(last.Written.Compare(r.Written), last.Received.Compare(r.Received)) > 0
	if err == nil && last.Import != r.Import && isLater {
		return nil
	}
	return b.put(ctx, latestKey(r.Key), r, "")
}

// Read returns the receipt of an import, or what there is of it so far. An import of which there is nothing: ErrUnknownImport.
func (b *Book) Read(ctx context.Context, id string) (Receipt, error) {
	if !ValidID(id) {
		return Receipt{}, ErrUnknownImport
	}
	names, _, err := b.names(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	if len(names) == 0 {
		return Receipt{}, ErrUnknownImport
	}
	in := Import{Part: Part{Import: id}}
	_, err = b.getOf(ctx, id, intakeName, &in)
	isDamaged := errors.Is(err, ErrDamaged)
	if err != nil && !isDamaged && !errors.Is(err, fs.ErrNotExist) {
		return Receipt{}, err
	}
	if isDamaged {
		in = b.lost(ctx, id)
	}
	r, err := b.sum(ctx, in, names)
	r.Complete = r.Complete && slices.Contains(names, intakeName) && !isDamaged
	return r, err
}

// Import returns what intake wrote of an import. No such import: ErrUnknownImport.
func (b *Book) Import(ctx context.Context, id string) (Import, error) {
	var in Import
	if !ValidID(id) {
		return in, ErrUnknownImport
	}
	_, err := b.getOf(ctx, id, intakeName, &in)
	if errors.Is(err, fs.ErrNotExist) {
		return in, fmt.Errorf("%w: %s", ErrUnknownImport, id)
	}
	return in, err
}

// Writes is the number of the last pack that the head of a partition had when an import's part was written; 0: it is not known.
func (b *Book) Writes(ctx context.Context, id string, partition int) (int, error) {
	var p Part
	if !ValidID(id) {
		return 0, nil
	}
	_, err := b.getOf(ctx, id, partName(partition), &p)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrDamaged) {
		return 0, nil
	}
	return p.Writes, err
}

// Latest returns the receipt of the latest document under a key. None: an fs.ErrNotExist.
func (b *Book) Latest(ctx context.Context, key string) (Receipt, error) {
	var r Receipt
	_, err := b.get(ctx, latestKey(key), &r)
	return r, err
}

// lost is intake's part of an import where that is damaged: what the receipt, as it was when it was completed, says of the document.
func (b *Book) lost(ctx context.Context, id string) Import {
	in := Import{Part: Part{Import: id, Notes: []Note{damagedNote(id, intakeName)}}}
	var r Receipt
	if _, err := b.get(ctx, importKey(id, receiptName), &r); err == nil && r.Import == id {
		in.Mapping, in.MappingHash, in.Document, in.Key, in.Written, in.Received = r.Mapping, r.MappingHash, r.Document, r.Key, r.Written, r.Received
		in.Failure, in.RejectedFile, in.Into, in.PartOf, in.Read, in.Elsewhere = r.Failure, r.RejectedFile, r.Into, r.PartOf, r.Records, r.Elsewhere
	}
	return in
}

// noteDamaged begins the notes of what cannot be read of a receipt.
const noteDamaged = "the receipt is damaged: "

// damagedNote notes that an object of an import cannot be read. What stood in it is not known any more; nothing is put by it.
func damagedNote(id, name string) Note {
	return Note{Text: noteDamaged + importKey(id, name) + ": what it said is lost, what nodes hold is not", Count: 1}
}

// IsDamaged reports whether a part of the receipt could not be read, so that its counts are not those of all records.
func (r *Receipt) IsDamaged() bool {
	return slices.ContainsFunc(r.Notes, func(n Note) bool { return strings.HasPrefix(n.Text, noteDamaged) })
}

// sum reads the partitions' parts and sums them up, in the order of the partitions, with what was found out later. What is damaged is noted, and
// missing.
func (b *Book) sum(ctx context.Context, in Import, names []string) (Receipt, error) {
	var parts []Part
	var damaged []Note
	for _, name := range partsOf(names) {
		var p Part
		_, err := b.getOf(ctx, in.Import, name, &p)
		if errors.Is(err, ErrDamaged) {
			damaged = append(damaged, damagedNote(in.Import, name))
			continue
		}
		if err != nil {
			return Receipt{}, err
		}
		// A document that is taken in once more may find other nodes than before: what was delivered then counts no longer.
		if in.Received.IsZero() || p.Received.IsZero() || p.Received.Equal(in.Received) {
			parts = append(parts, p)
		}
	}
	r := Sum(in, parts)
	if slices.Contains(names, foundName) {
		f, err := b.Found(ctx, in.Import)
		switch {
		case errors.Is(err, ErrDamaged):
			damaged = append(damaged, damagedNote(in.Import, foundName))
		case err != nil:
			return Receipt{}, err
		default:
			r.adopt(f)
		}
	}
	if slices.Contains(names, absenceName) {
		a, err := b.Absence(ctx, in.Import)
		switch {
		case errors.Is(err, ErrDamaged):
			damaged = append(damaged, damagedNote(in.Import, absenceName))
		case err != nil:
			return Receipt{}, err
		default:
			r.Absence = &a
		}
	}
	r.Notes = AddNotes(r.Notes, damaged)
	return r, nil
}

// partsOf are the names of partitions' parts.
func partsOf(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" || strings.Trim(name, "0123456789") != "" })
}

// names returns which parts of an import are there, in order, by their names without ending; the receipt is not one.
func (b *Book) names(ctx context.Context, id string) (names []string, hasReceipt bool, err error) {
	prefix := importPrefix(id)
	for key, err := range b.store.List(ctx, prefix) {
		if err != nil {
			return nil, false, fmt.Errorf("receipt: listing the parts of import %s: %w", id, err)
		}
		name, isPart := strings.CutSuffix(strings.TrimPrefix(key, prefix), ".json")
		switch {
		case name == receiptName:
			hasReceipt = isPart
		case isPart:
			names = append(names, name)
		}
	}
	return names, hasReceipt, nil
}

// put writes an object where the store's condition holds.
func (b *Book) put(ctx context.Context, key string, v any, condition string) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if _, err := b.store.Put(ctx, key, append(data, '\n'), condition); err != nil {
		return fmt.Errorf("receipt: writing %s: %w", key, err)
	}
	return nil
}

// owned is an object that says of which import it is.
type owned interface{ isOf(id, name string) bool }

// getOf reads an object of an import. One of another import is damaged.
func (b *Book) getOf(ctx context.Context, id, name string, v owned) (etag string, err error) {
	etag, err = b.get(ctx, importKey(id, name), v)
	if err == nil && !v.isOf(id, name) {
		err = fmt.Errorf("receipt: %s %w: it is of another import", importKey(id, name), ErrDamaged)
	}
	return etag, err
}

// get reads an object. Of one that is damaged the etag is returned, too.
func (b *Book) get(ctx context.Context, key string, v any) (etag string, err error) {
	data, etag, err := b.store.Get(ctx, key)
	if err != nil {
		return "", fmt.Errorf("receipt: reading %s: %w", key, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return etag, fmt.Errorf("receipt: %s %w: %w", key, ErrDamaged, err)
	}
	return etag, nil
}
