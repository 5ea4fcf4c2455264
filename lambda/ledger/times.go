package ledger

import (
	"time"
)

// Stamp orders a source's statements: by when they were true, at equal times by when their documents were written.
type Stamp struct {
	Captured time.Time `json:"captured,omitzero"`
	Written  time.Time `json:"written,omitzero"`
}

// Compare is negative where a stamp is older than another, and 0 only where they are equal.
func (s Stamp) Compare(other Stamp) int {
	if c := s.Captured.Compare(other.Captured); c != 0 {
		return c
	}
	return s.Written.Compare(other.Written)
}

// Follows reports whether a snapshot and a part of a list were written within the time of each other in which the pages of a list are: they
// may be of one list, of which the snapshot is the end.
func (s Stamp) Follows(part Stamp) bool {
	return s.when().Sub(part.when()).Abs() <= PageWait
}

// when is when the document was written, as far as that is known.
func (s Stamp) when() time.Time {
	if s.Written.IsZero() {
		return s.Captured
	}
	return s.Written
}

// IsZero reports whether there is no stamp. It is older than any.
func (s Stamp) IsZero() bool { return s.Captured.IsZero() && s.Written.IsZero() }

// UTC returns the same stamp, as it is stored.
func (s Stamp) UTC() Stamp { return Stamp{s.Captured.UTC(), s.Written.UTC()} }

// Newest returns the newer one of two stamps.
func Newest(a, b Stamp) Stamp {
	if b.Compare(a) > 0 {
		return b
	}
	return a
}

// stamp lays out a stamp.
func (e *encoder) stamp(s Stamp) {
	e.Time(s.Captured)
	e.Time(s.Written)
}

func (d *decoder) stamp() Stamp { return Stamp{Captured: d.Time(), Written: d.Time()} }

// Latest is the later of two times.
func Latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
