package config

// Namespace is that of the metrics which the function writes to its log and whoever deploys it makes alarms of.
const Namespace = "InventoryBridge"

// StackDimension is the dimension that all metrics have where Settings.Stack is set: metrics of two stacks of one account are not one.
const StackDimension = "Stack"

// MappingDimension is the dimension that MetricParkedOf has besides: the mapping whose records are parked.
const MappingDimension = "Mapping"

// The metrics. Those of imports are written when an import is done, those of the state by each sweep.
const (
	MetricImports       = "Imports"            // imports that are done
	MetricFailed        = "FailedDocuments"    // documents that were not taken in
	MetricRetried       = "RetriedMessages"    // messages that had to come again
	MetricRecords       = "Records"            // followed by an outcome: RecordsPut, RecordsParked, …
	MetricCalls         = "Calls"              // of PutInventory
	MetricBytes         = "Bytes"              // of content that was put
	MetricNodes         = "Nodes"              // of imports
	MetricBrake         = "BrakeApplied"       // imports whose absent nodes were not cleared, since they were too many
	MetricOpen          = "OpenIntents"        // nodes with an open intent
	MetricOpenLong      = "OpenLong"           // of those, for more than a day
	MetricParked        = "Parked"             // parked records
	MetricParkedOf      = "ParkedOf"           // of those, by mapping
	MetricUndecided     = "Undecided"          // imports whose absent nodes are undecided
	MetricSilent        = "SilentFeeds"        // sources that have stated nothing for longer than their mapping allows
	MetricNodeBytesMost = "NodeBytesMost"      // the most that was put to one node today
	MetricUnreachable   = "UnreachableTargets" // accounts and regions that could not be listed; written where there are targets
)
