package inventory

import "slices"

// The attributes of a context by which the items of a type differ, and their rows' executions.
const (
	ContextKey  = "ComplianceType"
	contextTime = "ExecutionTime"
)

// ContextOf is the context of rows: that of the latest execution among them.
func (t *Type) ContextOf(value string, rows []Entry) map[string]string {
	context := map[string]string{ContextKey: value}
	latest := ""
	for n, row := range rows {
		at := t.Value(row, contextTime)
		if n > 0 && at <= latest {
			continue
		}
		latest = at
		for _, i := range t.Context {
			if row[i] != "" {
				context[t.Attributes[i]] = row[i]
			}
		}
	}
	return context
}

// LacksContext returns why an entry belongs to no item of its type; "": it does, or its type has one item only.
func (t *Type) LacksContext(row Entry) string {
	if len(t.Context) > 0 && t.Value(row, ContextKey) == "" {
		return "it has no " + ContextKey
	}
	return ""
}

// Value is the value that a row has of an attribute; "" where the type has none of that name.
func (t *Type) Value(row Entry, attribute string) string {
	if i := slices.Index(t.Attributes, attribute); i >= 0 {
		return row[i]
	}
	return ""
}
