package intake

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// A file of rejected records that comes again is a mended file: the mapping of its import reads it, and its rows are merged into
// those that the import's source states. It is no snapshot, and proves no machine's absence.

// Imports returns what is known of earlier imports.
type Imports interface {
	Import(ctx context.Context, id string) (receipt.Import, error)
}

// mendedName is part of the name of such a file, whatever stands around it, as browsers, people and other programs add it, in upper case or
// lower: taken for a document of its own, a few rows would replace all that its source states.
var mendedName = regexp.MustCompile(`(?i)rejected-([0-9a-f]{24})`)

// errMendedArchive is returned for a mended file that was saved as something else.
var errMendedArchive = fmt.Errorf("%w: it is a workbook or an archive: save it as CSV or JSON lines, as it came", choose.ErrMended)

// mendedImport returns the import whose records a mended file has; false for all other documents.
func mendedImport(d Document) (id string, mended bool) {
	name := path.Base(d.Delivery.Key)
	switch {
	case d.Event != "":
		return "", false
	case d.Delivery.Key == "":
		name = filepath.Base(d.Source.Name)
	}
	found := mendedName.FindStringSubmatch(name)
	if found == nil {
		return "", false
	}
	return strings.ToLower(found[1]), true
}

// chooseMended returns the mapping of the import.
func (in *Intake) chooseMended(ctx context.Context, d Document, id string, head []byte, complete bool) (mapping.Choice, *receipt.Import, error) {
	into, err := in.Imports.Import(ctx, id)
	switch {
	case errors.Is(err, receipt.ErrUnknownImport):
		return mapping.Choice{}, nil, fmt.Errorf("%w: by its name it has rejected records of import %s, and this installation has no such import: "+
			"put it into the installation that returned it, or, if it is a document of its own, under a name without rejected-", choose.ErrMended, id)
	case err != nil:
		return mapping.Choice{}, nil, fmt.Errorf("reading import %s: %w", id, err)
	case into.Origin == nil:
		return mapping.Choice{}, nil, fmt.Errorf("%w: by its name it has rejected records of import %s, and that import returned none: "+
			"see `invbridge receipt %s`, and give the file another name if it is a document of its own", choose.ErrMended, id, id)
	}
	o := into.Origin
	choice, err := in.Mappings.ChooseMended(d.Delivery, into.Mapping, choose.Mended{Name: o.Name, Key: o.Key, Captures: o.Captures}, head, complete)
	return choice, &into, err
}

// Into is, of a mended file, the import whose rejected records it mends; "" for all other documents. What a mended file does not name
// is not absent, and what is parked of the source stays.
func (im *Import) Into() string {
	if im.into == nil {
		return ""
	}
	return im.into.Import
}

// origin is what the records of this import keep where they are mended and come again.
func (im *Import) origin() *receipt.Origin {
	if im.into != nil {
		return im.into.Origin
	}
	return &receipt.Origin{
		Name: im.document.Source.Name, Key: im.document.Delivery.Key, Captures: im.choice.Captures,
		As: im.outside.ByKind(), Captured: im.late, Written: im.written(),
	}
}

// lateCapture is the document's own capture time; of a mended file without one, that of the document whose records it has.
func (im *Import) lateCapture(own time.Time) time.Time {
	if im.document.AsOf {
		return time.Time{}
	}
	if own.IsZero() && im.into != nil {
		return im.into.Origin.Captured
	}
	return own
}

// noteNothingMended notes that no record was found in a mended file.
func (im *Import) noteNothingMended() {
	if im.into != nil && im.Records == 0 {
		im.Decided.Note("the mended file has no record where import " + im.into.Import + " had its records: change values only, and leave the rest of the file as it was returned")
	}
}

// undated is the capture time of records that have none.
func (im *Import) undated() time.Time {
	if im.into != nil {
		return im.into.Origin.Written
	}
	return im.written()
}

// originSubject is the machine that the records of a mended file are about, where they name none.
func originSubject(o *receipt.Origin, own node.Subject) node.Subject {
	s := node.Subject{NodeID: o.As["nodeId"], Hostname: o.As["hostname"], Serial: o.As["serial"], IP: o.As["ip"], MAC: o.As["mac"]}
	if s.Empty() {
		return own
	}
	return s.Normalise()
}
