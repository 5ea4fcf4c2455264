package target

import "cmp"

// Session returns the name of the sessions in which a part of the installation, intake or delivery, assumes roles of targets; "" is both in one
// process. The roles ask for these names: intake's sessions may put nothing there.
func Session(part string) string { return "inventory-bridge-" + cmp.Or(part, "delivery") }
