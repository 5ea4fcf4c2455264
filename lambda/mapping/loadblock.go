package mapping

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// block is one kind of record of a document.
type block struct {
	each, host []dataPath
	key        *value // relative to the host
	identity   *identity
	captured   *value // relative to the record
	where      *expression
	remove     *expression
	merge      bool
	newest     bool // each record is all that the source knows: of several the newest counts
	fills      []*fill
}

// identity is where the identifiers of a machine stand, relative to the host.
type identity struct {
	nodeID, serial, hostname, ip, mac *value
	tags                              []tagValue
}

// tagValue is a tag of the node and where its value stands.
type tagValue struct {
	key   string
	value *value
}

// fill is how entries of a type are taken from a record.
type fill struct {
	index  int // in Mapping.types; -1: `allow` leaves the type out
	typ    *Type
	each   []dataPath // none: the record is the one entry
	where  *expression
	keep   bool // `missing: keep`
	record bool // where decides about the record, not about single entries
	values []*value
}

// parseBlocks reads all blocks and checks what they say together.
func (p *mappingParser) parseBlocks() {
	filled := make(map[string]*Type)
	for _, b := range p.blocks {
		for _, f := range b.fields {
			if isTypeName(f.Name) {
				if t := p.fillable(f); t != nil {
					filled[t.Inventory.Name] = t
				}
			}
		}
	}
	for _, t := range filled {
		p.types = append(p.types, t)
	}
	slices.SortFunc(p.types, func(a, b *Type) int { return strings.Compare(a.Inventory.Name, b.Inventory.Name) })
	if len(p.types) == 0 && len(p.loader.problems) == 0 {
		p.root.Problem("the mapping fills no type: Custom:…")
	}
	p.filled = slices.Clone(p.types)
	p.bar()
	for _, b := range p.blocks {
		p.Mapping.blocks = append(p.Mapping.blocks, p.block(b))
	}
	p.summarise()
	p.checkKeys()
}

// fillable finds the type that a mapping wants to fill.
func (p *mappingParser) fillable(f yamlfile.Field) *Type {
	i := slices.IndexFunc(p.loader.types, func(t *Type) bool { return t.Inventory.Name == f.Name })
	if i >= 0 {
		t := p.loader.types[i]
		if t.RollupOf == "" {
			return t
		}
		f.Key.Problem("%s is computed from %s and cannot be filled", f.Name, t.RollupOf)
		return nil
	}
	if rest, custom := strings.CutPrefix(f.Name, "Custom:"); custom && rest != "" && rest[0] >= 'a' && rest[0] <= 'z' {
		f.Key.Suggest("Custom:"+strings.ToUpper(rest[:1])+rest[1:], "a type's name begins with a capital letter after Custom:, not in lower case")
		return nil
	}
	f.Key.Suggest(problem.Nearest(f.Name, p.loader.typeNames()), "type %s is not declared: it belongs into a types file", f.Name)
	return nil
}

func (p *mappingParser) block(at blockPlace) *block {
	b := &block{}
	for _, f := range at.fields {
		if isTypeName(f.Name) {
			p.fill(b, f)
			continue
		}
		p.blockWord(b, f)
	}
	return b
}

func (p *mappingParser) blockWord(b *block, f yamlfile.Field) {
	switch f.Name {
	case "each":
		b.each = p.paths(f.At)
	case "host":
		b.host = p.paths(f.At)
	case "key":
		b.key = p.value(f.At)
	case "identify":
		b.identity = p.identify(f.At)
	case "capturedAt":
		b.captured = p.value(f.At)
	case "where":
		b.where = p.expression(f.At, true)
	case "remove":
		b.remove = p.expression(f.At, true)
	case "update":
		update := f.At.OneOf("update", "replace", "merge", "newest")
		b.merge, b.newest = update == "merge", update == "newest"
	default:
		suggestion := problem.Nearest(f.Name, blockWords)
		if slices.Contains(topWords, f.Name) {
			f.Key.Problem("%s stands at the top of the file, not in a block", f.Name)
			return
		}
		f.Key.Suggest(suggestion, "unknown word %s in a block", f.Name)
	}
}

func (p *mappingParser) identify(at yamlfile.Value) *identity {
	i := &identity{}
	for _, f := range at.Fields() {
		switch f.Name {
		case "nodeId":
			i.nodeID = p.candidates(f.At)
		case "serial":
			i.serial = p.candidates(f.At)
		case "hostname":
			i.hostname = p.candidates(f.At)
		case "ip":
			i.ip = p.candidates(f.At)
		case "mac":
			i.mac = p.candidates(f.At)
		case "tag":
			i.tags = p.tagValues(f.At)
		default:
			f.Key.Suggest(problem.Nearest(f.Name, identifyWords), "unknown identifier %s: they are %s", f.Name, strings.Join(identifyWords, ", "))
		}
	}
	if at.IsMapping() && at.IsEmpty() {
		at.Problem("identify is empty: leave it out where the machine is named from outside")
	}
	return i
}

func (p *mappingParser) tagValues(at yamlfile.Value) []tagValue {
	var tags []tagValue
	for _, f := range at.Fields() {
		tags = append(tags, tagValue{key: f.Name, value: p.candidates(f.At)})
	}
	slices.SortFunc(tags, func(a, b tagValue) int { return strings.Compare(a.key, b.key) })
	return tags
}

// candidates reads the value of an identifier: of a list all are kept.
func (p *mappingParser) candidates(at yamlfile.Value) *value {
	v := p.value(at)
	if v != nil && at.IsList() {
		v.all, v.first = v.first, nil
	}
	return v
}

// summarise collects what the mapping asks of others.
func (p *mappingParser) summarise() {
	tags := make(map[string]bool)
	for _, b := range p.Mapping.blocks {
		p.uses.merge = p.uses.merge || b.merge
		p.uses.keyed = p.uses.keyed || b.key != nil
		if b.identity == nil {
			continue
		}
		p.uses.identify = true
		p.uses.mac = p.uses.mac || b.identity.mac != nil
		p.uses.serial = p.uses.serial || b.identity.serial != nil
		for _, tag := range b.identity.tags {
			tags[tag.key] = true
		}
	}
	for key := range tags {
		p.tags = append(p.tags, key)
	}
	slices.Sort(p.tags)
}

// checkKeys checks what needs keys: several blocks that identify machines, and merges.
func (p *mappingParser) checkKeys() {
	identifying := 0
	for _, b := range p.Mapping.blocks {
		if b.identity != nil {
			identifying++
		}
	}
	for i, b := range p.Mapping.blocks {
		at := p.blocks[i]
		if identifying > 1 && b.identity != nil && b.key == nil {
			at.word("identify").Problem("key is missing: several blocks identify machines, so it must be said which records are one machine")
		}
		if !b.merge && b.remove == nil {
			continue
		}
		for _, fl := range b.fills {
			if len(fl.typ.Inventory.Key) == 0 {
				at.word(fl.typ.Inventory.Name).Problem("%s has no key, so its entries cannot be merged or removed singly", fl.typ.Inventory.Name)
			}
		}
	}
}

// word gives the place of a word's name in a block.
func (b blockPlace) word(name string) yamlfile.Value {
	for _, f := range b.fields {
		if f.Name == name {
			return f.Key
		}
	}
	return b.at
}
