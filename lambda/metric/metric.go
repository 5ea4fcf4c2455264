// Package metric writes metrics to a log in CloudWatch's embedded metric format, and knows nothing of what they measure.
//
// See "Specification: Embedded metric format" in the Amazon CloudWatch documentation.
package metric

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Unit is what a value counts.
type Unit string

// The units that are used.
const (
	Count Unit = "Count"
	Bytes Unit = "Bytes"
)

// Value is the value of a metric.
type Value struct {
	Name  string
	Unit  Unit
	Value int64
}

// Dimension is what tells apart metrics of one name.
type Dimension struct{ Name, Value string }

// Log is where metrics are written to.
type Log struct {
	Writer     io.Writer
	Namespace  string
	Dimensions []Dimension // that all values have
	Now        func() time.Time
}

type directive struct {
	Timestamp int64     `json:"Timestamp"`
	Metrics   []metrics `json:"CloudWatchMetrics"`
}

type metrics struct {
	Namespace  string       `json:"Namespace"`
	Dimensions [][]string   `json:"Dimensions"`
	Metrics    []definition `json:"Metrics"`
}

type definition struct {
	Name string `json:"Name"`
	Unit Unit   `json:"Unit"`
}

// Write writes values in one line. They have the log's dimensions, and these.
func (l *Log) Write(dimensions []Dimension, values ...Value) error {
	if len(values) == 0 {
		return nil
	}
	m := metrics{Namespace: l.Namespace, Dimensions: [][]string{{}}}
	line := map[string]any{}
	for _, d := range slices.Concat(l.Dimensions, dimensions) {
		m.Dimensions[0] = append(m.Dimensions[0], d.Name)
		line[d.Name] = d.Value
	}
	for _, v := range values {
		m.Metrics = append(m.Metrics, definition{v.Name, v.Unit})
		line[v.Name] = v.Value
	}
	line["_aws"] = directive{l.Now().UnixMilli(), []metrics{m}}
	text, err := json.Marshal(line)
	if err == nil {
		_, err = l.Writer.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("metric: %w", err)
	}
	return nil
}
