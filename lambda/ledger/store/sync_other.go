//go:build !unix

package store

// SyncFolder does nothing: the system does not sync folders.
func (disk) SyncFolder(string) error { return nil }
