package intake

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/node/identifier"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// readRecords reads all records: each has its outcome at once, waits for the rest of its machine, or goes to its node's partition.
func (im *Import) readRecords(ctx context.Context, doc *document.Document) error {
	reading := im.in.reading(ctx, doc, im.choice, im.document, cmp.Or(im.document.Source.Time, im.received))
	for rec, err := range reading.Records() {
		if err != nil {
			return err
		}
		im.Records++
		if err := im.take(rec); err != nil {
			return err
		}
	}
	im.late = im.lateCapture(reading.LateCapture())
	im.scopes.end(reading.LateScopes())
	im.ended(reading.Part())
	im.noteNothingMended()
	im.note(reading.Notes())
	im.Decided.NoteTimes(noteControls, doc.Controls())
	im.noteUnread()
	return nil
}

// noteControls is said of each control character that was left out.
const noteControls = "a control character was left out of the document"

// note adds the notes of the mapping to the receipt.
func (im *Import) note(notes []read.Note, total int) {
	for _, n := range notes {
		im.Decided.NoteAt(strings.TrimSpace(n.Type+" "+n.Word)+": "+n.Reason, n.Record, n.Place.Line)
	}
	for range total - len(notes) {
		im.Decided.Note("more of the same kind")
	}
}

// noteUnread notes cells that are not empty and have no address in them, and identifiers that are too many.
func (im *Import) noteUnread() {
	im.Decided.NoteTimes("an IP address could not be read: the cell is not empty, and has no address in it", im.unread.IP)
	im.Decided.NoteTimes("a MAC address could not be read: the cell is not empty, and has no address in it", im.unread.MAC)
	im.Decided.NoteTimes("an account could not be read: it is not twelve digits, and counts as none", im.unread.Account)
	im.Decided.NoteTimes("a region could not be read: it is none such as eu-central-1, and counts as none", im.unread.Region)
	im.Decided.NoteTimes(fmt.Sprintf("an identifier was left out: a machine has at most %d of a kind", identifier.MaxCandidates), im.leftOut)
}

// reading begins to read a document with the mapping that was chosen.
func (in *Intake) reading(ctx context.Context, doc *document.Document, c mapping.Choice, d Document, written time.Time) *read.Reading {
	return read.Document(ctx, in.input(doc), c, read.Facts{
		Name: d.Source.Name, Key: d.Delivery.Key, Captures: c.Captures, DocumentTime: written,
	})
}

// written is when the document was written, as far as is known and counts.
func (im *Import) written() time.Time {
	if t := im.document.Source.Time; !t.IsZero() && !im.document.AsOf {
		return t
	}
	return im.received
}

func (im *Import) take(rec *read.Record) error {
	if rec.Skip != "" {
		im.Decided.Record(receipt.Detail{Number: rec.Number, Line: rec.Place.Line, Outcome: receipt.Skipped, Reason: rec.Skip})
		return nil
	}
	subject, raw := im.outside, im.outsideRaw
	if !rec.Outside {
		known := im.subjects.of(rec.Subject)
		subject, raw = known.normal, known.raw
		im.unread.Add(known.unread)
		im.leftOut += known.leftOut
		if !known.added || known.key != rec.Key { // once more would change nothing
			im.crowd.Add(subject, rec.Key)
			known.added, known.key = true, rec.Key
		}
	}
	h := im.heading(rec, raw)
	im.noteSource(&h)
	m := Machine{Source: h.source, Records: 1, First: h.number, Subject: subject}
	if !im.Mapping.Keyed() {
		m.Decision = im.resolve(m, !rec.Outside)
	}
	if im.Mapping.Keyed() || m.Decision.Depends {
		g := im.groupOf(h.key)
		return im.write(im.waiting(), im.byKey.BucketOf(g), g, "", &h, rec)
	}
	d := im.decided(m, ownKey(rec))
	if d.Outcome != node.Matched {
		im.settle(place{h.number, h.line, h.spot}, d)
		if d.Outcome != node.Parked {
			return nil
		}
		id := parkedName(subject, h.number)
		return im.write(im.parked, im.in.PartitionOf(id), spill.GroupOf(id), id, &h, rec)
	}
	return im.write(im.byNode, im.in.PartitionOf(d.Node), spill.GroupOf(d.Node), d.Node, &h, rec)
}

// groupOf is the group of a key, which is mostly that of the record before.
func (im *Import) groupOf(key string) spill.Group {
	if b := &im.before; key != "" && b.to == im.byKey && b.heading.key == key {
		return b.group
	}
	return spill.GroupOf(key)
}

// heading returns what is kept of a record besides its entries, with its subject, encoded.
func (im *Import) heading(rec *read.Record, subject []byte) heading {
	h := heading{
		number: rec.Number, line: rec.Place.Line, spot: rec.Spot(), key: rec.Key, source: rec.Source, raw: subject,
		late: rec.Late, merge: rec.Merge, newest: rec.Newest, partial: rec.Partial, states: rec.States,
	}
	if !rec.Captured.IsZero() {
		h.captured = rec.Captured.Unix()
		if rec.Captured.After(im.received) {
			im.clamped++
		}
	}
	if h.key == "" && !rec.Outside { // no value for the mapping's key: a machine of its own
		h.key = "#" + strconv.Itoa(rec.Number)
	}
	return h
}

