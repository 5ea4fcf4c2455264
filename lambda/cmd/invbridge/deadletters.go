package main

import (
	"context"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/signal"
)

// deadLetters counts the messages in queues of dead letters, and moves them back with --again.
func deadLetters(ctx context.Context, s *session.Session, out *output.Lines, o *redriveOptions) error {
	all := 0
	for _, url := range o.dead {
		n, err := deadQueue(ctx, s, url, o.again)
		if err != nil {
			return err
		}
		all += n
		line := map[string]any{"kind": "dead", "queue": url, "count": n, "again": o.again}
		out.Print(line, fmt.Sprintf("dead      %6d messages in %s%s", n, url, againText(o.again)))
	}
	out.Summary(map[string]int{"dead": all})
	return nil
}

func againText(again bool) string {
	if again {
		return ": they are moved back to where they came from"
	}
	return ". Again: --again"
}

// deadQueue counts the messages of a queue, and redrives them.
func deadQueue(ctx context.Context, s *session.Session, url string, again bool) (int, error) {
	api, err := s.Clients(ctx)
	if err != nil {
		return 0, err
	}
	q, err := signal.NewQueue(api.Config, url)
	if err != nil {
		return 0, err
	}
	n, err := q.Waiting(ctx)
	if err != nil || n == 0 || !again {
		return n, err
	}
	return n, q.Redrive(ctx)
}
