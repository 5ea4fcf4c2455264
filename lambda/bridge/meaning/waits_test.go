package meaning

// waits are the rows that fail yet, and which part of the program they wait for. A row that passes must be taken from it.
var waits = map[string]string{}
