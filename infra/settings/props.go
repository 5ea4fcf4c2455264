// Package settings knows the settings of a deployment: what each is called, what it may be, its default, and where it is read from. It knows
// nothing of the stack that is made of them.
package settings

// Props are what a deployment is made of. Their zero value is not meant to be deployed; Defaults returns one that is. A new setting is a
// field here and a line of the table.
type Props struct {
	File        string     // that the settings were read from; "": none
	Name        string     // of the stack
	Region      string     // ""; any: the template fits every region
	Account     string     // "": any
	Dist        string     // directory with <arch>/bootstrap
	Mappings    string     // directory of the user's mappings; "": the built-in ones alone
	AWSTypes    []string   // AWS: types that mappings may fill
	Limits      []string   // of documents, as name=number
	Local       bool       // for `sam local`: the function alone, set to a sandbox on this machine
	Findings    bool       // let through the events of AWS services that mappings know
	CustomerKey bool       // a key of the stack's own in place of AWS's
	Producers   []Producer // who else may upload
	AlarmTopic  string     // ARN of the topic that alarms go to; "": nowhere
	Alarms      Alarms     // thresholds other than the alarms' own
	Tags        Tags       // of all resources

	Consumers    bool     // a resource data sync, tables over it, and queries
	SyncAccounts []string // other accounts whose syncs write there, too
	SyncRegions  []string // and other regions
	QueryMiB     int      // what one query may read

	Partitions int     // of a new state; it never changes afterwards
	Rate       float64 // PutInventory calls a second of all processes together

	Uploads, State string // buckets that are there already, by their names; "": the stack's own
	Key            string // ARN of a key that is there already; "": CustomerKey decides
	PreviousKey    string // ARN of the key before this one, with which something is still encrypted; "": none

	Senders      []string // accounts that may send to the stack's own bus
	Organization string   // whose accounts may; "": none

	Targets   string   // file of the accounts and regions that are served besides the stack's own; "": none
	Operators []string // roles of people that may assume the targets' roles, too
	StackSet  string   // who makes the roles of an organization's accounts

	Tracing bool // traces of the functions in X-Ray
	Canary  bool // new versions of the functions take over step by step

	Architecture string // of the functions: arm64 or x86_64

	Intake, Delivery Function

	LogDays      int // how long logs are kept
	UploadDays   int // how long uploads are kept
	RejectedDays int // how long rejected records are kept
	ReceiptDays  int // how long receipts are kept
	ParkedGrowth int // how many more parked records than a day before are worth an alarm
}

// Alarms are thresholds of alarms by their names; 0: there is no such alarm.
type Alarms map[string]int

// Tags are values of tags by their names.
type Tags map[string]string

// Producer is a role that may upload under a prefix.
type Producer struct{ Role, Prefix string }

// Function is what one of the two functions gets.
type Function struct {
	MemoryMiB, EphemeralMiB, TimeoutSeconds, Concurrency int
	Reserved                                             int // of the account's concurrency, for this function alone; 0: none
}

// OwnKey reports whether data is encrypted with a key other than AWS's.
func (p Props) OwnKey() bool { return p.CustomerKey || p.Key != "" }

// Defaults returns the settings of a deployment for which nobody set anything.
func Defaults() Props {
	var p Props
	for _, s := range p.Settings() {
		s.reset()
	}
	return p
}
