package settings

import (
	"fmt"
	"strings"
)

// Table is the README's table of all settings.
func Table() string {
	var b strings.Builder
	b.WriteString("| setting | is | default | |\n|---|---|---|---|\n")
	p := Defaults()
	for _, s := range p.Settings() {
		unset := s.Default()
		if unset != "" {
			unset = "`" + unset + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.Name, strings.TrimPrefix(s.Want, "a whole number from "), unset, s.About)
	}
	return b.String()
}
