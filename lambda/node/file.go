package node

import (
	"fmt"
	"io"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
)

// ParseFile reads a directory from a file of nodes; its form is that of package nodefile. What is wrong with the content is a
// *nodefile.Error: an ID that is none or stands twice, an address that cannot be read. The values that many machines have are those of
// the built-in table and the given ones.
func ParseFile(r io.Reader, many ...identifier.SharedValue) (*Directory, error) {
	var nodes []Node
	seen := serialLines{}
	err := nodefile.Parse(r, func(rec nodefile.Record) string {
		id := identifier.NodeID(rec.InstanceID)
		if id == "" {
			return "InstanceId is not a node's ID: expected i- and 8 or 17 characters, or mi- and 17"
		}
		given := Subject{IP: []string{rec.IPAddress}, MAC: rec.MacAddresses}.Unreadable()
		switch {
		case given.IP > 0:
			return "IPAddress is not an IP address: leave it empty where none is known"
		case given.MAC > 0:
			return "MacAddresses has one that is not a MAC address"
		}
		seen.add(rec)
		nodes = append(nodes, Node{
			ID: id, ComputerName: rec.ComputerName, Name: rec.Name, IPAddress: rec.IPAddress, PingStatus: rec.PingStatus, Status: rec.InstanceStatus,
			PlatformType: rec.PlatformType, ResourceType: rec.ResourceType, SourceID: rec.SourceID, Tags: rec.Tags, Serials: rec.SerialNumber, MACs: rec.MacAddresses,
		})
		return ""
	})
	if err != nil {
		return nil, err
	}
	d := New(nodes, many...)
	d.notes = seen.notes()
	return d, nil
}

// Notes returns what in a file of nodes distinguishes no machines, with the lines.
func (d *Directory) Notes() []string { return d.notes }

// serialLines is where serials stand in a file.
type serialLines map[string][]int

func (s serialLines) add(rec nodefile.Record) {
	for _, text := range rec.SerialNumber {
		if text = identifier.Serial(text); text != "" {
			s[text] = append(s[text], rec.Line)
		}
	}
}

// notes returns for each serial that several nodes have where it stands first.
func (s serialLines) notes() []string {
	var lines [][]int
	for _, at := range s {
		if len(at) > 1 {
			lines = append(lines, at)
		}
	}
	slices.SortFunc(lines, func(a, b []int) int { return a[0] - b[0] })
	var list []string
	for _, at := range lines[:min(len(lines), maxListed)] {
		list = append(list, fmt.Sprintf("line %d: the serial number is that of %d nodes (the next in line %d): it does not distinguish them, and is not used", at[0], len(at), at[1]))
	}
	if more := len(lines) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and so are %d more serial numbers", more))
	}
	return list
}
