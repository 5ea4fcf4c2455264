//go:build !mutant

package delivery

// The protocol as it is. mutant_on.go breaks it on request, so that tests can show that they would notice.

// savesAfterPut: the head is saved when the puts are done, not before.
func savesAfterPut() bool { return false }

// staleByShard: what is older than the newest that a source has stated of a type is dropped, whatever its key.
func staleByShard() bool { return false }

// clearsByNode: a node is missing where no record led to it, whether or not the document names it.
func clearsByNode() bool { return false }

// ignoresIntents: what is unchanged is left alone though an intent is open.
func ignoresIntents() bool { return false }
