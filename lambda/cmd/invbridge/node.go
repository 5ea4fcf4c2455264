package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/holding"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/life"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/lookup"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/meant"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/planned"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// nodeOptions are the flags of `invbridge node`.
type nodeOptions struct {
	entries, repair bool
	html            string
}

func (o *nodeOptions) flags(f *pflag.FlagSet, s *session.Session) {
	mappingFlags(f, s)
	ledgerFlags(f, s)
	rateFlag(f, s)
	f.BoolVar(&o.entries, "entries", false, "show the rows that each source states, with the import that they came from")
	f.BoolVar(&o.repair, "repair", false, "put again, in full, the types of which the service holds something else")
	htmlFlag(f, &o.html)
}

// shownNode is what is known of the node at hand.
type shownNode struct {
	node.Node
	s       *session.Session
	out     *output.Lines
	config  bridge.Config
	unasked bool // the service is not asked
	head    *ledger.Head
	known   *ledger.NodeState // nil: the ledger does not know the node
}

func (o *nodeOptions) run(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	config, unasked, err := s.LedgerOrLook(ctx)
	if err != nil {
		return err
	}
	n := &shownNode{s: s, out: out, config: config, unasked: unasked != nil}
	if unasked != nil && o.repair {
		return fmt.Errorf("nothing was repaired: the service cannot be asked: %w", unasked)
	}
	if unasked != nil {
		fmt.Fprintf(s.Err, "invbridge: this is what the ledger holds; the service was not asked: %v\n", unasked)
	}
	n.Node, err = meant.Node(ctx, s, out, config, n.unasked, args[0])
	if err != nil {
		return err
	}
	n.head, err = config.Ledger.Load(ctx, config.Ledger.Partition(n.ID))
	if err != nil {
		return err
	}
	n.known = n.head.Nodes[n.ID]
	if n.known != nil {
		n.Target = n.known.Target() // it is put to there, whatever the directory has now
	}
	list, err := n.held(ctx)
	if err != nil {
		return err
	}
	differ, err := n.show(ctx, list, o.entries)
	if err != nil {
		return err
	}
	if o.html != "" {
		if err := n.writePage(ctx, list, o.html); err != nil {
			return err
		}
	}
	if o.repair && len(differ) > 0 {
		return sweep(ctx, s, out, func(b *bridge.Bridge) (bridge.SweepResult, error) { return b.Repair(ctx, n.ID, differ...) })
	}
	return nil
}

// held compares ledger and service; where the service is not asked, it returns what the ledger holds.
func (n *shownNode) held(ctx context.Context) ([]holding.Line, error) {
	if n.unasked {
		return holding.Known(n.ID, n.known), nil
	}
	api, err := n.service()
	if err != nil {
		return nil, err
	}
	list, err := holding.Compare(ctx, api, n.ID, n.known)
	if errors.Is(err, holding.ErrNoNode) { // it is terminated, or was deregistered: what the ledger holds is all there is
		n.unasked = true
		return holding.Known(n.ID, n.known), nil
	}
	return list, err
}

// service is where the node is, in its account and region.
func (n *shownNode) service() (bridge.SSM, error) {
	if n.Target.IsOwn() {
		return n.config.SSM, nil
	}
	t, ok := n.config.Targets.Find(n.Target)
	if !ok || n.config.Reach == nil {
		return nil, fmt.Errorf("the node is%s, which is not among the targets: name their file with --targets", n.Target.In())
	}
	return n.config.Reach(t), nil
}

// show shows the node, and returns the types of which the service holds something else than was put.
func (n *shownNode) show(ctx context.Context, list []holding.Line, entries bool) (differ []string, err error) {
	switch {
	case n.ComputerName != "":
		n.out.Text("%s (%s)%s %s\n", output.Printable(n.ComputerName), n.ID, n.Target.In(), n.PingStatus)
	case !n.Target.IsOwn():
		n.out.Text("%s%s\n", n.ID, n.Target.In())
	}
	for i := range list {
		if err := n.fill(ctx, &list[i], entries); err != nil {
			return nil, err
		}
		if list[i].Differ != "" {
			differ = append(differ, list[i].Type)
		}
		writeHeld(n.out, list[i])
	}
	if err := n.why(ctx, list); err != nil {
		return nil, err
	}
	sum := nodeSummary{Node: n.ID, Types: len(list), Differ: len(differ), Known: n.known != nil, Account: n.Target.Account, Region: n.Target.Region}
	if n.known != nil {
		sum.Numbers = n.known.Numbers
	}
	sum.writeNumbers(n.out)
	n.out.Summary(sum)
	return differ, nil
}

