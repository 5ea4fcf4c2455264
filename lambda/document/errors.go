package document

import (
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
)

// What a caller may decide on. ErrDenied and ErrNotFound may be a matter of rights or of time, ErrChanged and ErrIncomplete of how the
// document was read; all others are the document's own fault.
var (
	ErrNotFound    = errors.New("it does not exist")
	ErrDenied      = errors.New("access to it is denied")
	ErrChanged     = errors.New("it was changed while it was read")
	ErrCorrupt     = errors.New("the data is broken or cut off")
	ErrManyMembers = errors.New("the zip file has several members, so it cannot be read as one text")
	ErrEncrypted   = fmt.Errorf("%w: the zip file is encrypted: deliver it without a password", ErrCorrupt)
	ErrNested      = fmt.Errorf("%w: a member of a zip file with several is compressed itself: unpack it first", ErrCorrupt)
	ErrNoMembers   = errors.New("the zip file has no member")
	ErrEncoding    = errors.New("the encoding is not supported")
	ErrIncomplete  = errors.New("it was not read to its end")
	errTooDeep     = fmt.Errorf("%w: more than %d layers of compression", ErrCorrupt, maxLayers)
)

// LimitError is returned where a document is over one of the Limits.
type LimitError struct {
	What  limit.Name
	Limit int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("over the limit of %d %s%s", e.Limit, e.What.About(), e.What.Setting())
}
