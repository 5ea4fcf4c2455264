package mapping

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are the same on every machine

	"gopkg.in/yaml.v3"
)

var (
	typesFileWords = []string{"version", "about", "types"}
	blockWords     = []string{"each", "host", "key", "identify", "capturedAt", "where", "update", "remove"}
	topWords       = slices.Concat([]string{
		"version", "mapping", "about", "extends", "match", "detect", "sections", "empty", "dates", "zone",
		"unwrap", "tables", "records", "source", "every", "absent", "expireAfter", "onAmbiguous", "prefer", "trust", "allow", "tests",
	}, blockWords)
	fillWords     = []string{"each", "where", "missing"}
	valueWords    = []string{"path", "all", "value", "expr", "split", "match", "map", "date", "join"}
	identifyWords = []string{"nodeId", "tag", "serial", "hostname", "reverse", "ip", "mac"}
	detectKinds   = []string{"csv", "json", "xml", "zip", "xlsx", "keyvalue"}
	matchKinds    = []string{"s3", "eventbridge", "sqs"}
)

// defaultMaxCleared is the share of nodes that one document may clear where the mapping does not say.
const defaultMaxCleared = 0.05

// readingWords are the words about a document's values.
type readingWords struct {
	unwrap   []string
	empty    []string
	sections []string
	dates    dates
}

// mappingParser makes a mapping of its effective tree.
type mappingParser struct {
	*Mapping
	loader *loader
	root   place
	blocks []blockPlace // top-level block words, or the blocks under records

	filled    []*Type // also those that `allow` leaves out
	allowedAt place   // of the types that it names
}

// blockPlace is where the words of a block stand.
type blockPlace struct {
	at     place
	fields []field
}

func (l *loader) parseMapping(s *source, extends string) *Mapping {
	m := &Mapping{Name: s.name, Extends: extends, File: s.root.file.name, Builtin: s.root.file.builtin, Absent: Absent{MaxCleared: defaultMaxCleared}}
	m.reading.dates.zone = time.UTC
	p := mappingParser{Mapping: m, loader: l, root: s.root}
	p.parse()
	m.Hash = p.hash()
	return m
}

// parse reads the words at the top; those on which others depend come first.
func (p *mappingParser) parse() {
	fields := p.root.fields()
	var later, block []field
	for _, f := range fields {
		switch {
		case p.early(f):
		case slices.Contains(blockWords, f.name) || isTypeName(f.name):
			block = append(block, f)
		default:
			later = append(later, f)
		}
	}
	if !p.root.has("version") {
		p.root.problem("version is missing: 1")
	}
	if !p.root.has("detect") && !p.root.has("match") {
		p.root.problem("there is neither detect nor match: nothing would ever be read with this mapping")
	}
	for _, f := range later {
		p.word(f, len(block) > 0)
	}
	if len(block) > 0 && !p.root.has("records") {
		p.blocks = append(p.blocks, blockPlace{at: p.root, fields: block})
	}
	p.parseBlocks()
	p.checkSource()
	p.checkTimes()
	if p.root.has("tests") {
		p.readTests(p.root.word("tests"))
	}
}

func isTypeName(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "custom:") || strings.HasPrefix(lower, "aws:")
}

// early reads the words that say how values are read.
func (p *mappingParser) early(f field) bool {
	switch f.name {
	case "version":
		f.at.version()
	case "mapping", "extends":
	case "about":
		p.About, _ = f.at.scalar("about")
	case "dates":
		p.reading.dates.layouts = f.at.layouts()
	case "zone":
		p.zone(f.at)
	case "unwrap":
		p.reading.unwrap = f.at.texts("a field's name")
	case "empty":
		p.reading.empty = f.at.texts("a text that is no value")
	case "sections":
		p.reading.sections = f.at.texts("a key that begins an object")
	case "tables":
		p.readTables(f.at)
	default:
		return false
	}
	return true
}

// word reads the other words at the top.
func (p *mappingParser) word(f field, beside bool) {
	switch f.name {
	case "match":
		p.readMatches(f.at)
	case "detect":
		p.readDetect(f.at)
	case "records":
		p.records(f, beside)
	case "source":
		p.readSource(f.at)
	case "every":
		p.Every = f.at.duration()
	case "expireAfter":
		p.ExpireAfter = f.at.duration()
	case "absent":
		p.absent(f.at)
	case "onAmbiguous":
		p.OnAmbiguousOnline = f.at.oneOf("onAmbiguous", "reject", "online") == "online"
	case "prefer":
		p.Prefer = f.at.oneOf("prefer", "managed", "ec2")
	case "trust":
		for _, item := range f.at.items() {
			p.TrustIP = item.oneOf("trust", "ip") == "ip"
		}
	case "allow":
		p.allow(f.at)
	case "tests": // what they say depends on the types that are filled
	case "parts":
		f.key.problem("parts is reserved for a later version")
	default:
		p.unknown(f)
	}
}

func (p *mappingParser) unknown(f field) {
	suggestion := nearest(f.name, topWords)
	if suggestion == "" && f.name != "" && f.name[0] >= 'A' && f.name[0] <= 'Z' {
		suggestion = nearest("Custom:"+f.name, p.loader.typeNames())
	}
	f.key.suggest(suggestion, "unknown word %s", f.name)
}

func (p *mappingParser) records(f field, beside bool) {
	if beside {
		f.key.problem("records stands beside words of a block: put them under records")
	}
	if !f.at.is(yaml.SequenceNode) {
		f.at.problem("records is a list of blocks")
		return
	}
	for _, item := range f.at.items() {
		p.blocks = append(p.blocks, blockPlace{at: item, fields: item.fields()})
	}
}

// hash is that of the effective mapping, with the types that it fills.
func (p *mappingParser) hash() string {
	for _, problem := range *p.root.file.problems {
		if problem.File == p.root.file.name {
			return ""
		}
	}
	var b strings.Builder
	for _, t := range p.types {
		fmt.Fprintf(&b, "%s=%s;", t.Inventory.Name, t.hash)
	}
	return hashNode(b.String(), p.root.without("tests"))
}
