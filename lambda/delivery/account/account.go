// Package account knows which inventory types an AWS account has, which of them this installation may put, and what nodes held before
// it put anything. What the account answers about a type is kept in the state. The package does not know what is put, nor why.
package account

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// API are the actions that read. *ssm.Client has them.
type API interface {
	GetInventorySchema(context.Context, *ssm.GetInventorySchemaInput, ...func(*ssm.Options)) (*ssm.GetInventorySchemaOutput, error)
	ListInventoryEntries(context.Context, *ssm.ListInventoryEntriesInput, ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error)
}

// Pace paces calls, and learns what became of them.
type Pace interface {
	Wait(context.Context) error
	Answered(fault.Class)
}

// Account is an account that is put to, in one region. It is safe for use by several goroutines.
type Account struct {
	Target target.Key // which it is
	API    API
	Ledger *ledger.Ledger
	Pace   Pace
	Now    func() time.Time

	mu             sync.Mutex
	known, planned map[string]ledger.KnownType // as they are stored, and as a plan would store them
}

// Admit returns why a type may not be put ("": it may), and whether the account had it before, so that nodes may hold items of it that this
// installation has not put. Before a type, or a version of it, is put for the first time the account is asked. In a plan nothing is stored.
func (a *Account) Admit(ctx context.Context, t *inventory.Type, plan bool) (refusal string, existed bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known := &a.known
	if plan {
		known = &a.planned
	}
	if k, ok := (*known)[t.Name]; ok && k.Schema == t.SchemaVersion {
		return "", k.Existed, nil
	}
	types, err := a.knownTypes(ctx)
	if err != nil {
		return "", false, err
	}
	if k, ok := types.Types[t.Name]; !ok || k.Schema != t.SchemaVersion {
		refusal, err = a.learn(ctx, t, types, plan)
		if refusal != "" || err != nil {
			return refusal, false, err
		}
	}
	*known = types.Types
	return "", types.Types[t.Name].Existed, nil
}

// learn asks the account about a type that is to be put for the first time in this version, and stores the answer.
func (a *Account) learn(ctx context.Context, t *inventory.Type, types *ledger.KnownTypes, plan bool) (refusal string, err error) {
	schemas, err := a.schemas(ctx)
	if err != nil {
		return "", err
	}
	if refusal := refuses(t, schemas, types); refusal != "" {
		return refusal, nil
	}
	for {
		types.Know(t, len(schemas[t.Name]) > 0, a.Now())
		if plan {
			return "", nil
		}
		err := a.Ledger.SaveKnownTypes(ctx, types)
		if !errors.Is(err, ledger.ErrConflict) {
			return "", err
		}
		fresh, err := a.knownTypes(ctx)
		if err != nil {
			return "", err
		}
		*types = *fresh
		if types.Types[t.Name].Schema == t.SchemaVersion {
			return "", nil
		}
	}
}

// knownTypes returns the types that were put from this state. Where that is damaged, none is known: the account is asked about each, as when the
// state was new, and what nodes hold that were never put to is kept.
func (a *Account) knownTypes(ctx context.Context) (*ledger.KnownTypes, error) {
	types, err := a.Ledger.KnownTypes(ctx, a.Target)
	if _, isDamaged := errors.AsType[*ledger.FormatError](err); isDamaged {
		return types, nil
	}
	return types, err
}
