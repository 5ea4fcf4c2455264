package document

import "github.com/inventory-bridge/inventory-bridge/lambda/limit"

// Limits bound what a stranger's document may ask for. Zero stands for the default.
type Limits = limit.Limits
