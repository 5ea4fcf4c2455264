package node

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/nodefile"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// ParseFile reads a directory from a file of nodes; its form is that of package nodefile. What is wrong with the content is a
// *nodefile.Error: an ID that is none or stands twice, an address that cannot be read. The values that many machines have are those of
// the built-in table and the given ones.
func ParseFile(r io.Reader, many ...identifier.SharedValue) (*Directory, error) {
	return listed(func(take func(nodefile.Record) string) error { return nodefile.Parse(r, take) }, many)
}

// FromSync makes a directory of the nodes that a data sync's objects list, as ParseFile does of a file.
func FromSync(s *nodefile.Sync, many ...identifier.SharedValue) (*Directory, error) {
	return listed(s.Each, many)
}

// listed makes a directory of the nodes that list hands on.
func listed(list func(take func(nodefile.Record) string) error, many []identifier.SharedValue) (*Directory, error) {
	return placed(list, many, &Builder{}, func(nodefile.Record) (target.Key, bool) { return target.Key{}, true })
}

// ParseFileOf is ParseFile for an installation of several targets: each node is of the account and region that the file has beside it, else of the
// installation's own. Nodes of others are left out.
func ParseFileOf(set *target.Set, r io.Reader, many ...identifier.SharedValue) (*Directory, error) {
	return listedOf(set, func(take func(nodefile.Record) string) error { return nodefile.Parse(r, take) }, many)
}

// FromSyncOf is FromSync for an installation of several targets.
func FromSyncOf(set *target.Set, s *nodefile.Sync, many ...identifier.SharedValue) (*Directory, error) {
	return listedOf(set, s.Each, many)
}

func listedOf(set *target.Set, list func(take func(nodefile.Record) string) error, many []identifier.SharedValue) (*Directory, error) {
	b := &Builder{Own: set.Own()}
	for _, t := range set.Targets() {
		b.Target(t.Key, false, nil)
	}
	return placed(list, many, b, func(rec nodefile.Record) (target.Key, bool) {
		k := set.Named(cmp.Or(rec.Account, b.Own.Account), cmp.Or(identifier.RegionOf(rec.Region), b.Own.Region))
		_, served := set.Find(k)
		return k, served || k.IsOwn()
	})
}

// placed makes a directory of those nodes that are somewhere.
func placed(list func(take func(nodefile.Record) string) error, many []identifier.SharedValue, b *Builder, where func(nodefile.Record) (target.Key, bool)) (*Directory, error) {
	seen := serialLines{}
	err := list(func(rec nodefile.Record) string {
		n, wrong := nodeOf(rec)
		at, served := where(rec)
		if wrong == "" && served {
			seen.add(rec)
			n.Target = at
			b.Add(&n)
		}
		return wrong
	})
	if err != nil {
		return nil, err
	}
	d := b.Directory(many)
	d.notes = seen.notes()
	return d, nil
}

// nodeOf returns the node that a record of a file is, or what is wrong with it.
func nodeOf(rec nodefile.Record) (n Node, wrong string) {
	id := identifier.NodeID(rec.InstanceID)
	if id == "" {
		return n, "InstanceId is not a node's ID: expected i- and 8 or 17 characters, or mi- and 17"
	}
	given := Subject{IP: []string{rec.IPAddress}, MAC: rec.MacAddresses}.Unreadable()
	switch {
	case rec.Inventoried:
	case given.IP > 0:
		return n, "IPAddress is not an IP address: leave it empty where none is known"
	case given.MAC > 0:
		return n, "MacAddresses has one that is not a MAC address"
	}
	addresses := strings.Trim(rec.IPAddress+","+strings.Join(rec.Addresses, ","), ",")
	return Node{
		ID: id, ComputerName: rec.ComputerName, Name: rec.Name, IPAddress: addresses, PingStatus: rec.PingStatus, Status: rec.InstanceStatus,
		PlatformType: rec.PlatformType, ResourceType: rec.ResourceType, SourceID: rec.SourceID, Tags: rec.Tags, Serials: rec.SerialNumber, MACs: rec.MacAddresses,
	}, ""
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
