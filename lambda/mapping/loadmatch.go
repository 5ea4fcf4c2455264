package mapping

import (
	"regexp"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// Match is one kind of delivery that may use a mapping. Exactly one of Key, EventSource and Attributes is set.
type Match struct {
	Bucket      string            // "" is any
	Key         string            // pattern: `*` inside a segment, `**` across, {name} captures
	EventSource string            // of a bus event
	DetailType  string            // "" is any
	Attributes  map[string]string // of a queue message, all of them

	key      *regexp.Regexp
	captures []string // names of the groups of key
	weight   [4]int   // the larger the more specific, compared from the first on
}

// readMatches reads the deliveries of a mapping.
func (p *mappingParser) readMatches(at yamlfile.Value) {
	p.Matches = nil
	for _, item := range at.Items() {
		fields := item.Fields()
		if len(fields) != 1 {
			item.Problem("a match is one of %s", strings.Join(matchKinds, ", "))
			continue
		}
		switch f := fields[0]; f.Name {
		case "s3":
			p.matchObject(f.At)
		case "eventbridge":
			p.matchEvent(f.At)
		case "sqs":
			p.matchMessage(f.At)
		default:
			f.Key.Suggest(problem.Nearest(f.Name, matchKinds), "unknown kind of match %s: it is one of %s", f.Name, strings.Join(matchKinds, ", "))
		}
	}
}

func (p *mappingParser) matchObject(at yamlfile.Value) {
	var m Match
	var keyAt yamlfile.Value
	for _, f := range at.Fields() {
		switch f.Name {
		case "bucket":
			m.Bucket, _ = f.At.Scalar("bucket")
		case "key":
			keyAt = f.At
			m.Key, _ = f.At.Scalar("key")
		default:
			f.Key.Suggest(problem.Nearest(f.Name, []string{"bucket", "key"}), "unknown word %s of an s3 match", f.Name)
		}
	}
	if m.Key == "" {
		if keyAt.IsZero() {
			at.Problem("an s3 match has a key: {key: \"name/**\"}")
		}
		return
	}
	if err := m.compileKey(); err != "" {
		keyAt.Problem("%s", err)
		return
	}
	p.Matches = append(p.Matches, m)
}

func (p *mappingParser) matchEvent(at yamlfile.Value) {
	var m Match
	for _, f := range at.Fields() {
		switch f.Name {
		case "source":
			m.EventSource, _ = f.At.Scalar("source")
		case "detailType":
			m.DetailType, _ = f.At.Scalar("detailType")
			m.weight[1] = 1
		default:
			f.Key.Suggest(problem.Nearest(f.Name, []string{"source", "detailType"}), "unknown word %s of an eventbridge match", f.Name)
		}
	}
	if m.EventSource == "" {
		at.Problem("an eventbridge match has a source")
		return
	}
	p.Matches = append(p.Matches, m)
}

func (p *mappingParser) matchMessage(at yamlfile.Value) {
	var m Match
	for _, f := range at.Fields() {
		if f.Name == "attributes" {
			m.Attributes = f.At.StringMap("an attribute's value")
			continue
		}
		f.Key.Suggest(problem.Nearest(f.Name, []string{"attributes"}), "unknown word %s of an sqs match", f.Name)
	}
	if len(m.Attributes) == 0 {
		at.Problem("an sqs match has attributes")
		return
	}
	m.weight[1] = len(m.Attributes)
	p.Matches = append(p.Matches, m)
}

var captureNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// compileKey makes a regular expression of the key pattern, and says what is wrong with it.
func (m *Match) compileKey() string {
	var b strings.Builder
	b.WriteString(`^(?s:`)
	literals, across, inside := 0, 0, 0
	for rest := m.Key; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString(`(?:.*/)?`)
			across, rest = across+1, rest[3:]
		case strings.HasPrefix(rest, "**"):
			b.WriteString(`.*`)
			across, rest = across+1, rest[2:]
		case rest[0] == '*':
			b.WriteString(`[^/]*`)
			inside, rest = inside+1, rest[1:]
		case rest[0] == '{':
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed || !captureNames.MatchString(name) {
				return "a capture in a key pattern is a name in braces: {nodeId}"
			}
			m.captures = append(m.captures, name)
			b.WriteString(`([^/]+)`)
			inside, rest = inside+1, after
		default:
			n := strings.IndexAny(rest, "*{")
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(rest[:n]))
			literals, rest = literals+n, rest[n:]
		}
	}
	b.WriteString(`)$`)
	if err := m.checkCaptures(); err != "" {
		return err
	}
	if m.Bucket != "" {
		m.weight[0] = 1
	}
	m.weight[1], m.weight[2], m.weight[3] = literals, -across, -inside
	key, err := regexp.Compile(b.String())
	if err != nil {
		return "the key pattern is not UTF-8 text"
	}
	m.key = key
	return ""
}

func (m *Match) checkCaptures() string {
	seen := make(map[string]bool)
	for _, name := range m.captures {
		if seen[name] {
			return "the key pattern captures {" + name + "} twice"
		}
		seen[name] = true
	}
	return ""
}

// fits tells whether a delivery is of this kind, and what the key captures.
func (m *Match) fits(d Delivery) (map[string]string, bool) {
	switch {
	case m.key != nil:
		if d.Key == "" || m.Bucket != "" && m.Bucket != d.Bucket {
			return nil, false
		}
		groups := m.key.FindStringSubmatch(d.Key)
		if groups == nil {
			return nil, false
		}
		captures := make(map[string]string, len(m.captures))
		for i, name := range m.captures {
			captures[name] = groups[i+1]
		}
		return captures, true
	case m.EventSource != "":
		return nil, d.EventSource == m.EventSource && (m.DetailType == "" || m.DetailType == d.DetailType)
	default:
		for name, value := range m.Attributes {
			if got, ok := d.Attributes[name]; !ok || got != value {
				return nil, false
			}
		}
		return nil, len(m.Attributes) > 0
	}
}

// String says what a match asks for: `s3 key "reports/**"`.
func (m *Match) String() string {
	switch {
	case m.key != nil && m.Bucket != "":
		return `s3 bucket "` + m.Bucket + `" key "` + m.Key + `"`
	case m.key != nil:
		return `s3 key "` + m.Key + `"`
	case m.EventSource != "" && m.DetailType != "":
		return `eventbridge source "` + m.EventSource + `" detailType "` + m.DetailType + `"`
	case m.EventSource != "":
		return `eventbridge source "` + m.EventSource + `"`
	default:
		return `sqs attributes`
	}
}
