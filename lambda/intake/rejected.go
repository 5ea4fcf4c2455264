package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/record"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/returned"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Bounds of what comes back of one document.
const (
	maxReturned      = 100_000   // records
	maxReturnedBytes = 100 << 20 // in all
	returnedFile     = 8 << 20   // in one file, unless one record is larger: it is in memory until it is stored
	maxReasons       = 5         // of one record
	maxNaming        = 64        // records of one machine that come back for naming it
)

// notRejected stands in place of an error at a record that only says which machine a rejected one speaks about.
const notRejected = "not rejected: it names the machine of another record"

// rejected is which records of a document were rejected, and why, in the order in which that was found.
type rejected struct {
	reasons map[mapping.Spot][]string
	more    int    // over maxReturned
	file    string // key under which they were returned
}

func (r *rejected) has(at mapping.Spot) bool {
	_, ok := r.reasons[at]
	return ok
}

func (r *rejected) add(at mapping.Spot, reason string) {
	list, known := r.reasons[at]
	switch {
	case slices.Contains(list, reason) || len(list) == maxReasons:
		return
	case !known && len(r.reasons) == maxReturned:
		r.more++
		return
	case r.reasons == nil:
		r.reasons = map[mapping.Spot][]string{}
	}
	r.reasons[at] = append(list, reason)
}

// naming lets records of a machine come back, too, without which nobody would know of which machine a rejected one speaks.
type naming struct {
	last   []byte
	empty  bool // the record seen last names no machine
	wanted bool // a rejected one does not
	spots  []mapping.Spot
}

func (n *naming) saw(r *rejected, h *heading) {
	if len(r.reasons) == 0 {
		return
	}
	if n.last == nil || !bytes.Equal(h.raw, n.last) {
		n.last, n.empty = h.raw, h.subject().Empty()
		if !n.empty && len(n.spots) < maxNaming {
			n.spots = append(n.spots, h.spot)
		}
	}
	n.wanted = n.wanted || n.empty && r.has(h.spot)
}

func (n *naming) end(r *rejected) {
	for _, at := range n.spots {
		if n.wanted && !r.has(at) {
			r.add(at, notRejected)
		}
	}
}

// wrong gives the reasons as they are written beside the records.
func (r *rejected) wrong() map[mapping.Spot]string {
	texts := make(map[mapping.Spot]string, len(r.reasons))
	for at, list := range r.reasons {
		texts[at] = strings.Join(list, "; ")
	}
	return texts
}

// Put stores one object.
type Put func(ctx context.Context, key string, body []byte) error

// ReturnRejected reads the document a second time, where some of its records were rejected, and stores these in the format they came
// in (CSV with a column for the error; else JSON lines) under rejected/<import>/. The names of the files say the import, so that a
// mended one is known wherever it is put. It is called before Receipt, which tells where they are.
func (im *Import) ReturnRejected(ctx context.Context, put Put) error {
	if len(im.rejected.reasons) == 0 {
		return nil
	}
	doc, err := document.Open(ctx, im.document.Source, im.in.Limits)
	if err == nil {
		files := &returning{im: im, put: put}
		err = errors.Join(files.read(ctx, doc), doc.Close())
		im.rejected.file = files.first
	}
	if im.rejected.more > 0 {
		im.Fates.Note(fmt.Sprintf("of the rejected records the first %d came back, and %d more did not", maxReturned, im.rejected.more))
	}
	if isLost(err) {
		im.Fates.Note("not all rejected records came back: " + err.Error())
		return nil
	}
	return err
}

// errReturned says that enough has come back.
var errReturned = fmt.Errorf("they are more than %d MiB", maxReturnedBytes>>20)

// isLost tells that reading once more would not help. The records are counted all the same, and the document is there.
func isLost(err error) bool {
	var held *record.HeldError
	var syntax *scan.SyntaxError // in a member or sheet that only the second reading looks at
	return errors.Is(err, errReturned) || errors.As(err, &held) || errors.As(err, &syntax) ||
		errors.Is(err, document.ErrChanged) || errors.Is(err, document.ErrNotFound) || errors.Is(err, document.ErrCorrupt)
}

// returning fills files with records, one after the other.
type returning struct {
	im    *Import
	put   Put
	first string // key of the first file
	files int
	bytes int
	body  bytes.Buffer
}

func (r *returning) read(ctx context.Context, doc *document.Document) error {
	im, wrong := r.im, r.im.rejected.wrong()
	var err error
	if im.choice.Format == syntax.CSV {
		var mended *returned.Mended
		if m := im.choice.Mended; m != nil {
			mended = &returned.Mended{Column: m.Column}
		}
		err = returned.Rows(ctx, doc, im.choice.Dialect, mended, byRow(wrong), func(header, row []byte) error { return r.add(ctx, header, row) })
	} else {
		err = im.Mapping.Returned(ctx, im.in.inputUntold(doc), im.choice, wrong, func(line []byte) error { return r.add(ctx, nil, line) })
	}
	if err != nil && !errors.Is(err, errReturned) {
		return err
	}
	return errors.Join(err, r.store(ctx))
}

// byRow tells what was wrong with a row, of whatever block the record is that it was for. All rows are the record of a mapping for
// which the whole file is one.
func byRow(wrong map[mapping.Spot]string) func(scan.Place) (string, bool) {
	rows := make(map[int64]string, len(wrong))
	for at, text := range wrong {
		if known, ok := rows[at.Offset]; ok && known < text { // of several blocks the same, in whatever order they come
			text = known
		}
		rows[at.Offset] = text
	}
	whole, all := rows[0]
	return func(at scan.Place) (string, bool) {
		if text, ok := rows[at.Offset]; ok {
			return text, true
		}
		return whole, all
	}
}

func (r *returning) add(ctx context.Context, header, record []byte) error {
	if r.bytes += len(record); r.bytes > maxReturnedBytes {
		return errReturned
	}
	if r.body.Len() > 0 && r.body.Len()+len(record) > returnedFile {
		if err := r.store(ctx); err != nil {
			return err
		}
	}
	if r.body.Len() == 0 {
		r.body.Write(header)
	}
	r.body.Write(record)
	return nil
}

// store stores a file; its name has the import, the number of the file from the second on, and the format.
func (r *returning) store(ctx context.Context) error {
	if r.body.Len() == 0 {
		return nil
	}
	name, ending := "rejected-"+r.im.ID, ".ndjson"
	if r.im.choice.Format == syntax.CSV {
		ending = ".csv"
	}
	if r.files++; r.files > 1 {
		name += fmt.Sprintf("-%d", r.files)
		r.im.Fates.Note("further rejected records are in files beside the first one")
	}
	key := "rejected/" + r.im.ID + "/" + name + ending
	if err := r.put(ctx, key, r.body.Bytes()); err != nil {
		return fmt.Errorf("storing the rejected records: %w", err)
	}
	if r.first == "" {
		r.first = key
	}
	r.body.Reset()
	return nil
}
