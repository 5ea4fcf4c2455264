// Package stored knows the rows and scopes that a piece of work on a partition reads and stores. It does not know what they are for.
package stored

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Objects are the stored objects of a piece of work.
type Objects struct {
	Ledger *ledger.Ledger
	Plan   bool // nothing is stored

	rows   map[string]*ledger.Rows     // in a plan: those of the node at hand that would be stored
	scopes map[string]*inventory.Scope // by name: those that were read or stored
}

// NextNode begins with another node, whose rows name none of the one before.
func (o *Objects) NextNode() { o.rows = nil }

// WriteRows stores a share's rows and returns their name; in a plan they are kept in memory.
func (o *Objects) WriteRows(ctx context.Context, t *inventory.Type, rows *ledger.Rows) (string, error) {
	if !o.Plan {
		return o.Ledger.WriteRows(ctx, t, rows)
	}
	if o.rows == nil {
		o.rows = map[string]*ledger.Rows{}
	}
	name := fmt.Sprintf("planned %d", len(o.rows))
	o.rows[name] = rows
	return name, nil
}

// ReadRows reads the rows of a name.
func (o *Objects) ReadRows(ctx context.Context, t *inventory.Type, name string) (*ledger.Rows, error) {
	if rows, ok := o.rows[name]; ok {
		return rows, nil
	}
	return o.Ledger.ReadRows(ctx, t, name)
}

// WriteScope stores a scope and returns its name. One that many nodes have is stored once.
func (o *Objects) WriteScope(ctx context.Context, s *inventory.Scope) (string, error) {
	name, err := ledger.ScopeName(s)
	if err != nil || o.scopes[name] != nil {
		return name, err
	}
	if !o.Plan {
		name, err = o.Ledger.WriteScope(ctx, s)
		if err != nil {
			return "", err
		}
	}
	o.KeepScope(name, s)
	return name, nil
}

// ReadScope reads the scope of a name.
func (o *Objects) ReadScope(ctx context.Context, name string) (*inventory.Scope, error) {
	if s := o.scopes[name]; s != nil {
		return s, nil
	}
	s, err := o.Ledger.ReadScope(ctx, name)
	if err == nil {
		o.KeepScope(name, s)
	}
	return s, err
}

// KeepScope keeps a scope that is known to be stored.
func (o *Objects) KeepScope(name string, s *inventory.Scope) {
	if o.scopes == nil {
		o.scopes = map[string]*inventory.Scope{}
	}
	o.scopes[name] = s
}
