package ledger

import "time"

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
	e.time(s.Captured)
	e.time(s.Written)
}

func (d *decoder) stamp() Stamp { return Stamp{Captured: d.time(), Written: d.time()} }
