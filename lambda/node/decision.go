package node

// Outcome says what becomes of a record because of its subject.
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
	ReasonUnidentified  = "unidentified"  // parked: the record has no usable identifier
	ReasonNoSuchNode    = "no-such-node"  // parked: no node has any of the identifiers
	ReasonAmbiguous     = "ambiguous"     // rejected: several nodes have the identifier
	ReasonContradiction = "contradiction" // rejected: identifiers name different machines
	ReasonNotAllowed    = "not-allowed"   // rejected: the mapping may not write for the node
	ReasonElsewhere     = "elsewhere"     // skipped: the document says that the node is of another account or region
)

// The rules, in the order of their strength.
const (
	RuleNodeID   = "nodeId"
	RuleTag      = "tag"
	RuleSerial   = "serial"
	RuleHostname = "hostname"
	RuleIP       = "ip"
	RuleMAC      = "mac"
)

var rules = [...]string{RuleNodeID, RuleTag, RuleSerial, RuleHostname, RuleIP, RuleMAC}

// Rules are what a mapping says about matching and about the nodes for which it may write.
type Rules struct {
	OnAmbiguousOnline bool
	AllowNodes        []string          // IDs, in which * fits any letters; empty: any
	AllowTags         map[string]string // all of them have to be on the node; empty: any

	// Account and Region are those whose nodes the directory holds. Where they are given, a node that is not known and that the
	// document places elsewhere is skipped rather than parked.
	Account, Region string
}

// Decision says which node a subject is, or why none.
type Decision struct {
	Node    string // only with Matched
	Outcome Outcome
	Reason  string   // one of the Reason constants; empty with Matched
	Rule    string   // the rule that decided; empty where none did
	Detail  string   // a sentence for people; no value from a document stands in it
	Nodes   []string // the nodes between which there was no deciding, by ID, ten at most
	Steps   []Step   // only from Explain
}

// Step is one rule that was tried.
type Step struct {
	Rule       string
	Candidates int      // how many identifiers of this kind the subject has
	Values     []string // they themselves
	Nodes      []string // the nodes that they lead to, ten at most
	Note       string   // what followed
}

// maxListed bounds lists of nodes that people read.
const maxListed = 10

func (d *Directory) listed(at []int32) []string {
	var list []string
	for _, i := range at[:min(len(at), maxListed)] {
		list = append(list, d.nodes[i].ID)
	}
	return list
}
