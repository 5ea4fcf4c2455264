package ledger

import (
	"cmp"
	"slices"
	"time"
)

// maxScopes is how many scopes of newer snapshots a share remembers. Beyond it the oldest is forgotten: a document that is older than that
// snapshot, and arrives after eight other ones that looked at something else each, sets what the snapshot no longer found.
const maxScopes = 8

// Looked is that a source has stated all rows within a scope.
type Looked struct {
	Scope string `json:"scope"` // name of the scope
	At    Stamp  `json:"at"`
}

// Same reports whether two are equal.
func (l Looked) Same(other Looked) bool { return l.Scope == other.Scope && l.At.Compare(other.At) == 0 }

func (l Looked) compare(other Looked) int {
	return cmp.Or(l.At.Compare(other.At), cmp.Compare(l.Scope, other.Scope))
}

// WithScope returns the share's scopes and another one, with the newer stamp where it is known already. Where there are too many, the oldest
// goes, but for that of the share's rows where it stays their own.
func (s *Share) WithScope(looked Looked, stays bool) []Looked {
	list := slices.Clone(s.Scopes)
	if at := slices.IndexFunc(list, func(l Looked) bool { return l.Scope == looked.Scope }); at >= 0 {
		list[at].At = Newest(list[at].At, looked.At)
	} else {
		list = append(list, looked)
	}
	slices.SortFunc(list, Looked.compare)
	for i := 0; len(list) > maxScopes; {
		if stays && list[i].Scope == s.By {
			i++
			continue
		}
		list = slices.Delete(list, i, i+1)
	}
	return list
}

// HasLooked reports whether a snapshot of a scope is among the share's that is not older than one.
func (s *Share) HasLooked(looked Looked) bool {
	return slices.ContainsFunc(s.Scopes, func(l Looked) bool { return l.Scope == looked.Scope && l.At.Compare(looked.At) >= 0 })
}

// Base is the stamp of rows that have none of their own: that of the snapshot that states them.
func (s *Share) Base() Stamp {
	for _, l := range s.Scopes {
		if l.Scope == s.By {
			return l.At
		}
	}
	return s.Stamp()
}

// Looked is the stamp of the newest snapshot of a part of the type; zero: there is none.
func (s *Share) Looked() Stamp {
	var newest Stamp
	for _, l := range s.Scopes {
		newest = Newest(newest, l.At)
	}
	return newest
}

// Same reports whether a share states the same as another one, from the same time.
func (s *Share) Same(other *Share) bool {
	return s.Rows == other.Rows && s.Compare == other.Compare && s.Stamp().Compare(other.Stamp()) == 0 && s.Merged.Compare(other.Merged) == 0 &&
		s.Adopted == other.Adopted && s.By == other.By && s.Parts == other.Parts &&
		slices.EqualFunc(s.Scopes, other.Scopes, Looked.Same) && slices.EqualFunc(s.Pages, other.Pages, PageRows.Same)
}

// Times returns the capture times of a share's rows that have their own; nil: all have that of the share's snapshot.
func (s *Share) Times(rows *Rows) []time.Time {
	if rows.Stamps == nil && rows.Patches == nil {
		return nil
	}
	base := s.Base()
	times := make([]time.Time, len(rows.Rows))
	for i := range times {
		stamp := base
		if i < len(rows.Stamps) && !rows.Stamps[i].IsZero() {
			stamp = rows.Stamps[i]
		}
		if i < len(rows.Patches) {
			stamp = Newest(stamp, rows.Patches[i].Newest())
		}
		times[i] = stamp.Captured
	}
	return times
}

// CopyShares returns copies of shares that may be changed, by source.
func CopyShares(shares map[string]*Share) map[string]*Share {
	out := make(map[string]*Share, len(shares))
	for source, s := range shares {
		out[source] = new(*s)
	}
	return out
}
