// Package seal puts a checksum into an object that is stored as JSON, and checks it. It does not know what the object holds.
package seal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/store"
)

// A sealed object ends with the field "sum": the SHA-256 of all that stands before the comma of that field. It is JSON like any other, so that
// a program that does not know the field reads the object's version.
const (
	field    = `,"sum":"`
	end      = "\"}\n"
	sumBytes = 2 * sha256.Size
	sealSize = len(field) + sumBytes + len(end)
)

// Seal puts the checksum into a JSON object that has at least one field, and none called "sum".
func Seal(object []byte) []byte {
	object = bytes.TrimSuffix(object, []byte("}"))
	sum := sha256.Sum256(object)
	object = append(object, field...)
	object = hex.AppendEncode(object, sum[:])
	return append(object, end...)
}

// Put stores a value with its checksum where a condition holds, and returns the object's etag; the condition where it is not stored.
func Put(ctx context.Context, s store.Store, key string, v any, condition string) (etag string, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return condition, fmt.Errorf("ledger: %w", err)
	}
	etag, err = s.Put(ctx, key, Seal(data), condition)
	if err != nil {
		return condition, fmt.Errorf("ledger: writing %s: %w", key, err)
	}
	return etag, nil
}

// Check reports whether an object is sealed, and whether its checksum is right then. One of which the seal itself is damaged does not count as
// sealed: whoever knows that it should be one must refuse it.
func Check(object []byte) (sealed, whole bool) {
	at := len(object) - sealSize
	if at < 0 || string(object[at:at+len(field)]) != field || string(object[len(object)-len(end):]) != end {
		return false, false
	}
	sum := sha256.Sum256(object[:at])
	return true, string(object[at+len(field):len(object)-len(end)]) == hex.EncodeToString(sum[:])
}

// ErrDamaged is returned for an object whose checksum is wrong, or missing.
var ErrDamaged = errors.New("seal: its checksum is wrong")

// Read reads an object into v, and reports whether it has a checksum, which is right then. One of version 3 or later must have it.
func Read(data []byte, v any) (sealed bool, err error) {
	sealed, whole := Check(data)
	if sealed && !whole {
		return true, ErrDamaged
	}
	if err := json.Unmarshal(data, v); err != nil {
		return sealed, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Version returns the version that an object says it has; 0: it says none.
func Version(data []byte) int {
	var of struct {
		Version int `json:"version"`
	}
	_ = json.Unmarshal(data, &of) // one of a newer version may have fields of other kinds
	return of.Version
}
