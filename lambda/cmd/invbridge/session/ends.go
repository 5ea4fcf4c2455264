package session

import (
	"errors"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// How a command ends that is not done, where the output has said it already.
var (
	ErrPartial = errors.New("some records were not put") // everything was done, but not every record was put
	ErrShown   = errors.New("failed")
	ErrStopped = errors.New("stopped") // the process was told to stop
)

// WithHint is the text of an error, with what to do where something in the state is damaged and the error does not say so itself.
func WithHint(err error) string {
	text := err.Error()
	_, isObject := errors.AsType[*ledger.FormatError](err)
	_, isBlock := errors.AsType[*ledger.BlockError](err)
	if (isObject || isBlock) && !strings.Contains(text, "invbridge state ") && !strings.Contains(text, "delete it") {
		text += ": invbridge state check lists what is damaged in the state, and what to do about each"
	}
	return text
}
