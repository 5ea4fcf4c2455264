package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
)

// scopesPrefix is of the keys of scopes in states of before: a scope is a block of its head, as JSON. Many nodes share one.
const scopesPrefix = "scopes/"

type storedScope struct {
	inventory.Scope
	Salt string `json:"salt,omitempty"` // of before: with it, an equal scope had another name
}

// ScopeName is the name of a scope's block.
func ScopeName(s *inventory.Scope) (string, error) {
	data, err := encodeScope(s)
	return pack.Name(data), err
}

func encodeScope(s *inventory.Scope) ([]byte, error) {
	data, err := json.Marshal(storedScope{Scope: *s})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return data, nil
}

// WriteScope keeps a scope until the head is saved that is to name it, and returns the block's name.
func (l *Ledger) WriteScope(ctx context.Context, h *Head, s *inventory.Scope) (string, error) {
	data, err := encodeScope(s)
	if err != nil {
		return "", err
	}
	return l.writeBlock(ctx, h, data)
}

// ReadScope reads a scope that a head names. Where it is damaged or gone, the error is a *BlockError.
func (l *Ledger) ReadScope(ctx context.Context, h *Head, name string) (*inventory.Scope, error) {
	data, err := l.readBlock(ctx, h, &scopeKind, name)
	if err != nil {
		return nil, err
	}
	var s storedScope
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, &BlockError{"scope " + name, "it is damaged"}
	}
	return &s.Scope, nil
}
