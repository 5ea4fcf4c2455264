package organization

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	unitsPrefix = "AWSOrganizationsV20161128."

	maxUnitPage = 20 // of accounts or units
)

// unitRequest is the input of both operations.
type unitRequest struct {
	ParentID   *string `json:"ParentId"`
	MaxResults *int
	NextToken  *string
}

// listedAccount is an account on the wire. Status, which State took the place of, is not served any more since September 2026.
type listedAccount struct {
	ID    string `json:"Id"`
	ARN   string `json:"Arn"`
	Email string
	Name  string
	State string
}

// listedUnit is an organizational unit on the wire.
type listedUnit struct {
	ID   string `json:"Id"`
	ARN  string `json:"Arn"`
	Name string
}

// serveUnits answers calls of Organizations. Only the own account's own credentials may ask: it is the management account, or a delegated one.
func (o *Organization) serveUnits(w http.ResponseWriter, r *http.Request) {
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), unitsPrefix)
	var in unitRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFormBytes)).Decode(&in); err != nil {
		writeJSONError(w, "SerializationException")
		return
	}
	answer, code := o.units(o.signer(r), operation, in)
	if code != "" {
		writeJSONError(w, code)
		return
	}
	w.Header().Set("Content-Type", jsonContentType)
	_ = json.NewEncoder(w).Encode(answer) // a client that closed the connection needs no answer
}

// signer is caller for those who do not hold the lock.
func (o *Organization) signer(r *http.Request) caller {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.caller(r)
}

func (o *Organization) units(c caller, operation string, in unitRequest) (answer any, code string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls[operation]++
	switch {
	case c.key == "":
		return nil, "MissingAuthenticationTokenException"
	case o.wrong(c) != "":
		return nil, o.wrong(c)
	case c.session != nil:
		return nil, "AccessDeniedException"
	case operation != "ListAccountsForParent" && operation != "ListOrganizationalUnitsForParent":
		return nil, "UnknownOperationException"
	}
	if asked := o.refusal(operation, ""); asked != "" {
		return nil, asked
	}
	if len(o.config.Units) == 0 {
		return nil, "AWSOrganizationsNotInUseException"
	}
	if in.ParentID == nil || in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > maxUnitPage) {
		return nil, "InvalidInputException"
	}
	parent := slices.IndexFunc(o.config.Units, func(u Unit) bool { return u.ID == *in.ParentID })
	if parent < 0 {
		return nil, "ParentNotFoundException"
	}
	if operation == "ListAccountsForParent" {
		page, next, code := pageOf(o.config.Units[parent].Accounts, in)
		accounts := make([]listedAccount, 0, len(page))
		for _, id := range page {
			accounts = append(accounts, o.listed(id))
		}
		return map[string]any{"Accounts": accounts, "NextToken": next}, code
	}
	page, next, code := pageOf(o.below(*in.ParentID), in)
	units := make([]listedUnit, 0, len(page))
	for _, id := range page {
		units = append(units, listedUnit{ID: id, ARN: o.arn("ou", id), Name: id})
	}
	return map[string]any{"OrganizationalUnits": units, "NextToken": next}, code
}

// below are the units directly below another.
func (o *Organization) below(parent string) []string {
	var ids []string
	for _, u := range o.config.Units {
		if u.Parent == parent {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func (o *Organization) listed(id string) listedAccount {
	state := "ACTIVE"
	if o.account(id).suspended {
		state = "SUSPENDED"
	}
	return listedAccount{ID: id, ARN: o.arn("account", id), Email: id + "@example.com", Name: "account " + id, State: state}
}

func (o *Organization) arn(kind, id string) string {
	return fmt.Sprintf("arn:aws:organizations::%s:%s/o-sandbox000/%s", o.own.Account, kind, id)
}

// pageOf returns a page of a list and the token of the next, nil at the end.
func pageOf(list []string, in unitRequest) (page []string, next *string, code string) {
	start := 0
	if in.NextToken != nil {
		text, err := base64.StdEncoding.DecodeString(*in.NextToken)
		n, notNumber := strconv.Atoi(string(text))
		if err != nil || notNumber != nil || n < 0 || n > len(list) {
			return nil, nil, "InvalidInputException"
		}
		start = n
	}
	size := maxUnitPage
	if in.MaxResults != nil {
		size = *in.MaxResults
	}
	end := min(start+size, len(list))
	if end < len(list) {
		token := base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))
		next = &token
	}
	return list[start:end], next, ""
}

// Move puts an account into a unit, and takes it out of the one that it is in. A unit of "" is none: the account leaves the organization.
func (o *Organization) Move(account, unit string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	into := slices.IndexFunc(o.config.Units, func(u Unit) bool { return u.ID == unit })
	if into < 0 && unit != "" {
		return fmt.Errorf("organization: there is no such unit")
	}
	for i := range o.config.Units {
		u := &o.config.Units[i]
		u.Accounts = slices.DeleteFunc(slices.Clone(u.Accounts), func(id string) bool { return id == account })
	}
	if into >= 0 {
		o.account(account)
		o.config.Units[into].Accounts = append(o.config.Units[into].Accounts, account)
	}
	return nil
}
