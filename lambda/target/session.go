package target

import "cmp"

// CommandSession is the name of the sessions in which people assume the roles of targets by the command line.
const CommandSession = "invbridge-command"

// Session returns the name of the sessions in which a part of a stack, intake or delivery, assumes the roles of targets. The roles ask for these
// names: intake's sessions may put nothing there.
func Session(stack, part string) string {
	return "invbridge-" + cmp.Or(stack, "function") + "-" + cmp.Or(part, "both")
}
