package session

import "errors"

// How a command ends that is not done, where the output has said it already.
var (
	ErrPartial = errors.New("some records were not put") // everything was done, but not every record was put
	ErrShown   = errors.New("failed")
	ErrStopped = errors.New("stopped") // the process was told to stop
)
