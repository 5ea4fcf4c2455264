package inventory

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
)

// TestSumsAreOfTheWholeForm compares the sums of items of all sizes with those of the canonical form as one piece.
func TestSumsAreOfTheWholeForm(t *testing.T) {
	kind := &Type{Name: "Custom:Thing", SchemaVersion: "1.0", Attributes: []string{"A", "B", "C"}, Volatile: []bool{false, true, false}}
	var rows []Entry
	for n := range 120 {
		form := canonical(kind, rows, []int{0, 1, 2})
		sum := md5.Sum(form)
		lasting := sha256.Sum256(canonical(kind, rows, []int{0, 2}))
		if got, want := kind.Sum(rows), (Sums{hex.EncodeToString(sum[:]), hex.EncodeToString(lasting[:])}); got != want {
			t.Errorf("%d rows of %d bytes: got %v, want %v", len(rows), len(form), got, want)
		}
		rows = append(rows, Entry{strings.Repeat("a", n*n%1500), "b", strings.Repeat("c", n%40)})
	}
}

func canonical(t *Type, rows []Entry, attributes []int) []byte {
	var form []byte
	add := func(text string) { form = append(binary.AppendUvarint(form, uint64(len(text))), text...) }
	add("inventory-item-1")
	add(t.Name)
	add(t.SchemaVersion)
	form = binary.AppendUvarint(form, uint64(len(attributes)))
	for _, i := range attributes {
		add(t.Attributes[i])
	}
	form = binary.AppendUvarint(form, uint64(len(rows)))
	for _, row := range rows {
		for _, i := range attributes {
			add(row[i])
		}
	}
	return form
}
