package document

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/limit"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// readAll opens a source and reads it to its end.
func readAll(t testing.TB, s Source, l Limits) (string, *Document, error) {
	d, err := Open(t.Context(), s, l)
	if err != nil {
		return "", nil, err
	}
	text, err := io.ReadAll(d)
	if closed := d.Close(); closed != nil {
		t.Fatal(closed)
	}
	return string(text), d, err
}

func inlined(data string) Source { return Inline("inline", []byte(data), time.Unix(1, 0)) }

func TestOpen(t *testing.T) {
	tests := []struct{ name, in, want, compression, encoding string }{
		{"empty", "", "", "", "utf-8"},
		{"text", "a,ü\n", "a,ü\n", "", "utf-8"},
		{"short", "a", "a", "", "utf-8"},
		{"gzip", testfiles.Gzip(t, "text"), "text", "gzip", "utf-8"},
		{"gzip of nothing", testfiles.Gzip(t, ""), "", "gzip", "utf-8"},
		{"gzip in two parts", testfiles.Gzip(t, "te") + testfiles.Gzip(t, "xt"), "text", "gzip", "utf-8"},
		{"zstd", testfiles.Zstd(t, "text"), "text", "zstd", "utf-8"},
		{"zstd in two parts", "\x52\x2a\x4d\x18\x01\x00\x00\x00x" + testfiles.Zstd(t, "te") + testfiles.Zstd(t, "xt"), "text", "zstd", "utf-8"},
		{"zip", testfiles.Zip(t, "dir/", "", "dir/a.csv", "text", "__MACOSX/a.csv", "x", "dir/.DS_Store", "y"), "text", "zip", "utf-8"},
		{"zip with gzip", testfiles.Zip(t, "a.gz", testfiles.Gzip(t, "text")), "text", "zip+gzip", "utf-8"},
		{"gzip with zip", testfiles.Gzip(t, testfiles.Zip(t, "a", "text")), "text", "gzip+zip", "utf-8"},
		{"UTF-8 with a mark", "\xef\xbb\xbfü", "ü", "", "utf-8"},
		{"UTF-16", "\xff\xfea\x00\xfc\x00\x3d\xd8\x00\xde", "aü😀", "", "utf-16le"},
		{"UTF-16, big end first", "\xfe\xff\x00a\x00\xfc\xd8\x3d\xde\x00", "aü😀", "", "utf-16be"},
		{"UTF-16 with half a pair", "\xff\xfe\x3d\xd8a\x00\x00\xde", "\ufffda\ufffd", "", "utf-16le"},
		{"UTF-16 that ends in half a pair", "\xff\xfea\x00\x3d\xd8", "a\ufffd", "", "utf-16le"},
		{"UTF-16 without a mark", "<\x00?\x00x\x00", "<?x", "", "utf-16le"},
		{"UTF-16 without a mark, big end first", "\x00<\x00?\x00x", "<?x", "", "utf-16be"},
		{"gzip with UTF-16", testfiles.Gzip(t, "\xff\xfea\x00"), "a", "gzip", "utf-16le"},
		{"declared Latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a>ü</a>", "", "windows-1252"},
		{"declared Latin-2", "<?xml version=\"1.0\" encoding=\"iso-8859-2\"?>\xb3", "<?xml version=\"1.0\" encoding=\"iso-8859-2\"?>ł", "", "iso-8859-2"},
		{"declared UTF-16, and is not", "<?xml version='1.0' encoding='UTF-16'?>ü", "<?xml version='1.0' encoding='UTF-16'?>ü", "", "utf-8"},
		{"Windows-1252", "a\xfcb\x80\xc3\xbc", "aüb€Ã¼", "", "utf-8"},
		{"UTF-8 with a broken byte", "ä\xfcö\x80", "äüö€", "", "utf-8"},
		{"UTF-8 cut in a character", "ä\xc3", "äÃ", "", "utf-8"},
		{"NUL", "a\x00b", "a\x00b", "", "utf-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, d, err := readAll(t, inlined(test.in), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if text != test.want || d.Compression != test.compression || d.Encoding != test.encoding {
				t.Errorf("got %q, %q, %q", text, d.Compression, d.Encoding)
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	tests := []struct {
		name, in string
		want     error
	}{
		{"gzip by its first bytes only", "\x1f\x8bnot at all", ErrCorrupt},
		{"gzip with garbage behind", testfiles.Gzip(t, "text") + "garbage", ErrCorrupt},
		{"gzip with another sum", flip(testfiles.Gzip(t, "text"), -8), ErrCorrupt},
		{"zstd with garbage behind", testfiles.Zstd(t, "text") + "garbage", ErrCorrupt},
		{"zstd with another sum", flip(testfiles.Zstd(t, "text"), -1), ErrCorrupt},
		{"zip with several members", testfiles.Zip(t, "a", "1", "b", "2"), ErrManyMembers},
		{"zip without a member", testfiles.Zip(t, ".a", "1", "dir/", ""), ErrNoMembers},
		{"empty zip", testfiles.Zip(t), ErrNoMembers},
		{"three layers", testfiles.Gzip(t, testfiles.Gzip(t, testfiles.Gzip(t, "text"))), ErrCorrupt},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", ErrEncoding},
		{"unknown encoding", "<?xml version='1.0' encoding='x-unheard-of'?>", ErrEncoding},
		{"UTF-16 cut", "\xff\xfea\x00b", io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		if _, _, err := readAll(t, inlined(test.in), Limits{}); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", test.name, err)
		}
	}
}

// flip changes one byte; a negative index counts from the end.
func flip(data string, at int) string {
	b := []byte(data)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 0x55
	return string(b)
}

// Compressed data cut off anywhere must not pass for a whole document.
func TestCutOff(t *testing.T) {
	text := strings.Repeat("some text, ", 40)
	for name, whole := range map[string]string{"gzip": testfiles.Gzip(t, text), "zstd": testfiles.Zstd(t, text), "zip": testfiles.Zip(t, "a", text)} {
		for n := 4; n < len(whole); n++ {
			if _, _, err := readAll(t, inlined(whole[:n]), Limits{}); !errors.Is(err, ErrCorrupt) {
				t.Errorf("%s, %d of %d bytes: got %v", name, n, len(whole), err)
			}
		}
	}
}

// Each changed bit of a zip file's data is met, or changes nothing.
func TestZipChangedBytes(t *testing.T) {
	text := strings.Repeat("some text, ", 40)
	whole := testfiles.Zip(t, "a", text)
	for n := range len(whole) {
		if got, _, err := readAll(t, inlined(flip(whole, n)), Limits{}); err == nil && got != text && n > 3 {
			t.Errorf("byte %d: a changed text passes", n)
		}
	}
}

func TestLimits(t *testing.T) {
	zeros := strings.Repeat("0", 1<<20)
	tests := []struct {
		name, in string
		what     limit.Name
		limits   Limits
	}{
		{"compressed", zeros, limit.Compressed, Limits{Compressed: 1000}},
		{"expanded gzip", testfiles.Gzip(t, zeros), limit.Expanded, Limits{Expanded: 1000}},
		{"expanded zstd", testfiles.Zstd(t, zeros), limit.Expanded, Limits{Expanded: 1000}},
		{"expanded zip", testfiles.Zip(t, "a", zeros), limit.Expanded, Limits{Expanded: 1000}},
		{"ratio of gzip", testfiles.Gzip(t, zeros), limit.Ratio, Limits{Ratio: 100, RatioFrom: 1000}},
		{"ratio of zstd", testfiles.Zstd(t, zeros), limit.Ratio, Limits{Ratio: 100, RatioFrom: 1000}},
		{"ratio of zip", testfiles.Zip(t, "a", zeros), limit.Ratio, Limits{Ratio: 100, RatioFrom: 1000}},
		{"directory of zip", testfiles.Zip(t, "a", "", strings.Repeat("b", 5000), ""), limit.Directory, Limits{Directory: 5000}},
		{"spooled zip", testfiles.Gzip(t, testfiles.Zip(t, "a", "text")), limit.Expanded, Limits{Expanded: 50}},
		{"window", testfiles.Zstd(t, zeros), limit.Window, Limits{Window: 1024}},
	}
	for _, test := range tests {
		text, _, err := readAll(t, inlined(test.in), test.limits)
		over, ok := errors.AsType[*LimitError](err)
		if !ok || over.What != test.what {
			t.Errorf("%s: got %v after %d bytes", test.name, err, len(text))
		}
	}
}

func TestHead(t *testing.T) {
	d, err := Open(t.Context(), inlined(strings.Repeat("x", 100_000)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{10, 99_999, 5, 100_000} {
		if head, complete, err := d.Head(n); len(head) != n || complete || err != nil {
			t.Errorf("%d: got %d bytes, complete %v, %v", n, len(head), complete, err)
		}
	}
	if head, complete, err := d.Head(maxHead * 2); len(head) != 100_000 || !complete || err != nil {
		t.Errorf("all: got %d bytes, complete %v, %v", len(head), complete, err)
	}
	if text, err := io.ReadAll(d); len(text) != 100_000 || err != nil {
		t.Errorf("read %d bytes, %v", len(text), err)
	}
}

func TestHeadOfNothingAndOfBroken(t *testing.T) {
	d, err := Open(t.Context(), inlined(""), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if head, complete, err := d.Head(10); len(head) != 0 || !complete || err != nil {
		t.Errorf("got %d bytes, complete %v, %v", len(head), complete, err)
	}
	whole := testfiles.Gzip(t, "text")
	d, err = Open(t.Context(), inlined(whole[:len(whole)-2]), Limits{})
	if err != nil {
		return
	}
	if head, complete, err := d.Head(10); complete || !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %q, complete %v, %v", head, complete, err)
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv.gz")
	write := func(data string) {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	versions := map[string]bool{}
	for _, data := range []string{"not gzip at all", testfiles.Gzip(t, "text"), testfiles.Zip(t, "a", "text")} {
		write(data)
		s, err := File(path)
		if err != nil {
			t.Fatal(err)
		}
		first, d, err := readAll(t, s, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		version, err := d.Version()
		if err != nil {
			t.Fatal(err)
		}
		second, d, err := readAll(t, s, Limits{})
		if again, _ := d.Version(); err != nil || first != second || version != again {
			t.Errorf("second pass: %q, %s; first: %q, %s; %v", second, again, first, version, err)
		}
		versions[version] = true
	}
	if len(versions) != 3 {
		t.Errorf("versions: %v", versions)
	}
}

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := File(filepath.Join(dir, "none")); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := File(dir); err == nil {
		t.Error("a directory was opened")
	}
	path := filepath.Join(dir, "a")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("longer text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = readAll(t, s, Limits{}); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
}

func TestVersionIsNotKnownBeforeTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(t.Context(), s, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Version(); !errors.Is(err, ErrIncomplete) {
		t.Errorf("got %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// TestLook reads the same without a version.
func TestLook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Look(t.Context(), s, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(d)
	if err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
	if version, err := d.Version(); err == nil {
		t.Errorf("version %q of bytes that were not hashed", version)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestStdin(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := Stdin(strings.NewReader(testfiles.Zip(t, "a", "text")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if text, _, err := readAll(t, s, Limits{}); text != "text" || err != nil {
			t.Errorf("got %q, %v", text, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Stdin(strings.NewReader("text"), Limits{Compressed: 3}); err == nil {
		t.Error("more than the limit was taken")
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
