package mapping

import (
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

// Head is what is known of a mapping before the first document is read with it: which documents it takes, and what becomes of what they
// state. The index of the built-in mappings has it as JSON.
type Head struct {
	choose.Candidate // its name is also the Source of its entries

	About       string        `json:"about"`                // one line for people
	Seen        string        `json:"seen,omitempty"`       // the versions of the product whose documents were read with it, for people
	Family      string        `json:"family"`               // mappings of one family number machines in the same way; its own name where it has no other
	File        string        `json:"-"`                    // where it was loaded from; "builtin/<name>.yaml" for the built-in ones
	Every       time.Duration `json:"every,omitzero"`       // how often this source is expected; 0: not stated
	ExpireAfter time.Duration `json:"expireAfter,omitzero"` // a share not stated again for so long is deleted; 0: never
	Absent      Absent        `json:"absent,omitzero"`
	Allow       Allow         `json:"allow,omitzero"`

	OnAmbiguousOnline bool   `json:"online,omitempty"`  // of several nodes that fit take the only one online
	Prefer            string `json:"prefer,omitempty"`  // of a machine that is registered twice: "managed", "ec2", or "" for neither
	TrustIP           bool   `json:"trustIP,omitempty"` // an address decides though the node is called otherwise

	types []*Type
}

// Absent is what becomes of machines that a document of the mapping no longer names.
type Absent struct {
	Clear      bool    `json:"clear,omitempty"` // clear what the source stated of them; else keep it
	MaxCleared float64 `json:"maxCleared"`      // part of the source's nodes that one document may clear, 0 to 1
}

// Allow restricts what a mapping may write.
type Allow struct {
	NodeTags map[string]string `json:"nodeTags,omitempty"` // tags that a node must have, all of them; empty: any node
	Nodes    []string          `json:"nodes,omitempty"`    // node IDs, in which `*` fits any characters; empty: any node
	Types    []string          `json:"types,omitempty"`    // of the types that it fills those that are written; empty: all
}

// Types returns the types that the mapping fills, sorted by name. Records and entries name them by their index.
func (h *Head) Types() []*Type { return h.types }

// SetTypes takes the types that the mapping fills, sorted by name, before the head is in use.
func (h *Head) SetTypes(types []*Type) { h.types = types }
