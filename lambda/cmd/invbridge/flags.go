package main

import (
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/spf13/pflag"
)

// options are the flags of all commands; each command has some of them.
type options struct {
	json       bool
	nodes      string
	mappings   []string
	awsTypes   []string
	mapping    string
	as         []string
	state      string
	partitions int
	rate       float64
	force      bool
	addr       string
	objects    string
	switches   []string
	keep       string
	parked     bool
	confirm    []string
	dead       []string
	again      bool
	from       string
	name       string
	out        string
	sample     string
	only       []string
}

func jsonFlag(f *pflag.FlagSet, o *options) {
	f.BoolVar(&o.json, "json", false, "one JSON object a line")
}

func mappingFlags(f *pflag.FlagSet, o *options) {
	jsonFlag(f, o)
	f.StringArrayVar(&o.mappings, "mappings", nil, "directory of your own mappings and types, beside the built-ins")
	f.StringArrayVar(&o.awsTypes, "aws-type", nil, "AWS:… type that mappings may fill; the agent owns them, so none without this")
}

func filesFlags(f *pflag.FlagSet, o *options) {
	mappingFlags(f, o)
	f.StringVar(&o.from, "from", "", "of new: the sample to draft a mapping from")
	f.StringVar(&o.name, "name", "", "of new: the mapping's name; else made from the file's")
	f.StringVar(&o.out, "out", "", "of new: the directory to write to; else standard output")
	f.StringVar(&o.sample, "sample", "", "of check: a document to try the mapping on: what it never fills, never uses, cuts or does not understand")
	f.StringVar(&o.mapping, "mapping", "", "of check --sample: the mapping that the sample is for; else the content decides")
}

func readFlags(f *pflag.FlagSet, o *options) {
	mappingFlags(f, o)
	f.StringVar(&o.mapping, "mapping", "", "the mapping that the files are for; else key and content decide")
	f.StringArrayVar(&o.as, "as", nil, "nodeId=…, hostname=…, serial=…, ip=… or mac=…: the machine, for a document that names none")
}

func nodeFlags(f *pflag.FlagSet, o *options) {
	readFlags(f, o)
	f.StringVar(&o.nodes, "nodes", "", "file of managed nodes (JSON or CSV) in place of the service's directory")
}

func stateFlags(f *pflag.FlagSet, o *options) {
	nodeFlags(f, o)
	f.StringVar(&o.state, "state", "", "where the ledger lives: s3://bucket/prefix or a directory (default .invbridge/HOST-PORT where an endpoint is set)")
	f.IntVar(&o.partitions, "partitions", 0, "partitions of a new state: 64, or 1024 for large fleets")
}

func putFlags(f *pflag.FlagSet, o *options) {
	stateFlags(f, o)
	f.Float64Var(&o.rate, "rate", 2, "PutInventory calls a second; 0: no limit, only where an endpoint is set")
	f.BoolVar(&o.force, "force", false, "put what did not change, too")
}

func sweepFlags(f *pflag.FlagSet, o *options) {
	mappingFlags(f, o)
	f.StringVar(&o.nodes, "nodes", "", "file of managed nodes (JSON or CSV) in place of the service's directory")
	f.StringVar(&o.state, "state", "", "where the ledger lives: s3://bucket/prefix or a directory (default .invbridge/HOST-PORT where an endpoint is set)")
	f.IntVar(&o.partitions, "partitions", 0, "partitions of a new state: 64, or 1024 for large fleets")
	f.Float64Var(&o.rate, "rate", 2, "PutInventory calls a second; 0: no limit, only where an endpoint is set")
}

func sourceFlags(f *pflag.FlagSet, o *options) {
	sweepFlags(f, o)
	f.StringArrayVar(&o.only, "node", nil, "of remove: NODE from which alone the source's rows are removed")
}

func redriveFlags(f *pflag.FlagSet, o *options) {
	putFlags(f, o)
	f.BoolVar(&o.parked, "parked", false, "look for the nodes of parked records now")
	f.StringArrayVar(&o.dead, "dead-letters", nil, "URL of a queue of dead letters: how many messages wait there")
	f.BoolVar(&o.again, "again", false, "with --dead-letters: have them go back to where they came from")
	f.StringArrayVar(&o.confirm, "confirm-absent", nil, "IMPORT: clear the nodes that its document no longer names")
}

func sandboxFlags(f *pflag.FlagSet, o *options) {
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "address to listen on; port 0: a free one")
	f.StringVar(&o.nodes, "nodes", "", "file of managed nodes, JSON or CSV")
	f.StringVar(&o.objects, "objects", "", "directory of <bucket>/<key>")
	f.StringArrayVar(&o.switches, "switch", nil, "turn round one of the answers that AWS documents nowhere; a wrong name lists them")
}

func demoFlags(f *pflag.FlagSet, o *options) {
	f.StringVar(&o.keep, "keep", "", "directory to keep the state in, to look at it afterwards")
}

// subject reads --as.
func (o *options) subject() (node.Subject, error) {
	var s node.Subject
	kinds := map[string]*[]string{"nodeId": &s.NodeID, "hostname": &s.Hostname, "serial": &s.Serial, "ip": &s.IP, "mac": &s.MAC}
	for _, as := range o.as {
		kind, value, ok := strings.Cut(as, "=")
		if !ok || kinds[kind] == nil || value == "" {
			return s, usageError(fmt.Sprintf("--as %s: write nodeId=…, hostname=…, serial=…, ip=… or mac=…", kind))
		}
		*kinds[kind] = append(*kinds[kind], value)
	}
	return s, nil
}
