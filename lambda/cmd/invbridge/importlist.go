package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/delivery/undo"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
	"github.com/spf13/pflag"
)

// importOptions are the flags of `invbridge import list`.
type importOptions struct{ most int }

func (o *importOptions) flags(f *pflag.FlagSet, _ *session.Session) {
	f.IntVar(&o.most, "most", 50, "`number` of imports that are shown; 0: all")
}

// importLine is an import in `import list --json`.
type importLine struct {
	Import   string         `json:"import"`
	Received string         `json:"received"`
	Document string         `json:"document"`
	Mapping  string         `json:"mapping"`
	Complete bool           `json:"complete"`
	Failure  string         `json:"failure,omitempty"`
	Records  int            `json:"records"`
	Nodes    int            `json:"nodes"`
	Outcomes receipt.Counts `json:"outcomes"`
}

func (o *importOptions) run(ctx context.Context, s *session.Session, out *output.Lines, _ []string) error {
	store, err := s.Stored(ctx)
	if err != nil {
		return err
	}
	list, err := receipt.NewBook(store).All(ctx)
	if err != nil {
		return err
	}
	all := len(list)
	if o.most > 0 && all > o.most {
		list = list[:o.most]
	}
	for _, r := range list {
		out.Print(importLine{
			r.Import, output.Stamp(r.Received), r.Document, r.Mapping, r.Complete, r.Failure, r.Records, r.Nodes, r.Counts,
		}, importText(r))
	}
	if len(list) < all {
		out.Text("… and %s before: --most 0 shows all\n", output.Plural(all-len(list), "import"))
	}
	if all == 0 {
		out.Text("nothing was imported yet: see invbridge put\n")
	}
	out.Summary(map[string]int{"imports": all})
	return nil
}

// begin is as much of why a document was not taken in as a list shows. Its receipt has all.
func begin(why string) string {
	const most = 48
	if runes := []rune(why); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return why
}

func importText(r receipt.Receipt) string {
	state := output.Counts(r.Counts)
	switch {
	case r.Failure != "":
		state = "failed: " + begin(output.Printable(strings.TrimPrefix(r.Failure, r.Document+": ")))
	case r.IsDamaged():
		state = "its receipt is damaged: see invbridge state check"
	case !r.Complete:
		state = fmt.Sprintf("not complete, %d of %d parts: %s", r.There, r.Expected, state)
	}
	mapping := ""
	if r.Mapping != "" {
		mapping = r.Mapping + ": "
	}
	received := "time not known      "
	if !r.Received.IsZero() {
		received = r.Received.UTC().Format("2006-01-02 15:04:05Z")
	}
	return fmt.Sprintf("%s  %s  %s  %s%s", received, undo.Short(r.Import), output.Printable(cmp.Or(r.Document, "?")), mapping, state)
}
