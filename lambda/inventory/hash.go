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
func (t *Type) ContentSum(rows []Entry) string {
	var room [smallForm]byte
	form, next := t.appendForm(room[:0], rows, t.all())
	if next == len(rows) {
		sum := md5.Sum(form) //nolint:gosec // see above
		return hex.EncodeToString(sum[:])
	}
	return hashForm(md5.New(), form, rows[next:], t.all()) //nolint:gosec // see above
}

// CompareSum is Sum without the ContentHash.
func (t *Type) CompareSum(rows []Entry) string {
	var room [smallForm]byte
	form, next := t.appendForm(room[:0], rows, t.lasting())
	if next == len(rows) {
		sum := sha256.Sum256(form)
		return hex.EncodeToString(sum[:])
	}
	return hashForm(sha256.New(), form, rows[next:], t.lasting())
}

// A canonical form of formBytes is hashed at once, and one that is longer in pieces of that size. Most items are small.
const (
	formBytes = 1 << 10
	smallForm = formBytes + formBytes/4
)

// appendForm appends the canonical form of rows with some of their attributes, as far as it is small, and returns the row that is next.
func (t *Type) appendForm(b []byte, rows []Entry, attributes []int) (form []byte, next int) {
	for _, s := range [...]string{"inventory-item-1", t.Name, t.SchemaVersion} {
		b = appendText(b, s)
	}
	b = binary.AppendUvarint(b, uint64(len(attributes)))
	for _, i := range attributes {
		b = appendText(b, t.Attributes[i])
	}
	b = binary.AppendUvarint(b, uint64(len(rows)))
	for ; next < len(rows) && len(b) < formBytes; next++ {
		for _, i := range attributes {
			b = appendText(b, rows[next][i])
		}
	}
	return b, next
}

// hashForm hashes a canonical form, of which the rest is made of rows.
func hashForm(h hash.Hash, form []byte, rows []Entry, attributes []int) string {
	buf := append(make([]byte, 0, smallForm), form...)
	for _, row := range rows {
		for _, i := range attributes {
			if len(buf) >= formBytes {
				h.Write(buf)
				buf = buf[:0]
			}
			buf = appendText(buf, row[i])
		}
	}
	h.Write(buf)
	return hex.EncodeToString(h.Sum(nil))
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}
