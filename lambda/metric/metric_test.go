package metric

import (
	"strings"
	"testing"
	"time"
)

func TestWrite(t *testing.T) {
	var b strings.Builder
	l := Log{Writer: &b, Namespace: "Bridge", Now: func() time.Time { return time.UnixMilli(1767225600000) }}
	for _, write := range []error{
		l.Write(nil),
		l.Write(nil, Value{"Calls", Count, 3}, Value{"Put", Bytes, 0}),
		l.Write([]Dimension{{"Mapping", "servers"}}, Value{"Parked", Count, 1}),
	} {
		if write != nil {
			t.Error(write)
		}
	}
	want := `{"Calls":3,"Put":0,"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Bridge","Dimensions":[[]],"Metrics":[{"Name":"Calls","Unit":"Count"},{"Name":"Put","Unit":"Bytes"}]}]}}
{"Mapping":"servers","Parked":1,"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Bridge","Dimensions":[["Mapping"]],"Metrics":[{"Name":"Parked","Unit":"Count"}]}]}}
`
	if b.String() != want {
		t.Errorf("wrote %s", b.String())
	}

	b.Reset()
	l.Dimensions = []Dimension{{"Stack", "A"}}
	for _, write := range []error{l.Write(nil, Value{"Calls", Count, 3}), l.Write([]Dimension{{"Mapping", "servers"}}, Value{"Parked", Count, 1})} {
		if write != nil {
			t.Error(write)
		}
	}
	for _, want := range []string{`"Stack":"A"`, `"Dimensions":[["Stack"]]`, `"Mapping":"servers"`, `"Dimensions":[["Stack","Mapping"]]`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}
