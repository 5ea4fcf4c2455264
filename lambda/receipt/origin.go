package receipt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Origin is what the records of a document have from outside of it, and keep where they are mended and come again: where it came from and
// when it was true. It holds nothing from the data but the document's capture time.
type Origin struct {
	Name     string              `json:"name,omitempty"`     // of the document
	Key      string              `json:"key,omitempty"`      // of the object
	Captures map[string]string   `json:"captures,omitempty"` // from the key
	As       map[string][]string `json:"as,omitempty"`       // the machine, where the key or the sender names it, by kind of identifier
	Captured time.Time           `json:"captured,omitzero"`  // the document's own capture time; zero: it has none
	Written  time.Time           `json:"written"`            // capture time of records that have none
}

// Import returns what intake wrote of an import. No such import: ErrUnknownImport.
func (b *Book) Import(ctx context.Context, id string) (Import, error) {
	var in Import
	if !validID(id) {
		return in, ErrUnknownImport
	}
	_, err := b.get(ctx, importKey(id, intakeName), &in)
	if errors.Is(err, fs.ErrNotExist) {
		return in, fmt.Errorf("%w: %s", ErrUnknownImport, id)
	}
	return in, err
}
