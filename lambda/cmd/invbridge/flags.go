package main

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/life"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/trace"
	"github.com/spf13/pflag"
)

func jsonFlag(f *pflag.FlagSet, s *session.Session) {
	f.BoolVar(&s.JSON, "json", false, "one JSON object a line")
}

// mappingFlags are those of commands that load mappings.
func mappingFlags(f *pflag.FlagSet, s *session.Session) {
	jsonFlag(f, s)
	f.StringArrayVar(&s.MappingDirs, "mappings", s.MappingsByDefault(), "`directory` of your own mappings and types, beside the built-ins (INVBRIDGE_MAPPINGS)")
	f.StringArrayVar(&s.AWSTypes, "aws-type", nil, "AWS:… `type` that mappings may fill; the agent owns them, so none without this")
}

// readFlags are those of commands that read documents.
func readFlags(f *pflag.FlagSet, s *session.Session) {
	mappingFlags(f, s)
	f.StringVar(&s.Mapping, "mapping", "", "`name` of the mapping that the files are for; without it key and content decide")
	f.StringArrayVar(&s.LimitFlags, "limit", nil, "what a document may ask for at most, as `name=number`: depth=100, …; the README lists them")
	f.StringArrayVar(&s.As, "as", nil, "the machine of a document that names none, as `kind=value`: nodeId=…, hostname=…, serial=…, ip=… or mac=…")
}

func nodesFlag(f *pflag.FlagSet, s *session.Session) {
	f.StringVar(&s.Nodes, "nodes", "", "`file` of managed nodes (JSON or CSV), or a data sync's objects (a directory, s3://bucket/prefix/), in place of the service's directory")
	targetsFlag(f, s)
}

// explainFlags are those of commands that read documents and the directory of nodes.
func explainFlags(traced *trace.Options) func(*pflag.FlagSet, *session.Session) {
	return func(f *pflag.FlagSet, s *session.Session) {
		traced.Flags(f)
		readFlags(f, s)
		nodesFlag(f, s)
		stateFlag(f, s)
	}
}

// historyFlags are those of the command that asks what has happened to a node.
func historyFlags(o *life.Options) func(*pflag.FlagSet, *session.Session) {
	return func(f *pflag.FlagSet, s *session.Session) {
		mappingFlags(f, s)
		ledgerFlags(f, s)
		o.Flags(f)
	}
}

// targetsFlag is that of commands that reach other accounts and regions.
func targetsFlag(f *pflag.FlagSet, s *session.Session) {
	f.StringVar(&s.Targets, "targets", s.TargetsByDefault(), "`file` of the accounts and regions beside this one, and of the roles there (INVBRIDGE_TARGETS)")
}

// targetFlags are those of commands that are about these accounts and regions.
func targetFlags(f *pflag.FlagSet, s *session.Session) {
	jsonFlag(f, s)
	targetsFlag(f, s)
	stateFlag(f, s)
}

func stateFlag(f *pflag.FlagSet, s *session.Session) {
	f.StringVar(&s.State, "state", s.StateByDefault(), "`place` of the ledger: s3://bucket/prefix or a directory (INVBRIDGE_STATE; else .invbridge/HOST-PORT where an endpoint is set)")
}

// ledgerFlags are those of commands that open the ledger.
func ledgerFlags(f *pflag.FlagSet, s *session.Session) {
	nodesFlag(f, s)
	stateFlag(f, s)
	f.IntVar(&s.Partitions, "partitions", 0, "`number` of partitions of a new state: 64 (in a directory with --nodes: one for 250 nodes, at least 6), or 1024 for large fleets")
}

func rateFlag(f *pflag.FlagSet, s *session.Session) {
	f.Float64Var(&s.Rate, "rate", session.DefaultRate, "PutInventory `calls` a second; 0: no limit, only where an endpoint is set")
}

// stateFlags are those of commands that read documents or their state, and put nothing.
func stateFlags(f *pflag.FlagSet, s *session.Session) {
	readFlags(f, s)
	ledgerFlags(f, s)
}

// putFlags are those of commands that read documents and put.
func putFlags(f *pflag.FlagSet, s *session.Session) {
	stateFlags(f, s)
	rateFlag(f, s)
	f.BoolVar(&s.Force, "force", false, "put what did not change, too")
}

// fileFlags are those of commands that put files that are named.
func fileFlags(f *pflag.FlagSet, s *session.Session) {
	putFlags(f, s)
	f.StringVar(&s.AsOf, "as-of", "", "`now`: the files count as of now, whatever times they have: older ones, over newer ones that were wrong")
}

// sweepFlags are those of commands that put without reading documents.
func sweepFlags(f *pflag.FlagSet, s *session.Session) {
	mappingFlags(f, s)
	ledgerFlags(f, s)
	rateFlag(f, s)
}

// stateOnlyFlags are those of commands that look at the state and at nothing else.
func stateOnlyFlags(f *pflag.FlagSet, s *session.Session) {
	f.BoolVar(&s.JSON, "json", false, "one JSON object a line")
	stateFlag(f, s)
}

func htmlFlag(f *pflag.FlagSet, to *string) {
	f.StringVar(to, "html", "", "write what is shown as a page, too, for a browser, into this `file`")
}
