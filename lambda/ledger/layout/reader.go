package layout

import (
	"encoding/binary"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Reader reads a payload. The first problem is kept, and all that is read after it is empty.
type Reader struct {
	Rest    string
	Problem string // "": there is none
}

// Clauses reads what a scope covers.
func (r *Reader) Clauses() *inventory.Scope {
	s := &inventory.Scope{}
	for range r.Count(1) {
		var c inventory.Clause
		for range r.Count(2) {
			c = append(c, inventory.Bound{Attribute: r.Text(), Values: r.Entry(make(inventory.Entry, r.Count(1)))})
		}
		s.Clauses = append(s.Clauses, c)
	}
	return s
}

// Entry reads values into those given, and returns them.
func (r *Reader) Entry(values inventory.Entry) inventory.Entry {
	for i := range values {
		values[i] = r.Text()
	}
	return values
}

// Count reads how many things follow, each of which takes some bytes at least.
func (r *Reader) Count(atLeast int) int { return r.Number(len(r.Rest) / atLeast) }

// Number reads a number that is not above a limit.
func (r *Reader) Number(limit int) int {
	if r.Rest != "" && r.Rest[0] < 0x80 && int(r.Rest[0]) <= limit { // most are
		n := int(r.Rest[0])
		r.Rest = r.Rest[1:]
		return n
	}
	for i := range min(len(r.Rest), binary.MaxVarintLen64) {
		if r.Rest[i] >= 0x80 {
			continue
		}
		n, _ := binary.Uvarint([]byte(r.Rest[:i+1]))
		r.Rest = r.Rest[i+1:]
		if limit < 0 || n > uint64(limit) {
			r.Fail("a number is out of its range")
			return 0
		}
		return int(n) //nolint:gosec // not above limit
	}
	r.Fail("it is cut off")
	return 0
}

// Flag reads whether something is set.
func (r *Reader) Flag() bool { return r.Number(1) == 1 }

// Text reads a text, which is a part of the payload.
func (r *Reader) Text() string {
	n := r.Number(len(r.Rest))
	if n > len(r.Rest) {
		r.Fail("it is cut off")
		return ""
	}
	s := r.Rest[:n]
	r.Rest = r.Rest[n:]
	return s
}

// Fail notes a problem. Nothing is left to read then.
func (r *Reader) Fail(problem string) {
	if r.Problem == "" {
		r.Problem = problem
	}
	r.Rest = ""
}

// Time reads a time.
func (r *Reader) Time() time.Time {
	if !r.Flag() {
		return time.Time{}
	}
	seconds, n := binary.Varint([]byte(r.Rest[:min(len(r.Rest), binary.MaxVarintLen64)]))
	if n <= 0 {
		r.Fail("a time is cut off")
		return time.Time{}
	}
	r.Rest = r.Rest[n:]
	return time.Unix(seconds, int64(r.Number(1e9-1))).UTC()
}
