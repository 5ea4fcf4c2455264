package sandbox

// Switches turn round the sandbox's answers to what AWS documents nowhere. The zero value is the answer taken by default; a
// client must be right whichever way each of them stands.
type Switches struct {
	// LengthsInBytes counts names and values in UTF-8 bytes, not in characters.
	LengthsInBytes bool
	// CheckCalendar refuses a CaptureTime that fits the pattern but names no day, such as February 31st.
	CheckCalendar bool
	// PartialCommit keeps the items before the one that is refused. By default a call is all or nothing.
	PartialCommit bool
	// RefuseConnectionLost answers InvalidInstanceId for a node whose agent is not online. By default it may be written.
	RefuseConnectionLost bool
	// RefuseDisabledVersion answers UnsupportedInventorySchemaVersionException for a version that is disabled. By default the
	// call succeeds and the data is dropped.
	RefuseDisabledVersion bool
	// RefuseNewAttributes answers InvalidItemContentException where an existing version is given further attributes. By default
	// they are added to its schema.
	RefuseNewAttributes bool
	// InvalidWhenNothingStored answers InvalidItemContentException to a hash without content where nothing is stored. By default
	// that is ItemContentMismatchException.
	InvalidWhenNothingStored bool
	// VersionChangesContent takes content with the stored hash but another schema version as new. By default it is unchanged.
	VersionChangesContent bool
}