// look finds the node of a machine.
func (im *Import) look(m Machine, key string) node.Decision {
	m.Decision = im.resolve(m, true)
	return im.decided(m, key)
}

// resolve finds the node of a machine that is one of the document's, or that is named from outside.
func (im *Import) resolve(m Machine, among bool) node.Decision {
	rules := im.rules()
	if among {
		rules.Among = im.crowd
	}
	return im.in.Nodes.Resolve(m.Subject, rules)
}

// decided notes what was decided about a machine.
func (im *Import) decided(m Machine, key string) node.Decision {
	m.Rules = im.rules()
	m.Rules.Among = im.crowd
	if im.named != nil {
		im.name(&m.Subject)
	}
	im.claim(m, key)
	if m.Decision.Reason == node.ReasonElsewhere {
		im.elsewhere.Add(m.Subject.Account, m.Subject.Region, m.Records)
	}
	return m.Decision
}

func (im *Import) rules() node.Rules {
	rules := RulesOf(&im.Mapping.Head, im.in.Account, im.in.Region)
	rules.Numbers = im.in.Numbers
	return rules
}

// RulesOf returns a mapping's rules for matching, in an account and region; "": not known.
func RulesOf(m *mapping.Head, account, region string) node.Rules {
	rules := node.Rules{
		OnAmbiguousOnline: m.OnAmbiguousOnline, Prefer: m.Prefer, TrustIP: m.TrustIP,
		AllowNodes: m.Allow.Nodes, AllowTags: m.Allow.NodeTags, Account: account, Region: region,
	}
	if m.Family != m.Name {
		rules.Family = m.Name
	}
	return rules
}

// place is a record that waits for what is decided about its machine.
type place struct {
	number, line int
	spot         read.Spot
}

// settle decides the outcome of a record of a machine for which no node was found.
func (im *Import) settle(p place, d node.Decision) {
	outcome := receipt.Parked
	im.missed = im.missed || d.Reason == node.ReasonTargetUnreachable
	switch d.Outcome {
	case node.Rejected:
		outcome = receipt.Rejected
		im.rejected.add(p.spot, d.Reason)
	case node.Skipped:
		outcome = receipt.Skipped
	}
	im.Decided.Record(receipt.Detail{Number: p.number, Line: p.line, Outcome: outcome, Reason: d.Reason})
}

// write puts a record into a bucket, in as many frames as its entries need. The prefix is the node, once it is known.
func (im *Import) write(to *spill.Buckets, bucket int, g spill.Group, prefix string, h *heading, rec *read.Record) error {
	im.writing = writing{to: to, bucket: bucket, group: g, prefix: prefix, spot: h.spot}
	im.frame = im.scopes.append(appendHeading(im.beginFrame(), h, im.before.follows(to, g, h)), rec)
	rec.Entries()(im.writeEntry)
	if im.writing.err != nil {
		return im.writing.err
	}
	return to.Add(bucket, g, im.frame)
}

// before is the record that was put somewhere before the one at hand.
type before struct {
	to      *spill.Buckets
	group   spill.Group
	heading heading
	states  []int
}

// follows reports whether a record has the machine, source and types of the one before, and stands behind it in its group. It is the one before then.
func (b *before) follows(to *spill.Buckets, g spill.Group, h *heading) bool {
	same := b.to == to && b.group == g && b.heading.key == h.key && b.heading.source == h.source &&
		bytes.Equal(b.heading.raw, h.raw) && slices.Equal(b.states, h.states)
	if !same {
		b.to, b.group, b.heading, b.states = to, g, *h, append(b.states[:0], h.states...)
	}
	return same
}

// writing is where the record that is taken is put.
type writing struct {
	to     *spill.Buckets
	bucket int
	group  spill.Group
	prefix string
	spot   read.Spot
	err    error
}

// beginFrame begins a frame over the one before.
func (im *Import) beginFrame() []byte {
	if im.writing.to != im.byKey {
		return packed.AppendText(im.frame[:0], im.writing.prefix)
	}
	return im.frame[:0]
}

// entry puts an entry into the frame, and reports whether there was no error.
func (im *Import) entry(e read.Entry, err error) bool {
	w := &im.writing
	switch {
	case err != nil:
		w.err = err
	case e.Reject != "":
		im.frame = appendOutcome(im.frame, receipt.Rejected, e.Reject)
		im.rejected.add(w.spot, e.Reject)
	default:
		im.cuts += e.Cuts
		if e.CutKey != 0 {
			im.cutKeys++
		}
		im.frame = appendEntry(im.frame, &e)
	}
	if w.err == nil && len(im.frame) > frameBytes {
		w.err = w.to.Add(w.bucket, w.group, im.frame)
		im.frame = append(im.beginFrame(), frameContinue)
	}
	return w.err == nil
}
