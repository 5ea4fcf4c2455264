package inventory

import (
	"crypto/md5" //nolint:gosec // the documented ContentHash of the service
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Sums are the hashes of an item's canonical form, in lower-case hex.
//
// The canonical form is: the strings "inventory-item-1", type name and schema version; the number of attributes and their names in order;
// the number of entries; and for each entry its values in that order. A string is its length as unsigned varint and its bytes; a number is an
// unsigned varint. Attributes of the Context are attributes here too. This is part of the state's format.
type Sums struct {
	Content string // MD5, of all attributes: the item's ContentHash
	Compare string // SHA-256, without the volatile attributes: equal where nothing changed
}

// Sum hashes the rows of an item, which are in the type's order.
func (t *Type) Sum(rows []Entry) Sums {
	return Sums{t.ContentSum(rows), t.CompareSum(rows)}
}

// ContentSum is Sum without the CompareSum.
func (t *Type) ContentSum(rows []Entry) string { return t.hash(md5.New(), rows, t.all()) } //nolint:gosec // see above

// CompareSum is Sum without the ContentHash.
func (t *Type) CompareSum(rows []Entry) string { return t.hash(sha256.New(), rows, t.lasting()) }

// hash hashes the canonical form of rows with some of their attributes.
func (t *Type) hash(h hash.Hash, rows []Entry, attributes []int) string {
	const chunk = 1 << 10 // most items are small
	buf := make([]byte, 0, chunk+chunk/4)
	for _, s := range []string{"inventory-item-1", t.Name, t.SchemaVersion} {
		buf = appendText(buf, s)
	}
	buf = binary.AppendUvarint(buf, uint64(len(attributes)))
	for _, i := range attributes {
		buf = appendText(buf, t.Attributes[i])
	}
	buf = binary.AppendUvarint(buf, uint64(len(rows)))
	for _, row := range rows {
		for _, i := range attributes {
			buf = appendText(buf, row[i])
			if len(buf) >= chunk {
				h.Write(buf)
				buf = buf[:0]
			}
		}
	}
	h.Write(buf)
	return hex.EncodeToString(h.Sum(nil))
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}
