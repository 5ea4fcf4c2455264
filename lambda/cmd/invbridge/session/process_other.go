//go:build !unix

package session

// ended is not known on this system: every process counts as alive.
func ended(int) bool { return false }
