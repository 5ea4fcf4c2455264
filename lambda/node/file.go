package node

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxFile bounds a file of nodes in bytes; 100,000 nodes in JSON are about 60 MB.
const maxFile = 512 << 20

// FileError says what is wrong with a file of nodes, and where. It tells no value.
type FileError struct {
	Line   int // from 1
	Record int // from 1, the header of a CSV not counted; 0: not about one record
	What   string
}

func (e *FileError) Error() string {
	where := fmt.Sprintf("line %d", e.Line)
	if e.Record > 0 {
		where += fmt.Sprintf(", record %d", e.Record)
	}
	return "node: " + where + ": " + e.What
}

// ParseFile reads a directory from a file: a JSON list of what DescribeInstanceInformation returns, or that operation's output
// as it is, with the members Tags (an object, or a list of Key and Value), SerialNumber, MacAddresses (a text or a list) and
// InstanceStatus besides; or CSV with a header that has at least InstanceId, and may have the same names as columns and tag:KEY.
// UTF-16 with a byte order mark is read too, as some shells write it. What is wrong with the content is a *FileError.
func ParseFile(r io.Reader) (*Directory, error) {
	text := bufio.NewReader(transform.NewReader(io.LimitReader(r, maxFile), unicode.BOMOverride(transform.Nop)))
	first, err := firstByte(text)
	if errors.Is(err, io.EOF) {
		return nil, &FileError{Line: 1, What: "the file is empty: expected a JSON list of nodes, or CSV with a column InstanceId"}
	}
	if err != nil {
		return nil, fmt.Errorf("node: reading the file of nodes: %w", err)
	}
	list := &fileNodes{seen: map[string]int{}}
	if first == '[' || first == '{' {
		err = list.readJSON(text)
	} else {
		err = list.readCSV(text)
	}
	if err != nil {
		return nil, err
	}
	return New(list.nodes), nil
}

// firstByte looks at the first byte that is no white space, and takes nothing away.
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

// fileNodes collects what a file lists, each node once.
type fileNodes struct {
	nodes []Node
	seen  map[string]int // the record of each ID
}

// add takes a node in; its errors have no line yet.
func (l *fileNodes) add(n Node, record int) *FileError {
	id := nodeID(n.ID)
	switch {
	case n.ID == "":
		return &FileError{Record: record, What: "InstanceId is missing"}
	case id == "":
		return &FileError{Record: record, What: "InstanceId is no node's ID: expected i- and 8 or 17 characters, or mi- and 17"}
	case l.seen[id] > 0:
		return &FileError{Record: record, What: fmt.Sprintf("InstanceId stands in record %d already", l.seen[id])}
	}
	n.ID = id
	l.seen[id] = record
	l.nodes = append(l.nodes, n)
	return nil
}
