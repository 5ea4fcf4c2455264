package node

import (
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/listing"
)

// Verdict is whether a kind of identifiers of a subject and a node agrees.
type Verdict uint8

// The verdicts. The better the greater; a disagreement is the least.
const (
	Disagrees Verdict = iota
	SaysNothing
	AgreesWeakly
	Agrees
)

// String returns the verdict as people read it.
func (v Verdict) String() string {
	return [...]string{"disagrees", "says nothing", "agrees weakly", "agrees"}[v]
}

// compare returns the verdict of a kind about a subject and a node.
func (d *Directory) compare(rule string, s *Subject, r *Rules, i int32) Verdict {
	switch rule {
	case RuleNodeID:
		return agreesIf(slices.Contains(s.NodeID, d.nodes.ID(i)), len(s.NodeID) > 0)
	case RuleTag:
		return d.compareTags(s, i)
	case RuleSerial:
		return d.compareSerials(s, r, i)
	case RuleHostname:
		return d.compareNames(s, i)
	case RuleIP:
		return d.compareValues(rule, s.IP, &d.ips, r, i)
	}
	return d.compareValues(rule, s.MAC, &d.macs, r, i)
}

func agreesIf(agrees, compared bool) Verdict {
	switch {
	case agrees:
		return Agrees
	case compared:
		return Disagrees
	}
	return SaysNothing
}

func (d *Directory) compareTags(s *Subject, i int32) Verdict {
	agrees, differs := false, false
	if len(s.Tags) == 0 {
		return SaysNothing
	}
	own := d.nodes.At(i).Tags
	for key, values := range s.Tags {
		for _, value := range values {
			agrees = agrees || slices.Contains(d.tags[listing.Tag{Key: key, Value: value}], i)
		}
		has, ok := own[key]
		differs = differs || ok && len(values) > 0 && !slices.Contains(values, has)
	}
	if differs {
		return Disagrees
	}
	return agreesIf(agrees, false)
}

// compareSerials compares serials of the same form: a system UUID says nothing about a maker's number.
func (d *Directory) compareSerials(s *Subject, r *Rules, i int32) Verdict {
	if len(s.Serial) == 0 || len(d.serials.at) == 0 {
		return SaysNothing
	}
	serials := d.nodes.At(i).Serials
	if len(serials) == 0 {
		return SaysNothing
	}
	if v := d.compareValues(RuleSerial, s.Serial, &d.serials, r, i); v == Agrees {
		return v
	}
	differs := false
	for _, own := range serials {
		own = identifier.Serial(own)
		if own == "" || d.shared.Has(RuleSerial, own) || len(d.find(&d.serials, own)) > 1 {
			continue
		}
		for _, c := range s.Serial {
			switch {
			case d.tellsNothing(RuleSerial, c, r):
			case identifier.MayBeOneSerial(own, c):
				return SaysNothing
			default:
				differs = differs || identifier.IsUUID(own) == identifier.IsUUID(c)
			}
		}
	}
	return agreesIf(false, differs)
}

// compareValues reports whether a node is the only one that has one of the values. Values of which a machine has several never
// disagree: the service knows one of them.
func (d *Directory) compareValues(rule string, values []string, x *index, r *Rules, i int32) Verdict {
	v := SaysNothing
	for _, value := range values {
		at := d.find(x, value)
		if !slices.Contains(at, i) || r.Among.several(rule, value) {
			continue
		}
		if len(at) == 1 {
			return Agrees
		}
		if rule != RuleSerial { // one of several nodes, among which it may choose
			v = AgreesWeakly
		}
	}
	return v
}

// tellsNothing reports whether a serial of a record is that of many machines.
func (d *Directory) tellsNothing(rule, value string, r *Rules) bool {
	return d.shared.Has(rule, value) || r.Among.several(rule, value)
}

// MayBe reports whether something that is known of a node agrees with a subject, and no name disagrees, unless a serial, a tag or a MAC
// outweighs that.
func (d *Directory) MayBe(s Subject, r Rules, id string) bool {
	i, ok := d.place(id)
	if !ok {
		return false
	}
	best := SaysNothing
	for _, rule := range []string{RuleNodeID, RuleTag, RuleSerial, RuleMAC} {
		best = max(best, d.compare(rule, &s, &r, i))
	}
	name, ip := d.compareNames(&s, i), d.compare(RuleIP, &s, &r, i)
	switch {
	case best > SaysNothing:
		return true
	case name == Disagrees:
		return r.TrustIP && ip > SaysNothing
	}
	return name > SaysNothing || ip > SaysNothing
}

// isAnother reports whether a node is known to be another machine than the subject, and by which kind.
func (d *Directory) isAnother(s *Subject, r *Rules, i int32) string {
	if len(s.Tags) > 0 && d.compareTags(s, i) == Disagrees {
		return RuleTag
	}
	if len(s.Serial) > 0 && d.compareSerials(s, r, i) == Disagrees {
		return RuleSerial
	}
	return ""
}
