package mapping

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/format/path"
)

// Block is one kind of record of a document.
type Block struct {
	Each, Host []path.Path
	Key        *Value // relative to the host
	Identity   *Identity
	Captured   *Value // relative to the record
	Where      *Expression
	Remove     *Expression
	Merge      bool
	Newest     bool        // each record is all that the source knows: of several the newest counts
	Scope      *Expression // on the record: whether it looked at the machine at all; false: it only adds. nil: it did
	Fills      []*Fill
}

// Identity is where the identifiers of a machine stand, relative to the host.
type Identity struct {
	NodeID, Serial, Hostname, IP, MAC *Value
	Reverse                           *Value     // host names that were asked of an address
	Account, Region                   *Value     // in which the machine is
	Tags                              []TagValue // by key
}

// TagValue is a tag of the node and where its value stands.
type TagValue struct {
	Key   string
	Value *Value
}

// All returns all identifiers by their names, nil where there is none; tags come last. Without an identity it has nothing.
func (i *Identity) All() []TagValue {
	if i == nil {
		return nil
	}
	all := []TagValue{{"nodeId", i.NodeID}, {"serial", i.Serial}, {"hostname", i.Hostname}, {"reverse", i.Reverse}, {"ip", i.IP}, {"mac", i.MAC}, {"account", i.Account}, {"region", i.Region}}
	for _, tag := range i.Tags {
		all = append(all, TagValue{"tag " + tag.Key, tag.Value})
	}
	return all
}

// PlacesOnly reports whether an identity has only where the machine is, and none of its identifiers.
func (i *Identity) PlacesOnly() bool {
	named := i.NodeID != nil || i.Serial != nil || i.Hostname != nil || i.IP != nil || i.MAC != nil || i.Reverse != nil || len(i.Tags) > 0
	return !named && (i.Account != nil || i.Region != nil)
}

// Fill is how entries of a type are taken from a record.
type Fill struct {
	Index  int // in Mapping.Types; -1: `allow` leaves the type out
	Type   *Type
	Each   []path.Path // none: the record is the one entry
	Where  *Expression
	Keep   bool     // `missing: keep`
	Scope  *Scope   // nil: the record speaks of all entries of the type
	Values []*Value // by attribute of the type; nil: not filled
}

// Table is rows elsewhere in the document, found by key.
type Table struct {
	Name      string
	Each, Key []path.Path
	Parts     string // what separates the parts of keys: without a row, the last part is left out; "": keys have no parts
}

// recordPaths are where the records of a block stand; of a block whose record is the document, its entries.
func (b *Block) recordPaths() [][]path.Path {
	if len(b.Each) > 0 {
		return [][]path.Path{b.Each}
	}
	var paths [][]path.Path
	for _, f := range b.Fills {
		if len(f.Each) > 0 {
			paths = append(paths, f.Each)
		}
	}
	return paths
}
