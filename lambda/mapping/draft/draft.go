// Package draft knows how to guess a mapping from a sample of a user's own documents: where the records are, what names their
// machines, and which types take their fields. It knows no vendor, and nothing of what becomes of a mapping. Only the command line needs
// it; the function does not. Every guess weighs a field's name (see naming) and its values (see content), and goes into the one plan that
// write.go writes.
package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/naming"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// Options are what a draft may not take, and how it is called.
type Options struct {
	Name     string   // of the mapping; "": made from the sample's name
	Mappings []string // names that are taken
	Types    []string // likewise
}

// Draft is a mapping file, and the types file that it needs.
type Draft struct {
	Name    string
	Mapping []byte
	Types   []byte // nil where shared types take everything
}

// plan is what a draft contains, before it is written.
type plan struct {
	*shape.Source
	tree     *shape.Tree
	name     string
	place    place
	others   []place
	ids      []identifier
	records  []shape.Record
	machines map[string][]shape.Record
	fills    []*fill
	left     []leftOut
	cautious bool // shared types would not take some record
}

var mappingNames = regular.Expression(`^[a-z0-9][a-z0-9-]*$`)

// Make drafts a mapping. What it returns loads, and reads the sample without a rejected record.
func Make(sample shape.Sample, o Options) (Draft, error) {
	name, err := o.name(sample.Name)
	if err != nil {
		return Draft{}, err
	}
	p, err := prepare(sample, name)
	if err != nil {
		return Draft{}, err
	}
	for _, p.cautious = range []bool{false, true} {
		if err := p.fill(o.Types); err != nil {
			return Draft{}, err
		}
		if strings.HasSuffix(p.detect(), ": []") {
			return Draft{}, fmt.Errorf("draft: %s: nothing in it has a name by which such documents could be recognised: write the mapping by hand", sample.Name)
		}
		draft := Draft{Name: p.name, Mapping: p.mappingFile(), Types: p.typesFile()}
		var asides map[string]int
		if asides, err = draft.try(p.Source); err == nil {
			draft.Mapping = append(draft.Mapping, p.totals(asides)...)
			return draft, nil
		}
		if !errors.Is(err, errRejected) {
			break
		}
	}
	if errors.Is(err, errHeader) {
		return Draft{}, fmt.Errorf("draft: %s: %w", sample.Name, err)
	}
	return Draft{}, fmt.Errorf("draft: %s: %w: this is a fault of the program; please report it with the shape of the sample", sample.Name, err)
}

// choose takes the list of records and what identifies their machines.
func (p *plan) choose() error {
	places := placesIn(p.tree)
	if len(places) == 0 {
		return p.noRecords()
	}
	p.place, p.others = places[0], places[1:]
	p.ids = best(p.place)
	p.findHost()
	var err error
	p.records, err = p.Records(p.tree, p.place.Shape, p.lists())
	if err != nil {
		return err
	}
	p.ids = agreeing(p.ids, p.records)
	p.machines = map[string][]shape.Record{}
	for _, r := range p.records {
		id := p.machineOf(r)
		p.machines[id] = append(p.machines[id], r)
	}
	return nil
}

func (p *plan) noRecords() error {
	return fmt.Errorf("draft: %s has no records: no list of objects and no object with values; take a sample with a few records in it", p.Name)
}

// machineOf distinguishes records of one machine from those of others.
func (p *plan) machineOf(r shape.Record) string {
	var b strings.Builder
	for _, id := range p.ids {
		b.WriteString(textOfID(r, id) + "\x00")
	}
	return b.String()
}

func textOfID(r shape.Record, id identifier) string {
	if id.Path == "$name" {
		return r.Values[shape.NameShape]
	}
	return strings.ToLower(r.Values[id.Shape])
}

// name returns the mapping's name: the one asked for, or one made of the sample's.
func (o Options) name(sample string) (string, error) {
	if o.Name != "" {
		if len(o.Name) > 63 || !mappingNames().MatchString(o.Name) {
			return "", errors.New("draft: a mapping's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit: choose another --name")
		}
		if slices.Contains(o.Mappings, o.Name) {
			return "", fmt.Errorf("draft: a mapping is called %s already: choose another --name", o.Name)
		}
		return o.Name, nil
	}
	name := naming.OfFile(sample)
	if slices.Contains(o.Mappings, name) {
		name = "our-" + name
	}
	for base, n := name, 2; slices.Contains(o.Mappings, name); n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name, nil
}
