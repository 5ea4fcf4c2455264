package scan_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/keyvalue"
)

func isSection(key []byte) bool {
	return slices.Contains([]string{"PackageName", "Package", "dn", "skip"}, string(key))
}

func TestKeyValue(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"fields", "A: 1\nB : two words \r\nA:3\n", `A=("1"} B=("two words"} A=("3"} `},
		{"no line end", "A: 1\nB: 2", `A=("1"} B=("2"} `},
		{"comments and blank lines", "# one\nA: 1\n\n  \n#B: 2\nC: #3\n", `A=("1"} C=("#3"} `},
		{"no value", "A:\nB: \nC: 1\n", `C=("1"} `},
		{"sections", "A: 1\nPackageName: p\nB: 2\n\nPackageName: q\nB: 3\n", `A=("1"} PackageName={PackageName=("p"} B=("2"} } PackageName={PackageName=("q"} B=("3"} } `},
		{"section passed over", "skip: p\nB: 2\nPackage: q\n", `skip=- Package={Package=("q"} } `},
		{"section without a value", "Package:\nB: 2\n", `Package={B=("2"} } `},
		{"text", "A: <text>one</text>\nB: <text>two\n# three: 3\n\nfour </text> \nC: 5\n", `A=("one"} B=("two\n# three: 3\n\nfour"} C=("5"} `},
		{"empty text", "A: <text></text>\nB: <text>\n</text>\n", ``},
		{"continuation", "D: one\n two\n .\n\tthree: 3\nE: 4\n", `D=("one\ntwo\n\nthree: 3"} E=("4"} `},
		{"continuation behind a comment", "D: one\n# x\n two\n", `D=("one\ntwo"} `},
		{"continuation of nothing", "D:\n /a 1\n /b 2\n", `D=("/a 1\n/b 2"} `},
		{"folded", "version: 1\ndn: cn=a,\n  b\ncn:: w6TDtg==\nphoto:< file:///x\n-\nsn: a:b\n", `version=("1"} dn={dn=("cn=a, b"} cn=("äö"} sn=("a:b"} } `},
		{"two colons", "A:: 1\n", `A=(": 1"} `},
		{"settings", "# x: 1\n\na=1\n b = x=y: z \nc=\n#d=3\nc[]=|1|\nc []=-\n  \nd-e[0]=[1]\n", `a=("1"} b=("x=y: z"} c=("|1|"} c=("-"} d-e[0]=("[1]"} `},
		{"settings with sections", "a=1\r\nPackage=p\nb=2\n", `a=("1"} Package={Package=("p"} b=("2"} } `},
		{"a colon before the equals sign", "A: b=1\nC: 2", `A=("b=1"} C=("2"} `},
		{"byte order mark", "\ufeffA: 1\n", `A=("1"} `},
		{"nothing", "", ``},
	}
	for _, tt := range tests {
		got, err := same(t, []byte(tt.in), keyValue)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

func keyValue(r io.Reader, v scan.Visitor) error {
	return keyvalue.Read(r, v, scan.Limits{}, isSection)
}

func TestKeyValueErrors(t *testing.T) {
	tests := []struct {
		name, in string
		limits   scan.Limits
		want     string
		is       error
	}{
		{"no colon", "A: 1\nB\nC: 2\n", scan.Limits{}, "line 2, column 1: a line that is neither", nil},
		{"no key", ": 1\n", scan.Limits{}, "line 1, column 1: a line that is neither", nil},
		{"cut in a key", "A: 1\nPackageN", scan.Limits{}, "line 2, column 9: the document ends in the middle of a key", scan.ErrCut},
		{"cut in a setting", "a=1\nb=2", scan.Limits{}, "line 2, column 4: the document ends in the middle of a line", scan.ErrCut},
		{"cut in the key of a setting", "a=1\nbc", scan.Limits{}, "line 2, column 3: the document ends in the middle of a line", scan.ErrCut},
		{"cut in a comment", "a=1\n#b", scan.Limits{}, "line 2, column 3: the document ends in the middle of a line", scan.ErrCut},
		{"no setting", "a=1\nb: 2\nc=3\n", scan.Limits{}, "line 2, column 1: a line that is not `key=value`", nil},
		{"a setting without a key", "a=1\n[] = 2\n", scan.Limits{}, "line 2, column 1: a line that is not `key=value`", nil},
		{"long key of a setting", "a=1\nbbbbb[]=1\n", scan.Limits{Name: 4}, "line 2, column 1: a key is longer than 4 bytes", scan.ErrLimit},
		{"long setting", "a=1\nb=12345\n", scan.Limits{Text: 4}, "a value is longer than 4 bytes", scan.ErrLimit},
		{"many settings with sections", "dn=1\ndn=2\ndn=3\n", scan.Limits{Records: 2}, "line 3, column 1: more than 2 objects", scan.ErrLimit},
		{"cut in a text", "A: 1\nB: <text>one\ntwo", scan.Limits{}, "line 2, column 1: <text> of this key is not closed", scan.ErrCut},
		{"something behind a text", "A: <text>1</text> 2\n", scan.Limits{}, "text behind </text>", nil},
		{"rest of nothing", "A: 1\n\n two\n", scan.Limits{}, "line 3, column 1: the rest of a value", nil},
		{"NUL", "A: 1\nB: \x00\n", scan.Limits{}, "line 2, column 4: a NUL byte", nil},
		{"no base64", "dn: x\ncn:: ?\n", scan.Limits{}, "line 2, column 1: the value of this key is not base64", nil},
		{"long key", "A: 1\nBBBBB: 1\n", scan.Limits{Name: 4}, "line 2, column 1: a key is longer than 4 bytes", scan.ErrLimit},
		{"long value", "A: 1\nB: 12345\n", scan.Limits{Text: 4}, "a value is longer than 4 bytes", scan.ErrLimit},
		{"long continued value", "A: 12\n 34\n", scan.Limits{Text: 4}, "a value is longer than 4 bytes", scan.ErrLimit},
		{"long line", "A: " + strings.Repeat("x", scan.WindowSize), scan.Limits{Record: 10}, "a line is longer than", scan.ErrLimit},
		{"many sections", "dn: 1\ndn: 2\ndn: 3\n", scan.Limits{Records: 2}, "line 3, column 1: more than 2 objects", scan.ErrLimit},
	}
	for _, tt := range tests {
		var v recorder
		err := keyvalue.Read(strings.NewReader(tt.in), &v, tt.limits, isSection)
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestKeys(t *testing.T) {
	for in, want := range map[string]string{
		"A: 1\nB: 2\nA: 3\nC: <text>4": "[A B C]", "a,b\n1,2\n": "[]", "": "[]", "A: 1\nno more\nB: 2\n": "[A]", "# x\nA:1": "[A]", "# x\na=1\nb[]=2\nb[]=3\nc=4\nd=": "[a b c]", "a=1\nb\n": "[a]",
	} {
		if got := fmt.Sprint(keyvalue.Keys([]byte(in))); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// FuzzKeyValue reads whatever comes: what is given does not depend on the pieces, and no value is made up.
func FuzzKeyValue(f *testing.F) {
	for _, seed := range []string{
		"A: 1\nPackageName: p\nB: <text>x\ny</text>\n", "dn: a\nb:: YQ==\n c\n", "Package: a\nDescription: b\n c\n .\n", "#\n\n A", "A: <text>",
		"# x\na=1\nb[]=2|\nb[]=a: 3\nPackage=4\n", "a=1\n#",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := same(t, data, keyValue)
		if err == nil && bytes.Count([]byte(events), []byte("(")) > bytes.Count(data, []byte(":"))+bytes.Count(data, []byte("="))+bytes.Count(data, []byte("(")) {
			t.Fatalf("%s of %q", events, data)
		}
	})
}

func BenchmarkKeyValue(b *testing.B) {
	var t bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&t, "PackageName: p%d\nSPDXID: x-%d\nPackageVersion: 1.2.%d\nPackageCopyrightText: <text>%s%s</text>\nExternalRef: a b pkg:c/d@%d\nPackageComment: %s\n",
			i, i, i, prose, prose, i, prose)
	}
	benchmark(b, t.Bytes(), func(r io.Reader) error {
		return keyvalue.Read(r, choose("PackageName", "PackageVersion", "ExternalRef"), scan.Limits{}, isSection)
	})
}
