// Package target knows the accounts and regions whose managed nodes an installation serves, and the file that lists them. It does not know what
// is asked of them, nor what is put there.
package target

import (
	"cmp"
	"slices"
	"strings"
)

// Key is the account and region of managed nodes. The zero Key is those of the installation itself.
type Key struct {
	Account string `json:"account,omitempty"` // twelve digits
	Region  string `json:"region,omitempty"`
}

// IsOwn reports whether nodes are of the installation's own account and region.
func (k Key) IsOwn() bool { return k == Key{} }

// String returns "account/region", and "" for the installation's own.
func (k Key) String() string {
	if k.IsOwn() {
		return ""
	}
	return k.Account + "/" + k.Region
}

// In is the key behind the ID of a node: " in account/region"; "" for the installation's own.
func (k Key) In() string {
	if k.IsOwn() {
		return ""
	}
	return " in " + k.String()
}

// Compare orders keys by account, then by region.
func (k Key) Compare(other Key) int {
	return cmp.Or(strings.Compare(k.Account, other.Account), strings.Compare(k.Region, other.Region))
}

// Unreachable is why records and nodes wait whose target does not answer, or whose role cannot be assumed.
const Unreachable = "target-unreachable"

// Target is one account and region, and how it is reached.
type Target struct {
	Key
	Role       string  `json:"role"`                 // ARN of the role that is assumed there
	ExternalID string  `json:"externalId,omitempty"` // that the role's trust asks for
	Rate       float64 `json:"rate,omitempty"`       // PutInventory calls a second of all processes together; 0: the installation's
}

// Set is all targets of an installation beside its own account and region. A nil Set has none.
type Set struct {
	own  Key // what the zero Key stands for; its parts may be empty where they are not known
	list []Target
	at   map[Key]int
}

// NewSet returns a set. A target that is the installation's own account and region is left out: it needs no role.
func NewSet(own Key, targets []Target) *Set {
	s := &Set{own: own, at: map[Key]int{}}
	sorted := slices.SortedStableFunc(slices.Values(targets), func(a, b Target) int { return a.Compare(b.Key) })
	for _, t := range sorted {
		if _, twice := s.at[t.Key]; !twice && t.Key != own {
			s.at[t.Key] = len(s.list)
			s.list = append(s.list, t)
		}
	}
	return s
}

// Own is the installation's own account and region, as far as they are known.
func (s *Set) Own() Key {
	if s == nil {
		return Key{}
	}
	return s.own
}

// Targets returns the targets by account and region, without the installation's own.
func (s *Set) Targets() []Target {
	if s == nil {
		return nil
	}
	return s.list
}

// Len is how many targets there are, without the installation's own.
func (s *Set) Len() int { return len(s.Targets()) }

// Find returns a target; false for the installation's own, and for what is none.
func (s *Set) Find(k Key) (Target, bool) {
	if s == nil {
		return Target{}, false
	}
	i, ok := s.at[k]
	if !ok {
		return Target{}, false
	}
	return s.list[i], true
}

// Named returns the key with which an account and region are meant in all places: the zero Key for the installation's own.
func (s *Set) Named(account, region string) Key {
	if k := (Key{account, region}); k != s.Own() {
		return k
	}
	return Key{}
}
