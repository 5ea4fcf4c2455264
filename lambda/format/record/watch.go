package record

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// watched calls Input.Watch for a field inside a record: its path from there, and whether anything is read of it.
func (r *reader) watched(name []byte, kind scan.Kind, read bool) {
	if name == nil || kind == scan.Null || len(r.open) == 0 {
		return
	}
	record := r.open[len(r.open)-1].value
	var steps []string
	for i := len(r.frames) - 1; i >= 0 && r.frames[i].value != record; i-- {
		if item := i > 0 && r.frames[i-1].value.Kind == tree.List; !item {
			steps = append([]string{r.frames[i].value.Name()}, steps...)
		}
	}
	r.watch(strings.Join(append(steps, string(name)), "."), read)
}
