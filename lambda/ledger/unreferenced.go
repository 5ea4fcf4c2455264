package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

const (
	rowsPrefix      = "rows/" // of the keys of rows that are objects of their own
	unreferencedKey = "unnamed.json"
	unreferencedFor = 30 * 24 * time.Hour // how long an object is kept that no head names: heads of that time can be brought back
	sweepRows       = 24 * time.Hour      // how often unreferenced objects are looked for
)

// unreferenced is the content of unnamed.json: packs, and rows and scopes that are objects of their own, that no head names.
type unreferenced struct {
	Version int                  `json:"version"`
	Looked  time.Time            `json:"looked"` // when they were looked for last
	Since   map[string]time.Time `json:"since"`  // by key; of rows by name
}

// SweepRows deletes packs, rows and scopes that no head has named for 30 days, and returns how many it deleted. It looks once a day, and returns
// whether it did. Where the head of any partition cannot be read, nothing is deleted.
func (l *Ledger) SweepRows(ctx context.Context, now time.Time) (removed int, looked bool, err error) {
	u, etag, err := l.readUnreferenced(ctx)
	if err != nil || now.Before(u.Looked.Add(sweepRows)) {
		return 0, false, err
	}
	stored, err := l.sweepable(ctx) // before the heads are read: what is written after this is not among them
	if err != nil {
		return 0, false, err
	}
	referenced, err := l.referenced(ctx)
	if err != nil {
		return 0, false, err
	}
	next := unreferenced{Version: Version, Looked: now.UTC(), Since: map[string]time.Time{}}
	for _, name := range stored {
		since, known := u.Since[name]
		switch {
		case referenced[name]:
		case known && !now.Before(since.Add(unreferencedFor)):
			if err := l.store.Delete(ctx, keyOf(name)); err != nil {
				return removed, false, err
			}
			removed++
		case known:
			next.Since[name] = since
		default:
			next.Since[name] = now.UTC()
		}
	}
	_, err = seal.Put(ctx, l.store, unreferencedKey, next, etag)
	if errors.Is(err, ErrConflict) { // another sweep has looked meanwhile, and noted the same
		return removed, true, nil
	}
	return removed, true, err
}

// sweepable returns what is stored that heads name, by key, and rows by name.
func (l *Ledger) sweepable(ctx context.Context) ([]string, error) {
	var stored []string
	for _, prefix := range []string{packPrefix, rowsPrefix, scopesPrefix} {
		for key, err := range l.store.List(ctx, prefix) {
			if err != nil {
				return nil, fmt.Errorf("ledger: listing %s: %w", prefix, err)
			}
			if prefix == rowsPrefix {
				key = key[strings.LastIndexByte(key, '/')+1:]
			}
			stored = append(stored, key)
		}
	}
	return stored, nil
}

func keyOf(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return rowsKey(name)
}

// referenced returns what any head names: packs and scopes by key, rows by name.
func (l *Ledger) referenced(ctx context.Context) (map[string]bool, error) {
	referenced := map[string]bool{}
	for h, err := range l.Heads(ctx) {
		if err != nil {
			return nil, err
		}
		t := h.table
		for i := range t.Packs {
			referenced[t.KeyOf(i)] = true
		}
		h.eachBlock(func(k *kind, name string) {
			switch {
			case k == nil || t.Has(name):
			case k == &rowsKind:
				referenced[name] = true
			default:
				referenced[k.key(name)] = true
			}
		})
	}
	return referenced, nil
}

func (l *Ledger) readUnreferenced(ctx context.Context) (u unreferenced, etag string, err error) {
	etag, err = readJSON(ctx, l.store, unreferencedKey, &u, &FormatError{unreferencedKey, "it is damaged"})
	if _, damaged := errors.AsType[*FormatError](err); damaged {
		return unreferenced{}, etag, nil // it is made anew: nothing is deleted before its time
	}
	return u, etag, err
}
