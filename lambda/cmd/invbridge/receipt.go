package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/page"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// receiptOptions are the flags of `invbridge receipt`.
type receiptOptions struct {
	html    string
	publish bool
}

func (o *receiptOptions) flags(f *pflag.FlagSet, s *session.Session) {
	stateFlags(f, s)
	htmlFlag(f, &o.html)
	f.BoolVar(&o.publish, "publish", false, "keep what is shown as a page, too, beside the receipt in the state: receipts/IMPORT/receipt.html")
}

func (o *receiptOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	store, err := s.Stored(ctx)
	if err != nil {
		return err
	}
	book := receipt.NewBook(store)
	r, err := wanted(ctx, book, args[0])
	if errors.Is(err, receipt.ErrUnknownImport) {
		return noImport(args[0], ", and no receipt under that key", "")
	}
	if err != nil {
		return err
	}
	if r.RejectedFile != "" {
		mended, err := book.Mended(ctx, r.Import)
		if err != nil {
			return err
		}
		r.MendedBy = mended[r.Import]
	}
	out.Object(r)
	if !s.JSON {
		output.Receipt(out, r, named(ctx, s, r))
	}
	earlier, err := book.Earlier(ctx, r.Import)
	if err != nil {
		return err
	}
	for _, e := range earlier {
		out.Text("earlier   %s: %s\n", output.Stamp(e.Received), output.Counts(e.Counts))
	}
	if o.html == "" && !o.publish {
		return nil
	}
	p := page.OfReceipt(&r, named(ctx, s, r))
	for _, e := range earlier {
		p.Times = append(p.Times, page.Time{At: e.Received, Text: "it was taken in by an earlier run: " + output.Counts(e.Counts)})
	}
	if o.html != "" {
		err = writePage(s, o.html, p.HTML)
	}
	if err == nil && o.publish {
		err = publish(ctx, s, store, r.Import, p)
	}
	return err
}

// publish keeps a page beside the receipt in the state, in place of the one that may be there.
func publish(ctx context.Context, s *session.Session, store ledger.Store, id string, p *page.Page) error {
	data, err := p.HTML(time.Now())
	if err != nil {
		return err
	}
	key := receipt.PageKey(id)
	if _, err := store.Put(ctx, key, data, ledger.Any); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	fmt.Fprintf(s.Err, "invbridge: the page is %s in the state\n", key)
	return nil
}

// noImport is the error for a word that names no import. It says what the word is not either, and where imports are named besides the list.
func noImport(word, nor, see string) error {
	return fmt.Errorf("this state has no import %s, nor one whose ID begins so, from four characters on%s: see %sinvbridge import list", output.Word(word), nor, see)
}

// wanted is the receipt of an import, by its ID or the beginning of that, or the latest of a document, by the key of its object or its name: also of
// one that was not taken in, or is not complete.
func wanted(ctx context.Context, book *receipt.Book, word string) (receipt.Receipt, error) {
	id, err := book.Whole(ctx, word)
	if err == nil {
		return book.Read(ctx, id)
	}
	if !errors.Is(err, receipt.ErrUnknownImport) {
		return receipt.Receipt{}, err
	}
	all, allErr := book.All(ctx)
	if at := slices.IndexFunc(all, func(r receipt.Receipt) bool { return r.Key == word || r.Document == word }); at >= 0 {
		return all[at], nil // they are sorted, the newest first
	}
	if latest, lerr := book.Latest(ctx, word); lerr == nil {
		return latest, nil
	}
	if parts, perr := book.Read(ctx, word); perr == nil { // what was written of it before somebody was killed, or is left of it
		return parts, nil
	}
	return receipt.Receipt{}, cmp.Or(allErr, err)
}

// named is machines, by the state that is at hand.
func named(ctx context.Context, s *session.Session, r receipt.Receipt) map[int]string {
	config, err := s.Look(ctx)
	if err != nil {
		return nil // the receipt is shown without them
	}
	return machines(ctx, config.Ledger, r)
}

// machines returns what the records of a receipt call their machines, by number, as far as the state knows: of those that wait, and of those that
// reached a node. A receipt holds no value from the data.
func machines(ctx context.Context, l *ledger.Ledger, r receipt.Receipt) map[int]string {
	names := map[int]string{}
	waiting, err := lookup.ParkedBy(ctx, l, r.Import)
	if err != nil {
		return names // the receipt is shown without them
	}
	for _, p := range waiting {
		for _, number := range p.Records {
			names[number] = lookup.Name(p.Subject)
		}
	}
	addNodes(ctx, l, r, names)
	return names
}

// addNodes adds the names of the machines that reached a node, until a head cannot be read: the receipt is shown without the others.
func addNodes(ctx context.Context, l *ledger.Ledger, r receipt.Receipt, names map[int]string) {
	heads := map[int]*ledger.Head{}
	for _, d := range r.Details {
		if d.Node == "" {
			continue
		}
		part := l.Partition(d.Node)
		if heads[part] == nil {
			head, err := l.Load(ctx, part)
			if err != nil {
				return
			}
			heads[part] = head
		}
		if name := nameAt(heads[part].Nodes[d.Node], r.Import); name != "" {
			names[d.Number] = name
		}
	}
}

// nameAt is what an import called the machine of a node.
func nameAt(n *ledger.NodeState, id string) string {
	if n == nil {
		return ""
	}
	for _, source := range n.Sources {
		if source.Import == id {
			return lookup.Name(source.Subject)
		}
	}
	return ""
}
