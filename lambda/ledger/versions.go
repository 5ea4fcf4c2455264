package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// ErrNoVersions is returned where a store keeps nothing but what is stored now.
var ErrNoVersions = errors.New("the state is in a directory, which keeps no older versions")

// Versions yields the heads of a partition that the store has kept, the newest first; nil in place of one that cannot be read. An error is the last
// thing yielded; where the store keeps no versions, it is ErrNoVersions.
func (l *Ledger) Versions(ctx context.Context, partition int) iter.Seq2[*Head, error] {
	return func(yield func(*Head, error) bool) {
		history, ok := l.store.(store.History)
		if !ok {
			yield(nil, ErrNoVersions)
			return
		}
		for data, err := range history.Versions(ctx, headKey(partition)) {
			if err != nil {
				yield(nil, fmt.Errorf("ledger: %w", err))
				return
			}
			h, err := decodeHead(data, l.zip)
			if err != nil || h.Partition != partition {
				h = nil
			}
			if !yield(h, nil) {
				return
			}
		}
	}
}
