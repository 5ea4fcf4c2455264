package workbook

import (
	"fmt"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
)

// paged is bytes that are written once, one behind the other, and read anywhere. Over a budget they go to a temporary file, of which the
// pages read last stay in memory: cells ask for strings about in the order in which they stand.
type paged struct {
	dir    string
	memory int // pages that may stay in memory
	pages  [][]byte
	tail   []byte // of the page that is being filled
	spilt  int64  // pages in the file
	file   *os.File
	recent [recentPages]page
}

type page struct {
	number int64 // from 1; 0: none
	bytes  []byte
}

const (
	pageBytes   = 64 << 10
	recentPages = 8
)

func (p *paged) add(b []byte) error {
	for len(b) > 0 {
		if p.tail == nil {
			p.tail = make([]byte, 0, pageBytes)
		}
		n := min(len(b), pageBytes-len(p.tail))
		p.tail, b = append(p.tail, b[:n]...), b[n:]
		if len(p.tail) == pageBytes {
			if err := p.turn(); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn puts a full page away.
func (p *paged) turn() error {
	if len(p.pages) < p.memory {
		p.pages, p.tail = append(p.pages, p.tail), nil
		return nil
	}
	if p.file == nil {
		var err error
		p.file, err = scan.TempFile(p.dir, "invbridge-*.strings")
		if err != nil {
			return err
		}
	}
	if _, err := p.file.WriteAt(p.tail, p.spilt*pageBytes); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	p.spilt++
	p.tail = p.tail[:0]
	return nil
}

// at returns n bytes from an offset on, which were added. They are valid until the next call. Those of several pages are put into a buffer.
func (p *paged) at(buf []byte, offset int64, n int) ([]byte, error) {
	buf = buf[:0]
	for {
		b, err := p.page(offset / pageBytes)
		if err != nil {
			return nil, err
		}
		b = b[offset%pageBytes:]
		switch missing := n - len(buf); {
		case missing > len(b):
			buf, offset = append(buf, b...), offset+int64(len(b))
		case len(buf) == 0:
			return b[:n], nil
		default:
			return append(buf, b[:missing]...), nil
		}
	}
}

func (p *paged) page(number int64) ([]byte, error) {
	if number < int64(len(p.pages)) {
		return p.pages[number], nil
	}
	number -= int64(len(p.pages))
	if number >= p.spilt {
		return p.tail, nil
	}
	r := &p.recent[number%recentPages]
	if r.number == number+1 {
		return r.bytes, nil
	}
	if r.bytes == nil {
		r.bytes = make([]byte, pageBytes)
	}
	r.number = 0
	if _, err := p.file.ReadAt(r.bytes, number*pageBytes); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	r.number = number + 1
	return r.bytes, nil
}

func (p *paged) close() error {
	if p.file == nil {
		return nil
	}
	err := scan.CloseTemp(p.file)
	p.file = nil
	return err
}
