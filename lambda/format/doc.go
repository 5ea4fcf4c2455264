// Package format knows trees of fields, the paths through them, and which parts of a document must be held to answer
// those paths. It reads a document once, whatever its size, and gives its records one by one. It does not know what is
// done with them: no vendor, no mapping language beyond paths, no service.
package format
