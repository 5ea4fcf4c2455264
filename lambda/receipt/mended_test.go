package receipt

import "testing"

func TestMendedFilesByTheirNames(t *testing.T) {
	const id = "0123456789abcdef01234567"
	for name, want := range map[string]struct {
		id   string
		file int
	}{
		"rejected/" + id + "/rejected-" + id + ".csv":                   {id, 1},
		"receipts/latest/a/rejected-" + id + "-2.csv.json":              {id, 2},
		"receipts/latest/REJECTED-0123456789ABCDEF01234567-12.CSV.json": {id, 12},
		"receipts/latest/rejected-" + id + "-mended (1).ndjson.json":    {id, 1},
		"receipts/latest/rejected-" + id + "-0.csv.json":                {id, 1},
		"receipts/latest/rejected-0123.csv.json":                        {"", 0},
		"receipts/latest/rejected-" + id + "/other.csv.json":            {"", 0},
		"receipts/latest/export.csv.json":                               {"", 0},
	} {
		if got, file := mends(name); got != want.id || file != want.file {
			t.Errorf("%s: %s %d, want %s %d", name, got, file, want.id, want.file)
		}
	}
}