// fill adds rows to a type: those of its sources, and those by which the service differs.
func (n *shownNode) fill(ctx context.Context, l *holding.Line, entries bool) (err error) {
	t, ok := n.config.Mappings.Type(l.Type)
	if !ok && entries {
		fmt.Fprintf(n.s.Err, "invbridge: the rows of %s are not shown: the type is not loaded here: name your mappings with --mappings\n", l.Type)
	}
	if !ok && l.Open != "" {
		l.Open += ": its type is not loaded here: name your mappings with --mappings"
	}
	if !ok || n.known == nil {
		return nil
	}
	if entries {
		l.Entries, err = holding.Entries(ctx, n.config.Ledger, n.head, n.known, t.Inventory)
		if err != nil {
			return err
		}
	}
	if l.Differ == "" || n.unasked {
		return nil
	}
	api, err := n.service()
	if err != nil {
		return err
	}
	there, err := holding.Get(ctx, api, n.ID, l.Type)
	if err != nil {
		return fmt.Errorf("asking the service for %s: %w", l.Type, err)
	}
	l.Drift, err = holding.Drift(ctx, n.config.Ledger, n.head, n.known, t.Inventory, there)
	return err
}

// why says why the node holds nothing, or no longer what a source stated.
func (n *shownNode) why(ctx context.Context, list []holding.Line) error {
	if n.known != nil {
		for _, source := range slices.Sorted(maps.Keys(n.known.Sources)) {
			if text := whyGone(n.known.Sources[source]); text != "" {
				n.out.Print(map[string]string{"source": source, "why": text}, fmt.Sprintf("source %s: %s", output.Printable(source), text))
			}
		}
		for _, source := range slices.Sorted(maps.Keys(n.known.Removed)) {
			if text := whyRemoved(n.known.Removed[source]); n.known.Sources[source] == nil {
				n.out.Print(map[string]string{"source": source, "why": text}, fmt.Sprintf("source %s: %s", output.Printable(source), text))
			}
		}
		if !n.known.Gone.IsZero() {
			n.out.Text("the service has not known this node since %s: nothing is put to it\n", output.Stamp(n.known.Gone))
		}
	}
	parked, err := lookup.ParkedAs(ctx, n.config.Ledger, lookup.NamesOf(n.Node)...)
	if err != nil {
		return err
	}
	meant.ShowParked(n.out, parked)
	if err := n.misplaced(ctx); err != nil {
		return err
	}
	if len(list) > 0 {
		return nil
	}
	return n.whyEmpty(ctx)
}

// misplaced says which rows are of machines that do not lead to the node any more. All heads are read for it, so it is asked only where a source
// calls the machine otherwise than the node is called.
func (n *shownNode) misplaced(ctx context.Context) error {
	if n.unasked || n.known == nil || n.ComputerName == "" || !n.isCalledOtherwise() {
		return nil
	}
	list, err := bridge.New(n.config).Misplaced(ctx)
	for _, m := range list {
		if m.Node == n.ID {
			n.out.Print(m, output.Misplaced(m))
		}
	}
	return err
}

func (n *shownNode) isCalledOtherwise() bool {
	for _, source := range n.known.Sources {
		own := lookup.Name(source.Subject)
		if own != "" && !slices.ContainsFunc(source.Subject, func(id string) bool { return lookup.IsOne(id, lookup.NamesOf(n.Node)...) }) {
			return true
		}
	}
	return false
}

