package choose

import (
	"slices"
	"sync"
)

// Match is one kind of origin whose documents may use a mapping, as it is written. Exactly one of Key, EventSource and Attributes is set.
type Match struct {
	Bucket      string            `json:"bucket,omitempty"`     // "" is any
	Key         string            `json:"key,omitempty"`        // pattern: `*` inside a segment, `**` across, {name} captures
	EventSource string            `json:"source,omitempty"`     // of a bus event
	DetailType  string            `json:"detailType,omitempty"` // "" is any
	Attributes  map[string]string `json:"attributes,omitempty"` // of a queue message, all of them

	once    sync.Once
	pattern keyPattern // of Key; the zero keyPattern fits no key
}

// MatchObject matches objects by the pattern of their keys, in one bucket or, with "", in any.
func MatchObject(bucket, key string) (*Match, error) {
	_, err := newKeyPattern(key)
	return &Match{Bucket: bucket, Key: key}, err
}

// MatchEvent matches bus events by their source and detail type; with "" any type.
func MatchEvent(source, detailType string) *Match {
	return &Match{EventSource: source, DetailType: detailType}
}

// MatchMessage matches queue messages that have all these attributes.
func MatchMessage(attributes map[string]string) *Match { return &Match{Attributes: attributes} }

// keyPattern returns the parsed pattern of a match whose Key was checked when its mapping was loaded.
func (m *Match) keyPattern() *keyPattern {
	m.once.Do(func() {
		if parsed, err := newKeyPattern(m.Key); err == nil {
			m.pattern = parsed
		}
	})
	return &m.pattern
}

// Captures reports whether the key pattern captures {name}.
func (m *Match) Captures(name string) bool { return slices.Contains(m.keyPattern().captures, name) }

// compare reports which of two matches is the more specific one.
func (m *Match) compare(other *Match) int {
	a, b := m.weight(), other.weight()
	return slices.Compare(a[:], b[:])
}

// weight is the larger the more specific a match is, compared from the first number on.
func (m *Match) weight() [4]int {
	weight := [4]int{1: len(m.Attributes)}
	if m.Key != "" {
		p := m.keyPattern()
		weight = [4]int{1: p.literals, 2: -p.across, 3: -p.inside}
	}
	if m.Bucket != "" {
		weight[0] = 1
	}
	if m.DetailType != "" {
		weight[1] = 1
	}
	return weight
}

// fits reports whether an origin is of this kind, and what its key captures.
func (m *Match) fits(o Origin) (map[string]string, bool) {
	switch {
	case m.Key != "":
		if o.Key == "" || m.Bucket != "" && m.Bucket != o.Bucket {
			return nil, false
		}
		return m.keyPattern().fits(o.Key)
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
	case m.Key != "" && m.Bucket != "":
		return `s3 bucket "` + m.Bucket + `" key "` + m.Key + `"`
	case m.Key != "":
		return `s3 key "` + m.Key + `"`
	case m.EventSource != "" && m.DetailType != "":
		return `eventbridge source "` + m.EventSource + `" detailType "` + m.DetailType + `"`
	case m.EventSource != "":
		return `eventbridge source "` + m.EventSource + `"`
	default:
		return `sqs attributes`
	}
}
