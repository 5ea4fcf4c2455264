package intake

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
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
	im.scopes.End(reading.LateScopes())
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
	m := Machine{Source: h.Source, Records: 1, First: h.Number, Subject: subject}
	if !im.Mapping.Keyed() {
		m.Decision = im.resolve(m, !rec.Outside)
	}
	if im.Mapping.Keyed() || m.Decision.Depends {
		g := im.before.GroupOf(im.byKey, h.Key)
		return im.write(im.waiting(), im.byKey.BucketOf(g), g, "", &h, rec)
	}
	d := im.decided(m, ownKey(rec))
	if d.Outcome != node.Matched {
		im.settle(place{h.Number, h.Line, h.Spot}, d)
		if d.Outcome != node.Parked {
			return nil
		}
		id := parkedName(subject, h.Number)
		return im.write(im.parked, im.in.PartitionOf(id), spill.GroupOf(id), id, &h, rec)
	}
	return im.write(im.byNode, im.in.PartitionOf(d.Node), spill.GroupOf(d.Node), d.Node, &h, rec)
}

// heading returns what is kept of a record besides its entries, with its subject, encoded.
func (im *Import) heading(rec *read.Record, subject []byte) frame.Heading {
	h := frame.Heading{
		Number: rec.Number, Line: rec.Place.Line, Spot: rec.Spot(), Key: rec.Key, Source: rec.Source, Raw: subject,
		Late: rec.Late, Merge: rec.Merge, Newest: rec.Newest, Partial: rec.Partial, States: rec.States,
	}
	if !rec.Captured.IsZero() {
		h.Captured = rec.Captured.Unix()
		if rec.Captured.After(im.received) {
			im.clamped++
		}
	}
	if h.Key == "" && !rec.Outside { // no value for the mapping's key: a machine of its own
		h.Key = "#" + strconv.Itoa(rec.Number)
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
func (im *Import) write(to *spill.Buckets, bucket int, g spill.Group, prefix string, h *frame.Heading, rec *read.Record) error {
	im.writing = writing{to: to, bucket: bucket, group: g, prefix: prefix, spot: h.Spot}
	im.frame = im.scopes.Append(frame.AppendHeading(im.beginFrame(), h, im.before.Follows(to, g, h)), rec)
	rec.Entries()(im.writeEntry)
	if im.writing.err != nil {
		return im.writing.err
	}
	return to.Add(bucket, g, im.frame)
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
		im.frame = frame.AppendOutcome(im.frame, receipt.Rejected, e.Reject)
		im.rejected.add(w.spot, e.Reject)
	default:
		im.cuts += e.Cuts
		if e.CutKey != 0 {
			im.cutKeys++
		}
		im.frame = frame.AppendEntry(im.frame, &e)
	}
	if w.err == nil && len(im.frame) > frame.MaxBytes {
		w.err = w.to.Add(w.bucket, w.group, im.frame)
		im.frame = frame.AppendContinue(im.beginFrame())
	}
	return w.err == nil
}
