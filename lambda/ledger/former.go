package ledger

import (
	"context"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/pack"
)

// Lain is where a block lay when a head referenced it. A pack is kept for 30 days after the last head that named it, so a block can be read from there
// for as long, and need not be referenced.
type Lain struct {
	Pack   string `json:"pack,omitempty"` // "": it was an object of its own, which are kept as long
	Bytes  int64  `json:"bytes,omitempty"`
	Offset int64  `json:"offset,omitempty"`
	Length int64  `json:"length,omitempty"`
}

// Lies returns where a block lies that the head references.
func (h *Head) Lies(name string) Lain {
	info, at, ok := h.table.Lies(name)
	if !ok {
		return Lain{}
	}
	return Lain{info.Name, info.Bytes, at.Offset, at.Length}
}

// Recall makes a block readable that the head may not reference any more.
func (h *Head) Recall(name string, at Lain) {
	if name != "" && at.Pack != "" && !h.table.Has(name) {
		h.table.Recall(name, pack.Info{Name: at.Pack, Bytes: at.Bytes}, pack.Place{Offset: at.Offset, Length: at.Length})
	}
}

// WritePast keeps what an import has changed until the head is saved that is to name it, and returns the block's name.
func (l *Ledger) WritePast(ctx context.Context, h *Head, data []byte) (string, error) {
	return l.writeBlock(ctx, h, data)
}

// ReadPast reads what an import has changed. Where it is damaged or gone, the error is a *BlockError.
func (l *Ledger) ReadPast(ctx context.Context, h *Head, name string) ([]byte, error) {
	return l.readBlock(ctx, h, &pastKind, name)
}
