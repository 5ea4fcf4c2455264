package keyvalue

import "bytes"

// listMark stands behind the key of each of several values.
const listMark = "[]"

// startsEquals reports whether the document's first key stands before an equals sign, and not before a colon.
func startsEquals(line []byte) bool {
	i := bytes.IndexAny(line, "=:")
	return i > 0 && line[i] == '='
}

// setting takes a line `key=value`; last: it has no line end. Programs write such lines one by one, so a line without its end was cut off:
// half a value would pass for one.
func (k *reader) setting(line []byte, last bool) error {
	if last {
		return k.w.Cut(len(line), "the document ends in the middle of a line")
	}
	if line[0] == '#' {
		return nil
	}
	key, value, ok := bytes.Cut(line, []byte{'='})
	key = bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(key), []byte(listMark)))
	if !ok || len(key) == 0 {
		return k.w.Fail(0, "a line that is not `key=value`, as those before it")
	}
	if err := k.hold(key); err != nil {
		return err
	}
	k.equals = true
	return k.add(bytes.TrimSpace(value))
}
