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
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
)

// Bounds of what is returned of one document.
const (
	maxReturned      = 100_000   // records
	maxReturnedBytes = 100 << 20 // in all
	returnedFile     = 8 << 20   // in one file, unless one record is larger: it is in memory until it is stored
	maxReasons       = 5         // of one record
	maxNaming        = 64        // records of one machine that are returned for naming it
)

// notRejected takes the place of an error at a record that is returned only because it names the machine of a rejected one.
const notRejected = "not rejected: it names the machine of another record"

// rejected holds which records of a document were rejected, and why, in the order in which that was found.
type rejected struct {
	reasons  map[read.Spot][]string
	more     int    // over maxReturned
	file     string // key under which they were returned
	returned []int  // how many records are in each file
}

func (r *rejected) has(at read.Spot) bool {
	_, ok := r.reasons[at]
	return ok
}

func (r *rejected) add(at read.Spot, reason string) {
	list, known := r.reasons[at]
	switch {
	case slices.Contains(list, reason) || len(list) == maxReasons:
		return
	case !known && len(r.reasons) == maxReturned:
		r.more++
		return
	case r.reasons == nil:
		r.reasons = map[read.Spot][]string{}
	}
	r.reasons[at] = append(list, reason)
}

// machineNaming adds records of a machine to those returned where a rejected one does not name the machine itself.
type machineNaming struct {
	last   []byte
	empty  bool // the record seen last names no machine
	wanted bool // a rejected record names no machine
	spots  []read.Spot
}

func (n *machineNaming) see(r *rejected, h *frame.Heading) {
	if len(r.reasons) == 0 {
		return
	}
	if n.last == nil || !bytes.Equal(h.Raw, n.last) {
		n.last, n.empty = h.Raw, h.Subject().Empty()
		if !n.empty && len(n.spots) < maxNaming {
			n.spots = append(n.spots, h.Spot)
		}
	}
	n.wanted = n.wanted || n.empty && r.has(h.Spot)
}

func (n *machineNaming) end(r *rejected) {
	for _, at := range n.spots {
		if n.wanted && !r.has(at) {
			r.add(at, notRejected)
		}
	}
}

// texts returns the reasons as they are written beside the records.
func (r *rejected) texts() map[read.Spot]string {
	texts := make(map[read.Spot]string, len(r.reasons))
	for at, list := range r.reasons {
		texts[at] = strings.Join(list, "; ")
	}
	return texts
}

// Put stores one object.
type Put func(ctx context.Context, key string, body []byte) error

// ReturnRejected reads the document a second time, where some of its records were rejected, and stores these in the format they came
// in (CSV with a column for the error; else JSON lines) under rejected/<import>/. The files are named after the import, so that a
// mended one is recognised wherever it is put. It is called before Receipt, which names the first file.
func (im *Import) ReturnRejected(ctx context.Context, put Put) error {
	if len(im.rejected.reasons) == 0 {
		return nil
	}
	doc, err := document.Look(ctx, im.document.Source, im.in.Limits)
	if err == nil {
		files := &returning{im: im, put: put}
		err = errors.Join(files.read(ctx, doc), doc.Close())
		im.rejected.file, im.rejected.returned = files.first, files.records
	}
	if im.rejected.more > 0 {
		im.Decided.Note(fmt.Sprintf("the first %d of the rejected records were returned, and %d more were not", maxReturned, im.rejected.more))
	}
	if isLost(err) {
		im.Decided.Note("not all rejected records were returned: " + err.Error())
		return nil
	}
	return err
}

// errReturned ends the returning where the bound is reached.
var errReturned = fmt.Errorf("they are more than %d MiB", maxReturnedBytes>>20)

// isLost reports whether reading once more would not help. The records are counted all the same, and the document is there.
func isLost(err error) bool {
	var held *record.HeldError
	var syntax *scan.SyntaxError // in a member or sheet that only the second reading looks at
	return errors.Is(err, errReturned) || errors.As(err, &held) || errors.As(err, &syntax) ||
		errors.Is(err, document.ErrChanged) || errors.Is(err, document.ErrNotFound) || errors.Is(err, document.ErrCorrupt)
}

// returning fills files with rejected records, one after the other.
type returning struct {
	im      *Import
	put     Put
	first   string // key of the first file
	files   int
	bytes   int
	records []int // by file
	held    int   // in the one that is being filled
	body    bytes.Buffer
}

func (r *returning) read(ctx context.Context, doc *document.Document) error {
	im, wrong := r.im, r.im.rejected.texts()
	var err error
	if im.choice.Format == syntax.CSV {
		var mended *returned.Mended
		if m := im.choice.Mended; m != nil {
			mended = &returned.Mended{Column: m.Column}
		}
		err = returned.Rows(ctx, doc, im.choice.Dialect, mended, byRow(wrong), func(header, row []byte) error { return r.addRecord(ctx, header, row) })
	} else {
		err = read.Returned(ctx, im.in.plainInput(doc), im.choice, wrong, func(line []byte) error { return r.addRecord(ctx, nil, line) })
	}
	if err != nil && !errors.Is(err, errReturned) {
		return err
	}
	return errors.Join(err, r.store(ctx))
}

// byRow returns a function that looks up the reasons of a row, whichever block its record is of. Where the whole file is one record,
// all rows have its reasons.
func byRow(wrong map[read.Spot]string) func(scan.Place) (string, bool) {
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

func (r *returning) addRecord(ctx context.Context, header, record []byte) error {
	r.bytes += len(record)
	if r.bytes > maxReturnedBytes {
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
	r.held++
	return nil
}

// store stores a file. Its name holds the import, the number of the file from the second on, and the format.
func (r *returning) store(ctx context.Context) error {
	if r.body.Len() == 0 {
		return nil
	}
	name, ending := "rejected-"+r.im.ID, ".ndjson"
	if r.im.choice.Format == syntax.CSV {
		ending = ".csv"
	}
	r.files++
	if r.files > 1 {
		name += fmt.Sprintf("-%d", r.files)
		r.im.Decided.Note("further rejected records are in files beside the first one")
	}
	key := "rejected/" + r.im.ID + "/" + name + ending
	if err := r.put(ctx, key, r.body.Bytes()); err != nil {
		return fmt.Errorf("storing the rejected records: %w", err)
	}
	if r.first == "" {
		r.first = key
	}
	r.records, r.held = append(r.records, r.held), 0
	r.body.Reset()
	return nil
}
