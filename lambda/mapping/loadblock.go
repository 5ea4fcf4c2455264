package mapping

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
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
	nodeID, serial, hostname, reverse, ip, mac *value
	tags                                       []tagValue
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
			if isTypeName(f.name) {
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
	if len(p.types) == 0 && len(*p.root.file.problems) == 0 {
		p.root.problem("the mapping fills no type: Custom:…")
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
func (p *mappingParser) fillable(f field) *Type {
	i := slices.IndexFunc(p.loader.types, func(t *Type) bool { return t.Inventory.Name == f.name })
	if i >= 0 {
		t := p.loader.types[i]
		if t.RollupOf == "" {
			return t
		}
		f.key.problem("%s is computed from %s and cannot be filled", f.name, t.RollupOf)
		return nil
	}
	if rest, custom := strings.CutPrefix(f.name, "Custom:"); custom && rest != "" && rest[0] >= 'a' && rest[0] <= 'z' {
		f.key.suggest("Custom:"+strings.ToUpper(rest[:1])+rest[1:], "a type's name begins with a capital letter after Custom:, not in lower case")
		return nil
	}
	f.key.suggest(nearest(f.name, p.loader.typeNames()), "type %s is not declared: it belongs into a types file", f.name)
	return nil
}

func (p *mappingParser) block(at blockPlace) *block {
	b := &block{}
	for _, f := range at.fields {
		if isTypeName(f.name) {
			p.fill(b, f)
			continue
		}
		p.blockWord(b, f)
	}
	return b
}

func (p *mappingParser) blockWord(b *block, f field) {
	switch f.name {
	case "each":
		b.each = p.paths(f.at)
	case "host":
		b.host = p.paths(f.at)
	case "key":
		b.key = p.value(f.at)
	case "identify":
		b.identity = p.identify(f.at)
	case "capturedAt":
		b.captured = p.value(f.at)
	case "where":
		b.where = p.expression(f.at, true)
	case "remove":
		b.remove = p.expression(f.at, true)
	case "update":
		update := f.at.oneOf("update", "replace", "merge", "newest")
		b.merge, b.newest = update == "merge", update == "newest"
	default:
		suggestion := nearest(f.name, blockWords)
		if slices.Contains(topWords, f.name) {
			f.key.problem("%s stands at the top of the file, not in a block", f.name)
			return
		}
		f.key.suggest(suggestion, "unknown word %s in a block", f.name)
	}
}

func (p *mappingParser) identify(at place) *identity {
	i := &identity{}
	for _, f := range at.fields() {
		switch f.name {
		case "nodeId":
			i.nodeID = p.candidates(f.at)
		case "serial":
			i.serial = p.candidates(f.at)
		case "hostname":
			i.hostname = p.candidates(f.at)
		case "reverse":
			i.reverse = p.candidates(f.at)
		case "ip":
			i.ip = p.candidates(f.at)
		case "mac":
			i.mac = p.candidates(f.at)
		case "tag":
			i.tags = p.tagValues(f.at)
		default:
			f.key.suggest(nearest(f.name, identifyWords), "unknown identifier %s: they are %s", f.name, strings.Join(identifyWords, ", "))
		}
	}
	if at.is(yaml.MappingNode) && len(at.resolved().Content) == 0 {
		at.problem("identify is empty: leave it out where the machine is named from outside")
	}
	return i
}

func (p *mappingParser) tagValues(at place) []tagValue {
	var tags []tagValue
	for _, f := range at.fields() {
		tags = append(tags, tagValue{key: f.name, value: p.candidates(f.at)})
	}
	slices.SortFunc(tags, func(a, b tagValue) int { return strings.Compare(a.key, b.key) })
	return tags
}

// candidates reads the value of an identifier: of a list all are kept.
func (p *mappingParser) candidates(at place) *value {
	v := p.value(at)
	if v != nil && at.is(yaml.SequenceNode) {
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
			at.word("identify").problem("key is missing: several blocks identify machines, so it must be said which records are one machine")
		}
		if !b.merge && b.remove == nil {
			continue
		}
		for _, fl := range b.fills {
			if len(fl.typ.Inventory.Key) == 0 {
				at.word(fl.typ.Inventory.Name).problem("%s has no key, so its entries cannot be merged or removed singly", fl.typ.Inventory.Name)
			}
		}
	}
}

// word gives the place of a word's name in a block.
func (b blockPlace) word(name string) place {
	for _, f := range b.fields {
		if f.name == name {
			return f.key
		}
	}
	return b.at
}
