package draft

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/table"
)

// sheet is which sheet of a workbook a sample is.
type sheet struct {
	name  string
	first bool // its rows are the document's
}

// samples returns what a document can be drafted from: itself, or each sheet of a workbook that is shown, as rows of text.
func (s Sample) samples() (all []Sample, err error) {
	if s.Archive == nil {
		return []Sample{s}, nil
	}
	if !workbook.Is(s.Archive.Members()) {
		return nil, fmt.Errorf("draft: %s holds several files: draft a mapping from one of them", s.Name)
	}
	book, err := workbook.Open(s.Archive, workbook.Options{})
	if err != nil {
		return nil, fmt.Errorf("draft: %s: %w", s.Name, err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	first := book.First()
	for i, tab := range book.Sheets {
		if tab.Hidden {
			continue
		}
		text, err := table.OfSheet(book, i, MaxBytes)
		if err != nil {
			return nil, fmt.Errorf("draft: %s: %w", s.Name, err)
		}
		one := s
		one.Text, one.Complete, one.sheet = text, true, &sheet{tab.Name, i == first}
		all = append(all, one)
	}
	return all, nil
}

// prepare chooses the records of a sample: of a workbook those of the likeliest sheet.
func prepare(sample Sample, name string) (*plan, error) {
	samples, err := sample.samples()
	if err != nil {
		return nil, err
	}
	var best *plan
	var sheets []place
	var wrong error
	for _, s := range samples {
		p, err := prepareOne(s, name)
		if err != nil {
			if wrong == nil || s.sheet != nil && s.sheet.first {
				wrong = err
			}
			continue
		}
		p.place.score += 0.02 * float64(len(p.columns)) // sheets with fewer columns hold more of what stands in this one
		if s.sheet != nil && s.sheet.first {
			p.place.score += 0.5
		}
		if best == nil || p.place.score > best.place.score {
			best = p
		}
		if s.sheet != nil {
			sheets = append(sheets, place{shape: p.place.shape, path: s.sheet.name})
		}
	}
	if best == nil {
		return nil, wrong
	}
	best.others = append(best.others, slices.DeleteFunc(sheets, func(p place) bool { return p.shape == best.place.shape })...)
	return best, nil
}

func prepareOne(sample Sample, name string) (*plan, error) {
	s, err := open(sample)
	if err != nil {
		return nil, err
	}
	t, err := grow(s)
	if err != nil {
		return nil, err
	}
	p := &plan{source: s, tree: t, name: name}
	if err := p.choose(); err != nil {
		return nil, err
	}
	if s.sheet != nil && !s.sheet.first {
		step, ok := newShape(s.sheet.name, nil).step()
		if !ok {
			return nil, fmt.Errorf("draft: %s: no path leads to the sheet: rename it", sample.Name)
		}
		p.place.path = step
	}
	return p, nil
}

// kind is what the sample is.
func (s *source) kind() string {
	if s.sheet != nil {
		return "workbook"
	}
	return s.format.String()
}
