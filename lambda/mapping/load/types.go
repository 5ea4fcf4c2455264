package load

import (
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

var (
	typeWords      = []string{"about", "schemaVersion", "key", "sort", "limit", "required", "rollup", "context", "attributes"}
	attributeWords = []string{"about", "max", "default", "map", "date", "join", "case", "of", "volatile", "unite"}
	contextNames   = []string{"ComplianceType", "ExecutionId", "ExecutionType", "ExecutionTime"}

	typeNames      = regular.Expression(`^(Custom|AWS):[A-Z][A-Za-z0-9_-]*$`)
	attributeNames = regular.Expression(`^[A-Z][A-Za-z0-9_]*$`)
	schemaVersions = regular.Expression(`^[0-9]{1,6}\.[0-9]{1,6}$`)
)

// typesOf reads the types of a types file.
func (l *loader) typesOf(root yamlfile.Value) {
	readListed(root, "types", "a types file", typesFileWords, l.declare)
}

// readListed reads a file that lists something under one word, and calls each with what is listed.
func readListed(root yamlfile.Value, under, file string, words []string, each func(yamlfile.Field)) {
	for _, f := range root.Fields() {
		switch f.Name {
		case "version":
			checkVersion(f.At)
		case "about":
			f.At.Scalar("about")
		case under:
			for _, listed := range f.At.Fields() {
				each(listed)
			}
		default:
			f.Unknown(words, "unknown word %s in %s", f.Name, file)
		}
	}
}

// declare reads one type and takes it, and its roll-up, into the set.
func (l *loader) declare(f yamlfile.Field) {
	if !l.typeName(f.Key, f.Name) {
		return
	}
	p := typeParser{Type: &mapping.Type{Inventory: &inventory.Type{Name: f.Name}, File: f.Key.File(), Builtin: f.Key.Builtin()}, key: f.Key}
	p.Inventory.Limit = inventory.Limit{Entries: inventory.MaxEntries, Reject: true}
	p.parse(f.At)
	p.Hash = f.At.Hash(f.Name)
	l.add(f.Key, p.Type)
	if r := p.Inventory.Rollup; r != nil {
		l.add(f.Key, rollupType(p.Type, r))
	}
}

// typeName checks the name of a type.
func (l *loader) typeName(at yamlfile.Value, name string) bool {
	switch rest, custom := strings.CutPrefix(name, "Custom:"); {
	case typeNames().MatchString(name) && len(name) <= inventory.MaxTypeNameBytes:
		if !custom && !slices.Contains(l.options.AWSTypes, name) {
			at.Problem("%s belongs to the agent and is not written unless the installation allows it: declare a Custom: type", name)
			return false
		}
		return true
	case custom && rest != "" && rest[0] >= 'a' && rest[0] <= 'z':
		at.Suggest("Custom:"+strings.ToUpper(rest[:1])+rest[1:], "a type's name must begin with a capital letter after Custom:")
	case strings.HasPrefix(strings.ToLower(name), "custom:") && !custom:
		at.Suggest("Custom:"+name[len("custom:"):], "a type's name must begin with Custom:")
	default:
		at.Problem("a type's name must be Custom: and a capital letter, then letters, digits, _ and -, at most %d characters in all", inventory.MaxTypeNameBytes)
	}
	return false
}

// add adds a type to the set.
func (l *loader) add(at yamlfile.Value, t *mapping.Type) {
	for _, other := range l.types {
		switch name := other.Inventory.Name; {
		case name == t.Inventory.Name:
			at.Problem("%s is declared twice, also in %s", name, other.File)
			return
		case strings.EqualFold(name, t.Inventory.Name):
			at.Problem("%s and %s differ only in case: the service takes them for one", t.Inventory.Name, name)
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
	if custom == inventory.MaxCustomTypes+1 {
		at.Problem("this is custom type %d (roll-ups count too): an account has %d", custom, inventory.MaxCustomTypes)
	}
}

// typeParser reads the words of one type.
type typeParser struct {
	*mapping.Type
	key        yamlfile.Value
	attributes map[string]yamlfile.Value
}

func (p *typeParser) parse(at yamlfile.Value) {
	var named []yamlfile.Field // words that name attributes, read after these
	for _, f := range at.Fields() {
		switch f.Name {
		case "about":
			p.About, _ = f.At.Scalar("about")
		case "schemaVersion":
			p.schemaVersion(f.At)
		case "limit":
			p.limit(f.At)
		case "attributes":
			p.readAttributes(f.At)
		case "key", "sort", "required", "rollup", "context":
			named = append(named, f)
		default:
			f.Unknown(typeWords, "unknown word %s of a type", f.Name)
		}
	}
	if p.Inventory.SchemaVersion == "" && !at.Has("schemaVersion") {
		p.key.Problem("schemaVersion is missing: \"1.0\"")
	}
	if len(p.Attributes) == 0 {
		if !p.key.HasProblem() {
			p.key.Problem("attributes are missing")
		}
		return
	}
	for _, f := range named {
		p.named(f)
	}
	p.derived()
	p.united()
	p.defaults()
}

func (p *typeParser) schemaVersion(at yamlfile.Value) {
	text, ok := at.Scalar("schemaVersion")
	if ok && !schemaVersions().MatchString(text) {
		at.Problem("schemaVersion must be two numbers with a dot: \"1.0\"")
		return
	}
	p.Inventory.SchemaVersion = text
}

func (p *typeParser) limit(at yamlfile.Value) {
	l := &p.Inventory.Limit
	readWords(at, "a limit",
		word{"entries", func(at yamlfile.Value) { l.Entries = at.Int("entries", 1, inventory.MaxEntries) }},
		word{"over", func(at yamlfile.Value) { l.Reject = at.OneOf("over", "truncate", "reject") == "reject" }})
}

// named reads a word that names attributes.
func (p *typeParser) named(f yamlfile.Field) {
	switch f.Name {
	case "key":
		p.Inventory.Key = p.indices(f.At)
	case "sort":
		p.Inventory.Sort = p.indices(f.At)
	case "required":
		for _, i := range p.indices(f.At) {
			p.Attributes[i].Required = true
		}
	case "context":
		p.context(f.At)
	case "rollup":
		p.rollup(f.At)
	}
}

// indices returns the attributes that a list names.
func (p *typeParser) indices(at yamlfile.Value) []int {
	var indices []int
	for _, item := range at.Items() {
		if i, ok := p.index(item); ok {
			if slices.Contains(indices, i) {
				item.Problem("%s is given twice", p.Attributes[i].Name)
				continue
			}
			indices = append(indices, i)
		}
	}
	return indices
}

// index returns the attribute that is named here.
func (p *typeParser) index(at yamlfile.Value) (int, bool) {
	name, ok := at.Scalar("an attribute's name")
	if !ok {
		return 0, false
	}
	if i := slices.Index(p.Inventory.Attributes, name); i >= 0 {
		return i, true
	}
	at.Suggest(problem.Nearest(name, p.Inventory.Attributes), "%s has no attribute %s", p.Inventory.Name, name)
	return 0, false
}

func (p *typeParser) context(at yamlfile.Value) {
	if p.Inventory.Name != "AWS:ComplianceItem" {
		at.Problem("only AWS:ComplianceItem has a context")
		return
	}
	for _, item := range at.Items() {
		i, ok := p.index(item)
		switch {
		case !ok:
		case !slices.Contains(contextNames, p.Attributes[i].Name):
			item.Suggest(problem.Nearest(p.Attributes[i].Name, contextNames), "the context takes %s", strings.Join(contextNames, ", "))
		default:
			p.Inventory.Context = append(p.Inventory.Context, i)
		}
	}
}
