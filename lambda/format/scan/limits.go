package scan

import "github.com/inventory-bridge/inventory-bridge/lambda/limit"

// Limits bound what one document may ask of the reader's memory. Zero stands for the default.
type Limits = limit.Limits
