package main

import "slices"

// wildcards is why statements of the functions' roles have any.
const wildcards = "Objects are named by prefix in a bucket of the stack's own, log streams in a log group of its own; the actions of " +
	"Systems Manager and of X-Ray that are used have no finer resource than *, and PutInventory is bound to the types of the bundle by a condition"

// listingActions ask for managed nodes and what they are called.
func listingActions() []string {
	return []string{"ssm:DescribeInstanceInformation", "ssm:GetInventory"}
}

// comparingActions are delivery's that ask what the account and its nodes have.
func comparingActions() []string {
	return []string{"ssm:GetInventorySchema", "ssm:ListInventoryEntries"}
}

// puts are the types that delivery may put: those of the bundle, and those that published mappings may declare.
func (b *bundle) puts() []string { return slices.Concat(b.types, b.allowed()) }

// noFiner is why a statement's resource is everything.
const noFiner = "these actions of Systems Manager have no resource types"

// intakeGrants let intake read uploads and stage what they state. It puts nothing, and writes no part of the ledger. Of that it reads the
// heads, which know to which nodes the numbers of machines are tied.
func (s *service) intakeGrants() []grant {
	uploads, state := *s.uploads.BucketArn(), *s.state.BucketArn()
	return append([]grant{
		{actions: []string{"s3:GetObject", "s3:GetObjectVersion"}, resources: under(uploads, "*")},
		{actions: []string{"s3:GetObject"}, resources: under(state, "installation.json", "heads/*", "receipts/*", "parked/*/index.json")},
		{actions: []string{"s3:PutObject"}, resources: under(state, append([]string{"staging/*", "parked/*", "rejected/*"}, ofReceipts("intake", "found")...)...)},
		// Without the right to list, S3 answers 403 where an object is missing, and a missing object is an answer here. That is asked without
		// a prefix, so the condition can bind only those who name one.
		{actions: []string{"s3:ListBucket"}, resources: []string{uploads}},
		{actions: []string{"s3:ListBucket"}, resources: []string{state}, when: ifPrefix("receipts/*")},
		{actions: listingActions(), everywhere: noFiner},
		{actions: []string{"sqs:SendMessage"}, resources: []string{*s.deliveries.QueueArn()}},
	}, s.targetGrants(false)...)
}

// deliveryGrants let delivery read what is staged, keep the ledger, and put the types of the bundle. It reads no uploads.
func (s *service) deliveryGrants() []grant {
	state := *s.state.BucketArn()
	ledger := []string{"installation.json", "types.json", "unnamed.json", "heads/*", "packs/*"}
	former := []string{"rows/*", "scopes/*"} // of states of before packs: read, and deleted once they are in packs
	return append([]grant{
		{actions: []string{"s3:GetObject"}, resources: under(state, slices.Concat([]string{"staging/*", "parked/*", "receipts/*"}, ledger, former)...)},
		{actions: []string{"s3:PutObject"}, resources: under(state, append(ofReceipts("????", "found", "absence"), ledger...)...)},
		{actions: []string{"s3:DeleteObject"}, resources: under(state, "packs/*", "rows/*", "scopes/*", "parked/*")},
		{actions: []string{"s3:ListBucket"}, resources: []string{state}, when: ifPrefix("heads/*", "packs/*", "rows/*", "scopes/*", "parked/*", "receipts/*")}, // as for intake
		{actions: slices.Concat(listingActions(), comparingActions()), everywhere: noFiner},
		{actions: []string{"ssm:PutInventory"}, everywhere: noFiner, when: map[string]any{
			"ForAllValues:StringEquals": map[string]any{"ssm:InventoryTypeName": s.bundle.puts()},
			"Null":                      map[string]any{"ssm:InventoryTypeName": "false"}, // a call without the key has no values that differ
		}},
		// To make what failed come again soon, and to hand on what a function's time did not suffice for.
		{actions: []string{"sqs:ChangeMessageVisibility", "sqs:SendMessage"}, resources: []string{*s.deliveries.QueueArn()}},
	}, s.targetGrants(true)...)
}

// ofReceipts are the objects of an import's receipt that a role writes: its own parts (???? is a partition's number), and what is made of all
// parts. A * matches slashes, too, but no name of an object ends like another one's, so that a role writes no part of the other: what was decided
// about absent nodes, above all.
func ofReceipts(own ...string) []string {
	var list []string
	for _, name := range append(own, "receipt", "earlier-*") {
		list = append(list, "receipts/*/"+name+".json")
	}
	return append(list, "receipts/latest/*")
}

func ifPrefix(patterns ...string) map[string]any {
	return map[string]any{"StringLikeIfExists": map[string]any{"s3:prefix": patterns}}
}
