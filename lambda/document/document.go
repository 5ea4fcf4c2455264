// Package document knows how to get at the bytes of what a message points at: a path, an object in S3, or bytes at
// hand; how to decompress them and to decode them to UTF-8, within limits. It does not know what they say: no format, no
// mapping, no event.
package document

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Document is one reading of a source, decompressed and decoded to UTF-8. An error of Read other than io.EOF means that
// the document was not read to its end, and that what was read is not to be relied upon.
type Document struct {
	Source      Source
	Compression string // "gzip", "zip", …; the outer first, with a plus between two; "" for none
	Encoding    string // as in the names of HTML; "utf-8" also where windows-1252 may come in later

	text     io.Reader
	head     []byte // read ahead and not yet read
	headErr  error  // what ended the reading ahead
	ahead    *ahead // nil: no more than the head was read ahead
	raw      *raw
	unpacker *unpacker
	archive  *Archive
	closers  []func() error
}

// Open begins to read a source. It may be called again for a second pass. What a name claims about
// compression does not matter: the bytes decide.
func Open(ctx context.Context, s Source, l Limits) (*Document, error) {
	return open(ctx, s, l, s.Version == "")
}

// Look is Open for who does not ask for the Version, so that nothing need be hashed.
func Look(ctx context.Context, s Source, l Limits) (*Document, error) { return open(ctx, s, l, false) }

func open(ctx context.Context, s Source, l Limits, hashed bool) (*Document, error) {
	if s.open == nil {
		return nil, errors.New("document: a source that was not made by this package")
	}
	d := &Document{Source: s}
	if err := d.begin(ctx, l.OrDefaults(), hashed); err != nil {
		return nil, errors.Join(fmt.Errorf("document: %s: %w", s.Name, err), d.Close())
	}
	return d, nil
}

func (d *Document) begin(ctx context.Context, l Limits, hashed bool) error {
	body, err := d.Source.open(ctx)
	if err != nil {
		return err
	}
	d.closers = append(d.closers, body.Close)
	d.raw = newRaw(ctx, body, d.Source.Size, l.Compressed, hashed)
	u := &unpacker{limits: l, raw: d.raw}
	expanded, err := u.unpack(body)
	d.closers = append(d.closers, u.closers...)
	if err != nil {
		return err
	}
	d.unpacker = u
	d.Compression, d.archive = strings.Join(u.names, "+"), u.archive
	if d.archive != nil && len(d.archive.files) > 1 {
		d.text = expanded
		return nil
	}
	d.text, d.Encoding, err = decode(expanded, &u.controls)
	return err
}

// Archive is the document's members, where it is a zip file; nil: it is none. Of one member the text can be read as well; of several
// there is none, and reading it returns ErrManyMembers.
func (d *Document) Archive() *Archive { return d.archive }

// Controls returns how many control characters were left out of what was read of the text, or of the members.
func (d *Document) Controls() int { return d.unpacker.controls }

// Read reads the next bytes of the text.
func (d *Document) Read(p []byte) (int, error) {
	if len(d.head) > 0 {
		n := copy(p, d.head)
		d.head = d.head[n:]
		return n, nil
	}
	d.head = nil
	if d.headErr != nil {
		return 0, d.headErr
	}
	if d.ahead != nil {
		return d.ahead.again(p)
	}
	n, err := d.text.Read(p)
	return n, d.named(err)
}

func (d *Document) named(err error) error {
	if err == nil || atEnd(err) {
		return err
	}
	return fmt.Errorf("document: %s: %w", d.Source.Name, err)
}

// maxHead bounds what Head reads ahead.
const maxHead = 1 << 20

// Head returns the next n bytes (1 MiB at most) without consuming them; fewer only where the document ends before, and then
// it reports that they are complete. They are valid until the next call of Read or Head.
func (d *Document) Head(n int) (head []byte, complete bool, err error) {
	n = min(n, maxHead)
	if missing := n - len(d.head); missing > 0 && d.headErr == nil {
		d.readAhead(missing)
	}
	if len(d.head) >= n && n > 0 {
		return d.head[:n], len(d.head) == n && atEnd(d.headErr), nil
	}
	if atEnd(d.headErr) {
		return d.head, true, nil
	}
	return d.head, false, d.headErr
}

// readAhead reads so many bytes more, as far as there are that many. Most documents are small, and cost no more room than they need.
func (d *Document) readAhead(missing int) {
	for want := len(d.head) + missing; len(d.head) < want && d.headErr == nil; {
		n := len(d.head)
		d.head = slices.Grow(d.head, min(want-n, max(n, firstAhead, int(min(d.Source.Size, maxHead))-n)))
		got, err := d.text.Read(d.head[n:min(cap(d.head), want)])
		d.head, d.headErr = d.head[:n+got], d.named(err)
	}
}

// firstAhead is how much is read ahead at first.
const firstAhead = 16 << 10

// Version is which content was read: the source's own version where it has one, else the SHA-256 of the raw bytes
// with the source's time. The latter is known only when the document was read to its end; hashing while streaming
// spares a second reading of a large file.
func (d *Document) Version() (string, error) {
	if d.Source.Version != "" {
		return d.Source.Version, nil
	}
	if !atEnd(d.raw.err) || d.raw.hash == nil {
		return "", fmt.Errorf("document: %s: %w", d.Source.Name, ErrIncomplete)
	}
	return "sha256:" + hex.EncodeToString(d.raw.hash.Sum(nil)) + "@" + strconv.FormatInt(d.Source.Time.UnixNano(), 10), nil
}

// Close ends the reading. The source can be opened again.
func (d *Document) Close() error {
	var errs []error
	for i := len(d.closers) - 1; i >= 0; i-- {
		errs = append(errs, d.closers[i]())
	}
	d.closers = nil
	return errors.Join(errs...)
}
