package simulation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// look is what a record looked at: areas and ranges of areas ("2-3"). Without any it looked at all.
type look []string

// at reports whether the record looked at a row's area. What has no area lies in each.
func (l look) at(area string) bool {
	return len(l) == 0 || area == "" || slices.ContainsFunc(l, func(s string) bool {
		low, high, isRange := strings.Cut(s, "-")
		if !isRange {
			return s == area
		}
		from, _ := strconv.Atoi(low)
		to, _ := strconv.Atoi(high)
		n, _ := strconv.Atoi(area)
		return from <= n && n <= to
	})
}

// looks are what records looked at; not nil, since there may be none.
func looks(records []rec) []look {
	list := []look{}
	for _, r := range records {
		if !r.unlooked {
			list = append(list, r.areas)
		}
	}
	return list
}

// newestLooks leaves out the records of which a newer one looked at the same of the same target.
func newestLooks(source string, records []rec) []rec {
	if source != probe && source != facts {
		return records
	}
	same := func(a, b rec) bool {
		return a.name == b.name && (source == facts || a.unlooked == b.unlooked && (a.unlooked || slices.Equal(a.areas, b.areas)))
	}
	return slices.DeleteFunc(slices.Clone(records), func(r rec) bool {
		return slices.ContainsFunc(records, func(o rec) bool { return same(r, o) && o.at.After(r.at) })
	})
}

// together is one row of several with one key and time: the first in the type's order, united with those that differ only in what is united.
func together(typ, source string, rows []row) row {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b row) int { return better(typ, held{row: a, source: source}, held{row: b, source: source}) })
	first := rows[0]
	if typ != portType {
		return first
	}
	for _, o := range rows[1:] {
		if o.Area != first.Area || o.Text != first.Text {
			continue
		}
		if o.CVE != first.CVE {
			list := slices.Sorted(strings.SplitSeq(first.CVE+","+o.CVE, ","))
			list = slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
			first.CVE = strings.Join(list, ",")
		}
		if scoreOf(o) > scoreOf(first) {
			first.Score = o.Score
		}
	}
	return first
}

func scoreOf(e row) int {
	n, _ := strconv.Atoi(e.Score)
	return n
}

// fill sets what another row has values for.
func (h *held) fill(e row) {
	h.Area, h.Text = cmp.Or(e.Area, h.Area), cmp.Or(e.Text, h.Text)
	h.CVE, h.Score = cmp.Or(e.CVE, h.CVE), cmp.Or(e.Score, h.Score)
}
