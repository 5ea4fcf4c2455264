package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
)

// writePage writes a page into a file that only its owner can read: it holds what uploads held.
func writePage(s *session.Session, file string, html func(time.Time) ([]byte, error)) error {
	data, err := html(time.Now())
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	fmt.Fprintf(s.Err, "invbridge: the page is in %s: open it in a browser\n", file)
	return nil
}

// writePage writes the page of the node, with the rows of all its types.
func (n *shownNode) writePage(ctx context.Context, list []holding.Line, file string) error {
	p := page.Node{ID: n.ID, Name: n.ComputerName, Target: n.Target, State: n.PingStatus, Lines: list, Known: n.known, Why: map[string]string{}}
	for i := range list {
		t, isLoaded := n.config.Mappings.Type(list[i].Type)
		if !isLoaded || n.known == nil || list[i].Entries != nil {
			continue
		}
		var err error
		list[i].Entries, err = holding.Entries(ctx, n.config.Ledger, n.head, n.known, t.Inventory)
		if err != nil {
			return err
		}
	}
	if n.known != nil {
		for source, state := range n.known.Sources {
			if why := whyGone(state); why != "" {
				p.Why[source] = why
			}
		}
	}
	var err error
	p.Parked, err = lookup.ParkedAs(ctx, n.config.Ledger, lookup.NamesOf(n.Node)...)
	if err != nil {
		return err
	}
	return writePage(n.s, file, p.HTML)
}
