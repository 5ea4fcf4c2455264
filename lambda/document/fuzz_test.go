package document

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// FuzzOpen opens whatever comes: it gives UTF-8 and never more than the limit, whatever is claimed of compression.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		"", "text\xfc", "\xff\xfea\x00", testfiles.Gzip(f, "text"), testfiles.Zstd(f, "text"), testfiles.Zip(f, "a", "text"), testfiles.Zip(f, "a.gz", testfiles.Gzip(f, "text")),
		"<?xml version='1.0' encoding='Shift_JIS'?>\x83\x65", "\x52\x2a\x4d\x18\xff\xff\xff\x7f", "\x7f\xfc\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Expanded: 1 << 20, Compressed: 1 << 20, Ratio: 200, RatioFrom: 100_000}
		text, d, err := readAll(t, inlined(string(data)), limits)
		// A byte of an old encoding, or two of UTF-16, may become three of UTF-8.
		if most := 3 * limits.Expanded; len(text) > most {
			t.Fatalf("%d bytes", len(text))
		}
		if err == nil && d.Compression == "" && len(text)+d.Controls() < len(data)/4 {
			t.Fatal("bytes are lost")
		}
		if !utf8.ValidString(text) {
			t.Fatalf("not UTF-8: %q", text)
		}
	})
}

// FuzzArchive reads all members of whatever comes: valid UTF-8, and never more than the limit.
func FuzzArchive(f *testing.F) {
	for _, seed := range []string{testfiles.Zip(f, "a", "text", "b/c.csv", "text\xfc"), testfiles.Zip(f, "a", "", "b", ""), testfiles.Gzip(f, testfiles.Zip(f, "a", "1", "b", "2"))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Expanded: 1 << 20, Compressed: 1 << 20, Ratio: 200, RatioFrom: 100_000, Members: 100}
		all, _ := members(t, string(data), limits)
		size := 0
		for i, text := range all {
			if !utf8.ValidString(text) {
				t.Fatalf("not UTF-8: %q", text)
			}
			size += len(text) * (i % 2)
		}
		if most := 3 * limits.Expanded; size > most {
			t.Fatalf("%d bytes", size)
		}
	})
}

// FuzzText compares the decoder with a plain one that has everything in memory.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"abc", "ä\xfcö", "\xfcä", "\xc3", "ä\xe2\x82", "\xe2\x82", "a\x00b\x1b\x7f\x0c", "a\x00\x00b\x00", "\x01\xfc\x02ä\x00", "a\x0b\x0cb \x0c\xfc\x0c"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want := plainly(data)
		for _, r := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data))} {
			got, err := io.ReadAll(newUTF8(r, new(int)))
			if err != nil || string(got) != want {
				t.Fatalf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}

func plainly(data []byte) string {
	var out []byte
	multi, legacy, before := false, false, byte(0)
	for len(data) > 0 {
		if data[0] < ' ' && !strings.ContainsRune("\t\r\n\x00", rune(data[0])) {
			if (data[0] == '\v' || data[0] == '\f') && before > ' ' {
				out, before = append(out, ' '), ' '
			}
			data = data[1:]
			continue
		}
		before = data[0]
		r, size := utf8.DecodeRune(data)
		if !legacy && (r != utf8.RuneError || size > 1) {
			multi = multi || size > 1
			out = append(out, data[:size]...)
			data = data[size:]
			continue
		}
		legacy = legacy || !multi
		out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(data[0]))
		data = data[1:]
	}
	return string(out)
}

func BenchmarkText(b *testing.B) {
	for name, text := range map[string]string{"ASCII": "some words of text\n", "UTF-8": "viele Wörter über Äpfel\n", "Windows-1252": "viele W\xf6rter \xfcber \xc4pfel\n"} {
		data := bytes.Repeat([]byte(text), 100_000)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := io.Copy(io.Discard, newUTF8(bytes.NewReader(data), new(int))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
