package ledger

import (
	"context"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

const (
	knownTypesKey = "types.json"

	// TypesPrefix is what the names of objects begin with that hold the types of other accounts and regions than the installation's.
	TypesPrefix = "types/"
)

// KnownTypes are the types that were put from this state to an account and region. They are stored as types.json, those of other targets as
// types/<account>-<region>.json, only over the version that was read, before anything of a type is put.
type KnownTypes struct {
	Version int    `json:"version"`
	Of      string `json:"of,omitempty"` // Installation.ID; "": of a version before 3

	Types map[string]KnownType `json:"types"` // by type name

	key, etag string
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

// typesKey is the name of the object with the types of an account and region.
func typesKey(of target.Key) string {
	if of.IsOwn() {
		return knownTypesKey
	}
	return TypesPrefix + of.Account + "-" + of.Region + ".json"
}

// KnownTypes reads the types of an account and region; where there are none, no type is known. Of an object that is damaged that is returned, too,
// to be written over it.
func (l *Ledger) KnownTypes(ctx context.Context, of target.Key) (*KnownTypes, error) {
	return l.knownTypes(ctx, typesKey(of))
}

func (l *Ledger) knownTypes(ctx context.Context, key string) (*KnownTypes, error) {
	k := &KnownTypes{}
	etag, err := readJSON(ctx, l.store, key, k, &FormatError{key, "it is damaged"})
	if id := l.marks.ID(); err == nil && k.Of != "" && id != "" && k.Of != id {
		err = &FormatError{key, "it is of another installation"}
	}
	if err != nil {
		k = &KnownTypes{}
	}
	k.key, k.etag = key, etag
	return k, err
}

// SaveKnownTypes writes types that were read. ErrConflict: somebody else has written it; read it again.
func (l *Ledger) SaveKnownTypes(ctx context.Context, k *KnownTypes) (err error) {
	k.Version, k.Of = Version, l.marks.ID()
	k.etag, err = seal.Put(ctx, l.store, k.key, k, k.etag)
	return err
}
