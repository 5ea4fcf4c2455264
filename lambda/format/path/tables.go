package path

import (
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// Tables holds the rows of tables, found by key without case.
type Tables struct {
	Rows  map[string]map[string]*tree.Value   // by table and lower-case key
	Found func(table string, row *tree.Value) // called with each row that a path finds; nil: nobody asks
}

func (t *Tables) find(table, key string) *tree.Value {
	row := t.Rows[table][strings.ToLower(key)]
	if row != nil && t.Found != nil {
		t.Found(table, row)
	}
	return row
}
