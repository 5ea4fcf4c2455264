package packed

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What was appended is read again; of fewer bytes something is missing.
func TestWhatWasAppendedIsRead(t *testing.T) {
	b := AppendInts(nil, -1, 1<<40)
	b = AppendUint(b, 300)
	b = AppendText(AppendText(b, "one"), []byte{})
	b = AppendTexts(AppendTexts(b, []string{"a", ""}), nil)
	b = AppendBools(b, true, false)
	read := func(b []byte) (got []any, d Decoder) {
		d = NewDecoder(b)
		return []any{d.Int(), d.Int(), d.Uint(), d.Text(), d.Text(), d.Texts(), d.Texts(), d.Bool(), d.Bool()}, d
	}
	got, d := read(b)
	want := []any{int64(-1), int64(1 << 40), uint64(300), "one", "", []string{"a", ""}, []string(nil), true, false}
	if diff := cmp.Diff(want, got); diff != "" || d.Bad() || d.More() {
		t.Error(diff, d)
	}
	for n := range b {
		if _, d := read(b[:n]); !d.Bad() || d.More() {
			t.Errorf("%d bytes pass for the whole", n)
		}
	}
}

// TestListsArePartsOfOneText: strings of a list are cut out of the text of which they are the end, and of fewer bytes none is read.
func TestListsArePartsOfOneText(t *testing.T) {
	b := AppendTexts(AppendTexts(AppendUint(nil, 7), []string{"a", "", "bcd"}), []string{"e"})
	read := func(b []byte) (got [][]string, d Decoder) {
		d = NewDecoder(b)
		d.Uint()
		whole := d.Rest()
		for range 2 {
			list := make([]string, d.Count())
			d.TextsTo(list, whole)
			got = append(got, list)
		}
		return got, d
	}
	got, d := read(b)
	if diff := cmp.Diff([][]string{{"a", "", "bcd"}, {"e"}}, got); diff != "" || d.Bad() || d.More() {
		t.Error(diff, d)
	}
	for n := range b {
		if _, d := read(b[:n]); !d.Bad() || d.More() {
			t.Errorf("%d bytes pass for the whole", n)
		}
	}
}
