package sandbox

import (
	"fmt"
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
	MaxResults *int64
	NextToken  *string
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
	InstanceID        string `json:"InstanceId"`
	PingStatus        string
	LastPingDateTime  float64
	AgentVersion      string
	IsLatestVersion   bool
	PlatformType      string
	PlatformName      string `json:",omitempty"`
	PlatformVersion   string `json:",omitempty"`
	ActivationID      string `json:"ActivationId,omitempty"`
	IAMRole           string `json:"IamRole,omitempty"`
	RegistrationDate  float64
	ResourceType      string
	Name              string `json:",omitempty"`
	IPAddress         string `json:",omitempty"`
	ComputerName      string `json:",omitempty"`
	AssociationStatus string `json:",omitempty"`
	SourceID          string `json:"SourceId,omitempty"`
	SourceType        string `json:",omitempty"`
}

func (d *describeInstanceInformation) subject() (string, []string) { return "", nil }

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
	v.maxResults(d.MaxResults, 5, 50)
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
	after, err := afterToken(d.question(), d.NextToken)
	if err != nil {
		return nil, err
	}
	most := 10
	if d.MaxResults != nil {
		most = int(*d.MaxResults)
	}
	page, next := s.pageOfNodes(d.question(), after, most, d.wants)
	response := &describeResponse{InstanceInformationList: []nodeInformation{}, NextToken: next}
	for _, n := range page {
		response.InstanceInformationList = append(response.InstanceInformationList, n.describe(s))
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
		if _, known := (ManagedNode{}).field(key); !known {
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

// wants tells whether the node is listed. Stopped and terminated ones never are.
func (d *describeInstanceInformation) wants(n *registeredNode) bool {
	if n.State == StateStopped || n.gone() {
		return false
	}
	for _, f := range d.Filters {
		if !n.matches(f) {
			return false
		}
	}
	return true
}

func (n ManagedNode) matches(f nodeFilter) bool {
	if *f.Key == tagKeyFilter {
		return slices.ContainsFunc(f.Values, func(k string) bool { _, has := n.Tags[k]; return has })
	}
	if name, ok := strings.CutPrefix(*f.Key, tagFilterPrefix); ok {
		value, has := n.Tags[name]
		return has && slices.Contains(f.Values, value)
	}
	value, _ := n.field(*f.Key)
	return slices.Contains(f.Values, value)
}

// field is what the node has for a filter's key, and whether there is such a key.
func (n ManagedNode) field(key string) (value string, known bool) {
	switch key {
	case "ActivationIds":
		return n.ActivationID, true
	case "AgentVersion":
		return n.AgentVersion, true
	case "AssociationStatus":
		return n.AssociationStatus, true
	case "IamRole":
		return n.IAMRole, true
	case "InstanceIds":
		return n.InstanceID, true
	case "PingStatus":
		return n.PingStatus, true
	case "PlatformTypes":
		return n.PlatformType, true
	case "ResourceType":
		return n.ResourceType, true
	case "SourceIds":
		return n.SourceID, true
	case "SourceTypes":
		return n.SourceType, true
	}
	return "", false
}

func (n *registeredNode) describe(s *Sandbox) nodeInformation {
	return nodeInformation{
		InstanceID: n.InstanceID, PingStatus: n.PingStatus, LastPingDateTime: epoch(s.now()), AgentVersion: n.AgentVersion,
		IsLatestVersion: true, PlatformType: n.PlatformType, PlatformName: n.PlatformName, PlatformVersion: n.PlatformVersion,
		ActivationID: n.ActivationID, IAMRole: n.IAMRole, RegistrationDate: epoch(n.registered), ResourceType: n.ResourceType,
		Name: n.Name, IPAddress: n.IPAddress, ComputerName: n.ComputerName, AssociationStatus: n.AssociationStatus,
		SourceID: n.SourceID, SourceType: n.SourceType,
	}
}
