package load

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// readMatches reads from where a mapping takes documents.
func (p *mappingParser) readMatches(at yamlfile.Value) {
	p.Matches = nil
	for _, item := range at.Items() {
		fields := item.Fields()
		if len(fields) != 1 {
			item.Problem("a match must be one of %s", strings.Join(matchKinds, ", "))
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
			f.Unknown(matchKinds, "unknown kind of match %s: it is one of %s", f.Name, strings.Join(matchKinds, ", "))
		}
	}
}

func (p *mappingParser) matchObject(at yamlfile.Value) {
	var bucket, key string
	var keyAt yamlfile.Value
	readWords(at, "an s3 match", text("bucket", &bucket), word{"key", func(at yamlfile.Value) {
		keyAt = at
		key, _ = at.Scalar("key")
	}})
	if key == "" {
		if keyAt.IsZero() {
			at.Problem("an s3 match must have a key: {key: \"name/**\"}")
		}
		return
	}
	m, err := choose.MatchObject(bucket, key)
	if err != nil {
		keyAt.Problem("%v", err)
		return
	}
	p.Matches = append(p.Matches, m)
}

func (p *mappingParser) matchEvent(at yamlfile.Value) {
	var source, detailType string
	readWords(at, "an eventbridge match", text("source", &source), text("detailType", &detailType))
	if source == "" {
		at.Problem("an eventbridge match must have a source")
		return
	}
	p.Matches = append(p.Matches, choose.MatchEvent(source, detailType))
}

func (p *mappingParser) matchMessage(at yamlfile.Value) {
	var attributes map[string]string
	readWords(at, "an sqs match", word{"attributes", func(at yamlfile.Value) { attributes = at.StringMap("an attribute's value") }})
	if len(attributes) == 0 {
		at.Problem("an sqs match must have attributes")
		return
	}
	p.Matches = append(p.Matches, choose.MatchMessage(attributes))
}
