package scan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan/csv"
)

func TestRowsAsTheyStand(t *testing.T) {
	const body = "a preamble\nName; Id;;Note\nx;1;u;\"two\r\nlines; and \"\"quotes\"\"\"\n;;;\ny;2\nz;3;v;w\n"
	var places []int64
	all := func(at scan.Place) bool {
		places = append(places, at.Offset)
		return true
	}
	read := func(wanted func(scan.Place) bool) (rows [][]string) {
		err := csv.Rows(strings.NewReader(body), scan.Limits{}, scan.Dialect{Delimiter: ';', HeaderRow: 1}, wanted, func(r csv.Row) error {
			rows = append(rows, r.Header, r.Cells)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	header := []string{"Name", "Id", "", "Note"}
	want := [][]string{header, {"x", "1", "u", "two\nlines; and \"quotes\""}, header, {"y", "2", "", ""}, header, {"z", "3", "v", "w"}}
	if diff := cmp.Diff(want, read(all)); diff != "" {
		t.Error(diff)
	}
	second := func(at scan.Place) bool { return at.Offset == places[1] }
	if diff := cmp.Diff(want[2:4], read(second)); diff != "" {
		t.Error(diff)
	}
}
