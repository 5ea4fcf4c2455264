package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// members opens a zip file and gives its members' names and texts in turn.
func members(t testing.TB, data string, l Limits) ([]string, error) {
	t.Helper()
	d, err := Open(t.Context(), inlined(data), l)
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Close() }()
	if d.Archive() == nil {
		return nil, errors.New("no zip file")
	}
	var all []string
	for i, name := range d.Archive().Members() {
		text, err := memberText(d.Archive(), i)
		if err != nil {
			return all, err
		}
		all = append(all, name, text)
	}
	return all, nil
}

func memberText(a *Archive, i int) (string, error) {
	r, err := a.Open(i)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}

func TestArchive(t *testing.T) {
	data := testfiles.Zip(t, "b/", "", "b/2.csv", "x\xe4", "a.json", "\xff\xfe{\x00}\x00", ".DS_Store", "?", "__MACOSX/a", "?", "b/Thumbs.db", "?", "Desktop.ini", "?", `b\c.xml`, "", "././/d", "1", "/e/f", "2")
	want := []string{"b/2.csv", "xä", "a.json", "{}", "b/c.xml", "", "d", "1", "e/f", "2"}
	for name, packed := range map[string]string{"zip": data, "gzip+zip": testfiles.Gzip(t, data), "zip+zip": testfiles.Zip(t, "a.zip", data)} {
		got, err := members(t, packed, Limits{})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(name, err, diff)
		}
	}
}

// A file with several members has no text, and a member can be read twice.
func TestArchiveHasNoText(t *testing.T) {
	d, err := Open(t.Context(), inlined(testfiles.Zip(t, "a", "1", "b", "2")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Head(1); !errors.Is(err, ErrManyMembers) {
		t.Error(err)
	}
	for range 2 {
		if text, err := memberText(d.Archive(), 1); text != "2" || err != nil {
			t.Error(text, err)
		}
	}
	if version, err := d.Version(); version == "" || err != nil {
		t.Error(version, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestArchiveErrors(t *testing.T) {
	zeros := strings.Repeat("\x00", 1<<16)
	two := testfiles.Zip(t, "a", "text one", "b", "text two")
	encrypted := []byte(two)
	central := bytes.Index(encrypted, []byte("PK\x01\x02"))
	encrypted[central+8] |= 1
	grown := []byte(two) // the directory says that a member is larger than it is
	binary.LittleEndian.PutUint32(grown[central+24:], 100)
	overlapping := []byte(two)
	binary.LittleEndian.PutUint32(overlapping[central+20:], uint32(len(two)))
	tests := []struct {
		name, data string
		limits     Limits
		want       error
		limit      limit.Name
	}{
		{"encrypted", string(encrypted), Limits{}, ErrEncrypted, ""},
		{"sizes that lie", string(grown), Limits{}, ErrCorrupt, ""},
		{"members in each other", string(overlapping), Limits{}, ErrCorrupt, ""},
		{"nested", testfiles.Zip(t, "a.zip", two, "b", ""), Limits{}, ErrNested, ""},
		{"compressed member", testfiles.Zip(t, "a.gz", testfiles.Gzip(t, "a"), "b", ""), Limits{}, ErrNested, ""},
		{"cut", two[:len(two)-1], Limits{}, ErrCorrupt, ""},
		{"only hidden", testfiles.Zip(t, ".a", "1", "c/.b", "2"), Limits{}, ErrNoMembers, ""},
		{"members", testfiles.Zip(t, "a", "1", "b", "2", "c", "3"), Limits{Members: 2}, nil, limit.Members},
		{"expanded bytes of all", testfiles.Zip(t, "a", zeros, "b", zeros), Limits{Expanded: 1 << 16}, nil, limit.Expanded},
		{"ratio of all", testfiles.Zip(t, "a", zeros, "b", zeros), Limits{Ratio: 100, RatioFrom: 1 << 16}, nil, limit.Ratio},
	}
	for _, tt := range tests {
		_, err := members(t, tt.data, tt.limits)
		over, _ := errors.AsType[*LimitError](err)
		switch {
		case tt.want != nil && !errors.Is(err, tt.want), tt.limit != "" && (over == nil || over.What != tt.limit):
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// Each changed bit of a file with several members is met, or changes no text.
func TestArchiveChangedBytes(t *testing.T) {
	whole := testfiles.Zip(t, "a", "some text", "b", "some other text")
	want, err := members(t, whole, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		got, err := members(t, flip(whole, i), Limits{})
		for k := 1; k < len(got) && err == nil; k += 2 {
			if len(got) == len(want) && got[k] != want[k] {
				t.Fatalf("byte %d: %q", i, got[k])
			}
		}
	}
}
