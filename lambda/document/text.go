package document

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// encodingHead is how many bytes are looked at to find out the encoding.
const encodingHead = 512

// decode finds out how the text is encoded: by its byte order mark, by how its first characters lie, by an XML
// declaration; else it is UTF-8 as long as it is that, and Windows-1252 where it is not.
func decode(r *bufio.Reader, controls *int) (io.Reader, string, error) {
	head, err := r.Peek(encodingHead)
	if err != nil && !atEnd(err) {
		return nil, "", err
	}
	switch {
	case starts(head, "\xff\xfe\x00\x00"), starts(head, "\x00\x00\xfe\xff"):
		return nil, "", fmt.Errorf("%w: UTF-32", ErrEncoding)
	case starts(head, "\xef\xbb\xbf"):
		_, err = r.Discard(3)
		return newUTF8(r, controls), "utf-8", err
	case starts(head, "\xff\xfe"):
		_, err = r.Discard(2)
		return newUTF16(r, unicode.LittleEndian, controls), "utf-16le", err
	case starts(head, "\xfe\xff"):
		_, err = r.Discard(2)
		return newUTF16(r, unicode.BigEndian, controls), "utf-16be", err
	case starts(head, "<\x00?\x00"):
		return newUTF16(r, unicode.LittleEndian, controls), "utf-16le", nil
	case starts(head, "\x00<\x00?"):
		return newUTF16(r, unicode.BigEndian, controls), "utf-16be", nil
	}
	return declared(r, head, controls)
}

func newUTF8(r io.Reader, controls *int) io.Reader {
	return &utf8OrLegacy{in: bufio.NewReader(r), controls: controls}
}

func newUTF16(r io.Reader, order unicode.Endianness, controls *int) io.Reader {
	return withoutControls(transform.NewReader(r, wholeUnits{unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder()}), controls)
}

// withoutControls leaves control characters out of UTF-8.
func withoutControls(r io.Reader, controls *int) io.Reader {
	return &utf8OrLegacy{in: bufio.NewReader(r), multi: true, controls: controls}
}

// wholeUnits returns an error where the text ends in half a unit of UTF-16: the document is cut off.
type wholeUnits struct{ transform.Transformer }

// Transform decodes what is at hand.
func (u wholeUnits) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	whole := len(src) &^ 1
	nDst, nSrc, err = u.Transformer.Transform(dst, src[:whole], atEOF)
	if err == nil && whole < len(src) {
		err = transform.ErrShortSrc
		if atEOF {
			err = fmt.Errorf("%w: UTF-16 ends in the middle of a character: %w", ErrCorrupt, io.ErrUnexpectedEOF)
		}
	}
	return nDst, nSrc, err
}

func starts(head []byte, mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }

// declared follows the encoding that an XML declaration names.
func declared(r *bufio.Reader, head []byte, controls *int) (io.Reader, string, error) {
	label := strings.ToLower(declaredLabel(head))
	switch {
	case label == "", label == "utf-8", label == "utf8", label == "us-ascii", label == "ascii":
		return newUTF8(r, controls), "utf-8", nil
	case strings.HasPrefix(label, "utf-16"), strings.HasPrefix(label, "utf-32"), strings.HasPrefix(label, "ucs-2"), label == "unicode":
		return newUTF8(r, controls), "utf-8", nil // the declaration could be read, so it is not true
	}
	enc, name, ok := charset(label)
	if !ok {
		return nil, "", fmt.Errorf("%w: %s, as the XML declaration names it: convert the file to UTF-8", ErrEncoding, label)
	}
	return withoutControls(transform.NewReader(r, enc.NewDecoder()), controls), name, nil
}

var encodingLabel = regular.Expression(`\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// declaredLabel returns the encoding of an XML declaration; "" where there is none. It consists of characters that such names have.
func declaredLabel(head []byte) string {
	if !starts(head, "<?xml") {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	found := encodingLabel().FindSubmatch(head[:end])
	if found == nil {
		return ""
	}
	return string(found[1])
}
