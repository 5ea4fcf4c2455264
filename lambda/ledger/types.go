package ledger

import (
	"context"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

const knownTypesKey = "types.json"

// KnownTypes are the types that were put from this state. They are stored as types.json, only over the version that was read,
// before anything of a type is put.
type KnownTypes struct {
	Version int    `json:"version"`
	Of      string `json:"of,omitempty"` // Installation.ID; "": of a version before 3

	Types map[string]KnownType `json:"types"` // by type name

	etag string
}

// KnownType is a type that was put, or is about to be.
type KnownType struct {
	Schema  string    `json:"schemaVersion"`     // the last that was put
	Existed bool      `json:"existed,omitempty"` // the account had it before it was put from here, so nodes may hold rows of others
	Since   time.Time `json:"since"`             // when it was first put from here
}

// Know notes that a type is about to be put.
func (k *KnownTypes) Know(t *inventory.Type, existed bool, now time.Time) {
	if k.Types == nil {
		k.Types = map[string]KnownType{}
	}
	known, ok := k.Types[t.Name]
	if !ok {
		known = KnownType{Existed: existed, Since: now}
	}
	known.Schema = t.SchemaVersion
	k.Types[t.Name] = known
}

// KnownTypes reads types.json; where there is none, no type is known. Of one that is damaged that is returned, too, to be written over it.
func (l *Ledger) KnownTypes(ctx context.Context) (*KnownTypes, error) {
	k := &KnownTypes{}
	etag, err := readJSON(ctx, l.store, knownTypesKey, k, &FormatError{knownTypesKey, "it is damaged"})
	if id := l.marks.ID(); err == nil && k.Of != "" && id != "" && k.Of != id {
		err = &FormatError{knownTypesKey, "it is of another installation"}
	}
	if err != nil {
		k = &KnownTypes{}
	}
	k.etag = etag
	return k, err
}

// SaveKnownTypes writes types.json. ErrConflict: somebody else has written it; read it again.
func (l *Ledger) SaveKnownTypes(ctx context.Context, k *KnownTypes) (err error) {
	k.Version, k.Of = Version, l.marks.ID()
	k.etag, err = seal.Put(ctx, l.store, knownTypesKey, k, k.etag)
	return err
}
