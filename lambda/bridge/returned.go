package bridge

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// putState writes an object into the state, whatever was there: the same import writes the same.
func (b *Bridge) putState(ctx context.Context, key string, body []byte) error {
	_, err := b.Ledger.Store().Put(ctx, key, body, ledger.Any)
	return err
}
