package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

const knownTypesKey = "types.json"

// KnownTypes are the types that were put from this state. They are stored as types.json, only over the version that was read,
// before anything of a type is put.
type KnownTypes struct {
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

// KnownTypes reads types.json; where there is none, no type is known.
func (l *Ledger) KnownTypes(ctx context.Context) (*KnownTypes, error) {
	data, etag, err := l.store.Get(ctx, knownTypesKey)
	if errors.Is(err, ErrNotFound) {
		return &KnownTypes{Types: map[string]KnownType{}, etag: Absent}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reading %s: %w", knownTypesKey, err)
	}
	k := &KnownTypes{etag: etag}
	if err := json.Unmarshal(data, k); err != nil {
		return nil, &FormatError{knownTypesKey, "it is damaged: restore its last version from the store's history"}
	}
	return k, nil
}

// SaveKnownTypes writes types.json. ErrConflict: somebody else has written it; read it again.
func (l *Ledger) SaveKnownTypes(ctx context.Context, k *KnownTypes) error {
	data, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	etag, err := l.store.Put(ctx, knownTypesKey, append(data, '\n'), k.etag)
	if err != nil {
		return fmt.Errorf("ledger: writing %s: %w", knownTypesKey, err)
	}
	k.etag = etag
	return nil
}
