package receipt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// earlierName begins the names of receipts of earlier runs of an import: the same document was put again.
const earlierName = "earlier-"

// readAtOnce is how many receipts are read at a time.
const readAtOnce = 16

// keepEarlier keeps the receipt of an import's earlier run beside the one that is about to be written.
func (b *Book) keepEarlier(ctx context.Context, now Receipt) error {
	var old Receipt
	_, err := b.get(ctx, importKey(now.Import, receiptName), &old)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrDamaged) {
		return nil
	}
	if err != nil || !old.Complete || old.Received.Equal(now.Received) {
		return err
	}
	return b.put(ctx, importKey(now.Import, fmt.Sprintf("%s%d", earlierName, old.Received.UnixMilli())), old, "")
}

// All returns the receipts of all imports, and of their earlier runs, the newest first. Damaged ones are among them, with a note.
func (b *Book) All(ctx context.Context) ([]Receipt, error) {
	keys, err := b.keys(ctx, "")
	if err != nil {
		return nil, err
	}
	list := make([]Receipt, len(keys))
	errs := make([]error, len(keys))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(readAtOnce, len(keys)) {
		wait.Go(func() {
			for i := range next {
				list[i], errs[i] = b.readKey(ctx, keys[i])
			}
		})
	}
	for i := range keys {
		next <- i
	}
	close(next)
	wait.Wait()
	slices.SortStableFunc(list, func(x, y Receipt) int { return cmp.Or(y.Received.Compare(x.Received), cmp.Compare(x.Import, y.Import)) })
	return list, errors.Join(errs...)
}

// listed is the object that stands for an import, or for an earlier run of it.
type listed struct{ id, name string }

// keys lists the imports whose IDs begin in a way, and their earlier runs.
func (b *Book) keys(ctx context.Context, begin string) ([]listed, error) {
	var list []listed
	for key, err := range b.store.List(ctx, "receipts/"+begin) {
		if err != nil {
			return nil, fmt.Errorf("receipt: listing the imports: %w", err)
		}
		id, rest, _ := strings.Cut(strings.TrimPrefix(key, "receipts/"), "/")
		name, isJSON := strings.CutSuffix(rest, ".json")
		if !isJSON || !ValidID(id) || name != intakeName && !strings.HasPrefix(name, earlierName) {
			continue
		}
		list = append(list, listed{id, name})
	}
	return list, nil
}

func (b *Book) readKey(ctx context.Context, k listed) (Receipt, error) {
	if k.name == intakeName {
		return b.Read(ctx, k.id)
	}
	var r Receipt
	_, err := b.get(ctx, importKey(k.id, k.name), &r)
	if errors.Is(err, ErrDamaged) {
		return Receipt{Import: k.id, Notes: []Note{damagedNote(k.id, k.name)}}, nil
	}
	return r, err
}

// Earlier returns the receipts of an import's earlier runs, the newest first.
func (b *Book) Earlier(ctx context.Context, id string) ([]Receipt, error) {
	keys, err := b.keys(ctx, id+"/")
	if err != nil {
		return nil, err
	}
	var list []Receipt
	for _, k := range keys {
		if k.name == intakeName {
			continue
		}
		r, err := b.readKey(ctx, k)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(x, y Receipt) int { return y.Received.Compare(x.Received) })
	return list, nil
}

// shortest is the length of the shortest beginning that stands for an ID.
const shortest = 4

// SeveralError is returned for the beginning of several imports' IDs.
type SeveralError struct{ IDs []string }

func (e *SeveralError) Error() string {
	return fmt.Sprintf("%d imports begin so: %s", len(e.IDs), strings.Join(e.IDs[:min(len(e.IDs), 10)], ", "))
}

// Whole returns the import whose ID begins in a way. None, or too short a beginning: ErrUnknownImport.
func (b *Book) Whole(ctx context.Context, begin string) (string, error) {
	if len(begin) < shortest || !ValidID(begin) {
		return "", ErrUnknownImport
	}
	keys, err := b.keys(ctx, begin)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, k := range keys {
		ids = append(ids, k.id)
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) == 0:
		return "", ErrUnknownImport
	case len(ids) > 1 && ids[0] != begin:
		return "", &SeveralError{ids}
	}
	return ids[0], nil
}
