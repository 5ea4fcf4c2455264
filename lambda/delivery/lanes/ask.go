package lanes

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

const (
	asksAtOnce = 32               // lanes whose accounts are asked at once
	askTimeout = 10 * time.Second // for what is asked of one of them
)

// Answer is what an account answers about a type.
type Answer struct {
	Refusal string // why it may not be put; "": it may
	Existed bool   // the account had it before it was put from here
}

// Ask asks the accounts of lanes about types that are to be put there, all at once: a lane whose account does not answer is halted.
func Ask(ctx context.Context, wanted map[*Lane][]*inventory.Type, plan bool) error {
	var asking sync.WaitGroup
	var mu sync.Mutex
	var failed error
	turns := make(chan struct{}, asksAtOnce)
	for l, types := range wanted {
		turns <- struct{}{}
		asking.Go(func() {
			defer func() { <-turns }()
			if err := l.ask(ctx, types, plan); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, err)
			}
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

// Asks reports whether the account is to be asked about a type before anything of it is put.
func (l *Lane) Asks(name string) bool {
	_, known := l.answers[name]
	return !known && !l.Key.IsOwn() && l.Stopped() == ""
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
