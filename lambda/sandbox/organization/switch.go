package organization

import "slices"

// Refusal asks for calls of STS or Organizations to be refused.
type Refusal struct {
	Operation string // AssumeRole, ListAccountsForParent, …
	Account   string // whose role is to be assumed; "": any
	Code      string // that the calls are answered with
	Times     int    // how many calls; 0: one, -1: all
}

// Refuse asks for a refusal. Those asked for first happen first.
func (o *Organization) Refuse(r Refusal) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r.Times = max(r.Times, -1)
	if r.Times == 0 {
		r.Times = 1
	}
	o.refusals = append(o.refusals, &r)
}

// refusal returns the code that a call is to be refused with, "" for none.
func (o *Organization) refusal(operation, account string) string {
	for i, r := range o.refusals {
		if r.Operation != operation || r.Account != "" && r.Account != account {
			continue
		}
		if r.Times > 0 {
			r.Times--
		}
		if r.Times == 0 {
			o.refusals = slices.Delete(o.refusals, i, i+1)
		}
		return r.Code
	}
	return ""
}

// Suspend suspends an account or takes it back: its role cannot be assumed, and its services refuse all calls.
func (o *Organization) Suspend(account string, on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.account(account).suspended = on
}

// Revoke deletes an account's role or makes it again: nobody can assume it, and no session of it is known any more.
func (o *Organization) Revoke(account string, on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.account(account).revoked = on
}

// TrustOnly has an account's role ask for another external ID; "": the usual one.
func (o *Organization) TrustOnly(account, externalID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.account(account).externalID = externalID
}

// TurnOff turns a region of an account off or on.
func (o *Organization) TurnOff(at Place, off bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.off[at] = off
}

// Calls are the calls of STS and Organizations so far, by operation.
func (o *Organization) Calls() map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	calls := map[string]int{}
	for name, n := range o.calls {
		calls[name] = n
	}
	return calls
}
