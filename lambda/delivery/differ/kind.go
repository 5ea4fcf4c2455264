package differ

import "github.com/inventory-bridge/inventory-bridge/lambda/ledger"

// KindOf returns how an item of so many rows differs from what was accepted before.
func KindOf(before *ledger.Accepted, compare string, rows int) Kind {
	switch {
	case before == nil && rows > 0, before != nil && before.Entries == 0 && rows > 0:
		return New
	case before == nil || before.Compare == compare:
		return Same
	default:
		return Changed
	}
}
