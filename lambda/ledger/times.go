package ledger

import (
	"encoding/binary"
	"time"
)

// time lays out a time as signed seconds and nanoseconds since 1970; the zero time as a flag.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.number(0)
		return
	}
	e.number(1)
	e.buf = binary.AppendVarint(e.buf, t.Unix())
	e.number(t.Nanosecond())
}

func (d *decoder) time() time.Time {
	if d.number(1) == 0 {
		return time.Time{}
	}
	seconds, n := binary.Varint([]byte(d.rest[:min(len(d.rest), binary.MaxVarintLen64)]))
	if n <= 0 {
		d.fail("a time is cut off")
		return time.Time{}
	}
	d.rest = d.rest[n:]
	return time.Unix(seconds, int64(d.number(1e9-1))).UTC()
}
