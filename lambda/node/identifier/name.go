package identifier

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/spelled"
)

// Name is a host name taken apart. Without a label it names no machine.
type Name struct {
	Full    string // with its domain; "" where it has none, or one that is not its owner's
	Label   string // the first label
	Image   bool   // it is from an image or installer, or it is no host name but a title: it never disagrees
	Cut     bool   // it may be what NetBIOS leaves of a longer one
	Address string // the address that it spells, "" where it spells none
}

// NameOf takes a normalised host name apart.
func (t *Table) NameOf(name string) Name {
	label, domain, _ := strings.Cut(name, ".")
	h := Name{Full: name, Label: label}
	if domain == "" || t.isForeign(domain) {
		h.Full = ""
	}
	if address, only := spelled.Only(name); only {
		return Name{Address: address}
	}
	if t.hostnames[label] {
		return Name{}
	}
	return h
}

// OwnName is NameOf with what only a comparison needs. What an image gave and an owner's domain was added to is the machine's own name.
func (t *Table) OwnName(name string) Name {
	h := t.NameOf(name)
	h.Image = h.Label != "" && (h.Full == "" && t.isImage(h.Label) || !IsHostName(name))
	return h
}

// IsShortOf reports whether a bare name is the first label of a full one, or what NetBIOS leaves of it.
func (h *Name) IsShortOf(full *Name) bool {
	const netBIOS = 15
	return h.Label == full.Label || len(h.Label) == netBIOS && strings.HasPrefix(full.Label, h.Label)
}

// MayBeIn reports whether two names are not known to be of different domains.
func (h *Name) MayBeIn(other *Name) bool {
	return h.Full == "" || other.Full == "" || h.Full[len(h.Label):] == other.Full[len(other.Label):]
}
