package load

import (
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/date"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

func checkVersion(at yamlfile.Value) {
	if text, ok := at.Scalar("version"); ok && text != "1" {
		at.Problem("this program reads version 1")
	}
}

func (p *mappingParser) zone(at yamlfile.Value) {
	name, ok := at.Scalar("zone")
	if !ok {
		return
	}
	zone, err := date.Zone(name)
	if err != nil {
		at.Problem("%v", err)
		return
	}
	p.Conventions.Dates.Zone = zone
}

// layouts reads date layouts and refuses two that read one string differently.
func (p *mappingParser) layouts(at yamlfile.Value) []date.Layout {
	var layouts []date.Layout
	for _, item := range at.Items() {
		text, ok := item.Scalar("a date layout")
		if !ok {
			continue
		}
		l, err := date.Parse(text)
		if err != nil {
			item.Problem("%v", err)
			continue
		}
		for _, other := range layouts {
			if date.Ambiguous(other, l) {
				item.Problem("%s and %s read one string as two different dates: use date: at the attributes", other.String(), text)
			}
		}
		layouts = append(layouts, l)
		p.Conventions.Open = p.Conventions.Open || l.Open()
	}
	return layouts
}

// durations are numbers with a unit.
var durations = regular.Expression(`^([1-9][0-9]{0,8})([smhdw])$`)

var durationUnits = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// maxDuration bounds what a mapping may wait for.
const maxDuration = 10 * 365 * 24 * time.Hour

// duration reads a number with a unit: 90s, 30m, 24h, 90d, 2w.
func duration(at yamlfile.Value) time.Duration {
	text, ok := at.Scalar("a duration")
	if !ok {
		return 0
	}
	parts := durations().FindStringSubmatch(text)
	if parts == nil {
		at.Problem("a duration must be a number with a unit: 30m, 24h, 90d, 2w")
		return 0
	}
	unit := durationUnits[parts[2]]
	n, err := strconv.Atoi(parts[1])
	if err != nil || time.Duration(n) > maxDuration/unit {
		at.Problem("a duration must be ten years at most")
		return 0
	}
	return time.Duration(n) * unit
}

func (p *mappingParser) absent(at yamlfile.Value) {
	if !at.IsMapping() {
		p.Absent.Clear = at.OneOf("absent", "keep", "clear") == "clear"
		return
	}
	readWords(at, "absent",
		word{"clear", func(at yamlfile.Value) { p.Absent.Clear = at.Bool("clear") }},
		word{"maxCleared", func(at yamlfile.Value) { p.Absent.MaxCleared = percentage(at) }})
	if !at.Has("clear") && !at.HasProblem() {
		at.Problem("clear is missing: {clear: true, maxCleared: 5%%}")
	}
}

// checkTimes checks the words about time together with how the mapping's documents are meant.
func (p *mappingParser) checkTimes() {
	if p.Every > 0 && p.ExpireAfter > 0 && p.ExpireAfter < p.Every {
		p.root.Field("expireAfter").Problem("expireAfter is shorter than every: what was stated would be deleted before it is stated again")
	}
	switch at := p.root.Field("absent"); {
	case !p.Absent.Clear:
	case p.Merges():
		at.Problem("absent: clear and update: merge exclude each other: a document that changes single entries states nothing of the machines that it does not name")
	case !p.NamesMachine():
		at.Problem("absent: clear needs documents that name their machines: this mapping has no identify, so each is about one machine and no other")
	}
}

// percentage reads a percentage, or a number from 0 to 1.
func percentage(at yamlfile.Value) float64 {
	text, ok := at.Scalar("maxCleared")
	if !ok {
		return 0
	}
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		f /= 100
	}
	if err != nil || !(f >= 0 && f <= 1) {
		at.Problem("maxCleared must be a percentage of nodes: 5%%, or 0.05")
		return 0
	}
	return f
}
