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
		l.Write("", ""),
		l.Write("", "", Value{"Calls", Count, 3}, Value{"Put", Bytes, 0}),
		l.Write("Mapping", "servers", Value{"Parked", Count, 1}),
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
}
