package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// parseBlocks reads all blocks and checks them together.
func (p *mappingParser) parseBlocks() {
	for _, b := range p.blocks {
		for _, f := range b.fields {
			if isTypeName(f.Name) {
				if t := p.fillable(f); t != nil && !slices.Contains(p.types, t) {
					p.types = append(p.types, t)
				}
			}
		}
	}
	slices.SortFunc(p.types, func(a, b *mapping.Type) int { return strings.Compare(a.Inventory.Name, b.Inventory.Name) })
	if len(p.types) == 0 && len(p.loader.problems) == 0 {
		p.root.Problem("the mapping fills no type: Custom:…")
	}
	p.filled = slices.Clone(p.types)
	p.bar()
	blocks := make([]*mapping.Block, len(p.blocks))
	for i, at := range p.blocks {
		blocks[i] = p.block(at)
	}
	p.Fill(p.types, blocks)
	p.checkKeys()
}

// fillable finds the type that a mapping wants to fill.
func (p *mappingParser) fillable(f yamlfile.Field) *mapping.Type {
	i := slices.IndexFunc(p.loader.types, func(t *mapping.Type) bool { return t.Inventory.Name == f.Name })
	if i >= 0 {
		t := p.loader.types[i]
		if t.RollupOf == "" {
			return t
		}
		f.Key.Problem("%s is computed from %s and cannot be filled", f.Name, t.RollupOf)
		return nil
	}
	if rest, custom := strings.CutPrefix(f.Name, "Custom:"); custom && rest != "" && rest[0] >= 'a' && rest[0] <= 'z' {
		f.Key.Suggest("Custom:"+strings.ToUpper(rest[:1])+rest[1:], "a type's name must begin with a capital letter after Custom:")
		return nil
	}
	f.Unknown(namesOf(p.loader.types, (*mapping.Type).Name), "type %s is not declared: declare it in a types file", f.Name)
	return nil
}

func (p *mappingParser) block(at blockPlace) *mapping.Block {
	b := &mapping.Block{}
	for _, f := range at.fields {
		if isTypeName(f.Name) {
			p.fill(b, f)
			continue
		}
		p.blockWord(b, f)
	}
	return b
}

func (p *mappingParser) blockWord(b *mapping.Block, f yamlfile.Field) {
	switch f.Name {
	case "each":
		b.Each = p.paths(f.At)
	case "host":
		b.Host = p.paths(f.At)
	case "key":
		b.Key = p.value(f.At)
	case "identify":
		b.Identity = p.identify(f.At)
	case "capturedAt":
		b.Captured = p.value(f.At)
	case "where":
		b.Where = p.expression(f.At, true)
	case "remove":
		b.Remove = p.expression(f.At, true)
	case "scope":
		b.Scope = p.expression(f.At, true)
	case "update":
		update := f.At.OneOf("update", "replace", "merge", "newest")
		b.Merge, b.Newest = update == "merge", update == "newest"
	default:
		suggestion := problem.Nearest(f.Name, blockWords)
		if slices.Contains(topWords, f.Name) {
			f.Key.Problem("%s belongs at the top of the file, not in a block", f.Name)
			return
		}
		f.Key.Suggest(suggestion, "unknown word %s in a block", f.Name)
	}
}

func (p *mappingParser) identify(at yamlfile.Value) *mapping.Identity {
	i := &mapping.Identity{}
	kinds := map[string]**mapping.Value{
		"nodeId": &i.NodeID, "serial": &i.Serial, "hostname": &i.Hostname, "reverse": &i.Reverse, "ip": &i.IP, "mac": &i.MAC,
		"account": &i.Account, "region": &i.Region,
	}
	for _, f := range at.Fields() {
		switch kind := kinds[f.Name]; {
		case kind != nil:
			*kind = p.candidates(f.At)
		case f.Name == "tag":
			i.Tags = p.tagValues(f.At)
		default:
			f.Unknown(identifyWords, "unknown identifier %s: they are %s", f.Name, strings.Join(identifyWords, ", "))
		}
	}
	if at.IsMapping() && at.IsEmpty() {
		at.Problem("identify is empty: leave it out where the machine is named from outside")
	}
	return i
}

func (p *mappingParser) tagValues(at yamlfile.Value) []mapping.TagValue {
	var tags []mapping.TagValue
	for _, f := range at.Fields() {
		tags = append(tags, mapping.TagValue{Key: f.Name, Value: p.candidates(f.At)})
	}
	slices.SortFunc(tags, func(a, b mapping.TagValue) int { return strings.Compare(a.Key, b.Key) })
	return tags
}

// candidates reads the value of an identifier: of a list all are kept.
func (p *mappingParser) candidates(at yamlfile.Value) *mapping.Value {
	v := p.value(at)
	if v != nil && at.IsList() {
		v.All, v.First = v.First, nil
	}
	return v
}

// checkKeys checks what needs keys: several blocks that identify machines, and merges.
func (p *mappingParser) checkKeys() {
	identifying := 0
	for _, b := range p.Blocks {
		if b.Identity != nil {
			identifying++
		}
	}
	for i, b := range p.Blocks {
		at := p.blocks[i]
		if b.Identity != nil && b.Key == nil && b.Identity.PlacesOnly() {
			at.word("identify").Problem("identify names no machine: account and region say only where it is")
		}
		if identifying > 1 && b.Identity != nil && b.Key == nil {
			at.word("identify").Problem("key is missing: where several blocks identify machines, it decides which records are one machine")
		}
		if !b.Merge && b.Remove == nil {
			continue
		}
		for _, fl := range b.Fills {
			if len(fl.Type.Inventory.Key) == 0 {
				at.word(fl.Type.Inventory.Name).Problem("%s has no key, so its entries cannot be merged or removed singly", fl.Type.Inventory.Name)
			}
		}
	}
}

// word returns the place of a word's name in a block.
func (b blockPlace) word(name string) yamlfile.Value {
	for _, f := range b.fields {
		if f.Name == name {
			return f.Key
		}
	}
	return b.at
}
