// Package doubt knows what is not known of the end of earlier puts to a node, while it is put to again. It does not know how it is put to.
package doubt

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
)

// Doubt is about one type: see ledger.Want.
type Doubt struct {
	Unsure bool
	Sent   time.Time

	name string
}

// List is what an intent was before it was claimed.
type List []Doubt

// Of keeps what an intent holds of earlier puts of the types that are put now.
func Of(i *ledger.Intent, due []string) List {
	list := make(List, len(due))
	for at, name := range due {
		list[at] = Doubt{i.Types[name].Unsure, i.Types[name].Sent, name}
	}
	return list
}

// Of is what the intent of a type was.
func (l List) Of(name string) Doubt {
	for _, d := range l {
		if d.name == name {
			return d
		}
	}
	return Doubt{}
}

// Restore makes an intent what it was.
func (l List) Restore(i *ledger.Intent) {
	for _, d := range l {
		if want := i.Types[d.name]; want != nil {
			want.Unsure, want.Sent = d.Unsure, d.Sent
		}
	}
}
