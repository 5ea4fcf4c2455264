package choose

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Match is one kind of origin whose documents may use a mapping. Exactly one of Key, EventSource and Attributes is set.
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

var captureNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// MatchObject matches objects by the pattern of their keys, in one bucket or, with "", in any.
func MatchObject(bucket, key string) (Match, error) {
	m := Match{Bucket: bucket, Key: key}
	var b strings.Builder
	b.WriteString(`^(?s:`)
	literals, across, inside := 0, 0, 0
	for rest := key; rest != ""; {
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
				return Match{}, errors.New("a capture in a key pattern is a name in braces: {nodeId}")
			}
			if slices.Contains(m.captures, name) {
				return Match{}, fmt.Errorf("the key pattern captures {%s} twice", name)
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
	if bucket != "" {
		m.weight[0] = 1
	}
	m.weight[1], m.weight[2], m.weight[3] = literals, -across, -inside
	var err error
	m.key, err = regexp.Compile(b.String())
	if err != nil {
		return Match{}, errors.New("the key pattern is not UTF-8 text")
	}
	return m, nil
}

// MatchEvent matches bus events by their source and detail type; with "" any type.
func MatchEvent(source, detailType string) Match {
	m := Match{EventSource: source, DetailType: detailType}
	if detailType != "" {
		m.weight[1] = 1
	}
	return m
}

// MatchMessage matches queue messages that have all these attributes.
func MatchMessage(attributes map[string]string) Match {
	return Match{Attributes: attributes, weight: [4]int{1: len(attributes)}}
}

// Captures reports whether the key pattern captures {name}.
func (m *Match) Captures(name string) bool { return slices.Contains(m.captures, name) }

// compare reports which of two matches is the more specific one.
func (m *Match) compare(other *Match) int { return slices.Compare(m.weight[:], other.weight[:]) }

// fits reports whether an origin is of this kind, and what its key captures.
func (m *Match) fits(o Origin) (map[string]string, bool) {
	switch {
	case m.key != nil:
		if o.Key == "" || m.Bucket != "" && m.Bucket != o.Bucket {
			return nil, false
		}
		groups := m.key.FindStringSubmatch(o.Key)
		if groups == nil {
			return nil, false
		}
		captures := make(map[string]string, len(m.captures))
		for i, name := range m.captures {
			captures[name] = groups[i+1]
		}
		return captures, true
	case m.EventSource != "":
		return nil, o.EventSource == m.EventSource && (m.DetailType == "" || m.DetailType == o.DetailType)
	default:
		for name, value := range m.Attributes {
			if got, ok := o.Attributes[name]; !ok || got != value {
				return nil, false
			}
		}
		return nil, len(m.Attributes) > 0
	}
}

// String returns what a match asks for: `s3 key "reports/**"`.
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
