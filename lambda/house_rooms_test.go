package main_test

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// Bounds of a package: what more has no walls, so whoever changes one thing in it reads all of it.
const (
	roomFiles = 25
	roomLines = 3000
	fileLines = 400
)

// oneRoom are packages that are one room on purpose; their comment says why.
var oneRoom = map[string]bool{"lambda/sandbox": true}

func TestRoomsHaveWalls(t *testing.T) {
	type room struct{ files, lines int }
	rooms := map[string]*room{}
	sources(t, func(name string, _ *ast.File) {
		lines := strings.Count(read(t, name), "\n")
		if lines > fileLines {
			t.Errorf("%s has %d lines: more than %d", name, lines, fileLines)
		}
		dir := path.Dir(name)
		if rooms[dir] == nil {
			rooms[dir] = &room{}
		}
		rooms[dir].files, rooms[dir].lines = rooms[dir].files+1, rooms[dir].lines+lines
	})
	for dir, r := range rooms {
		if !oneRoom[dir] && (r.files > roomFiles || r.lines > roomLines) {
			t.Errorf("%s has %d files and %d lines: more than %d or %d; find its wall", dir, r.files, r.lines, roomFiles, roomLines)
		}
	}
}
