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
	texts := map[string]*string{
		"instanceid": &r.InstanceID, "computername": &r.ComputerName, "name": &r.Name, "ipaddress": &r.IPAddress,
		"pingstatus": &r.PingStatus, "instancestatus": &r.InstanceStatus, "platformtype": &r.PlatformType,
		"platformname": &r.PlatformName, "platformversion": &r.PlatformVersion, "resourcetype": &r.ResourceType,
		"sourceid": &r.SourceID, "sourcetype": &r.SourceType, "state": &r.State,
	}
	switch to := texts[column]; {
	case to != nil:
		*to = value
	case column == "serialnumber":
		r.SerialNumber = Texts{value}
	case column == "macaddresses" || column == "macaddress":
		r.MacAddresses = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	}
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
