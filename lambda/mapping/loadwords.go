package mapping

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
)

func (p place) version() {
	if text, ok := p.scalar("version"); ok && text != "1" {
		p.problem("this program reads version 1")
	}
}

func (p *mappingParser) zone(at place) {
	name, ok := at.scalar("zone")
	if !ok {
		return
	}
	zone, err := date.Zone(name)
	if err != nil {
		at.problem("%v", err)
		return
	}
	p.reading.dates.Zone = zone
}

// layouts reads date layouts and refuses two that read one string differently.
func (p place) layouts() []date.Layout {
	var layouts []date.Layout
	for _, item := range p.items() {
		text, ok := item.scalar("a date layout")
		if !ok {
			continue
		}
		l, err := date.Parse(text)
		if err != nil {
			item.problem("%v", err)
			continue
		}
		for _, other := range layouts {
			if date.Ambiguous(other, l) {
				item.problem("%s and %s read one text as two different dates: say date: at the attributes", other.String(), text)
			}
		}
		layouts = append(layouts, l)
	}
	return layouts
}

// durations are numbers with a unit.
var durations = regexp.MustCompile(`^([1-9][0-9]{0,8})([smhdw])$`)

var durationUnits = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// maxDuration bounds what a mapping may wait for.
const maxDuration = 10 * 365 * 24 * time.Hour

// duration reads a number with a unit: 90s, 30m, 24h, 90d, 2w.
func (p place) duration() time.Duration {
	text, ok := p.scalar("a duration")
	if !ok {
		return 0
	}
	parts := durations.FindStringSubmatch(text)
	if parts == nil {
		p.problem("a duration is a number with a unit: 30m, 24h, 90d, 2w")
		return 0
	}
	unit := durationUnits[parts[2]]
	n, err := strconv.Atoi(parts[1])
	if err != nil || time.Duration(n) > maxDuration/unit {
		p.problem("a duration is ten years at most")
		return 0
	}
	return time.Duration(n) * unit
}

func (p *mappingParser) absent(at place) {
	if !at.is(yaml.MappingNode) {
		p.Absent.Clear = at.oneOf("absent", "keep", "clear") == "clear"
		return
	}
	for _, f := range at.fields() {
		switch f.name {
		case "clear":
			p.Absent.Clear = f.at.boolean("clear")
		case "maxCleared":
			p.Absent.MaxCleared = f.at.share()
		default:
			f.key.suggest(nearest(f.name, []string{"clear", "maxCleared"}), "unknown word %s of absent", f.name)
		}
	}
	if !at.has("clear") && !at.hasProblemUnder() {
		at.problem("clear is missing: {clear: true, maxCleared: 5%%}")
	}
}

// checkTimes looks at what words about time say together with how the mapping's documents are meant.
func (p *mappingParser) checkTimes() {
	if p.Every > 0 && p.ExpireAfter > 0 && p.ExpireAfter < p.Every {
		p.root.word("expireAfter").problem("expireAfter is shorter than every: what was stated would be dropped before it is stated again")
	}
	switch at := p.root.word("absent"); {
	case !p.Absent.Clear:
	case p.uses.merge:
		at.problem("absent: clear and update: merge exclude each other: a document that changes single entries says nothing of the machines that it does not name")
	case !p.uses.identify:
		at.problem("absent: clear needs documents that name their machines: this mapping has no identify, so each speaks about one machine and about no other")
	}
}

// share reads a percentage, or a number from 0 to 1.
func (p place) share() float64 {
	text, ok := p.scalar("maxCleared")
	if !ok {
		return 0
	}
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f <= 1) {
		p.problem("maxCleared is a share of nodes: 5%%, or 0.05")
		return 0
	}
	return f
}

// textMap reads names with texts.
func (p place) textMap(what string) map[string]string {
	texts := make(map[string]string)
	for _, f := range p.fields() {
		if text, ok := f.at.scalar(what); ok {
			texts[f.name] = text
		}
	}
	return texts
}
