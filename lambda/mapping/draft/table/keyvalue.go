package table

import (
	"bytes"
	"errors"
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/keyvalue"
)

// leastKeys is how many keys a text must have to be taken for keys and values.
const leastKeys = 3

// IsKeyValue reports whether a text is keys and values throughout, with the separator between them.
func (t Text) IsKeyValue(separator byte) bool {
	if t.Sheet || firstSeparator(t.Bytes) != separator || len(keyvalue.Keys(t.Bytes[:min(len(t.Bytes), headBytes)])) < leastKeys {
		return false
	}
	err := keyvalue.Read(bytes.NewReader(t.Bytes), passing{}, scan.Limits{}, nil)
	return err == nil || !t.Complete && errors.Is(err, scan.ErrCut)
}

// firstSeparator returns what stands behind the first key, 0 for nothing.
func firstSeparator(text []byte) byte {
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			if i := bytes.IndexAny(line, "=:"); i > 0 {
				return line[i]
			}
			return 0
		}
	}
	return 0
}

// ReadKeyValue makes an object of a document's keys.
func ReadKeyValue(r io.Reader, v scan.Visitor) error {
	if _, err := v.Open(nil, scan.Object, scan.Place{}); err != nil {
		return err
	}
	if err := keyvalue.Read(r, v, scan.Limits{}, nil); err != nil {
		return err
	}
	return v.Close()
}
