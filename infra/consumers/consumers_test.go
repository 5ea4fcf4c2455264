package consumers

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

func declared(name string, attributes ...string) *mapping.Type {
	t := &mapping.Type{Inventory: &inventory.Type{Name: name}}
	for _, a := range attributes {
		t.Attributes = append(t.Attributes, mapping.Attribute{Name: a})
	}
	return t
}

// TestBuiltinTables keeps that Glue and Athena take the names, and that no column is there twice or is a partition.
func TestBuiltinTables(t *testing.T) {
	set, err := load.Options{}.Load()
	if err != nil {
		t.Fatal(err)
	}
	tables, err := Tables(set.Types())
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != len(set.Types())+1 {
		t.Errorf("%d tables of %d types", len(tables), len(set.Types()))
	}
	for _, table := range tables {
		seen := map[string]bool{}
		for _, c := range append(Partitions(), table.Columns...) {
			if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(c.Name) || seen[c.Name] || len(c.About) > maxColumnAbout {
				t.Errorf("%s: %s is there twice, or is no column", table.Name, c.Name)
			}
			seen[c.Name] = true
		}
		if !regexp.MustCompile(`^(custom|aws)_[a-z0-9_]+$`).MatchString(table.Name) || table.About == "" {
			t.Errorf("%s is no table", table.Name)
		}
	}
}

// TestClashes keeps that attributes with names of the sync's own can be read, and that what cannot be is an error.
func TestClashes(t *testing.T) {
	for _, c := range []struct {
		name    string
		types   []*mapping.Type
		columns []string // of the first
		serde   map[string]string
		err     string
	}{
		{
			"plain",
			[]*mapping.Type{declared("Custom:Some-Type", "Id", "OSName")},
			[]string{"resourceid", "capturetime", "schemaversion", "id", "osname"},
			map[string]string{"case.insensitive": "TRUE"},
			"",
		},
		{
			"a partition's name",
			[]*mapping.Type{declared("Custom:A", "Region")},
			[]string{"resourceid", "capturetime", "schemaversion", "entry_region"},
			map[string]string{"case.insensitive": "TRUE", "mapping.entry_region": "region"},
			"",
		},
		{
			"a key of the sync's",
			[]*mapping.Type{declared("Custom:A", "ResourceId", "Id")},
			[]string{"resourceid", "capturetime", "schemaversion", "entry_resourceid", "id"},
			map[string]string{
				"case.insensitive": "FALSE", "mapping.resourceid": "resourceId", "mapping.capturetime": "captureTime", "mapping.schemaversion": "schemaVersion",
				"mapping.entry_resourceid": "ResourceId", "mapping.id": "Id",
			},
			"",
		},
		{"one table", []*mapping.Type{declared("Custom:A-B", "Id"), declared("Custom:A_B", "Id")}, nil, nil, "Custom:A-B and Custom:A_B would both be the table custom_a_b"},
		{"one column", []*mapping.Type{declared("Custom:A", "Entry_Region", "Region")}, nil, nil, "two attributes of Custom:A would be the column entry_region"},
	} {
		tables, err := Tables(c.types)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, table := range tables {
			if table.Type != c.types[0].Name() {
				continue
			}
			var columns []string
			for _, column := range table.Columns {
				columns = append(columns, column.Name)
			}
			if diff := cmp.Diff(c.columns, columns); diff != "" || !maps.Equal(c.serde, table.Serde) {
				t.Errorf("%s: %s%v", c.name, diff, table.Serde)
			}
		}
	}
}

// TestNodesAreThere keeps that a types file that declares the service's own type changes nothing.
func TestNodesAreThere(t *testing.T) {
	tables, err := Tables([]*mapping.Type{declared("AWS:InstanceInformation", "Id")})
	if err != nil || len(tables) != 1 || tables[0].Name != "aws_instanceinformation" || !isTaken(tables[0].Columns, "computername") {
		t.Errorf("%v: %v", err, tables)
	}
}

func TestLongDescriptions(t *testing.T) {
	if got := oneLine("two\n  lines, "+strings.Repeat("é", 200), maxColumnAbout); len(got) > maxColumnAbout || !strings.HasPrefix(got, "two lines, é") || strings.Contains(got, "\ufffd") {
		t.Errorf("%q", got)
	}
}

// TestQueries keeps that each file says what it answers, within what Athena takes.
func TestQueries(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range Queries() {
		if q.Name == "" || len(q.Name) > 128 || seen[q.Name] || len(q.About) < 40 || len(q.About) > 1024 || strings.HasPrefix(q.About, "-") {
			t.Errorf("%s: %q: %q", q.File, q.Name, q.About)
		}
		if !strings.Contains(q.SQL, "\nSELECT") || strings.Contains(q.SQL, ";\n") || len(q.SQL) > 262144 {
			t.Errorf("%s is no one statement", q.File)
		}
		seen[q.Name] = true
	}
}
