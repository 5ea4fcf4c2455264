package intake

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// waiting returns the buckets in which records wait until all machines of the document are known.
func (im *Import) waiting() *spill.Buckets {
	if im.byKey == nil {
		im.byKey = spill.New(im.in.TempDir, keyBuckets, im.in.budget())
	}
	return im.byKey
}

// ownKey is the source's own number for the machine of a record; "" where it has none.
func ownKey(rec *read.Record) string {
	if rec.Outside {
		return ""
	}
	return rec.Key
}

// claim notes that a machine is a node. Observe is called later, when no other machine may be it.
func (im *Import) claim(m Machine, key string) {
	if m.Decision.Outcome == node.Matched {
		im.crowd.Claim(m.Subject, key, m.Decision)
	}
	if im.in.Observe != nil {
		im.observed = append(im.observed, m)
	}
}

// observe calls Observe with the machines, in the order of their first records.
func (im *Import) observe() {
	slices.SortStableFunc(im.observed, func(a, b Machine) int { return cmp.Compare(a.First, b.First) })
	for _, m := range im.observed {
		im.in.Observe(m)
	}
	im.observed = nil
}

// contest decides about the nodes that several machines of the document claim. Records of machines that are not the node are rejected:
// parked ones would come to it alone, later.
func (im *Import) contest() error {
	contested := im.crowd.Contested()
	partitions := map[int]bool{}
	for _, id := range contested {
		partitions[im.in.PartitionOf(id)] = true
	}
	for p := range im.byNode.Len() {
		if !partitions[p] {
			continue
		}
		for frames, err := range im.byNode.Groups(p) {
			if err != nil {
				return err
			}
			id, err := im.nodeOf(frames)
			if err != nil {
				return err
			}
			if _, found := slices.BinarySearch(contested, id); !found {
				continue
			}
			if err := im.contestNode(id, frames); err != nil {
				return err
			}
		}
	}
	return nil
}

// nodeOf returns the node of frames.
func (im *Import) nodeOf(frames spill.Frames) (string, error) {
	for f, err := range frames.All() {
		if err != nil {
			return "", err
		}
		d := im.frames.Decoder(f)
		return d.Text(), nil
	}
	return "", frame.ErrDamaged
}

// rival is a machine that claims a node, with its records.
type rival struct {
	node.Rival
	raw    []byte // its subject, encoded, where it has no number of its own
	places []place
}

// contestNode decides which of the machines that claim a node stand.
func (im *Import) contestNode(id string, frames spill.Frames) error {
	rivals, err := im.rivalsOf(frames)
	if err != nil {
		return err
	}
	list := make([]node.Rival, len(rivals))
	for i := range rivals {
		list[i] = rivals[i].Rival
		list[i].Subject = im.numbered(list[i].Subject, list[i].Key)
	}
	for i, stands := range im.crowd.Stand(id, list, im.rules()) {
		if !stands {
			im.displace(id, &rivals[i])
		}
	}
	return nil
}

func (im *Import) rivalsOf(frames spill.Frames) ([]rival, error) {
	var rivals []rival
	for f, err := range frames.All() {
		if err != nil {
			return nil, err
		}
		d := im.frames.Decoder(f)
		d.Text()
		h, first := d.Heading()
		if d.Bad() {
			return nil, frame.ErrDamaged
		}
		if !first {
			continue
		}
		key := h.OwnKey()
		i := slices.IndexFunc(rivals, func(r rival) bool {
			return key != "" && r.Key == key || key == "" && r.Key == "" && bytes.Equal(r.raw, h.Raw)
		})
		if i < 0 {
			i = len(rivals)
			rivals = append(rivals, rival{Rival: node.Rival{Subject: h.Subject(), Key: key}, raw: h.Raw})
		} else if !bytes.Equal(rivals[i].raw, h.Raw) {
			rivals[i].Subject = rivals[i].Subject.Union(h.Subject())
			rivals[i].raw = h.Raw
		}
		rivals[i].places = append(rivals[i].places, place{h.Number, h.Line, h.Spot})
	}
	return rivals, nil
}

// displace rejects the records of a machine that is not the node to which it led.
func (im *Import) displace(id string, r *rival) {
	d := node.Decision{
		Outcome: node.Rejected, Reason: node.ReasonSameNode, Nodes: []string{id},
		Detail: "another machine of the document, known to be a different one, leads to this node as well, and agrees with it as much or more",
	}
	if im.displaced == nil {
		im.displaced = map[int]bool{}
	}
	for _, p := range r.places {
		im.displaced[p.number] = true
		im.settle(p, d)
	}
	for i := range im.observed {
		if m := &im.observed[i]; m.Decision.Node == id && slices.ContainsFunc(r.places, func(p place) bool { return p.number == m.First }) {
			d.Rule = m.Decision.Rule
			m.Decision = d
		}
	}
}
