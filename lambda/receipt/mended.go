package receipt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Mend is an import that has mended rejected records of another one.
type Mend struct {
	Import   string `json:"import"`
	Document string `json:"document,omitempty"`
	File     int    `json:"file"`    // which of the files with the rejected records, from 1
	Records  int    `json:"records"` // that the mended file has
}

// mendedPrefix begins the names of files with rejected records: rejected-<import>, or rejected-<import>-<number> from the second on.
const mendedPrefix = "rejected-"

// Mended returns the imports that have mended rejected records of others, by these: of each key, the one that has put the latest file under it.
// What is damaged is left out.
func (b *Book) Mended(ctx context.Context, ids ...string) (map[string][]Mend, error) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	found := map[string][]Mend{}
	if len(ids) == 0 {
		return found, nil
	}
	for key, err := range b.store.List(ctx, latestPrefix) {
		if err != nil {
			return nil, fmt.Errorf("receipt: listing the latest documents: %w", err)
		}
		id, file := mends(key)
		if !wanted[id] {
			continue
		}
		var r Receipt
		_, err := b.get(ctx, key, &r)
		if errors.Is(err, ErrDamaged) || errors.Is(err, fs.ErrNotExist) || err == nil && (r.Into != id || r.Failure != "" || !r.Complete) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[id] = append(found[id], Mend{Import: r.Import, Document: r.Document, File: file, Records: r.Records})
	}
	return found, nil
}

// mends returns whose rejected records a file has by its name, and which of the files it is; "": it has none.
func mends(name string) (id string, file int) {
	name = strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	_, rest, ok := strings.Cut(name, mendedPrefix)
	if !ok || len(rest) < idLength {
		return "", 0
	}
	id, rest = rest[:idLength], rest[idLength:]
	file = 1
	if number, isNumbered := strings.CutPrefix(rest, "-"); isNumbered {
		end := len(number) - len(strings.TrimLeft(number, "0123456789"))
		if n, err := strconv.Atoi(number[:end]); err == nil && n > 1 {
			file = n
		}
	}
	return id, file
}

// idLength is the length of an import's ID.
const idLength = 24

// RejectedFile returns whose file a key of rejected records is, and which of them.
func RejectedFile(key string) (id string, file int) { return mends(key) }

// MendedBy returns how many of the records in a file were mended, and by which imports; whole: all are. Of files of before it is not known how many
// records they have.
func (in *Import) MendedBy(file int, mends []Mend) (records int, by []string, whole bool) {
	for _, m := range mends {
		if m.File == file {
			records, by = records+m.Records, append(by, m.Import)
		}
	}
	return records, by, len(by) > 0 && file <= len(in.Returned) && records >= in.Returned[file-1]
}
