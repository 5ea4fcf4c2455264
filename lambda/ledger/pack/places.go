package pack

import (
	"encoding/base64"
	"encoding/binary"
)

// Places are kept as text: for each block that a head references, in the order of their names, 0 where it is an object of its own, else one
// more than the index of its pack, its offset and its length; as unsigned varints, and these as base64.

// encodePlaces lays out the places of blocks with these names, sorted.
func encodePlaces(names []string, places map[string]Place) string {
	var buf []byte
	for _, name := range names {
		p, ok := places[name]
		if !ok {
			buf = append(buf, 0)
			continue
		}
		buf = binary.AppendUvarint(buf, uint64(p.Pack)+1) //nolint:gosec // an index
		buf = binary.AppendUvarint(buf, uint64(p.Offset)) //nolint:gosec // not negative
		buf = binary.AppendUvarint(buf, uint64(p.Length)) //nolint:gosec // not negative
	}
	return base64.StdEncoding.EncodeToString(buf)
}

// decodePlaces returns the places of blocks with these names, sorted, in packs of the table; ok: the text is what belongs to them.
func decodePlaces(text string, names []string, packs []Info) (places map[string]Place, ok bool) {
	buf, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	next := func(most uint64) (v int64) {
		n, size := binary.Uvarint(buf)
		if size <= 0 || n > most {
			ok = false
			return 0
		}
		buf = buf[size:]
		return int64(n) //nolint:gosec // not above most
	}
	places, ok = make(map[string]Place, len(names)), true
	for _, name := range names {
		at := next(uint64(len(packs)))
		if !ok {
			return nil, false
		}
		if at == 0 {
			continue
		}
		size := uint64(max(packs[at-1].Bytes, 0))
		p := Place{Pack: int(at) - 1, Offset: next(size), Length: next(size)}
		if !ok || p.Length > packs[at-1].Bytes-p.Offset {
			return nil, false
		}
		places[name] = p
	}
	return places, ok && len(buf) == 0
}
