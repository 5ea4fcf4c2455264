package lanes

import (
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/account"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Known is what accounts have answered to earlier runs of a process. It is safe for use by several goroutines.
type Known struct {
	mu       sync.Mutex
	accounts map[target.Key]*account.Account
}

// account returns an account: that of earlier runs, where the same API answers for it.
func (k *Known) account(of *account.Account) *account.Account {
	if k == nil {
		return of
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.accounts[of.Target]; known != nil && known.API == of.API {
		return known
	}
	if k.accounts == nil {
		k.accounts = map[target.Key]*account.Account{}
	}
	k.accounts[of.Target] = of
	return of
}
