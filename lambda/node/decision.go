package node

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// Outcome is what becomes of a record because of its subject.
type Outcome string

// The outcomes of a decision.
const (
	Matched  Outcome = "matched"
	Parked   Outcome = "parked"
	Rejected Outcome = "rejected"
	Skipped  Outcome = "skipped"
)

// The reasons of all outcomes but Matched.
const (
	ReasonUnidentified  = "unidentified"      // parked: the record has no usable identifier
	ReasonNoSuchNode    = "no-such-node"      // parked: no node has any of the identifiers
	ReasonAmbiguous     = "ambiguous"         // rejected: several nodes have the identifier
	ReasonContradiction = "contradiction"     // rejected: identifiers name different machines
	ReasonNotAllowed    = "not-allowed"       // rejected: the mapping may not write for the node
	ReasonAddressOnly   = "address-only"      // parked: an address alone agrees, and the name is another
	ReasonNotLookedUp   = "not-looked-up"     // parked: only its MACs could name a node, and they were not asked for yet
	ReasonSeveralTied   = "number-of-several" // parked: its number in the source is tied to several nodes, and nothing else decides
	ReasonSameNode      = "same-node"         // rejected: another machine of the document, known to be a different one, leads to the node as well
	ReasonElsewhere     = "elsewhere"         // skipped: by the document, the node is of another account or region

	// ReasonTargetUnreachable is why a record is parked of which no node is known, while an account or region could not be listed that may have it.
	ReasonTargetUnreachable = target.Unreachable
)

// The rules, in the order of their strength.
const (
	RuleNodeID   = "nodeId"
	RuleTag      = "tag"
	RuleSerial   = identifier.KindSerial
	RuleNumber   = "number"
	RuleHostname = identifier.KindHostname
	RuleIP       = identifier.KindIP
	RuleMAC      = identifier.KindMAC
)

// rules are those of kinds that a node and a subject have; numbers, which the state ties to nodes, are none of them.
var rules = [...]string{RuleNodeID, RuleTag, RuleSerial, RuleHostname, RuleIP, RuleMAC}

// Rules are a mapping's about matching and about the nodes for which it may write.
type Rules struct {
	OnAmbiguousOnline bool
	Prefer            string            // of nodes that are one machine: PreferManaged, PreferEC2, or "" for neither
	TrustIP           bool              // an address decides though the node is called otherwise
	AllowNodes        []string          // IDs, in which * fits any characters; empty: any
	AllowTags         map[string]string // all of them have to be on the node; empty: any

	Later bool   // the record was parked: its addresses may have been given to another machine since
	Among *Crowd // the machines of the document; nil: the subject is looked at alone

	Numbers Numbers // to which nodes numbers are tied; nil: they lead nowhere
	Family  string  // the mapping, where others number machines in the same way: what these have tied speaks against names, too; else ""

	// Account and Region are the installation's own. Where they are given, a node that is not known and that the document places in none of the
	// installation's accounts and regions is skipped rather than parked.
	Account, Region string
}

// Decision is which node a subject is, or why none.
type Decision struct {
	Node    string // only with Matched
	Outcome Outcome
	Reason  string   // one of the Reason constants; empty with Matched
	Rule    string   // the rule that decided; empty where none did
	Detail  string   // a sentence for people; no value from a document stands in it
	Nodes   []string // the nodes between which there was no deciding, or which an address alone names, by ID, ten at most
	Steps   []Step   // only from Explain
	Depends bool     // with Rules.Among: the decision may be another one when all machines of the document are known
}

// Step is whether one kind of identifiers agrees with a node.
type Step struct {
	Rule    string   // a rule; "reverse": names of reverse DNS
	Values  []string // the subject's identifiers of this kind
	Nodes   []string // the nodes that they lead to, ten at most
	About   string   // the node that Verdict is about; "": no node came into question
	Verdict Verdict
	Note    string // why it says nothing
}

// maxListed bounds lists of nodes that people read.
const maxListed = 10

func (d *Directory) listed(at []int32) []string {
	var list []string
	for _, i := range at[:min(len(at), maxListed)] {
		list = append(list, d.nodes.ID(i))
	}
	return list
}
