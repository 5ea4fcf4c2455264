package bridge

import (
	"context"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
	"github.com/inventory-bridge/inventory-bridge/lambda/target/assume"
)

// Unreachable is an account and region whose nodes could not be listed.
type Unreachable struct {
	target.Key
	Why   string    `json:"why"` // the service's code
	Since time.Time `json:"since"`
}

// Serve has the bridge serve the accounts and regions of a file beside its own, each with the role that it has there.
func (c *Config) Serve(own target.Key, file *target.File, roles *assume.Roles) {
	c.Account, c.Targets = own.Account, target.NewSet(own, file.Targets)
	c.Reach = func(t target.Target) SSM { return roles.Client(t) }
	if file.Organization != nil {
		c.FindTargets = func(ctx context.Context) ([]target.Target, error) { return roles.Find(ctx, file) }
	}
}

// refresh lists the nodes of all accounts and regions, for all who need them until the next sweep.
func (s *sweep) refresh(ctx context.Context) error {
	if s.b.Targets == nil || s.b.Nodes != nil {
		return nil
	}
	states, notes, err := s.b.reach.Refresh(ctx, s.b.needs(), func() bool { return noTimeLeft(ctx) })
	for _, text := range notes {
		s.Notes = receipt.AddNotes(s.Notes, []receipt.Note{{Text: text, Count: 1}})
	}
	for _, t := range states {
		switch {
		case !t.Left.IsZero():
			continue
		case t.Unreachable != "":
			s.Unreachable = append(s.Unreachable, Unreachable{t.Key, t.Unreachable, t.Down})
		}
		s.Targets++
	}
	s.b.forget()
	return err
}

// forget has the directory read anew when it is needed.
func (b *Bridge) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = b.Nodes
}

// placed says of a machine that it is in the account and region of its node, where there are several: another one may have its names, too.
func (b *Bridge) placed(s *node.Subject, of target.Key) {
	if b.Targets == nil {
		return
	}
	if of.IsOwn() {
		of = b.Targets.Own()
	}
	s.Account, s.Region, s.Stated = of.Account, of.Region, !of.IsOwn()
}
