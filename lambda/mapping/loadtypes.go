package mapping

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// Limits of the service (AWS Systems Manager quotas, and PutInventory's API reference).
const (
	maxCustomTypes    = 20
	maxTypeAttributes = 50
	maxTypeName       = 100
	maxValueBytes     = 4096
	maxTypeEntries    = 10_000
)

var (
	typeWords      = []string{"about", "schemaVersion", "key", "sort", "limit", "required", "rollup", "context", "attributes"}
	attributeWords = []string{"about", "max", "default", "map", "date", "join", "case", "of", "volatile"}
	contextNames   = []string{"ComplianceType", "ExecutionId", "ExecutionType", "ExecutionTime"}

	typeNames      = regexp.MustCompile(`^(Custom|AWS):[A-Z][A-Za-z0-9_-]*$`)
	attributeNames = regexp.MustCompile(`^[A-Z][A-Za-z0-9_]{0,63}$`)
	schemaVersions = regexp.MustCompile(`^[0-9]{1,6}\.[0-9]{1,6}$`)
)

// typesOf reads the types of a types file.
func (l *loader) typesOf(root place) {
	for _, f := range root.fields() {
		switch f.name {
		case "version":
			f.at.version()
		case "about":
			f.at.scalar("about")
		case "types":
			for _, declared := range f.at.fields() {
				l.declare(declared)
			}
		default:
			f.key.suggest(nearest(f.name, typesFileWords), "unknown word %s in a types file", f.name)
		}
	}
}

// declare reads one type and takes it, and its roll-up, into the set.
func (l *loader) declare(f field) {
	if !l.typeName(f.key, f.name) {
		return
	}
	p := typeParser{Type: &Type{Inventory: &inventory.Type{Name: f.name}, File: f.key.file.name, Builtin: f.key.file.builtin}, key: f.key}
	p.Inventory.Limit = inventory.Limit{Entries: maxTypeEntries, Reject: true}
	p.parse(f.at)
	p.hash = hashNode(f.name, f.at)
	l.take(f.key, p.Type)
	if r := p.Inventory.Rollup; r != nil {
		l.take(f.key, rollupType(p.Type, r))
	}
}

// typeName checks the name of a type.
func (l *loader) typeName(at place, name string) bool {
	switch rest, custom := strings.CutPrefix(name, "Custom:"); {
	case typeNames.MatchString(name) && len(name) <= maxTypeName:
		if !custom && !slices.Contains(l.options.AWSTypes, name) {
			at.problem("%s belongs to the agent and is not written unless the installation allows it: declare a Custom: type", name)
			return false
		}
		return true
	case custom && rest != "" && rest[0] >= 'a' && rest[0] <= 'z':
		at.suggest("Custom:"+strings.ToUpper(rest[:1])+rest[1:], "a type's name begins with a capital letter after Custom:, not in lower case")
	case strings.HasPrefix(strings.ToLower(name), "custom:") && !custom:
		at.suggest("Custom:"+name[len("custom:"):], "a type's name begins with Custom:, written so")
	default:
		at.problem("a type's name is Custom: and a capital letter, then letters, digits, _ and -, at most %d characters in all", maxTypeName)
	}
	return false
}

// take adds a type to the set.
func (l *loader) take(at place, t *Type) {
	for _, other := range l.types {
		switch name := other.Inventory.Name; {
		case name == t.Inventory.Name:
			at.problem("%s is declared twice, also in %s", name, other.File)
			return
		case strings.EqualFold(name, t.Inventory.Name):
			at.problem("%s and %s differ only in case: the service takes them for one", t.Inventory.Name, name)
			return
		}
	}
	l.types = append(l.types, t)
	custom := 0
	for _, other := range l.types {
		if strings.HasPrefix(other.Inventory.Name, "Custom:") {
			custom++
		}
	}
	if custom == maxCustomTypes+1 {
		at.problem("this is custom type %d (roll-ups count too): an account has %d", custom, maxCustomTypes)
	}
}

