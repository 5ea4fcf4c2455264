package main

import (
	"crypto/sha256"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// count adds up the records of a document.
type count struct {
	mapping  *mapping.Mapping
	machines map[[8]byte]struct{} // keys seen, hashed: a document may name a million machines
	alone    int                  // machines without a key
	entries  map[string]int
	rejected int
	skipped  int
	last     *read.Record
}

func newCount() *count {
	return &count{machines: map[[8]byte]struct{}{}, entries: map[string]int{}}
}

func (c *count) begin(m *mapping.Mapping) { c.mapping = m }

func (c *count) record(rec *read.Record) {
	c.last = nil
	switch {
	case rec.Skip != "":
		c.skipped++
	case rec.Key != "":
		sum := sha256.Sum256([]byte(rec.Key))
		c.machines[[8]byte(sum[:8])] = struct{}{}
	default:
		c.alone++
	}
}

// reject counts a record with a rejected entry once.
func (c *count) reject(rec *read.Record) {
	if c.last != rec {
		c.rejected++
		c.last = rec
	}
}

func (c *count) summary(complete bool) recordsSummary {
	s := recordsSummary{Entries: c.entries, Rejected: c.rejected, Skipped: c.skipped, Complete: complete}
	if c.mapping == nil {
		return s
	}
	s.Mapping, s.Subjects = c.mapping.Name, len(c.machines)+c.alone
	if !c.mapping.NamesMachine() { // the key or --as names it: one machine a document
		s.Subjects = 1
	}
	return s
}
