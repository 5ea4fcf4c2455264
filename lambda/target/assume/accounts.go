package assume

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// tries is how often a page of an organization is asked for.
const tries = 8

// Find returns the targets that a file has found in the organization; none where it names no units.
func (r *Roles) Find(ctx context.Context, f *target.File) ([]target.Target, error) {
	if f.Organization == nil {
		return nil, nil
	}
	accounts, err := r.accounts(ctx, f.Organization.Units)
	if err != nil {
		return nil, err
	}
	var list []target.Target
	for _, account := range accounts {
		list = append(list, f.Of(account)...)
	}
	return list, nil
}

// accounts returns the accounts below some units of the organization that are active, in order. Two of its sixty operations are called, so
// they are written here: the SDK's client is larger than this package.
func (r *Roles) accounts(ctx context.Context, units []string) ([]string, error) {
	found, seen := map[string]bool{}, map[string]bool{}
	for waiting := slices.Clone(units); len(waiting) > 0; waiting = waiting[1:] {
		unit := waiting[0]
		if seen[unit] {
			continue
		}
		seen[unit] = true
		err := r.each(ctx, "ListAccountsForParent", unit, func(p page) {
			for _, a := range p.Accounts {
				found[a.ID] = found[a.ID] || cmp.Or(a.State, a.Status) == "ACTIVE"
			}
		})
		if err != nil {
			return nil, err
		}
		err = r.each(ctx, "ListOrganizationalUnitsForParent", unit, func(p page) {
			for _, u := range p.Units {
				waiting = append(waiting, u.ID)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	maps.DeleteFunc(found, func(_ string, active bool) bool { return !active })
	return slices.Sorted(maps.Keys(found)), nil
}

// page is an answer of either operation.
type page struct {
	Accounts []struct {
		ID     string `json:"Id"`
		State  string
		Status string // of services that have no State yet
	}
	Units []struct {
		ID string `json:"Id"`
	} `json:"OrganizationalUnits"`
	NextToken string
}

// each hands on the pages of what is directly below a unit. A page may be empty and not the last.
func (r *Roles) each(ctx context.Context, operation, unit string, take func(page)) error {
	question := map[string]string{"ParentId": unit}
	for {
		p, err := fault.Again(ctx, tries, nil, func() (page, error) { return r.ask(ctx, operation, question) })
		if err != nil {
			return fmt.Errorf("assume: %s: %w", operation, err)
		}
		take(p)
		if p.NextToken == "" {
			return nil
		}
		question["NextToken"] = p.NextToken
	}
}

// ask makes one call of Organizations.
func (r *Roles) ask(ctx context.Context, operation string, question map[string]string) (p page, err error) {
	body, err := json.Marshal(question)
	if err != nil {
		return p, err
	}
	endpoint, region, err := r.organizations(ctx)
	if err != nil {
		return p, err
	}
	answer, err := r.send(ctx, call{
		service: "organizations", region: region, endpoint: endpoint, body: body, code: codeOf,
		header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"AWSOrganizationsV20161128." + operation}},
	})
	if err != nil {
		return p, err
	}
	err = json.Unmarshal(answer, &p)
	return p, err
}

// codeOf is the code of an error of a service that speaks JSON; "": it has none.
func codeOf(response *http.Response, answer []byte) string {
	var wrong struct {
		Type string `json:"__type"`
	}
	_ = json.Unmarshal(answer, &wrong) // what is no JSON has no code
	code, _, _ := strings.Cut(cmp.Or(response.Header.Get("X-Amzn-Errortype"), wrong.Type), ":")
	return code[strings.LastIndex(code, "#")+1:]
}

// organizations returns where Organizations is called, and the region that calls are signed for: one for all regions of a partition.
func (r *Roles) organizations(ctx context.Context) (endpoint, region string, err error) {
	region, host := "us-east-1", "organizations.us-east-1.amazonaws.com"
	switch {
	case strings.HasPrefix(r.config.Region, "cn-"):
		region, host = "cn-northwest-1", "organizations.cn-northwest-1.amazonaws.com.cn"
	case strings.HasPrefix(r.config.Region, "us-gov-"):
		region, host = "us-gov-west-1", "organizations.us-gov-west-1.amazonaws.com"
	}
	set, err := r.set(ctx, "Organizations")
	if err != nil || set != "" {
		return set, region, err
	}
	for _, source := range r.config.ConfigSources {
		if s, ok := source.(fipsSource); ok && region == "us-east-1" {
			state, _, err := s.GetUseFIPSEndpoint(ctx)
			if err != nil {
				return "", "", err
			}
			if state == aws.FIPSEndpointStateEnabled {
				host = "organizations-fips.us-east-1.amazonaws.com"
			}
		}
	}
	return "https://" + host, region, nil
}
