package output

import (
	"fmt"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
)

// Answer is what became of a message, in a line.
func Answer(a bridge.MessageAnswer) string {
	switch {
	case a.Error != "":
		return fmt.Sprintf("%s: %s: %s", a.Document, a.Class, a.Error)
	case a.Nothing != "":
		return "nothing to do: " + a.Nothing
	default:
		return fmt.Sprintf("%s: mapping %s, %s, %s: %s (import %s)",
			a.Document, a.Mapping, Plural(a.Records, "record"), Plural(a.Calls, "call"), Counts(*a.Outcomes), a.Import)
	}
}
