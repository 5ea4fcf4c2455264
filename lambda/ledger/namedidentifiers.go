package ledger

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/named"
)

// NamedIdentifiers are those of all machines that a document names, whether or not a node was found for them.
type NamedIdentifiers = named.Identifiers

// namedIdentifiersKey is where those of an import's document are staged.
func namedIdentifiersKey(id string) string { return "staging/" + id + "/named" }

// WriteNamedIdentifiers stages those of an import's document for the deliveries of its partitions.
func (l *Ledger) WriteNamedIdentifiers(ctx context.Context, id string, n *NamedIdentifiers) error {
	if _, err := l.store.Put(ctx, namedIdentifiersKey(id), n.Encode(), Any); err != nil {
		return fmt.Errorf("ledger: staging the named identifiers of import %s: %w", id, err)
	}
	return nil
}

// ReadNamedIdentifiers reads what WriteNamedIdentifiers staged.
func (l *Ledger) ReadNamedIdentifiers(ctx context.Context, id string) (*NamedIdentifiers, error) {
	data, _, err := l.store.Get(ctx, namedIdentifiersKey(id))
	if err != nil {
		return nil, fmt.Errorf("ledger: reading the named identifiers of import %s: %w", id, err)
	}
	n, ok := named.Decode(data)
	if !ok {
		return nil, &FormatError{namedIdentifiersKey(id), "it is damaged, or of another version of this program"}
	}
	return n, nil
}
