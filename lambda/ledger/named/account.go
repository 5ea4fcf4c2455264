package named

import "slices"

// A document may state in which account each machine is: then two machines of one name are two, and the identifiers of each count in its account.
const (
	withAccounts = "\x00accounts"
	separator    = "\x00"
)

// Own stands for the installation's own account.
const Own = "own"

// AddIn adds an identifier of a machine in an account; "": the document states none, so it may be in any.
func (n *Identifiers) AddIn(account, id string) {
	n.Add(id)
	n.Add(withAccounts)
	n.Add(account + separator + id)
}

// Names reports whether the document names one of the identifiers of a node in an account; "": the installation's own.
func (n *Identifiers) Names(account string, ids []string) bool {
	if !n.Has(withAccounts) {
		return slices.ContainsFunc(ids, n.Has)
	}
	if account == "" {
		account = Own
	}
	return slices.ContainsFunc(ids, func(id string) bool { return n.Has(account+separator+id) || n.Has(separator+id) })
}
