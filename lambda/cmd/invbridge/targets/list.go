package targets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/listed"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// known is a target as the list shows it: without what only a role's trust is to know.
type known struct {
	Account string    `json:"account"`
	Region  string    `json:"region"`
	Role    string    `json:"role"`
	Nodes   int       `json:"nodes"`                 // when they were listed last
	Listed  time.Time `json:"listed,omitzero"`       // zero: never
	Code    string    `json:"unreachable,omitempty"` // why they could not be listed since
	Down    time.Time `json:"down,omitzero"`         // since when
	Left    time.Time `json:"left,omitzero"`         // when it was no longer in the file, nor in the organization
}

// List shows what the sweep knows of each target, and those of the file that it has not seen yet.
func List(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	store, err := s.Stored(ctx)
	if err != nil {
		return err
	}
	stored, err := listed.In(store).Targets(ctx)
	if err != nil {
		return err
	}
	all := make([]known, 0, len(stored.Targets))
	for _, t := range stored.Targets {
		all = append(all, known{t.Account, t.Region, t.Role, t.Nodes, t.Listed, t.Unreachable, t.Down, t.Left})
	}
	fresh, err := unseen(ctx, s, stored)
	if err != nil {
		return err
	}
	all = append(all, fresh...)
	down := 0
	for _, t := range all {
		if t.Code != "" && t.Left.IsZero() {
			down++
		}
		out.Print(t, t.text())
	}
	out.Summary(map[string]int{"targets": len(all), "unreachable": down})
	if len(all) == 0 {
		out.Text("no account or region is known beside the installation's own: the hourly sweep lists those of the file of targets\n")
	}
	return nil
}

// unseen returns the targets of the file that no sweep has seen yet, without the caller's own account and region where these are known.
func unseen(ctx context.Context, s *session.Session, stored *listed.Targets) ([]known, error) {
	file, err := s.TargetsFile()
	if err != nil || file == nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(file.Targets), func(t target.Target) bool { return stored.Find(t.Key) != nil })
	if len(missing) == 0 {
		return nil, nil
	}
	own, err := s.Own(ctx)
	if err != nil {
		own = target.Key{} // the list needs no service
	}
	var list []known
	for _, t := range missing {
		if t.Key != own {
			list = append(list, known{Account: t.Account, Region: t.Region, Role: t.Role})
		}
	}
	return list, nil
}

func (t known) text() string {
	where := t.Account + "/" + t.Region + ": "
	nodes := "never listed"
	if !t.Listed.IsZero() {
		nodes = output.Plural(t.Nodes, "node") + ", listed " + at(t.Listed)
	}
	switch {
	case !t.Left.IsZero():
		return fmt.Sprintf("%s%s; neither in the file nor in the organization since %s: what its nodes hold stays, and nothing is put there", where, nodes, at(t.Left))
	case t.Code != "":
		return fmt.Sprintf("%s%s; cannot be reached since %s (%s): see invbridge target check", where, nodes, at(t.Down), t.Code)
	}
	return where + nodes
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
