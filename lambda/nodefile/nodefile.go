// Package nodefile reads files that list managed nodes, as JSON or CSV. It knows how they are written and where they break, and not what
// becomes of the nodes.
package nodefile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxFile bounds a file of nodes in bytes; 100,000 nodes in JSON are about 60 MB.
const maxFile = 512 << 20

// Error is what is wrong with a file of nodes, and where. It holds no value.
type Error struct {
	Line   int // from 1
	Record int // from 1, the header of a CSV not counted; 0: not about one record
	What   string
}

func (e *Error) Error() string {
	where := fmt.Sprintf("line %d", e.Line)
	if e.Record > 0 {
		where += fmt.Sprintf(", record %d", e.Record)
	}
	return "nodefile: " + where + ": " + e.What
}

// Record is a node as a file has it: what DescribeInstanceInformation returns, and what stands beside it in our files. Members that are
// not listed are ignored.
type Record struct {
	InstanceID        string `json:"InstanceId"`
	ComputerName      string
	Name              string
	IPAddress         string
	PingStatus        string
	InstanceStatus    string
	PlatformType      string
	PlatformName      string
	PlatformVersion   string
	ResourceType      string
	SourceID          string `json:"SourceId"`
	SourceType        string
	State             string
	Denied            bool
	AgentVersion      string
	ActivationID      string `json:"ActivationId"`
	IAMRole           string `json:"IamRole"`
	AssociationStatus string
	Tags              Tags
	SerialNumber      Texts
	MacAddresses      Texts
	Account           string // "": the account and region of whoever reads the file
	Region            string
	Addresses         []string `json:"-"` // IP addresses besides, as an inventory has them
	Inventoried       bool     `json:"-"` // it is out of an inventory: nobody wrote its addresses, and those that cannot be read are left out

	Line int `json:"-"` // where it ends, or of CSV begins
}

// Parse reads a JSON list of what DescribeInstanceInformation returns, or the output of that operation or of GetInventory as it is, with the members Tags (an
// object, or a list of Key and Value), SerialNumber and MacAddresses (a string or a list) and others besides; or CSV with a header that
// has at least InstanceId, and may have the same names as columns and tag:KEY. Account and Region are those of the node; one that is of two
// is listed for each. UTF-16 with a byte order mark is read too, as some
// shells write it. take receives each node, and returns what is wrong with it, "" for nothing. What is wrong with the content is an *Error.
func Parse(r io.Reader, take func(Record) (wrong string)) error {
	text := bufio.NewReader(transform.NewReader(io.LimitReader(r, maxFile), unicode.BOMOverride(transform.Nop)))
	first, err := firstByte(text)
	if errors.Is(err, io.EOF) {
		return &Error{Line: 1, What: "the file is empty: expected a JSON list of nodes, or CSV with a column InstanceId"}
	}
	if err != nil {
		return fmt.Errorf("nodefile: reading the file of nodes: %w", err)
	}
	l := &list{seen: map[string]int{}, take: take}
	if first == '[' || first == '{' {
		return l.readJSON(text)
	}
	return l.readCSV(text)
}

// firstByte returns the first byte that is not white space, without reading it.
func firstByte(text *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		head, err := text.Peek(n)
		if rest := bytes.TrimSpace(head); len(rest) > 0 {
			return rest[0], nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			return 0, io.EOF // kilobytes of white space
		}
		if err != nil {
			return 0, err
		}
	}
}

// list hands on what a file lists, each node once.
type list struct {
	seen map[string]int // the record of each ID, with its account and region
	take func(Record) string
}

// add takes a node in.
func (l *list) add(r Record, record, line int) error {
	id := strings.ToLower(strings.TrimSpace(r.InstanceID))
	place := id + " " + r.Account + " " + strings.ToLower(r.Region)
	r.Line = line
	var wrong string
	switch {
	case id == "":
		wrong = "InstanceId is missing"
	case wrongAccount(r.Account):
		wrong = "Account must be twelve digits, in quotes where the file is JSON"
	case l.seen[place] > 0:
		wrong = fmt.Sprintf("InstanceId stands in record %d already: list each node once", l.seen[place])
	default:
		wrong = l.take(r)
	}
	if wrong != "" {
		return &Error{Line: line, Record: record, What: wrong}
	}
	l.seen[place] = record
	return nil
}

// wrongAccount reports whether a text is no account. None is well.
func wrongAccount(text string) bool {
	return text != "" && (len(text) != 12 || strings.Trim(text, "0123456789") != "")
}
