// Package meant finds the node that a word of a command line means, and says what there is where it means none or several.
package meant

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// Node returns the node that a word means: its ID, a name or an address. Where several are meant, they are shown; where none is, what waits under that
// name. An ID of a node that is not there now is one all the same. Where the service is not asked, it is the node that documents have named so.
func Node(ctx context.Context, s *session.Session, out *output.Lines, config bridge.Config, unasked bool, word string) (node.Node, error) {
	is := node.Node{ID: word}
	isID := strings.HasPrefix(word, "i-") || strings.HasPrefix(word, "mi-")
	if unasked && isID {
		return known(ctx, config, is)
	}
	nodes, err := directory(ctx, config, unasked)
	if err != nil {
		return is, err
	}
	found, near := lookup.ByName(nodes, word)
	switch {
	case len(found) == 1:
		if !unasked {
			warnOfOthers(s, nodes, found[0])
		}
		return found[0], nil
	case len(found) > 1:
		for _, f := range found {
			line := map[string]string{"node": f.ID, "name": f.ComputerName}
			if !f.Target.IsOwn() {
				line["account"], line["region"] = f.Target.Account, f.Target.Region
			}
			out.Print(line, fmt.Sprintf("%-20s %s %s", f.ID+f.Target.In(), output.Printable(f.ComputerName), f.PingStatus))
		}
		return is, fmt.Errorf("%d nodes have this name: name one by its ID", len(found))
	case isID:
		return gone(ctx, s, config, nodes, is, near)
	}
	parked, err := lookup.ParkedAs(ctx, config.Ledger, word)
	if err != nil {
		return is, err
	}
	ShowParked(out, parked)
	if !unasked {
		if err := wasCalled(ctx, s, config, word); err != nil {
			return is, err
		}
	}
	text := "no managed node is called that"
	if unasked {
		text = "no document has named a node so, and what nodes are called was not asked: name it by its ID"
	}
	if len(near) > 0 {
		text += ", did you mean " + output.Printable(strings.Join(near, " or ")) + "?"
	} else if !unasked {
		text += ": invbridge explain FILE shows which machines a document names, and where they lead"
	}
	return is, errors.New(text)
}

// wasCalled says on which nodes rows lie that documents have stated of a machine that they call so.
func wasCalled(ctx context.Context, s *session.Session, config bridge.Config, word string) error {
	before, err := lookup.Named(ctx, config.Ledger)
	if err != nil {
		return err
	}
	for _, n := range lookup.Called(before, word) {
		fmt.Fprintf(s.Err, "invbridge: documents have called %s%s so: see invbridge node %s\n", n.ID, n.Target.In(), n.ID)
	}
	return nil
}

// warnOfOthers says which other nodes have the name of one.
func warnOfOthers(s *session.Session, nodes *node.Directory, is node.Node) {
	for _, other := range lookup.Called(nodes, is.ComputerName) {
		if other.ID != is.ID || other.Target != is.Target {
			fmt.Fprintf(s.Err, "invbridge: %s%s has this name, too: records that give no more than the name are rejected as ambiguous\n", other.ID, other.Target.In())
		}
	}
}

// gone is a node whose ID no managed node has now. One that the ledger knows was meant: it is said which nodes have its names now.
func gone(ctx context.Context, s *session.Session, config bridge.Config, nodes *node.Directory, is node.Node, near []string) (node.Node, error) {
	h, err := config.Ledger.Load(ctx, config.Ledger.Partition(is.ID))
	if err != nil {
		return is, err
	}
	text := "no managed node has this ID now"
	n := h.Nodes[is.ID]
	switch {
	case n != nil:
		is.Target = n.Target()
		text += ": it was terminated, or is not registered any more"
	case len(near) > 0:
		text += ": did you mean " + strings.Join(near, " or ") + "?"
	}
	fmt.Fprintln(s.Err, "invbridge:", text)
	if n == nil {
		return is, nil
	}
	name := lookup.NameAt(is.ID, n)
	for _, now := range lookup.Called(nodes, name) {
		fmt.Fprintf(s.Err, "invbridge: %s is %s%s now: see invbridge node %s\n", output.Printable(name), now.ID, now.Target.In(), now.ID)
	}
	return is, nil
}

// known is a node with the account and region that the ledger has of it.
func known(ctx context.Context, config bridge.Config, is node.Node) (node.Node, error) {
	h, err := config.Ledger.Load(ctx, config.Ledger.Partition(is.ID))
	if err != nil {
		return is, err
	}
	if n := h.Nodes[is.ID]; n != nil {
		is.Target = n.Target()
	}
	return is, nil
}

// directory is that of the nodes; where the service is not asked, of those that documents have named.
func directory(ctx context.Context, config bridge.Config, unasked bool) (*node.Directory, error) {
	if unasked {
		return lookup.Named(ctx, config.Ledger)
	}
	return bridge.New(config).Directory(ctx)
}

// ShowParked shows what waits for a node.
func ShowParked(out *output.Lines, list []lookup.Parked) {
	for _, p := range list {
		out.Print(p, fmt.Sprintf("parked      %s of source %s as %s (import %s): no managed node was found for them",
			output.Plural(len(p.Records), "record"), output.Printable(p.Source), output.Printable(strings.Join(p.Subject, " ")), p.Import))
	}
}
