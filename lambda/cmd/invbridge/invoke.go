package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
)

// invokeLine is the last line of `invoke --json`: what Lambda would answer, and what became of each message.
type invokeLine struct {
	Messages []bridge.MessageAnswer `json:"messages"`
	Response any                    `json:"response"`
	Error    string                 `json:"error,omitempty"` // the invocation failed: the event would come again
}

func runInvoke(ctx context.Context, s *session, args []string) error {
	if len(args) != 1 {
		return usageError("name one EVENT.json, or - for standard input")
	}
	event, err := s.event(args[0])
	if err != nil {
		return err
	}
	config, done, err := s.withLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	out := newLines(s.out)
	var line invokeLine
	var writeErr error
	config.Answered = func(a bridge.MessageAnswer) { line.Messages = append(line.Messages, a) }
	config.Observe = func(n delivery.NodeResult) {
		if !s.options.json {
			writeErr = errors.Join(writeErr, writeNode(out.w, n))
		}
	}
	response, err := bridge.New(config).Handle(ctx, event)
	line.Response = response
	if err != nil {
		line.Error = err.Error()
	}
	return errors.Join(writeErr, s.invoked(out, line), out.flush(), judgeInvoke(line))
}

func (s *session) event(name string) (json.RawMessage, error) {
	if name == "-" {
		return io.ReadAll(s.in)
	}
	return os.ReadFile(name)
}

// invoked shows what became of an event.
func (s *session) invoked(out *lines, line invokeLine) error {
	if s.options.json {
		if line.Messages == nil {
			line.Messages = []bridge.MessageAnswer{}
		}
		return out.write(line)
	}
	for _, a := range line.Messages {
		if _, err := fmt.Fprintln(out.w, answerText(a)); err != nil {
			return err
		}
	}
	if line.Error != "" && len(line.Messages) == 0 {
		_, err := fmt.Fprintln(out.w, line.Error)
		return err
	}
	response, err := json.Marshal(line.Response)
	if err == nil {
		_, err = fmt.Fprintf(out.w, "response: %s\n", response)
	}
	return err
}

func answerText(a bridge.MessageAnswer) string {
	switch {
	case a.Error != "":
		return fmt.Sprintf("%s: %s: %s", a.Document, a.Class, a.Error)
	case a.Nothing != "":
		return "nothing to do: " + a.Nothing
	default:
		return fmt.Sprintf("%s: mapping %s, %s, %s: %s (import %s)",
			a.Document, a.Mapping, plural(a.Records, "record"), plural(a.Calls, "call"), countsText(*a.Outcomes), a.Import)
	}
}

// judgeInvoke turns what became of the messages into the command's result.
func judgeInvoke(line invokeLine) error {
	result := error(nil)
	if line.Error != "" {
		return errShown
	}
	for _, a := range line.Messages {
		switch {
		case a.Error != "":
			return errShown
		case a.Outcomes != nil && !a.Outcomes.Good():
			result = errPartial
		}
	}
	return result
}
