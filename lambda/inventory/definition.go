package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Definition is a hash of all that decides how entries of the type are ordered, keyed, truncated and counted. Equal entries under
// another definition may make another item.
func (t *Type) Definition() string {
	var b strings.Builder
	t.define(&b)
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

func (t *Type) define(b *strings.Builder) {
	fmt.Fprintf(b, "%q %q %q %v %v %v %d %t %v\n",
		t.Name, t.SchemaVersion, t.Attributes, t.lasting(), t.key(), t.Sort, t.maxEntries(), t.Limit.Reject, t.Context)
	if t.Rollup != nil {
		fmt.Fprintf(b, "%d %q ", t.Rollup.Count, t.Rollup.Words)
		t.Rollup.Type.define(b)
	}
}
