package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/differ"
)

// invokeLine is the last line of `invoke --json`: what Lambda would answer, and what became of each message.
type invokeLine struct {
	Messages []bridge.MessageAnswer `json:"messages"`
	Response any                    `json:"response"`
	Error    string                 `json:"error,omitempty"` // the invocation failed: the event would come again
}

func invoke(ctx context.Context, s *session.Session, out *output.Lines, args []string) error {
	event, err := readEvent(s, args[0])
	if err != nil {
		return err
	}
	config, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	line := invokeLine{Messages: []bridge.MessageAnswer{}}
	config.Answered = func(a bridge.MessageAnswer) { line.Messages = append(line.Messages, a) }
	config.Observe = func(n differ.Node) {
		if !s.JSON {
			out.Node(n)
		}
	}
	line.Response, err = bridge.New(config).Handle(ctx, event)
	if err != nil {
		line.Error = err.Error()
	}
	writeInvoked(out, line)
	return judgeInvoke(line)
}

func readEvent(s *session.Session, name string) (json.RawMessage, error) {
	if name == "-" {
		return io.ReadAll(s.In)
	}
	return os.ReadFile(name)
}

// writeInvoked shows what became of an event.
func writeInvoked(out *output.Lines, line invokeLine) {
	if out.JSON {
		out.Object(line)
		return
	}
	for _, a := range line.Messages {
		if a.Swept != nil && a.Error == "" {
			writeSwept(out, *a.Swept)
			continue
		}
		fmt.Fprintln(out, output.Answer(a))
	}
	if line.Error != "" && len(line.Messages) == 0 {
		fmt.Fprintln(out, line.Error)
		return
	}
	fmt.Fprint(out, "response: ")
	out.Value(line.Response)
}

// judgeInvoke turns what became of the messages into the command's result.
func judgeInvoke(line invokeLine) error {
	if line.Error != "" {
		return session.ErrShown
	}
	var result error
	for _, a := range line.Messages {
		switch {
		case a.Error != "":
			return session.ErrShown
		case a.Outcomes != nil && !a.Outcomes.Good():
			result = session.ErrPartial
		}
	}
	return result
}
