package sandbox

import (
	"io"

	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
)

// ParseNodes reads a list of managed nodes; its form is that of package nodefile. What is wrong with it is a *nodefile.Error.
func ParseNodes(r io.Reader) ([]ManagedNode, error) {
	nodes := []ManagedNode{}
	err := nodefile.Parse(r, func(rec nodefile.Record) string {
		n, err := NodeOf(rec)
		if err != nil {
			return err.Error()
		}
		nodes = append(nodes, n)
		return ""
	})
	if err != nil {
		return nil, err
	}
	return nodes, nil
}

// NodeOf returns the node of a file's record. The error says what is wrong with it.
func NodeOf(rec nodefile.Record) (ManagedNode, error) {
	n := ManagedNode{
		InstanceID: rec.InstanceID, ComputerName: rec.ComputerName, Name: rec.Name, IPAddress: rec.IPAddress,
		PlatformType: rec.PlatformType, PlatformName: rec.PlatformName, PlatformVersion: rec.PlatformVersion,
		PingStatus: rec.PingStatus, ResourceType: rec.ResourceType, InstanceStatus: rec.InstanceStatus,
		SourceID: rec.SourceID, SourceType: rec.SourceType, Tags: rec.Tags, State: rec.State, Denied: rec.Denied,
		AgentVersion: rec.AgentVersion, ActivationID: rec.ActivationID, IAMRole: rec.IAMRole,
		AssociationStatus: rec.AssociationStatus, MACAddresses: rec.MacAddresses,
	}
	if len(rec.SerialNumber) > 0 {
		n.SerialNumber = rec.SerialNumber[0]
	}
	return n, n.check()
}
