package receipt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// maxKeyBytes keeps the keys of receipts, with a state's prefix before them, within the 1,024 bytes that a key may have.
const maxKeyBytes = 800

// damagedError is returned for a stored receipt that cannot be read.
type damagedError struct {
	key string
	err error
}

func (e *damagedError) Error() string { return fmt.Sprintf("receipt: %s is damaged: %v", e.key, e.err) }

func (e *damagedError) Unwrap() error { return e.err }

func isDamaged(err error) bool {
	_, ok := errors.AsType[*damagedError](err)
	return ok
}

// validID keeps an import's ID from naming any other object.
func validID(id string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
	return id != "" && len(id) <= 128 && id[0] != '.' && id != "latest" && strings.Trim(id, allowed) == ""
}

// importKey is the key of an import's object; with no name, the prefix of all.
func importKey(id, name string) string {
	if name == "" {
		return "receipts/" + id + "/"
	}
	return "receipts/" + id + "/" + name + ".json"
}

func partName(partition int) string { return fmt.Sprintf("%04d", partition) }

// latestKey is the key of the receipt of the latest document under a key. No folder's name ends like a receipt's, so that a directory can
// hold them too.
func latestKey(key string) string {
	key = strings.ReplaceAll(strings.ReplaceAll(key, "%", "%25"), ".json/", "%2Ejson/")
	if len(key) > maxKeyBytes {
		sum := sha256.Sum256([]byte(key))
		key = "long/" + hex.EncodeToString(sum[:])
	}
	return "receipts/latest/" + key + ".json"
}
