package truth

import "slices"

// growsOlder has time pass between the documents and a sweep: when the documents were written, machines had the addresses that are
// former ones now, those that have them now were not there, and some nodes were not registered yet.
func (k *maker) growsOlder() {
	given := map[string]bool{}
	for _, g := range k.w.groups {
		for _, m := range g.machines {
			for _, ip := range m.past {
				given[ip] = true
			}
		}
	}
	hidden := map[string]bool{}
	moved := map[string]*machine{}
	for _, g := range k.w.groups {
		for _, m := range g.machines {
			m.unborn = slices.ContainsFunc(m.ips, func(ip string) bool { return given[ip] })
			if len(m.past) > 0 && !isSpelled(m.image) {
				then := *m
				then.ips, then.past = append(slices.Clone(m.past[:1]), m.ips[1:]...), nil
				m.then = &then
			}
			registeredLater := m.unborn || k.chance(30)
			for _, id := range m.ids {
				hidden[id], moved[id] = registeredLater, m
			}
		}
	}
	k.w.early = []*row{}
	for _, r := range k.w.rows {
		if hidden[r.InstanceId] {
			continue
		}
		early := *r
		if m := moved[r.InstanceId]; m.then != nil && r.IPAddress == m.ips[0] {
			early.IPAddress = m.then.ips[0]
		}
		k.w.early = append(k.w.early, &early)
	}
}

// was is the machine as it was when the documents were written.
func (m *machine) was() *machine {
	if m.then != nil {
		return m.then
	}
	return m
}

// judgeLater adds what the sweep may find of a record, with the directory as it is then. A record is never found by an address alone.
func (w *world) judgeLater(d *doc, result map[*record]judgement) {
	before, strict := w.view(w.early, d, how{}), w.view(w.rows, d, how{})
	views := []*view{w.view(w.rows, d, how{lenient: true, macs: true}), w.view(w.rows, d, how{lenient: true}), strict}
	at := map[*row]map[*record]bool{}
	for _, v := range views {
		v.sweep = true
		for _, r := range d.records {
			for _, x := range v.points(r) {
				if at[x] == nil {
					at[x] = map[*record]bool{}
				}
				at[x][r] = true
			}
		}
	}
	for r, j := range result {
		for _, v := range views {
			if list := v.points(r); len(list) == 1 && !r.rightAt(list[0].InstanceId) {
				j.lures = append(j.lures, list[0])
			}
		}
		list := strict.points(r)
		if len(list) == 1 && len(j.candidates) == 1 && before.none(r) && len(at[list[0]]) == 1 && slices.Contains(r.of.ids, list[0].InstanceId) {
			j.knowable, j.points = true, list
		}
		result[r] = j
	}
}
