package simulation

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Limits of the types in testdata.
const (
	findingLimit = 5
	assetLimit   = 3
	blobLimit    = 300
	portLimit    = 8
)

// types are those that documents state.
var types = []string{assetType, blobType, findingType, portType}

func limitOf(typ string) int {
	return map[string]int{findingType: findingLimit, assetType: assetLimit, blobType: blobLimit, portType: portLimit}[typ]
}

// better is the order of a type's rows, as its file in testdata says it.
func better(typ string, a, b held) int {
	switch typ {
	case findingType:
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.ID, b.ID), cmp.Compare(a.source, b.source),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.Seen, b.Seen))
	case assetType:
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.source, b.source), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Seen, b.Seen))
	case portType:
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.ID, b.ID), cmp.Compare(a.source, b.source), cmp.Compare(a.CVE, b.CVE),
			cmp.Compare(a.Score, b.Score), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Seen, b.Seen))
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
}

// item is what a node should hold of a type, and of its roll-up.
type item struct {
	rows   []string
	rollup []string
}

// compose makes an item of what the sources state.
func compose(typ string, shares map[string][]held) item {
	sources := slices.Sorted(maps.Keys(shares))
	left := map[string][]held{}
	for _, s := range sources {
		left[s] = slices.DeleteFunc(slices.Clone(shares[s]), func(h held) bool { return isDuplicate(typ, h, shares) })
	}
	var kept []held
	taken := map[string]int{}
	for room, turn := limitOf(typ), 0; ; turn++ {
		had := room
		for _, s := range sources {
			if turn < len(left[s]) && room > 0 {
				kept, taken[s], room = append(kept, left[s][turn]), taken[s]+1, room-1
			}
		}
		if had == room {
			break
		}
	}
	slices.SortFunc(kept, func(a, b held) int { return better(typ, a, b) })
	var it item
	for _, h := range kept {
		it.rows = append(it.rows, h.text(typ))
	}
	if typ == findingType {
		it.rollup = rollup(sources, left, taken)
	}
	return it
}

// isDuplicate reports whether another source has a row with the same key that is newer or, at one time, better.
func isDuplicate(typ string, h held, shares map[string][]held) bool {
	if typ == assetType || typ == portType { // the source is part of the key
		return false
	}
	for source, rows := range shares {
		for _, o := range rows {
			newer := o.stamp.at.Compare(h.stamp.at)
			if source != h.source && o.ID == h.ID && (newer > 0 || newer == 0 && better(typ, o, h) < 0) {
				return true
			}
		}
	}
	return false
}

// rollup counts what is no duplicate, by source.
func rollup(sources []string, rows map[string][]held, taken map[string]int) []string {
	var list []string
	for _, s := range sources {
		high := 0
		for _, h := range rows[s] {
			if h.Severity == "HIGH" {
				high++
			}
		}
		if total := len(rows[s]); total > 0 {
			list = append(list, summary(s, strconv.Itoa(high), strconv.Itoa(total-high), strconv.Itoa(total), strconv.Itoa(total-taken[s])))
		}
	}
	slices.Sort(list)
	return list
}

func summary(source, high, low, total, cut string) string {
	return source + " " + high + " high " + low + " low " + total + " in all " + cut + " cut"
}

// text is a row without what is volatile.
func (h held) text(typ string) string {
	switch typ {
	case findingType:
		return h.source + " " + h.ID + " " + h.Severity + " " + h.Text
	case assetType:
		return h.source + " " + h.ID + " " + h.Text
	case portType:
		return strings.Join([]string{h.source, h.ID, h.Area, h.Text, h.CVE, h.Score}, " ")
	}
	return h.ID + " " + h.Text
}

// entryText is an entry of the service, in the form of text and summary.
func entryText(typ string, e map[string]string) string {
	switch typ {
	case findingType:
		return e["Source"] + " " + e["Id"] + " " + e["Severity"] + " " + e["Title"]
	case assetType:
		return e["Source"] + " " + e["AssetId"] + " " + e["Owner"]
	case portType:
		return strings.Join([]string{e["Source"], e["Id"], e["Area"], e["Title"], e["CVE"], e["Score"]}, " ")
	case summaryType:
		return summary(e["Source"], e["HIGH"], e["LOW"], e["Total"], e["Cut"])
	}
	return e["Id"] + " " + e["Body"]
}
