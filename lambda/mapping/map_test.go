package mapping

import "testing"

func TestMapsAreWithoutCase(t *testing.T) {
	for _, tt := range []struct{ text, some, all string }{
		{"low", "LOW", "LOW"},
		{"Low", "LOW", "LOW"},
		{"lOW", "LOW", "LOW"},
		{"lower", "lower", "OTHER"},
		{"x", "x", "OTHER"},
		{"\u00fcber", "OVER", "OVER"},
		{"\u00dcBER", "OVER", "OVER"},
		{"\u212a", "K", "K"}, // the sign of kelvin, whose lower case is k
		{"", "NONE", "NONE"},
		{"\u00e9", "\u00e9", "OTHER"},
	} {
		var some, all Map
		for _, m := range []*Map{&some, &all} {
			m.Add("Low", "LOW")
			m.Add("\u00fcber", "OVER")
			m.Add("k", "K")
			m.Add("", "NONE")
		}
		all.Add("*", "OTHER")
		if got := some.Lookup(tt.text); got != tt.some {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.some)
		}
		if got := all.Lookup(tt.text); got != tt.all {
			t.Errorf("%q with another for all others: %q, want %q", tt.text, got, tt.all)
		}
	}
}
