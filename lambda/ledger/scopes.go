package ledger

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// scopesPrefix is of the keys of scopes. A scope is stored as JSON under scopes/<sha256>, named by the SHA-256 of its bytes, before a head
// that names it, and never changed. Many nodes share one.
const scopesPrefix = "scopes/"

type storedScope struct {
	inventory.Scope
	Salt string `json:"salt,omitempty"` // with it, an equal scope has another name
}

// ScopeName is the name of a scope's object.
func ScopeName(s *inventory.Scope) (string, error) {
	name, _, err := encodeScope(s, "")
	return name, err
}

func encodeScope(s *inventory.Scope, salt string) (name string, data []byte, err error) {
	data, err = json.Marshal(storedScope{*s, salt})
	if err != nil {
		return "", nil, fmt.Errorf("ledger: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), data, nil
}

// WriteScope stores a scope and returns the object's name.
func (l *Ledger) WriteScope(ctx context.Context, s *inventory.Scope) (string, error) {
	for _, salt := range []string{"", rand.Text()} {
		name, data, err := encodeScope(s, salt)
		if err != nil {
			return "", err
		}
		_, err = l.store.Put(ctx, scopesPrefix+name, data, Absent)
		doomed := false
		if errors.Is(err, ErrConflict) {
			doomed, err = l.doomed(ctx, scopesPrefix+name, l.now())
		}
		if err != nil {
			return "", fmt.Errorf("ledger: writing a scope: %w", err)
		}
		if !doomed {
			return name, nil
		}
	}
	return "", &FormatError{"scope", "no name is free for it"}
}

// ReadScope reads a scope.
func (l *Ledger) ReadScope(ctx context.Context, name string) (*inventory.Scope, error) {
	data, _, err := l.store.Get(ctx, scopesPrefix+name)
	if err != nil {
		return nil, fmt.Errorf("ledger: reading a scope: %w", err)
	}
	var s storedScope
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name || json.Unmarshal(data, &s) != nil {
		return nil, &FormatError{"scope", name + ": it is damaged"}
	}
	return &s.Scope, nil
}
