package allowed

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// ErrSkew is returned for a delivery that was made with other types than are loaded here.
var ErrSkew = errors.New("delivery: it was made with other types than are loaded here")

// Types finds the types that a delivery's header names, and makes sure that they are what they were when it was made.
func Types(h *ledger.Header, partitions int, find func(name string) (*inventory.Type, bool)) (map[string]*inventory.Type, error) {
	if p := h.Partition; p < 0 || p >= partitions {
		return nil, fmt.Errorf("delivery: partition %d: the state has %d", p, partitions)
	}
	types := map[string]*inventory.Type{}
	for _, shape := range h.Types {
		t, ok := find(shape.Name)
		if !ok {
			return nil, fmt.Errorf("%w: type %s is not loaded; hand the document in again", ErrSkew, shape.Name)
		}
		if !slices.Equal(t.Attributes, shape.Attributes) {
			return nil, fmt.Errorf("%w: type %s has other attributes; hand the document in again", ErrSkew, shape.Name)
		}
		types[shape.Name] = t
	}
	return types, nil
}
