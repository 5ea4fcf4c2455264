package mapping

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// Test is a sample of a mapping, and what must come out of it. What it does not name is not looked at.
type Test struct {
	At       problem.Place
	Sample   string            // path of the document, from the mapping's file
	As       map[string]string // the machine, for a document that names none: nodeId, hostname, serial, ip, mac
	Nodes    string            // path of a file of managed nodes, from the mapping's file; "" for none
	Records  *Count            // that are read, skipped ones included
	Skipped  *Count
	Rejected *Count // of which an entry is rejected
	Subjects []ExpectedSubject
	Entries  []ExpectedEntry
}

// Count is a number that must come out.
type Count struct {
	At problem.Place
	N  int
}

// ExpectedSubject is a machine, by one of its identifiers, and what becomes of it: the node's ID, or parked, rejected or skipped.
type ExpectedSubject struct {
	At               problem.Place
	Identifier, Node string
}

// ExpectedEntry is entries that have these values, among others.
type ExpectedEntry struct {
	At         problem.Place
	Type       int            // index into the mapping's types
	Subject    string         // an identifier of their machine; "" for any
	Count      int            // how many there are; -1: at least one
	Attributes map[int]string // by index of the type's attributes
}
