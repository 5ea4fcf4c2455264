package syntax

import "testing"

func TestSniff(t *testing.T) {
	tests := []struct {
		head string
		want Format
	}{
		{"", Empty},
		{"\xEF\xBB\xBF \r\n\t", Empty},
		{" <a", XML},
		{"\xEF\xBB\xBF<?xml", XML},
		{"\n{", JSON},
		{"[", JSON},
		{"null\n", JSON},
		{"nullable,b", CSV},
		{"a,b", CSV},
		{`"a";"b"`, CSV},
		{"10.0.0.1,x", CSV},
		{"PK\x03\x04", Unknown},
		{"\x7fELF\x02\x01", Unknown},
	}
	for _, test := range tests {
		if got := Sniff([]byte(test.head)); got != test.want {
			t.Errorf("%q: got %v, want %v", test.head, got, test.want)
		}
	}
}
