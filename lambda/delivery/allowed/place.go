package allowed

import (
	"fmt"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// Staged is where a delivery lies in the state.
type Staged struct {
	Import    string
	Partition int
}

// Key is that of the delivery in the state.
func (s Staged) Key() string { return fmt.Sprintf("staging/%s/%d", s.Import, s.Partition) }

var stagedKey = regular.Expression(`^staging/([^/]+)/(0|[1-9][0-9]{0,8})$`)

// StagedAt returns which delivery lies under a key of the state; ErrNotBelieved where that is no key of one.
func StagedAt(key string) (Staged, error) {
	found := stagedKey().FindStringSubmatch(key)
	if len(found) == 0 || !receipt.ValidID(found[1]) {
		return Staged{}, notBelieved("its pointer does not name one under staging/ of this installation's state")
	}
	partition, err := strconv.Atoi(found[2])
	return Staged{found[1], partition}, err
}

// Header returns ErrNotBelieved for the header of a staged delivery that is another one's than its key says.
func (s Staged) Header(h *ledger.Header) error {
	switch {
	case h.Import != s.Import || h.Partition != s.Partition:
		return notBelieved("it is of another import or partition than its key")
	case h.Found:
		return notBelieved("it says that it was parked")
	case undo.IsRollback(h.Import):
		return notBelieved("it says that it rolls an import back, which a person does")
	}
	return nil
}

// Parked returns ErrNotBelieved for the header of a parked object that lies under another source or import than its own.
func (r *Rules) Parked(k ledger.ParkedKey, h *ledger.Header) error {
	switch {
	case h.Import != k.Import:
		return notBelieved("it is of another import than its key")
	case !Owns(h.Mapping, k.Source):
		return notBelieved("it lies under another mapping's source")
	case r.Ahead(h.Received):
		return notBelieved("it was received in the future, by its own account")
	}
	return nil
}
