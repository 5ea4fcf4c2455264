package load

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

var (
	typesFileWords = []string{"version", "about", "types"}
	blockWords     = []string{"each", "host", "key", "identify", "capturedAt", "where", "update", "remove", "scope"}
	topWords       = slices.Concat([]string{
		"version", "mapping", "about", "seen", "family", "extends", "match", "detect", "sections", "empty", "dates", "zone",
		"unwrap", "unescape", "tables", "whole", "records", "source", "every", "absent", "expireAfter", "onAmbiguous", "prefer", "trust", "allow", "tests",
	}, blockWords)
	fillWords     = []string{"each", "where", "missing", "scope"}
	valueWords    = []string{"path", "all", "value", "expr", "split", "match", "map", "date", "join"}
	identifyWords = []string{"nodeId", "tag", "serial", "hostname", "reverse", "ip", "mac", "account", "region"}
	detectKinds   = []string{"csv", "json", "xml", "zip", "xlsx", "keyvalue"}
	matchKinds    = []string{"s3", "eventbridge", "sqs"}
)

// defaultAbsent is what becomes of absent machines where the mapping does not say it; its maxCleared also where that has none.
var defaultAbsent = mapping.Absent{MaxCleared: 0.05}

// mappingParser makes a mapping of its effective tree.
type mappingParser struct {
	*mapping.Mapping
	loader *loader
	root   yamlfile.Value
	blocks []blockPlace // top-level block words, or the blocks under records

	types     []*mapping.Type // that are filled, by name
	filled    []*mapping.Type // also those that `allow` leaves out
	numbered  int             // values so far
	allowedAt yamlfile.Value  // of the types that it names
}

// blockPlace is where the words of a block stand.
type blockPlace struct {
	at     yamlfile.Value
	fields []yamlfile.Field
}

func (l *loader) parseMapping(s *mappingFile) *mapping.Mapping {
	m := &mapping.Mapping{Head: mapping.Head{File: s.root.File(), Absent: defaultAbsent}}
	m.Name, m.Builtin = s.name, s.root.Builtin()
	m.Family = cmp.Or(s.family, s.name)
	m.Conventions.Dates.Zone = time.UTC
	p := mappingParser{Mapping: m, loader: l, root: s.root}
	p.parse()
	m.Hash = p.hash()
	return m
}

// parse reads the words at the top; those on which others depend come first.
func (p *mappingParser) parse() {
	fields := p.root.Fields()
	var later, block []yamlfile.Field
	for _, f := range fields {
		switch {
		case p.early(f):
		case slices.Contains(blockWords, f.Name) || isTypeName(f.Name):
			block = append(block, f)
		default:
			later = append(later, f)
		}
	}
	if !p.root.Has("version") {
		p.root.Problem("version is missing: 1")
	}
	if !p.root.Has("detect") && !p.root.Has("match") {
		p.root.Problem("there is neither detect nor match: nothing would ever be read with this mapping")
	}
	for _, f := range later {
		p.word(f, len(block) > 0)
	}
	if slices.ContainsFunc(p.Detect, func(a *choose.Alternative) bool { return a.Kind == "csv" || a.Kind == "xlsx" }) {
		p.Conventions.Dates.Else = date.SpreadsheetBeside(p.Conventions.Dates.Layouts)
		p.Conventions.Open = true
	}
	if len(block) > 0 && !p.root.Has("records") {
		p.blocks = append(p.blocks, blockPlace{at: p.root, fields: block})
	}
	p.parseBlocks()
	p.checkSource()
	p.checkTimes()
	if p.root.Has("tests") {
		p.readTests(p.root.Field("tests"))
	}
}

func isTypeName(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "custom:") || strings.HasPrefix(lower, "aws:")
}

// early reads the words about how values are read.
func (p *mappingParser) early(f yamlfile.Field) bool {
	switch f.Name {
	case "version":
		checkVersion(f.At)
	case "mapping", "extends":
	case "about":
		p.About, _ = f.At.Scalar("about")
	case "seen":
		p.Seen, _ = f.At.Scalar("seen")
	case "family":
		p.family(f.At)
	case "dates":
		p.Conventions.Dates.Layouts = p.layouts(f.At)
	case "zone":
		p.zone(f.At)
	case "unwrap":
		p.Conventions.Unwrap = f.At.Strings("a field's name")
	case "empty":
		p.Conventions.Empty = f.At.Strings("an item of empty")
	case "unescape":
		p.Conventions.Unescape = f.At.OneOf("unescape", "html") == "html"
	case "sections":
		p.Conventions.Sections = f.At.Strings("a key that begins an object")
		p.KeyValue = len(p.Conventions.Sections) > 0
	case "tables":
		p.readTables(f.At)
	default:
		return false
	}
	return true
}

// word reads the other words at the top.
func (p *mappingParser) word(f yamlfile.Field, beside bool) {
	switch f.Name {
	case "match":
		p.readMatches(f.At)
	case "detect":
		p.readDetect(f.At)
	case "records":
		p.records(f, beside)
	case "whole":
		p.Whole = p.whole(f.At)
	case "source":
		p.readSource(f.At)
	case "every":
		p.Every = duration(f.At)
	case "expireAfter":
		p.ExpireAfter = duration(f.At)
	case "absent":
		p.absent(f.At)
	case "onAmbiguous":
		p.OnAmbiguousOnline = f.At.OneOf("onAmbiguous", "reject", "online") == "online"
	case "prefer":
		p.Prefer = f.At.OneOf("prefer", "managed", "ec2")
	case "trust":
		for _, item := range f.At.Items() {
			p.TrustIP = item.OneOf("trust", "ip") == "ip"
		}
	case "allow":
		p.allow(f.At)
	case "tests": // what they expect depends on the types that are filled
	case "parts":
		f.Key.Problem("parts is reserved for a later version")
	default:
		p.unknown(f)
	}
}

// family reads the name of the mappings that number machines in the same way.
func (p *mappingParser) family(at yamlfile.Value) {
	name, ok := at.Scalar("family")
	switch {
	case !ok:
	case !isMappingName(name):
		at.Problem("a family's name must be lower-case letters, digits and -, at most 63, and begin with a letter or digit")
	default:
		p.Family = name
	}
}

func (p *mappingParser) unknown(f yamlfile.Field) {
	suggestion := problem.Nearest(f.Name, topWords)
	if suggestion == "" && f.Name != "" && f.Name[0] >= 'A' && f.Name[0] <= 'Z' {
		suggestion = problem.Nearest("Custom:"+f.Name, namesOf(p.loader.types, (*mapping.Type).Name))
	}
	f.Key.Suggest(suggestion, "unknown word %s", f.Name)
}

func (p *mappingParser) records(f yamlfile.Field, beside bool) {
	if beside {
		f.Key.Problem("records stands beside words of a block: put them under records")
	}
	if !f.At.IsList() {
		f.At.Problem("expected a list of blocks")
		return
	}
	for _, item := range f.At.Items() {
		p.blocks = append(p.blocks, blockPlace{at: item, fields: item.Fields()})
	}
}

// hash is that of the effective mapping, with the types that it fills.
func (p *mappingParser) hash() string {
	if slices.ContainsFunc(p.loader.problems, func(wrong problem.Problem) bool { return wrong.File == p.root.File() }) {
		return ""
	}
	var b strings.Builder
	for _, t := range p.types {
		fmt.Fprintf(&b, "%s=%s;", t.Inventory.Name, t.Hash)
	}
	return p.root.Without("tests").Without("seen").Hash(b.String())
}
