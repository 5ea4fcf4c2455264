package consumers

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed queries/*.sql
var files embed.FS

// Query is a saved query.
type Query struct {
	File  string // "critical-findings"
	Name  string // first line of the file's header
	About string // the rest of it
	SQL   string // all of the file
}

// Queries returns the saved queries, ordered by their files.
func Queries() []Query {
	names, _ := fs.Glob(files, "queries/*.sql") // the pattern is right
	list := make([]Query, len(names))
	for i, name := range names {
		text, _ := files.ReadFile(name) // it is part of the program
		list[i] = parse(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
	}
	return list
}

// parse takes the comment at the beginning: a line that is the name, and a description.
func parse(file, text string) Query {
	var header []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		header = append(header, strings.TrimSpace(comment))
	}
	q := Query{File: file, SQL: text}
	if len(header) > 0 {
		q.Name, q.About = header[0], strings.TrimSpace(strings.Join(header[1:], " "))
	}
	return q
}