// whyEmpty says why nothing was ever put to the node: its records were not, or it was not named.
func (n *shownNode) whyEmpty(ctx context.Context) error {
	receipts, err := receipt.NewBook(n.config.Ledger.Store()).All(ctx)
	if err != nil {
		return err
	}
	said := life.Of(receipts, n.ID)
	said.Name(said.Events)
	for i := range said.Events {
		said.Events[i].Write(n.out)
	}
	switch {
	case len(said.Events) > 0:
		n.out.Text("%s holds nothing of ours: no record about it was put\n", n.ID)
	case n.known != nil && len(n.known.Sources)+len(n.known.Removed) > 0:
		n.out.Text("%s holds nothing of ours: the sources that have named it state no rows of it\n", n.ID)
	default:
		n.out.Text("%s holds nothing of ours, and no import has named it: explain a file to see where its records lead\n", n.ID)
	}
	return nil
}

// whyGone is what became of what a source stated; "": it stands.
func whyGone(s *ledger.Source) string {
	switch {
	case !s.Cleared.IsZero() && s.ClearedBy != "":
		return fmt.Sprintf("its rows were cleared as absent on %s: import %s no longer named the node", output.Stamp(s.Cleared), s.ClearedBy)
	case !s.Cleared.IsZero():
		return fmt.Sprintf("its rows were cleared on %s, since it no longer named the node", output.Stamp(s.Cleared))
	case s.Missing != nil:
		return fmt.Sprintf("import %s does not name the node; its rows stay until that is confirmed (invbridge redrive --confirm-absent %s)", s.Missing.Import, s.Missing.Import)
	}
	return ""
}

// whyRemoved is how a source came to be removed.
func whyRemoved(r ledger.Removal) string {
	if r.Expired {
		return fmt.Sprintf("its rows expired on %s: it had not stated them again for as long as its mapping allows", output.Stamp(r.At))
	}
	return fmt.Sprintf("its rows were removed by `source remove` on %s", output.Stamp(r.At))
}

// nodeSummary is the last line of `node --json`.
type nodeSummary struct {
	Account string                     `json:"account,omitempty"` // of the node; "": that of the installation
	Region  string                     `json:"region,omitempty"`
	Differ  int                        `json:"differ"`
	Known   bool                       `json:"known"`
	Node    string                     `json:"node"`
	Numbers map[string][]ledger.Number `json:"numbers,omitempty"` // by family: the machine's numbers in its sources
	Types   int                        `json:"types"`
}

func (n *nodeSummary) writeNumbers(out *output.Lines) {
	for _, family := range slices.Sorted(maps.Keys(n.Numbers)) {
		for _, k := range n.Numbers[family] {
			out.Text("number %s of %s, tied to the node by %s on %s\n", output.Printable(k.Key), family, k.By, k.At.Format(time.DateOnly))
		}
	}
}

func writeHeld(out *output.Lines, l holding.Line) {
	out.Object(l)
	out.Text("%s\n", l.Type)
	if l.Ledger != nil {
		out.Text("  put         %s, captured %s, accepted %s\n", output.Entries(l.Ledger.Entries), output.Stamp(l.Ledger.Captured), output.Stamp(l.Ledger.At))
	}
	if l.Service != nil {
		out.Text("  service     %s, captured %s\n", output.Entries(l.Service.Entries), l.Service.Captured)
	}
	for _, src := range l.Sources {
		origin := "import " + src.Import
		if src.Import == "" {
			origin = "the node held them before anything was put"
		}
		out.Text("  from        %s: %s, captured %s (%s)\n", src.Source, output.Entries(src.Entries), output.Stamp(src.Captured), origin)
		writeEntries(out, l.Entries, src.Source)
	}
	if l.Open != "" {
		again := "invbridge sweep tries again"
		if !strings.HasPrefix(l.Open, "not put yet") {
			again = "a sweep tries again after a day"
		}
		out.Text("  open        %s (%s)\n", l.Open, again)
	}
	if l.Differ == "" {
		return
	}
	out.Text("  DIFFERS     %s\n", l.Differ)
	if len(l.Drift) > 0 {
		out.Text("  the service's rows, against those of our sources (--repair puts these again):\n")
	}
	for i := range l.Drift {
		if !out.JSON {
			planned.WriteRow(out, &l.Drift[i])
		}
	}
}

// writeEntries shows the rows of a source.
func writeEntries(out *output.Lines, entries []holding.Entry, source string) {
	for _, e := range entries {
		if e.Source != source {
			continue
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(e.Values)) {
			parts = append(parts, name+"="+planned.Shown(e.Values[name]))
		}
		out.Text("      %s\n", strings.Join(parts, "  "))
	}
}
