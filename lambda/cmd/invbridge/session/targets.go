package session

import (
	"fmt"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/target"
)

// TargetsByDefault is the file of targets where no flag names one; "": none was set.
func (s *Session) TargetsByDefault() string { return s.Getenv("INVBRIDGE_TARGETS") }

// TargetsFile reads the file of targets; nil where there is none.
func (s *Session) TargetsFile() (*target.File, error) {
	if s.Targets == "" {
		return nil, nil //nolint:nilnil // no file is no error
	}
	content, err := os.ReadFile(s.Targets)
	if err != nil {
		return nil, fmt.Errorf("--targets: %w", err)
	}
	return target.ParseFile(s.Targets, content)
}
