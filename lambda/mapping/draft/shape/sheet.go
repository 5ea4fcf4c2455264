package shape

import (
	"errors"
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/workbook"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/draft/table"
)

// Sheet is which sheet of a workbook a sample is.
type Sheet struct {
	Name  string
	First bool // its rows are the document's
}

// Samples returns what a document can be drafted from: itself, or each sheet of a workbook that is shown, as rows of text.
func (s Sample) Samples() (all []Sample, err error) {
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
		one.Text, one.Complete, one.Sheet = text, true, &Sheet{tab.Name, i == first}
		all = append(all, one)
	}
	return all, nil
}

// Kind is what the sample is.
func (s *Source) Kind() string {
	if s.Sheet != nil {
		return "workbook"
	}
	return s.Format.String()
}
