package receipt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// maxKeyBytes keeps the keys of receipts, with a state's prefix before them, within the 1,024 bytes that a key may have.
const maxKeyBytes = 800

// FailedPrefix begins the IDs of documents that were not taken in.
const FailedPrefix = "failed-"

// FailureID returns an import's ID for a document that was not read to its end, by its name, the key that it came under, the ID of its event and the
// time at which it was written.
func FailureID(name, key, event string, written time.Time) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%s\n%s", name, key, event, written.UTC())))
	return FailedPrefix + hex.EncodeToString(sum[:])[:17]
}

// ValidID reports whether an import's ID is one: it can name no object but the import's own.
func ValidID(id string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
	return id != "" && len(id) <= 128 && id[0] != '.' && id != "latest" && strings.Trim(id, allowed) == ""
}

// importPrefix is that of the keys of all of an import's objects.
func importPrefix(id string) string { return "receipts/" + id + "/" }

// PageKey is the key of the page that people put beside the receipt of an import. No role of the service may write it.
func PageKey(id string) string { return importPrefix(id) + "receipt.html" }

func importKey(id, name string) string { return importPrefix(id) + name + ".json" }

// latestPrefix is that of the receipts of the latest documents.
const latestPrefix = "receipts/latest/"

func partName(partition int) string { return fmt.Sprintf("%04d", partition) }

// latestKey is the key of the receipt of the latest document under a key. No folder's name ends like a receipt's, so that a directory can
// hold them too.
func latestKey(key string) string {
	key = strings.ReplaceAll(strings.ReplaceAll(key, "%", "%25"), ".json/", "%2Ejson/")
	if len(key) > maxKeyBytes {
		sum := sha256.Sum256([]byte(key))
		key = "long/" + hex.EncodeToString(sum[:])
	}
	return latestPrefix + key + ".json"
}
