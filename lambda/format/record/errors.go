package record

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
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

// HeldError is returned where what must be held in memory is over a limit.
type HeldError struct {
	scan.Place
	Limit int
	Of    limit.Name
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("record: %s: over the limit of %d %s%s", e.Place, e.Limit, e.Of.About(), e.Of.Setting())
}
