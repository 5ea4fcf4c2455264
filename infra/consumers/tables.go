package consumers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
)

// Longest description of a table and comment of a column that Glue takes, in bytes.
const (
	maxTableAbout  = 2048
	maxColumnAbout = 255
)

// Table is how a type's objects in a data sync are read. Each object has the entries of one node, a JSON object a line.
type Table struct {
	Type    string // "Custom:Asset"; also the folder of its objects
	Name    string // "custom_asset"
	About   string
	Columns []Column
	Serde   map[string]string // properties of the JSON reader
}

// Column is an attribute of the type, or one of the keys that the sync adds to each entry.
type Column struct{ Name, Key, About string }

// syncKeys are what the sync adds to each entry.
func syncKeys() []Column {
	return []Column{
		{"resourceid", "resourceId", "the managed node"},
		{"capturetime", "captureTime", "when the item was captured"},
		{"schemaversion", "schemaVersion", "version of the type"},
	}
}

// Partitions are the folders between a type's and its objects.
func Partitions() []Column {
	return []Column{
		{"accountid", "accountid", "account of the node"},
		{"region", "region", "region of the node"},
		{"resourcetype", "resourcetype", "ManagedInstanceInventory"},
	}
}

// Tables returns a table for each type, and that of the nodes, ordered by name.
func Tables(types []*mapping.Type) ([]Table, error) {
	own, err := nodes()
	if err != nil {
		return nil, err
	}
	tables := map[string]Table{own.Name: own}
	for _, t := range types {
		made, err := tableOf(t)
		if err != nil {
			return nil, err
		}
		other, taken := tables[made.Name]
		if taken && other.Type != made.Type {
			return nil, fmt.Errorf("consumers: %s and %s would both be the table %s: rename one of the types", other.Type, made.Type, made.Name)
		}
		if !taken {
			tables[made.Name] = made
		}
	}
	return slices.SortedFunc(maps.Values(tables), func(a, b Table) int { return strings.Compare(a.Name, b.Name) }), nil
}

// nodes is the table of the nodes themselves. No types file declares its type, since the service alone writes it.
func nodes() (Table, error) {
	names := []string{
		"AgentStatus", "AgentType", "AgentVersion", "ComputerName", "InstanceId", "InstanceStatus", "IpAddress", "PlatformName", "PlatformType",
		"PlatformVersion", "ResourceType",
	}
	attributes := make([]Column, len(names))
	for i, name := range names {
		attributes[i] = Column{Key: name}
	}
	return newTable("AWS:InstanceInformation", "the managed nodes: names, addresses, operating systems, states", attributes)
}

func tableOf(t *mapping.Type) (Table, error) {
	attributes := make([]Column, len(t.Attributes))
	for i, a := range t.Attributes {
		attributes[i] = Column{Key: a.Name, About: a.About}
	}
	about := t.About
	if t.RollupOf != "" {
		about = "how many entries of " + t.RollupOf + " each source states"
	}
	return newTable(t.Name(), about, attributes)
}

// newTable names the columns. Names of columns have no upper case, and those of the sync and of the partitions are taken: an attribute with
// such a name is "entry_" and its name. The reader finds keys whatever their case, unless two keys of an entry differ in case alone.
func newTable(typeName, about string, attributes []Column) (Table, error) {
	t := Table{
		Type: typeName, Name: lower(typeName), About: oneLine(about, maxTableAbout), Columns: syncKeys(), Serde: map[string]string{"case.insensitive": "TRUE"},
	}
	for _, a := range attributes {
		name := lower(a.Key)
		if isTaken(syncKeys(), name) {
			t.Serde["case.insensitive"] = "FALSE"
		}
		if isTaken(syncKeys(), name) || isTaken(Partitions(), name) {
			name = "entry_" + name
		}
		if isTaken(t.Columns, name) {
			return Table{}, fmt.Errorf("consumers: two attributes of %s would be the column %s: rename one of them", typeName, name)
		}
		t.Columns = append(t.Columns, Column{name, a.Key, oneLine(a.About, maxColumnAbout)})
	}
	t.mapColumns()
	return t, nil
}

// mapColumns tells the reader which key a column is of where it is not the column's name.
func (t *Table) mapColumns() {
	exact := t.Serde["case.insensitive"] == "FALSE"
	for _, c := range t.Columns {
		key := c.Key
		if !exact {
			key = strings.ToLower(key)
		}
		if key != c.Name {
			t.Serde["mapping."+c.Name] = key
		}
	}
}

func isTaken(columns []Column, name string) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
}

// lower makes a name for Glue and Athena: lower case, digits and underscores.
func lower(name string) string {
	return strings.NewReplacer(":", "_", "-", "_").Replace(strings.ToLower(name))
}

// oneLine fits a description into bytes.
func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	for len(text) > most {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
