package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/output"
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// versions is what `version --json` prints.
type versions struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	State    int    `json:"state"`    // the newest version of a state that this program reads
	Language int    `json:"language"` // of mappings
}

func showVersion(_ context.Context, _ *session.Session, out *output.Lines, _ []string) error {
	v := versions{
		Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, State: ledger.Version, Language: load.Language,
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Version = cmp.Or(info.Main.Version, v.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	text := fmt.Sprintf("invbridge %s, %s, %s, state version %d, mapping language %d", v.Version, v.Go, v.Platform, v.State, v.Language)
	if v.Commit != "" {
		text += ", commit " + v.Commit
	}
	out.Print(v, text)
	return nil
}
