package config

// Namespace is that of the metrics which the function writes to its log and whoever deploys it makes alarms of.
const Namespace = "InventoryBridge"

// MappingDimension is the dimension that MetricParkedOf has besides: the mapping whose records wait.
const MappingDimension = "Mapping"

// The metrics. Those of imports are written when an import is done, those of the state by each sweep.
const (
	MetricImports       = "Imports"         // imports that are done
	MetricFailed        = "FailedDocuments" // documents that were not taken in
	MetricRetried       = "RetriedMessages" // messages that had to come again
	MetricRecords       = "Records"         // followed by an outcome: RecordsPut, RecordsParked, …
	MetricCalls         = "Calls"           // of PutInventory
	MetricBytes         = "Bytes"           // of content that was put
	MetricNodes         = "Nodes"           // that imports spoke about
	MetricBrake         = "BrakeApplied"    // imports whose absent nodes were not cleared, since they were too many
	MetricOpen          = "OpenIntents"     // nodes that do not hold yet what they shall
	MetricOpenLong      = "OpenLong"        // of those, for more than a day
	MetricParked        = "Parked"          // records that wait for a node
	MetricParkedOf      = "ParkedOf"        // of those, by mapping
	MetricUndecided     = "Undecided"       // imports whose absent nodes wait for somebody's word
	MetricSilent        = "SilentFeeds"     // sources that have not spoken for longer than their mapping says
	MetricNodeBytesMost = "NodeBytesMost"   // the most that was put to any one node today
)
