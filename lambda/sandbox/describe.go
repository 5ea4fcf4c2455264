package sandbox

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

const (
	tagKeyFilter    = "tag-key"
	tagFilterPrefix = "tag:"
)

// describeInstanceInformation is DescribeInstanceInformation's input.
type describeInstanceInformation struct {
	Filters []nodeFilter
	// InstanceInformationFilterList is the older form of Filters.
	InstanceInformationFilterList []struct {
		Key      *string  `json:"key"`
		ValueSet []string `json:"valueSet"`
	}
	paging
}

type nodeFilter struct {
	Key    *string
	Values []string
}

type describeResponse struct {
	InstanceInformationList []nodeInformation
	NextToken               string // "" at the end, where other operations leave it out
}

// nodeInformation is a managed node on the wire.
type nodeInformation struct {
	*ManagedNode
	IsLatestVersion  bool
	LastPingDateTime float64
	RegistrationDate float64
}

func (d *describeInstanceInformation) about() (string, []string) { return "", nil }

func (d *describeInstanceInformation) shape(v *violations) error {
	for _, f := range d.InstanceInformationFilterList {
		d.Filters = append(d.Filters, nodeFilter{Key: f.Key, Values: f.ValueSet})
	}
	for n, f := range d.Filters {
		path := fmt.Sprintf("filters.%d.member", n+1)
		v.text(f.Key, path+".key", 1, unlimited, nil)
		if !v.required(f.Values != nil, path+".values") {
			continue
		}
		v.size(len(f.Values), path+".values", 1, 100)
		for k, value := range f.Values {
			v.length(value, fmt.Sprintf("%s.values.%d.member", path, k+1), 1, unlimited)
		}
	}
	v.maxResults(d.paging, 5, 50)
	return nil
}

func (d *describeInstanceInformation) question() string { return question("nodes", d.Filters) }

// emptyPage is a page without a node that is not the last: clients must go on.
func (d *describeInstanceInformation) emptyPage() any {
	next := text(d.NextToken)
	if next == "" {
		next = tokenAfter(d.question(), "")
	}
	return &describeResponse{InstanceInformationList: []nodeInformation{}, NextToken: next}
}

func (d *describeInstanceInformation) run(s *Sandbox) (any, error) {
	if err := d.check(s); err != nil {
		return nil, err
	}
	page, next, err := pageOf(d.paging, d.question(), 10, func(last string) iter.Seq2[string, *registeredNode] {
		return s.nodesAfter(last, d.wants)
	})
	if err != nil {
		return nil, err
	}
	response := &describeResponse{InstanceInformationList: []nodeInformation{}, NextToken: next}
	for _, n := range page {
		response.InstanceInformationList = append(response.InstanceInformationList, nodeInformation{
			ManagedNode: &n.ManagedNode, IsLatestVersion: true, LastPingDateTime: epoch(s.now()), RegistrationDate: epoch(n.registered),
		})
	}
	return response, nil
}

func (d *describeInstanceInformation) check(s *Sandbox) error {
	tags := 0
	for _, f := range d.Filters {
		key := *f.Key
		if isTagFilter(key) {
			tags++
			continue
		}
		if nodeFilterKeys[key] == nil {
			return &apiError{code: codeFilterKey, message: "A filter's key is not one that nodes can be filtered by."}
		}
		for _, value := range f.Values {
			if key == "InstanceIds" && s.nodes[value] == nil {
				return &apiError{code: codeInstanceID, message: "An instance ID is not that of a managed node."}
			}
			if key == "ResourceType" && value != "EC2Instance" && value != "ManagedInstance" {
				return &apiError{code: codeFilterValue, message: "A ResourceType is EC2Instance or ManagedInstance."}
			}
		}
	}
	if tags > 0 && tags < len(d.Filters) {
		return &apiError{code: codeFilterKey, message: "Filters by tag can't be mixed with others."}
	}
	return nil
}

func isTagFilter(key string) bool {
	return key == tagKeyFilter || strings.HasPrefix(key, tagFilterPrefix) && key != tagFilterPrefix
}

// wants reports whether the node is listed. Stopped and terminated ones never are.
func (d *describeInstanceInformation) wants(n *registeredNode) bool {
	if n.State == StateStopped || n.terminated() {
		return false
	}
	for _, f := range d.Filters {
		if !n.matches(f) {
			return false
		}
	}
	return true
}

func (n *ManagedNode) matches(f nodeFilter) bool {
	if *f.Key == tagKeyFilter {
		return slices.ContainsFunc(f.Values, func(k string) bool { _, has := n.Tags[k]; return has })
	}
	if name, ok := strings.CutPrefix(*f.Key, tagFilterPrefix); ok {
		value, has := n.Tags[name]
		return has && slices.Contains(f.Values, value)
	}
	return slices.Contains(f.Values, nodeFilterKeys[*f.Key](n))
}

// nodeFilterKeys are the keys, besides tags, that nodes can be filtered by.
var nodeFilterKeys = map[string]func(*ManagedNode) string{
	"ActivationIds":     func(n *ManagedNode) string { return n.ActivationID },
	"AgentVersion":      func(n *ManagedNode) string { return n.AgentVersion },
	"AssociationStatus": func(n *ManagedNode) string { return n.AssociationStatus },
	"IamRole":           func(n *ManagedNode) string { return n.IAMRole },
	"InstanceIds":       func(n *ManagedNode) string { return n.InstanceID },
	"PingStatus":        func(n *ManagedNode) string { return n.PingStatus },
	"PlatformTypes":     func(n *ManagedNode) string { return n.PlatformType },
	"ResourceType":      func(n *ManagedNode) string { return n.ResourceType },
	"SourceIds":         func(n *ManagedNode) string { return n.SourceID },
	"SourceTypes":       func(n *ManagedNode) string { return n.SourceType },
}
