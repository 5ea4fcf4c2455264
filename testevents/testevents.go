// Package testevents holds one event for each way in, and the objects that they point at, under documents/<bucket>/<key>.
package testevents

import "embed"

// Files are all events and documents.
//
//go:embed *.json documents
var Files embed.FS
