package organization

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
)

// serveHook answers the sandbox's own requests, which need no signature. These are of all accounts:
//
//	GET  organization                 {"own":…,"places":[…],"calls":…}
//	POST clock    {"advance":"24h"}   {"now":"…"}: of all accounts; with ?account=…&region=… of that place alone
//	POST nodes    as ParseNodes reads {}
//	POST account  {"account","suspended","revoked","externalId","unit"}   {}; what is not named stays
//	POST region   {"account","region","off"}   {}
//	POST refuse   {"operation","account","code","times"}   {}: of STS and Organizations
//
// All others are those of package sandbox, with ?account=…&region=… of that place, else of the own one.
func (o *Organization) serveHook(w http.ResponseWriter, r *http.Request) {
	of := r.Method + " " + r.URL.Path[len(sandbox.HookPrefix):]
	query := r.URL.Query()
	named := query.Has("account") || query.Has("region")
	hook := map[string]func(*http.Request) (any, error){
		"GET organization": o.hookOrganization, "POST account": o.hookAccount, "POST region": o.hookRegion, "POST refuse": o.hookRefuse,
	}[of]
	switch {
	case of == "POST clock" && !named:
		hook = o.hookClock
	case of == "POST nodes" && !named:
		hook = o.hookNodes
	}
	if hook == nil {
		at := o.own
		if query.Has("account") {
			at.Account = query.Get("account")
		}
		if query.Has("region") {
			at.Region = query.Get("region")
		}
		o.At(at).ServeHTTP(w, r)
		return
	}
	answer, err := hook(r)
	sandbox.AnswerHook(w, answer, err)
}

func body(r *http.Request, into any) error {
	return json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxFormBytes)).Decode(into)
}

// seen is a place as the hook shows it.
type seen struct {
	Account   string         `json:"account"`
	Region    string         `json:"region"`
	Suspended bool           `json:"suspended,omitempty"`
	Revoked   bool           `json:"revoked,omitempty"`
	Off       bool           `json:"off,omitempty"`
	Calls     map[string]int `json:"calls"`
}

func (o *Organization) hookOrganization(*http.Request) (any, error) {
	o.mu.Lock()
	places := maps.Clone(o.places)
	list := make([]seen, 0, len(places))
	for _, at := range slices.SortedFunc(maps.Keys(places), Place.compare) {
		a := o.account(at.Account)
		list = append(list, seen{Account: at.Account, Region: at.Region, Suspended: a.suspended, Revoked: a.revoked, Off: o.off[at]})
	}
	o.mu.Unlock()
	for i := range list {
		list[i].Calls = places[Place{list[i].Account, list[i].Region}].Counts().Calls
	}
	return map[string]any{"own": map[string]string{"account": o.own.Account, "region": o.own.Region}, "places": list, "calls": o.Calls()}, nil
}

func (o *Organization) hookClock(r *http.Request) (any, error) {
	var move struct{ Advance string }
	if err := body(r, &move); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(move.Advance)
	if err != nil {
		return nil, err
	}
	o.Advance(d)
	return map[string]string{"now": o.Now().Format(time.RFC3339)}, nil
}

func (o *Organization) hookNodes(r *http.Request) (any, error) {
	nodes, err := ParseNodes(r.Body, o.own)
	if err != nil {
		return nil, err
	}
	for at, list := range nodes {
		for _, n := range list {
			if err := o.At(at).AddNode(n); err != nil {
				return nil, err
			}
		}
	}
	return struct{}{}, nil
}

func (o *Organization) hookAccount(r *http.Request) (any, error) {
	var change struct {
		Account            string
		Suspended, Revoked *bool
		ExternalID         *string `json:"externalId"`
		Unit               *string
	}
	if err := body(r, &change); err != nil {
		return nil, err
	}
	if change.Account == "" {
		return nil, errors.New("organization: account is missing")
	}
	if change.Suspended != nil {
		o.Suspend(change.Account, *change.Suspended)
	}
	if change.Revoked != nil {
		o.Revoke(change.Account, *change.Revoked)
	}
	if change.ExternalID != nil {
		o.TrustOnly(change.Account, *change.ExternalID)
	}
	if change.Unit != nil {
		return struct{}{}, o.Move(change.Account, *change.Unit)
	}
	return struct{}{}, nil
}

func (o *Organization) hookRegion(r *http.Request) (any, error) {
	var change struct {
		Account, Region string
		Off             bool
	}
	if err := body(r, &change); err != nil {
		return nil, err
	}
	o.TurnOff(Place{change.Account, change.Region}, change.Off)
	return struct{}{}, nil
}

func (o *Organization) hookRefuse(r *http.Request) (any, error) {
	var asked Refusal
	if err := body(r, &asked); err != nil {
		return nil, err
	}
	o.Refuse(asked)
	return struct{}{}, nil
}
