package choose

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/head"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// Fitting is a mapping that recognises a document, and by how many conditions.
type Fitting struct {
	Name   string
	Weight int
}

// Fitting returns all mappings that recognise a document by its content, the one that takes it first. Of an archive, a has the members.
func (all *Candidates) Fitting(begin []byte, complete bool, a scan.Archive) ([]Fitting, error) {
	c := newChooser(all, Origin{Local: true})
	if a == nil {
		c.head = head.Read(begin, complete, c.conditions)
	} else {
		h, err := head.ReadArchive(a)
		if err != nil {
			return nil, err
		}
		c.head = h
	}
	var fitting []Fitting
	for _, m := range all.all {
		if f := c.best(m); f.by != nil {
			fitting = append(fitting, Fitting{Name: m.Name, Weight: f.by.weight()})
		}
	}
	slices.SortStableFunc(fitting, func(a, b Fitting) int {
		if a.Weight != b.Weight {
			return b.Weight - a.Weight
		}
		return strings.Compare(a.Name, b.Name)
	})
	return fitting, c.head.Err()
}
