package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
)

var manual = flag.String("manual", "", "directory to write the manual pages into, for a release")

// TestManualPages makes a page of each command; with -manual DIR it leaves them there. The library that writes them is no part of the program,
// which would be larger and start later with it.
func TestManualPages(t *testing.T) {
	dir := *manual
	if dir == "" {
		dir = t.TempDir()
	}
	then := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // the same pages on every day
	root := rootCommand(session.New(session.Console{}))
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Date: &then, Source: "Inventory Bridge", Manual: "invbridge"}, dir); err != nil {
		t.Fatal(err)
	}
	every(root, func(cmd *cobra.Command) {
		text, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
		if err != nil || !strings.Contains(string(text), "SYNOPSIS") {
			t.Errorf("%s: %v", cmd.CommandPath(), err)
		}
	})
}
