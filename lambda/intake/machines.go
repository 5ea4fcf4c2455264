package intake

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/intake/frame"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake/spill"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// unite finds the nodes of the machines whose records had to wait for each other, and hands the records on to their nodes.
func (im *Import) unite() error {
	im.crowd.Close()
	if err := errors.Join(im.uniteMachines(), im.settleBuckets()); err != nil {
		return err
	}
	defer im.observe()
	return im.contest()
}

func (im *Import) uniteMachines() error {
	if im.byKey == nil {
		return nil
	}
	if err := im.byKey.Settle(); err != nil {
		return err
	}
	for i := range im.byKey.Len() {
		for frames, err := range im.byKey.Groups(i) {
			if err != nil {
				return err
			}
			if err := im.uniteMachine(frames); err != nil {
				return err
			}
		}
		if err := im.byKey.Drop(i); err != nil {
			return fmt.Errorf("intake: removing a temporary file: %w", err)
		}
	}
	im.byKey, im.writing, im.before, im.places = nil, writing{}, frame.Before{}, nil // with the memory that it was read into
	return nil
}

// settleBuckets ends the writing.
func (im *Import) settleBuckets() error { return errors.Join(im.byNode.Settle(), im.parked.Settle()) }

// uniteMachine takes all frames of one key: their identifiers are one machine's.
func (im *Import) uniteMachine(frames spill.Frames) error {
	var m Machine
	places := im.places[:0]
	var last []byte
	var naming machineNaming
	var key string
	for f, err := range frames.All() {
		if err != nil {
			return err
		}
		d := im.frames.Decoder(f)
		h, first := d.Heading()
		if d.Bad() {
			return frame.ErrDamaged
		}
		if !first {
			continue
		}
		if m.Records == 0 {
			key = h.OwnKey()
			m = Machine{Key: h.Key, Source: h.Source, First: h.Number}
		}
		if m.Key != h.Key {
			return fmt.Errorf("intake: two machines of one document have keys that cannot be told apart (records %d and %d)", m.First, h.Number)
		}
		m.Records++
		if m.Records == 1 || !bytes.Equal(h.Raw, last) { // most records of a machine name it in the same way
			m.Subject = m.Subject.Union(h.Subject())
			last = h.Raw
		}
		places = append(places, place{h.Number, h.Line, h.Spot})
		naming.see(&im.rejected, &h)
	}
	im.places = places
	naming.end(&im.rejected)
	if !im.Mapping.Keyed() { // it waited only for the others
		m.Key = ""
	}
	m.Subject = im.numbered(m.Subject, key)
	decision := im.look(m, key)
	im.noteNumber(decision)
	if decision.Outcome != node.Matched {
		for _, p := range places {
			im.settle(p, decision)
		}
		if decision.Outcome != node.Parked {
			return nil
		}
		return im.hand(im.parked, frames, parkedName(m.Subject, m.First))
	}
	return im.hand(im.byNode, frames, decision.Node)
}

// hand puts the frames of a machine into its node's partition, or that of its identifiers where no node was found.
func (im *Import) hand(to *spill.Buckets, frames spill.Frames, id string) error {
	g, partition := spill.GroupOf(id), im.in.PartitionOf(id)
	for f, err := range frames.All() {
		if err != nil {
			return err
		}
		b := append(packed.AppendText(im.frame[:0], id), f...)
		im.frame = b
		if err := to.Add(partition, g, b); err != nil {
			return err
		}
	}
	return nil
}
