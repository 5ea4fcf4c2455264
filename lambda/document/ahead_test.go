package document

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// TestAheadConsumesNothing reads ahead, as far as it happens to, and then the document, which is whole.
func TestAheadConsumesNothing(t *testing.T) {
	long := randomText(3 << 20)
	for _, tt := range []struct{ name, text, source string }{
		{"long", long, long},
		{"compressed", long, testfiles.Gzip(t, long)},
		{"one member", long, testfiles.Zip(t, "a.json", long)},
		{"a head only", long[:1<<20], long[:1<<20]},
		{"short", "{}", "{}"},
		{"empty", "", ""},
	} {
		for _, n := range []int64{0, 1, 1 << 20, 1<<20 + 1, 2<<20 + 77, 4 << 20} {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			d, err := Open(t.Context(), inlined(tt.source), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := d.Head(1 << 20); err != nil {
				t.Fatal(err)
			}
			ahead, err := io.ReadAll(io.LimitReader(d.Ahead(), n))
			if err != nil || string(ahead) != tt.text[:min(int(n), len(tt.text))] {
				t.Errorf("%s: %d bytes ahead of %d: %v", tt.name, len(ahead), n, err)
			}
			text, err := io.ReadAll(d)
			if err != nil || string(text) != tt.text {
				t.Errorf("%s, %d ahead: %d bytes of %d, %v", tt.name, n, len(text), len(tt.text), err)
			}
			if _, err := d.Version(); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("%s: files are left: %v, %v", tt.name, left, err)
			}
		}
	}
}

// TestAheadOfABrokenDocument meets the same error ahead and when the document is read.
func TestAheadOfABrokenDocument(t *testing.T) {
	packed := testfiles.Gzip(t, randomText(3<<20))
	for _, tt := range []struct {
		name   string
		source string
		limits Limits
		want   func(error) bool
	}{
		{"cut", packed[:len(packed)-9], Limits{}, func(err error) bool { return errors.Is(err, ErrCorrupt) }},
		{"over a limit", packed, Limits{Expanded: 2 << 20}, func(err error) bool { _, ok := errors.AsType[*LimitError](err); return ok }},
	} {
		d, err := Open(t.Context(), inlined(tt.source), tt.limits)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Head(1 << 20); err != nil {
			t.Fatal(err)
		}
		ahead, err := io.ReadAll(d.Ahead())
		if !tt.want(err) {
			t.Errorf("%s, ahead: %v", tt.name, err)
		}
		text, err := io.ReadAll(d)
		if !tt.want(err) || !bytes.Equal(text, ahead) {
			t.Errorf("%s: %d bytes, %d ahead, %v", tt.name, len(text), len(ahead), err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// randomText is text that does not compress to nothing.
func randomText(size int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < size {
		b.WriteByte(byte('a' + random.IntN(26)))
	}
	return b.String()
}
