package intake

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/keycut"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
)

// rejectSameKeys finds the entries that have the key of another one only since it was cut. Their records are rejected, and returned to be mended.
func (im *Import) rejectSameKeys() error {
	if im.cutKeys == 0 {
		return nil
	}
	im.sameKeys = keycut.New()
	for _, from := range []*spill.Buckets{im.byNode, im.parked} {
		for i := range from.Len() {
			for frames, err := range from.Groups(i) {
				if err == nil {
					err = im.findSameKeys(frames)
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// findSameKeys looks at the entries of a node: at those whose key was cut, then at the others, then for the records of those that share one.
func (im *Import) findSameKeys(frames spill.Frames) error {
	k := im.sameKeys
	k.Next()
	for _, look := range []func(keycut.Entry, frame.Item, *frame.Heading){
		func(e keycut.Entry, it frame.Item, _ *frame.Heading) {
			if it.CutKey != 0 {
				k.Cut(e, it.CutKey)
			}
		},
		func(e keycut.Entry, it frame.Item, _ *frame.Heading) {
			if it.CutKey == 0 {
				k.Whole(e)
			}
		},
		func(e keycut.Entry, _ frame.Item, h *frame.Heading) {
			if k.Same(e) {
				im.rejected.add(h.Spot, keycut.Reason)
			}
		},
	} {
		if err := im.eachEntry(frames, look); err != nil || !k.Any() {
			return err
		}
	}
	return nil
}

// eachEntry calls look with each entry in the frames of a node, and the heading of its record.
func (im *Import) eachEntry(frames spill.Frames, look func(keycut.Entry, frame.Item, *frame.Heading)) error {
	var of frame.Heading
	for f, err := range frames.All() {
		if err != nil {
			return err
		}
		d := im.frames.Decoder(f)
		id := d.Text()
		if h, first := d.Heading(); first {
			d.Scopes(&im.scopes)
			of = h
		}
		whole := d.Rest()
		for it, ok := d.Next(whole); ok; it, ok = d.Next(whole) {
			if it.Entry != nil {
				look(keycut.Entry{Node: id, Source: of.Source, Type: im.Mapping.Types()[it.Type].Inventory, Values: it.Entry}, it, &of)
			}
		}
		if d.Bad() {
			return frame.ErrDamaged
		}
	}
	return nil
}

// sameKey reports whether an entry of a node is one of those.
func (im *Import) sameKey(id, source string, it frame.Item) bool {
	return im.sameKeys.Same(keycut.Entry{Node: id, Source: source, Type: im.Mapping.Types()[it.Type].Inventory, Values: it.Entry})
}
