package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	rowsPrefix       = "rows/"
	unreferencedKey  = "unnamed.json"
	unreferencedFor  = 30 * 24 * time.Hour // how long rows are kept that no head names: heads of that time can be brought back
	unreferencedLate = 29 * 24 * time.Hour // whoever needs rows that are unreferenced for so long writes them anew, under another name
	sweepRows        = 24 * time.Hour      // how often unreferenced rows are looked for
)

// unreferenced is the content of unnamed.json: rows and scopes that no head names.
type unreferenced struct {
	Looked time.Time            `json:"looked"` // when they were looked for last
	Since  map[string]time.Time `json:"since"`  // by name of the rows, or key of the scope
}

// SweepRows deletes rows and scopes that no head has named for 30 days, and returns how many it deleted. It looks once a day, and returns
// whether it did.
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
	next := unreferenced{Looked: now.UTC(), Since: map[string]time.Time{}}
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
	_, err = writeJSON(ctx, l.store, unreferencedKey, next, etag)
	if errors.Is(err, ErrConflict) { // another sweep has looked meanwhile, and noted the same
		return removed, true, nil
	}
	return removed, true, err
}

// sweepable returns the rows that are stored, by name, and the scopes, by key.
func (l *Ledger) sweepable(ctx context.Context) ([]string, error) {
	var stored []string
	for key, err := range l.store.List(ctx, rowsPrefix) {
		if err != nil {
			return nil, fmt.Errorf("ledger: listing rows: %w", err)
		}
		stored = append(stored, key[strings.LastIndexByte(key, '/')+1:])
	}
	for key, err := range l.store.List(ctx, scopesPrefix) {
		if err != nil {
			return nil, fmt.Errorf("ledger: listing scopes: %w", err)
		}
		stored = append(stored, key)
	}
	return stored, nil
}

func keyOf(name string) string {
	if strings.HasPrefix(name, scopesPrefix) {
		return name
	}
	return rowsKey(name)
}

// referenced returns the rows that any head names, and the keys of such scopes.
func (l *Ledger) referenced(ctx context.Context) (map[string]bool, error) {
	referenced := map[string]bool{}
	for p := range l.Partitions() {
		h, err := l.Load(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, n := range h.Nodes {
			for _, t := range n.Types {
				for _, s := range t.Shares {
					s.reference(referenced)
				}
			}
		}
	}
	return referenced, nil
}

func (s *Share) reference(objects map[string]bool) {
	objects[s.Rows], objects[s.Parts] = true, true
	for _, l := range s.Scopes {
		objects[scopesPrefix+l.Scope] = true
	}
	for _, p := range s.Pages {
		objects[p.Rows] = true
		objects[scopesPrefix+p.Scope] = true
	}
}

func (l *Ledger) readUnreferenced(ctx context.Context) (u unreferenced, etag string, err error) {
	etag, err = readJSON(ctx, l.store, unreferencedKey, &u, &FormatError{unreferencedKey, "it is damaged"})
	if _, damaged := errors.AsType[*FormatError](err); damaged {
		return unreferenced{}, etag, nil // it is made anew: nothing is deleted before its time
	}
	return u, etag, err
}

// doomed reports whether rows that are stored may be about to be deleted, since no head has named them for long.
func (l *Ledger) doomed(ctx context.Context, name string, now time.Time) (bool, error) {
	u, _, err := l.readUnreferenced(ctx)
	if err != nil {
		return false, err
	}
	since, ok := u.Since[name]
	return ok && !now.Before(since.Add(unreferencedLate)), nil
}
