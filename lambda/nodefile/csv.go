package nodefile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// readCSV reads a header and a line for each node. Columns are found by name, without case; unknown ones are ignored.
func (l *list) readCSV(text *bufio.Reader) error {
	rows := csv.NewReader(text)
	rows.Comma = delimiter(text)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		return wrongCSV(err, 0)
	}
	columns := slices.Clone(header)
	for i, name := range columns {
		columns[i] = column(name)
	}
	if !slices.Contains(columns, "instanceid") {
		return &Error{Line: 1, What: "expected a JSON list of nodes, or CSV whose header has a column InstanceId"}
	}
	for record := 1; ; record++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return wrongCSV(err, record)
		}
		line, _ := rows.FieldPos(0)
		if err := l.add(recordOf(columns, row), record, line); err != nil {
			return err
		}
	}
}

// delimiter is the one of three that the header line has most of.
func delimiter(text *bufio.Reader) rune {
	head, _ := text.Peek(4096) // what is there; the parser meets the error again
	line, _, _ := strings.Cut(strings.TrimLeft(string(head), "\r\n"), "\n")
	best := ','
	for _, d := range ";\t" {
		if strings.Count(line, string(d)) > strings.Count(line, string(best)) {
			best = d
		}
	}
	return best
}

// column returns a column's name as it is looked for. The keys of tags keep their case.
func column(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > 4 && strings.EqualFold(name[:4], "tag:") {
		return "tag:" + name[4:]
	}
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(name))
}

func recordOf(columns, row []string) Record {
	var n Record
	for i, value := range row {
		value = strings.Clone(strings.TrimSpace(value)) // the row's memory is used again
		if value == "" {
			continue
		}
		if key, isTag := strings.CutPrefix(columns[i], "tag:"); isTag {
			if n.Tags == nil {
				n.Tags = Tags{}
			}
			n.Tags[key] = value
			continue
		}
		n.set(columns[i], value)
	}
	return n
}

func (r *Record) set(column, value string) {
	switch column {
	case "serialnumber":
		r.SerialNumber = Texts{value}
	case "macaddresses", "macaddress":
		r.MacAddresses = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	default:
		if to := r.field(column); to != nil {
			*to = value
		}
	}
}

// field returns where a column's value goes; nil for one that is ignored.
func (r *Record) field(column string) *string {
	switch column {
	case "instanceid":
		return &r.InstanceID
	case "computername":
		return &r.ComputerName
	case "name":
		return &r.Name
	case "ipaddress":
		return &r.IPAddress
	case "pingstatus":
		return &r.PingStatus
	case "instancestatus":
		return &r.InstanceStatus
	case "platformtype":
		return &r.PlatformType
	case "platformname":
		return &r.PlatformName
	case "platformversion":
		return &r.PlatformVersion
	case "resourcetype":
		return &r.ResourceType
	case "sourceid":
		return &r.SourceID
	case "sourcetype":
		return &r.SourceType
	case "state":
		return &r.State
	case "account", "accountid":
		return &r.Account
	case "region":
		return &r.Region
	}
	return nil
}

func wrongCSV(err error, record int) error {
	if errors.Is(err, io.EOF) {
		return &Error{Line: 1, What: "the file is empty"}
	}
	wrong, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("nodefile: reading the file of nodes: %w", err)
	}
	what := "this is not CSV: a quotation mark stands where none can, or has no end"
	if errors.Is(err, csv.ErrFieldCount) {
		what = "the line has more or fewer fields than the header"
	}
	return &Error{Line: wrong.Line, Record: record, What: what}
}
