package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// deadLetters counts the messages in queues of dead letters, and has them go back if that is asked for.
func (s *session) deadLetters(ctx context.Context) error {
	out := newLines(s.out)
	all := 0
	for _, url := range s.options.dead {
		n, err := s.deadQueue(ctx, url)
		if err != nil {
			return errors.Join(err, out.flush())
		}
		if all += n; s.options.json {
			err = out.write(map[string]any{"kind": "dead", "queue": url, "count": n, "again": s.options.again})
		} else {
			_, err = fmt.Fprintf(out.w, "dead      %6d messages in %s%s\n", n, url, againText(s.options.again))
		}
		if err != nil {
			return err
		}
	}
	var err error
	if s.options.json {
		err = out.write(map[string]any{"summary": map[string]int{"dead": all}})
	}
	return errors.Join(err, out.flush())
}

func againText(again bool) string {
	if again {
		return ": they go back to where they came from"
	}
	return ". Again: --again"
}

// deadQueue counts the messages of a queue, and redrives them.
func (s *session) deadQueue(ctx context.Context, url string) (int, error) {
	api, err := s.clients(ctx)
	if err != nil {
		return 0, err
	}
	q, err := signal.NewQueue(api.config, url)
	if err != nil {
		return 0, err
	}
	n, err := q.Waiting(ctx)
	if err != nil || n == 0 || !s.options.again {
		return n, err
	}
	return n, q.Redrive(ctx)
}
