package ledger

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
)

// Statements about machines for which no node was found wait under
//
//	parked/<source>/<import>/<0000>-<time>    of a snapshot, by partition of the machine's identifiers, and when it was written
//	parked/<source>/+<import>/<0000>-<time>   of merges
//	parked/<source>/index.json                the source's last snapshot that proved which machines are absent
//
// as deliveries in one zstd frame whose statements have no node and name the machine by their subject. Objects are never changed: those
// of a snapshot that is older than that one count no longer, nor do statements about machines of which newer ones wait. What is written
// without an ID of its own has that of its content: the same that is sent again later is the same import, at another time.
const (
	parkedPrefix  = "parked/"
	parkedIndex   = "index.json"
	mergedParking = "+"
)

// Parking is the last snapshot of a source that proved which machines are absent. Programs of before wrote any last snapshot there.
type Parking struct {
	Version int `json:"version"`
	Stamp
	Import  string `json:"import"`
	Records int    `json:"records"` // parked at first

	Former *FormerParking `json:"former,omitempty"` // the one before; nil: there was none

	etag string
}

// FormerParking is the snapshot that was the last one before.
type FormerParking struct {
	Stamp
	Import  string `json:"import"`
	Records int    `json:"records"`
}

// Is makes a snapshot the last one that proved absence.
func (p *Parking) Is(id string, at Stamp, records int) {
	if p.Import != id && p.Import != "" {
		p.Former = &FormerParking{p.Stamp, p.Import, p.Records}
	}
	p.Stamp, p.Import, p.Records = at, id, records
}

// WasBefore makes the one before the last one again.
func (p *Parking) WasBefore() {
	var was FormerParking
	if p.Former != nil {
		was = *p.Former
	}
	p.Stamp, p.Import, p.Records, p.Former = was.Stamp, was.Import, was.Records, nil
}

// ParkedKey names a parked object.
type ParkedKey struct {
	Source string
	Import string
	Merge  bool
	Object string // the whole key
}

// Parking is the last snapshot of a source that proved absence, as far as anything was ever parked. Of a source of which nothing was, it is zero.
func (l *Ledger) Parking(ctx context.Context, source string) (*Parking, error) {
	p, key := &Parking{}, parkedFolder(source)+parkedIndex
	etag, err := readJSON(ctx, l.store, key, p, &FormatError{key, "it is damaged: hand the source's last document in again, or delete it"})
	if err != nil {
		p = &Parking{}
	}
	p.etag = etag
	return p, err
}

// SetParking makes a snapshot the last one of a source. ErrConflict: somebody else has.
func (l *Ledger) SetParking(ctx context.Context, source string, p *Parking) (err error) {
	p.Version = Version
	p.etag, err = seal.Put(ctx, l.store, parkedFolder(source)+parkedIndex, p, p.etag)
	return err
}

// WriteParked stores the statements of a source about machines of a partition that have no node.
func (l *Ledger) WriteParked(ctx context.Context, source string, h Header, merge bool, statements iter.Seq2[*Statement, error]) error {
	var body bytes.Buffer
	if err := WriteDelivery(&body, h, statements); err != nil {
		return err
	}
	data, err := l.zip.Compress(body.Bytes())
	if err != nil {
		return err
	}
	folder := h.Import
	if merge {
		folder = mergedParking + folder
	}
	key := fmt.Sprintf("%s%s/%04d-%d", parkedFolder(source), folder, h.Partition, h.Written.UnixMilli())
	if _, err := l.store.Put(ctx, key, data, Any); err != nil {
		return fmt.Errorf("ledger: parking: %w", err)
	}
	return nil
}

// ReadParked reads a parked object.
func (l *Ledger) ReadParked(ctx context.Context, k ParkedKey) (Header, iter.Seq2[*Statement, error], error) {
	data, _, err := l.store.Get(ctx, k.Object)
	if err != nil {
		return Header{}, nil, fmt.Errorf("ledger: reading what is parked: %w", err)
	}
	data, err = l.zip.Expand(data)
	if err != nil {
		return Header{}, nil, &FormatError{k.Object, "it is damaged: delete it, and hand the document in again"}
	}
	h, list, err := ReadDelivery(bytes.NewReader(data))
	if err != nil {
		return h, nil, fmt.Errorf("%s: %w", k.Object, err)
	}
	return h, list, nil
}

// DeleteParked deletes a parked object.
func (l *Ledger) DeleteParked(ctx context.Context, k ParkedKey) error {
	return l.store.Delete(ctx, k.Object)
}

// Parked lists the parked objects, by source; of one source where one is given.
func (l *Ledger) Parked(ctx context.Context, source string) ([]ParkedKey, error) {
	prefix := parkedPrefix
	if source != "" {
		prefix = parkedFolder(source)
	}
	var keys []ParkedKey
	for key, err := range l.store.List(ctx, prefix) {
		if err != nil {
			return nil, fmt.Errorf("ledger: listing what is parked: %w", err)
		}
		if k, ok := parkedKey(key); ok {
			keys = append(keys, k)
		}
	}
	slices.SortStableFunc(keys, func(a, b ParkedKey) int { return strings.Compare(a.Source, b.Source) })
	return keys, nil
}

// DeleteParking deletes all that is parked of a source.
func (l *Ledger) DeleteParking(ctx context.Context, source string) error {
	keys, err := l.Parked(ctx, source)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := l.DeleteParked(ctx, k); err != nil {
			return err
		}
	}
	return l.store.Delete(ctx, parkedFolder(source)+parkedIndex)
}

func parkedKey(key string) (k ParkedKey, ok bool) {
	parts := strings.Split(strings.TrimPrefix(key, parkedPrefix), "/")
	if len(parts) != 3 {
		return k, false
	}
	source, err := url.PathUnescape(parts[0])
	if err != nil {
		return k, false
	}
	id, merge := strings.CutPrefix(parts[1], mergedParking)
	return ParkedKey{Source: source, Import: id, Merge: merge, Object: key}, true
}

// parkedFolder is where what is parked of a source lies; its name is one part of a key.
func parkedFolder(source string) string {
	name := strings.ReplaceAll(url.PathEscape(source), "+", "%2B")
	return parkedPrefix + name + "/"
}

// ParkedFor is how long a machine that no node is found for is waited for.
const ParkedFor = 30 * 24 * time.Hour
