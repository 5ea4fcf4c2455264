package planned

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// magic begins the file of a plan.
const magic = "invbridge-plan "

// fileVersion is that of the files which this program writes and reads.
const fileVersion = 1

// mostBytes is the largest file of a plan that is read.
const mostBytes = 256 << 20

// File is a plan that a put can be held to. It holds no value: of each node a checksum of what would become of it. Nothing in it is put; a
// put makes the plan again, and compares.
type File struct {
	Version   int               `json:"version"`
	State     string            `json:"state"` // the place of the ledger
	Made      time.Time         `json:"made"`
	Documents []Document        `json:"documents"`
	Mapping   string            `json:"mapping,omitempty"` // that was named
	As        []string          `json:"as,omitempty"`
	Force     bool              `json:"force,omitempty"`
	AsOf      string            `json:"asOf,omitempty"` // "now": the documents count as of now
	Nodes     map[string]string `json:"nodes"`          // that change, and a checksum of how
	Calls     int               `json:"calls"`
}

// Document is a document of a plan.
type Document struct {
	Name   string `json:"name"`
	Import string `json:"import"` // made of the document's version and the mapping
}

// Prints are the nodes that change, and checksums of how.
func (p *Plan) Prints() map[string]string { return p.prints }

// Write writes the file: a line with the checksum of what follows.
func (f *File) Write(w io.Writer) error {
	f.Version = fileVersion
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	_, err = fmt.Fprintf(w, "%s%d %s\n%s\n", magic, fileVersion, hex.EncodeToString(sum[:]), body)
	return err
}

// IsFile reports whether bytes begin the file of a plan.
func IsFile(begin []byte) bool { return bytes.HasPrefix(begin, []byte(magic)) }

// ErrDamaged is returned for the file of a plan of which a part is missing or another.
var ErrDamaged = errors.New("the plan is damaged: make it again with invbridge plan --out")

// Read reads the file of a plan.
func Read(r io.Reader) (*File, error) {
	all, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, err
	}
	if len(all) > mostBytes {
		return nil, fmt.Errorf("the plan has more than %d bytes: plan fewer documents at once", mostBytes)
	}
	head, body, _ := bytes.Cut(all, []byte("\n"))
	var version int
	var want string
	if _, err := fmt.Sscanf(string(head), magic+"%d %64s", &version, &want); err != nil {
		return nil, ErrDamaged
	}
	if version != fileVersion {
		return nil, fmt.Errorf("the plan has version %d, and this program reads version %d: make it again with invbridge plan --out", version, fileVersion)
	}
	body = bytes.TrimSuffix(body, []byte("\n"))
	sum := sha256.Sum256(body)
	var f File
	if hex.EncodeToString(sum[:]) != want || json.Unmarshal(body, &f) != nil || f.Version != fileVersion {
		return nil, ErrDamaged
	}
	return &f, nil
}

// Moved returns the nodes, sorted, of which something else would become now than was planned.
func (f *File) Moved(now map[string]string) []string {
	moved := map[string]bool{}
	for node, sum := range f.Nodes {
		moved[node] = now[node] != sum
	}
	for node, sum := range now {
		moved[node] = f.Nodes[node] != sum
	}
	maps.DeleteFunc(moved, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(moved))
}
