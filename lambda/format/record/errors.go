package record

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// AlternativeError is returned where a document has two of the paths that exclude each other as places of its records.
type AlternativeError struct {
	scan.Place
	Taken, Other string // the paths
}

func (e *AlternativeError) Error() string {
	return fmt.Sprintf("record: %s: records stand at %s, and also at %s: a document may have one of them only; write two blocks to read both",
		e.Place, e.Taken, e.Other)
}

// HeldError is returned where what must be held in memory is over its limit.
type HeldError struct {
	scan.Place
	Limit int // bytes
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("record: %s: a record's own fields, the tables and the facts of the document need more than %d MiB of memory",
		e.Place, e.Limit>>20)
}
