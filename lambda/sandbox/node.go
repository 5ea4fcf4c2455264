package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// States of a machine under a managed node.
const (
	StateRunning      = "running"
	StatePending      = "pending"
	StateStopping     = "stopping"
	StateStopped      = "stopped"
	StateShuttingDown = "shutting-down"
	StateTerminated   = "terminated"
)

// ManagedNode is a managed node: what DescribeInstanceInformation returns, and below it what the sandbox has to know besides. Only
// InstanceID is needed; the other members default to those of an ordinary Linux machine.
type ManagedNode struct {
	InstanceID        string `json:"InstanceId"`
	ComputerName      string `json:",omitempty"`
	Name              string `json:",omitempty"`
	IPAddress         string `json:",omitempty"`
	PlatformType      string // Linux, Windows, MacOS
	PlatformName      string `json:",omitempty"`
	PlatformVersion   string `json:",omitempty"`
	PingStatus        string // Online, ConnectionLost, Inactive
	ResourceType      string // EC2Instance, ManagedInstance
	SourceID          string `json:"SourceId,omitempty"`
	SourceType        string `json:",omitempty"` // AWS::EC2::Instance, AWS::IoT::Thing, AWS::SSM::ManagedInstance
	AgentVersion      string
	ActivationID      string `json:"ActivationId,omitempty"`
	IAMRole           string `json:"IamRole,omitempty"`
	AssociationStatus string `json:",omitempty"`

	InstanceStatus string            `json:"-"` // in inventory's terms: Active, ConnectionLost, Stopped, Terminated
	State          string            `json:"-"` // one of the State constants; where empty, what InstanceStatus means
	Denied         bool              `json:"-"` // the caller may not touch it
	Tags           map[string]string `json:"-"`
	SerialNumber   string            `json:"-"`
	MACAddresses   []string          `json:"-"` // in AWS:Network, as an agent would report them
}

// complete returns a copy of the node with defaults for the members that are empty.
func (n ManagedNode) complete() ManagedNode {
	meant := map[string]string{"Stopped": StateStopped, "Terminated": StateTerminated}[n.InstanceStatus]
	n.State = cmp.Or(strings.ToLower(n.State), meant, StateRunning)
	ping := "Online"
	if n.State == StateStopped || n.terminated() || n.InstanceStatus == "ConnectionLost" {
		ping = "ConnectionLost"
	}
	n.PingStatus = cmp.Or(n.PingStatus, ping)
	n.PlatformType = cmp.Or(n.PlatformType, "Linux")
	n.AgentVersion = cmp.Or(n.AgentVersion, "3.3.0.0")
	resource, source := "EC2Instance", "AWS::EC2::Instance"
	if strings.HasPrefix(n.InstanceID, "mi-") {
		resource, source = "ManagedInstance", "AWS::SSM::ManagedInstance"
	}
	n.ResourceType = cmp.Or(n.ResourceType, resource)
	n.SourceType = cmp.Or(n.SourceType, source)
	n.SourceID = cmp.Or(n.SourceID, n.InstanceID)
	n.Tags, n.MACAddresses = maps.Clone(n.Tags), slices.Clone(n.MACAddresses)
	return n
}

// terminated reports whether the machine is terminated or about to be: nothing can be written for it.
func (n ManagedNode) terminated() bool {
	return n.State == StateTerminated || n.State == StateShuttingDown
}

// status is the state in inventory's terms.
func (n ManagedNode) status() string {
	switch {
	case n.terminated():
		return "Terminated"
	case n.State == StateStopped:
		return "Stopped"
	case n.PingStatus != "Online":
		return "ConnectionLost"
	}
	return "Active"
}

// registeredNode is a managed node with its items.
type registeredNode struct {
	ManagedNode
	registered time.Time
	items      map[itemKey]*item
}

// states are the states that a machine can have.
func states() []string {
	return []string{StateRunning, StatePending, StateStopping, StateStopped, StateShuttingDown, StateTerminated}
}

// check returns what is wrong with a node, without a value of it.
func (n ManagedNode) check() error {
	if !instanceIDPattern().MatchString(n.InstanceID) {
		return errors.New("its InstanceId is not i- with 8 or 17, or mi- with 17 characters")
	}
	if n.State != "" && !slices.Contains(states(), strings.ToLower(n.State)) {
		return fmt.Errorf("its State is none of %s", strings.Join(states(), ", "))
	}
	return nil
}

// AddNode registers a node, or replaces what is known of one and keeps its inventory.
func (s *Sandbox) AddNode(n ManagedNode) error {
	if err := n.check(); err != nil {
		return fmt.Errorf("sandbox: node: %w", err)
	}
	s.enter()
	defer s.mu.Unlock()
	s.register(n)
	return nil
}

// UpdateNode changes what is known of a node, its names and addresses above all, and keeps its ID and its inventory.
func (s *Sandbox) UpdateNode(instanceID string, change func(*ManagedNode)) error {
	s.enter()
	defer s.mu.Unlock()
	known := s.nodes[instanceID]
	if known == nil {
		return errors.New("sandbox: there is no such node: add it first")
	}
	n := known.complete() // a copy
	change(&n)
	n.InstanceID = instanceID
	if err := n.check(); err != nil {
		return fmt.Errorf("sandbox: node: %w", err)
	}
	known.ManagedNode = n.complete()
	return nil
}

// register is AddNode for those who hold the lock.
func (s *Sandbox) register(n ManagedNode) {
	if known := s.nodes[n.InstanceID]; known != nil {
		known.ManagedNode = n.complete()
		return
	}
	s.nodes[n.InstanceID] = &registeredNode{ManagedNode: n.complete(), registered: s.now(), items: map[itemKey]*item{}}
	s.sortedIDs = nil
}

// RemoveNode deregisters a node and deletes all it holds.
func (s *Sandbox) RemoveNode(instanceID string) {
	s.enter()
	defer s.mu.Unlock()
	delete(s.nodes, instanceID)
	s.sortedIDs = nil
}

// SetNodeState changes a node's State; its agent is online when it runs and not otherwise.
func (s *Sandbox) SetNodeState(instanceID, state string) error {
	if !slices.Contains(states(), state) {
		return fmt.Errorf("sandbox: a node's state must be one of %s", strings.Join(states(), ", "))
	}
	return s.UpdateNode(instanceID, func(n *ManagedNode) {
		n.State, n.InstanceStatus, n.PingStatus = state, "", "ConnectionLost"
		if state == StateRunning {
			n.PingStatus = "Online"
		}
	})
}

// reachable returns the node of that ID as PutInventory and ListInventoryEntries want it: known, allowed, and neither terminated nor
// about to be.
func (s *Sandbox) reachable(instanceID string) (*registeredNode, error) {
	n := s.nodes[instanceID]
	if n == nil || n.Denied || n.terminated() {
		return nil, &apiError{code: codeInstanceID, message: "The managed node is unknown, not yours, or not in a valid state. " +
			"Valid states are Running, Pending, Stopped and Stopping."}
	}
	return n, nil
}

// nodeIDs are all nodes' IDs in order. They are kept: fleets are large and listed page by page.
func (s *Sandbox) nodeIDs() []string {
	if s.sortedIDs == nil {
		s.sortedIDs = slices.Sorted(maps.Keys(s.nodes))
	}
	return s.sortedIDs
}
