package lanes

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

const (
	asksAtOnce = 32               // lanes whose accounts are asked at once
	askTimeout = 10 * time.Second // for what is asked of one of them about types

	lookTimeout = 30 * time.Second // for what is asked of one of them about nodes
	mostLooks   = 500              // nodes and types of one of them that are asked about ahead
	mostRows    = 50_000           // of all of them that are held
)

// Answer is what an account answers about a type.
type Answer struct {
	Refusal string // why it may not be put; "": it may
	Existed bool   // the account had it before it was put from here
}

// Questions are what accounts are asked before anything is put.
type Questions struct {
	of   map[*Lane]*questions
	rows atomic.Int64 // that were found
}

// questions are those to one account.
type questions struct {
	types []*inventory.Type
	looks []look
}

// look is a node and type of which the service may have rows of others.
type look struct {
	node string
	t    *inventory.Type
	sure bool // it is asked whatever the account has
}

// Add adds what is to be known before a type of a node is put: about the type, and what the node holds where nobody knows. Nothing is asked ahead of
// a lane that puts.
func (q *Questions) Add(l *Lane, node string, t *inventory.Type, mayHold, sure bool) {
	if l.running || l.Stopped() != "" {
		return
	}
	if q.of == nil {
		q.of = map[*Lane]*questions{}
	}
	if q.of[l] == nil {
		q.of[l] = &questions{}
	}
	one := q.of[l]
	if _, known := l.answers[t.Name]; !known && !slices.Contains(one.types, t) {
		one.types = append(one.types, t)
	}
	if mayHold && len(one.looks) < mostLooks {
		one.looks = append(one.looks, look{node, t, sure})
	}
}

// Ask asks all accounts at once: of a lane whose account does not answer no node is claimed.
func (q *Questions) Ask(ctx context.Context, plan bool) error {
	var asking sync.WaitGroup
	var mu sync.Mutex
	var failed error
	turns := make(chan struct{}, asksAtOnce)
	for l, one := range q.of {
		turns <- struct{}{}
		asking.Go(func() {
			defer func() { <-turns }()
			if err := l.ask(ctx, one.types, plan); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, err)
			}
			l.look(ctx, one.looks, &q.rows)
		})
	}
	asking.Wait()
	return failed
}

func (l *Lane) ask(ctx context.Context, types []*inventory.Type, plan bool) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	for _, t := range types {
		if _, err := l.Admit(ctx, t, plan); err != nil {
			if unanswered, ok := errors.AsType[*account.Error](err); ok {
				l.closed = l.Unanswered(unanswered)
				return nil
			}
			return err
		}
	}
	return nil
}

// look asks what nodes hold, as far as there is time and room. What is not asked now, or not answered, is asked when the node is claimed.
func (l *Lane) look(ctx context.Context, looks []look, rows *atomic.Int64) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	for _, one := range looks {
		a := l.answers[one.t.Name]
		if a.Refusal != "" || !a.Existed && !one.sure {
			continue
		}
		if l.Stopped() != "" || rows.Load() >= mostRows {
			return
		}
		found, err := l.Account.Entries(ctx, one.node, one.t)
		if err != nil {
			return
		}
		if l.found == nil {
			l.found = map[[2]string]account.Found{}
		}
		l.found[[2]string{one.node, one.t.Name}] = found
		rows.Add(int64(len(found.Rows)))
	}
}

// Holds returns what a node holds of a type.
func (l *Lane) Holds(ctx context.Context, node string, t *inventory.Type) (account.Found, error) {
	k := [2]string{node, t.Name}
	if found, ok := l.found[k]; ok {
		delete(l.found, k)
		return found, nil
	}
	return l.Account.Entries(ctx, node, t)
}

// Admit returns what the account answers about a type.
func (l *Lane) Admit(ctx context.Context, t *inventory.Type, plan bool) (Answer, error) {
	if a, known := l.answers[t.Name]; known {
		return a, nil
	}
	refusal, existed, err := l.Account.Admit(ctx, t, plan)
	a := Answer{refusal, existed}
	if err == nil && !l.Key.IsOwn() {
		if l.answers == nil {
			l.answers = map[string]Answer{}
		}
		l.answers[t.Name] = a
	}
	return a, err
}
