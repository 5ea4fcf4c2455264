package record

import (
	"bytes"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/format/tree"
)

// watched calls Input.Watch for a field inside a record: its path from there, and whether anything is read of it.
func (r *reader) watched(name []byte, kind scan.Kind, read bool) {
	if name != nil && kind != scan.Null && len(r.open) > 0 {
		r.watch(r.pathTo(name), read)
	}
}

// watchedText reports whether a field inside a record is one that nothing reads: its text is looked at all the same, since one that is empty
// everywhere is missed by nobody.
func (r *reader) watchedText(name []byte) bool {
	up := &r.frames[len(r.frames)-1]
	if name == nil || up.tuple || len(r.open) == 0 || r.dfa.Step(up.state, r.names.Find(name)) != nil {
		return false
	}
	r.asides.next = 0
	r.unread, r.isUnread = r.pathTo(name), true
	return true
}

// closeWatched ends such a field.
func (r *reader) closeWatched(text []byte) {
	r.isUnread = false
	if len(bytes.TrimSpace(text)) > 0 {
		r.watch(r.unread, false)
	}
}

// pathTo returns the path from the record to a field.
func (r *reader) pathTo(name []byte) string {
	record := r.open[len(r.open)-1].value
	var steps []string
	for i := len(r.frames) - 1; i >= 0 && r.frames[i].value != record; i-- {
		if item := i > 0 && r.frames[i-1].value.Kind == tree.List; !item {
			steps = append([]string{r.frames[i].value.Name()}, steps...)
		}
	}
	return strings.Join(append(steps, string(name)), ".")
}