// typeParser reads the words of one type.
type typeParser struct {
	*Type
	key        place
	attributes map[string]place
}

func (p *typeParser) parse(at place) {
	var named []field // words that name attributes, read after these
	for _, f := range at.fields() {
		switch f.name {
		case "about":
			p.About, _ = f.at.scalar("about")
		case "schemaVersion":
			p.schemaVersion(f.at)
		case "limit":
			p.limit(f.at)
		case "attributes":
			p.readAttributes(f.at)
		case "key", "sort", "required", "rollup", "context":
			named = append(named, f)
		default:
			f.key.suggest(nearest(f.name, typeWords), "unknown word %s of a type", f.name)
		}
	}
	if p.Inventory.SchemaVersion == "" && !at.has("schemaVersion") {
		p.key.problem("schemaVersion is missing: \"1.0\"")
	}
	if len(p.Attributes) == 0 {
		if !p.key.hasProblemUnder() {
			p.key.problem("attributes are missing")
		}
		return
	}
	for _, f := range named {
		p.named(f)
	}
	p.derived()
}

func (p place) has(name string) bool {
	n := p.resolved()
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return true
		}
	}
	return false
}

func (p *typeParser) schemaVersion(at place) {
	text, ok := at.scalar("schemaVersion")
	if ok && !schemaVersions.MatchString(text) {
		at.problem("schemaVersion is two numbers with a dot: \"1.0\"")
		return
	}
	p.Inventory.SchemaVersion = text
}

func (p *typeParser) limit(at place) {
	for _, f := range at.fields() {
		switch f.name {
		case "entries":
			p.Inventory.Limit.Entries = f.at.integer("entries", 1, maxTypeEntries)
		case "over":
			p.Inventory.Limit.Reject = f.at.oneOf("over", "truncate", "reject") == "reject"
		default:
			f.key.suggest(nearest(f.name, []string{"entries", "over"}), "unknown word %s of a limit", f.name)
		}
	}
}

// named reads a word that names attributes.
func (p *typeParser) named(f field) {
	switch f.name {
	case "key":
		p.Inventory.Key = p.indices(f.at)
	case "sort":
		p.Inventory.Sort = p.indices(f.at)
	case "required":
		for _, i := range p.indices(f.at) {
			p.Attributes[i].Required = true
		}
	case "context":
		p.context(f.at)
	case "rollup":
		p.rollup(f.at)
	}
}

// indices gives the attributes that a list names.
func (p *typeParser) indices(at place) []int {
	var indices []int
	for _, item := range at.items() {
		if i, ok := p.index(item); ok {
			if slices.Contains(indices, i) {
				item.problem("%s stands here twice", p.Attributes[i].Name)
				continue
			}
			indices = append(indices, i)
		}
	}
	return indices
}

// index gives the attribute that is named here.
func (p *typeParser) index(at place) (int, bool) {
	name, ok := at.scalar("an attribute's name")
	if !ok {
		return 0, false
	}
	for i := range p.Attributes {
		if p.Attributes[i].Name == name {
			return i, true
		}
	}
	at.suggest(nearest(name, p.Inventory.Attributes), "%s has no attribute %s", p.Inventory.Name, name)
	return 0, false
}

func (p *typeParser) context(at place) {
	if p.Inventory.Name != "AWS:ComplianceItem" {
		at.problem("only AWS:ComplianceItem has a context")
		return
	}
	for _, item := range at.items() {
		i, ok := p.index(item)
		switch {
		case !ok:
		case !slices.Contains(contextNames, p.Attributes[i].Name):
			item.suggest(nearest(p.Attributes[i].Name, contextNames), "the context takes %s", strings.Join(contextNames, ", "))
		default:
			p.Inventory.Context = append(p.Inventory.Context, i)
		}
	}
}
