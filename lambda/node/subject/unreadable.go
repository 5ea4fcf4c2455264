package subject

import "github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"

// Unreadable counts the texts of a subject, as a document has them, out of which no address could be read though they are not empty:
// neither a placeholder nor an address that many machines have, but none at all.
type Unreadable struct{ IP, MAC, Account, Region int }

// Add adds what another subject has.
func (u *Unreadable) Add(other Unreadable) {
	u.IP += other.IP
	u.MAC += other.MAC
	u.Account += other.Account
	u.Region += other.Region
}

// Unreadable reads the texts of a subject that was not normalised yet.
func (s Subject) Unreadable() Unreadable {
	return Unreadable{IP: identifier.Unreadable(s.IP, identifier.IsAddressCell), MAC: identifier.Unreadable(s.MAC, identifier.IsMAC)}
}
