package draft

import (
	"fmt"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/shape"
)

// prepare chooses the records of a sample: of a workbook those of the likeliest sheet.
func prepare(sample shape.Sample, name string) (*plan, error) {
	samples, err := sample.Samples()
	if err != nil {
		return nil, err
	}
	var best *plan
	var sheets []place
	var wrong error
	for _, s := range samples {
		p, err := prepareOne(s, name)
		if err != nil {
			if wrong == nil || s.Sheet != nil && s.Sheet.First {
				wrong = err
			}
			continue
		}
		p.place.score += 0.02 * float64(len(p.Columns)) // sheets with fewer columns hold more of what stands in this one
		if s.Sheet != nil && s.Sheet.First {
			p.place.score += 0.5
		}
		if best == nil || p.place.score > best.place.score {
			best = p
		}
		if s.Sheet != nil {
			sheets = append(sheets, place{Shape: p.place.Shape, path: s.Sheet.Name})
		}
	}
	if best == nil {
		return nil, wrong
	}
	best.others = append(best.others, slices.DeleteFunc(sheets, func(p place) bool { return p.Shape == best.place.Shape })...)
	return best, nil
}

func prepareOne(sample shape.Sample, name string) (*plan, error) {
	s, err := shape.Open(sample)
	if err != nil {
		return nil, err
	}
	t, err := shape.Grow(s)
	if err != nil {
		return nil, err
	}
	p := &plan{Source: s, tree: t, name: name}
	if err := p.choose(); err != nil {
		return nil, err
	}
	if s.Sheet != nil && !s.Sheet.First {
		step, ok := shape.New(s.Sheet.Name, nil).Step()
		if !ok {
			return nil, fmt.Errorf("draft: %s: no path leads to the sheet: rename it", sample.Name)
		}
		p.place.path = step
	}
	return p, nil
}
