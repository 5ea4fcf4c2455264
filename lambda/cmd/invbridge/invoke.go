package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery"
	"github.com/spf13/cobra"
)

// invokeLine is the last line of `invoke --json`: what Lambda would answer, and what became of each message.
type invokeLine struct {
	Messages []bridge.MessageAnswer `json:"messages"`
	Response any                    `json:"response"`
	Error    string                 `json:"error,omitempty"` // the invocation failed: the event would come again
}

func invokeCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupPut, Use: "invoke EVENT.json",
		Short:   "Hand an event to the same handler that Lambda calls",
		Example: examples("invbridge invoke testevents/s3-sqs.json", "invbridge invoke - --json < event.json"),
		Args:    exactly(1, "name one EVENT.json, or - for standard input"),
		RunE:    func(cmd *cobra.Command, args []string) error { return invoke(cmd.Context(), s, args[0]) },
	}
	putFlags(cmd.Flags(), s)
	return cmd
}

func invoke(ctx context.Context, s *session.Session, name string) error {
	event, err := readEvent(s, name)
	if err != nil {
		return err
	}
	config, done, err := s.WithLedger(ctx)
	if err != nil {
		return err
	}
	defer done()
	out := output.NewLines(s.Out, s.JSON)
	var line invokeLine
	config.Answered = func(a bridge.MessageAnswer) { line.Messages = append(line.Messages, a) }
	config.Observe = func(n delivery.NodeResult) {
		if !s.JSON {
			out.Node(n)
		}
	}
	response, err := bridge.New(config).Handle(ctx, event)
	line.Response = response
	if err != nil {
		line.Error = err.Error()
	}
	writeInvoked(out, line)
	return errors.Join(out.Flush(), judgeInvoke(line))
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
		if line.Messages == nil {
			line.Messages = []bridge.MessageAnswer{}
		}
		out.Object(line)
		return
	}
	for _, a := range line.Messages {
		fmt.Fprintln(out, output.Answer(a))
	}
	if line.Error != "" && len(line.Messages) == 0 {
		fmt.Fprintln(out, line.Error)
		return
	}
	fmt.Fprint(out, "response: ")
	out.Object(line.Response)
}

// judgeInvoke turns what became of the messages into the command's result.
func judgeInvoke(line invokeLine) error {
	if line.Error != "" {
		return errShown
	}
	var result error
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
