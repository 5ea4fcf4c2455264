package date

import (
	"testing"
	"time"
)

func TestReadDate(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ layouts, text, want string }{
		{"", "2024-05-09", "2024-05-09T00:00:00Z"},
		{"", "/Date(1715297065123)/", "2024-05-09T23:24:25Z"},
		{"", "/Date(1715297065123+0200)/", "2024-05-09T23:24:25Z"},
		{"", "/Date(-1715297065123-0500)/", "1915-08-25T00:35:34Z"},
		{"", "/Date(1715297065123+02)/", ""},
		{"", "/Date(1715297065123", ""},
		{"", "/Date(x)/", ""},
		{"", "/Date(9223372036854775807)/", ""},
		{"", "20240509", "2024-05-09T00:00:00Z"},
		{"", "2024-130", "2024-05-09T00:00:00Z"},
		{"", "2024130", "2024-05-09T00:00:00Z"},
		{"", "2024-W19-4", "2024-05-09T00:00:00Z"},
		{"", "2024W194", "2024-05-09T00:00:00Z"},
		{"", "2024-W53-1", ""},
		{"", "2024-366", "2024-12-31T00:00:00Z"},
		{"", "2023-366", ""},
		{"", "2024-05-09T23", "2024-05-09T23:00:00Z"},
		{"", "2024-05-09T23:24", "2024-05-09T23:24:00Z"},
		{"", "2024-05-09 23:24:25", "2024-05-09T23:24:25Z"},
		{"", "20240509T232425Z", "2024-05-09T23:24:25Z"},
		{"", "20240509T2324+0200", "2024-05-09T21:24:00Z"},
		{"", "2024-05-09T23:24:25.123456789123+02:00", "2024-05-09T21:24:25Z"},
		{"", "2024-05-09T23:24:25,5 -05", "2024-05-10T04:24:25Z"},
		{"", "2024-05-09 23:24:25 +0000", "2024-05-09T23:24:25Z"},
		{"", "2024-05-09 23:24:25 UTC", "2024-05-09T23:24:25Z"},
		{"", "2024-05-09 23:24:25 CEST", "2024-05-09T21:24:25Z"},
		{"", "2024-05-09 23:24:25.43042 +0000 UTC", "2024-05-09T23:24:25Z"},
		{"", "2024-05-09 23:24:25 +0200 CEST m=+0.001", "2024-05-09T21:24:25Z"},
		{"", "2024-05-09 23:24:25 -0330 -0330", "2024-05-10T02:54:25Z"},
		{"", "2024-05-09 23:24:25 +0200 x", ""},
		{"", "2024-05-09 23:24:25 +0200 CEST CEST", ""},
		{"", "2024-05-09 23:24:25 UTC CEST", ""},
		{"", "2024-05-09T23:24:25.004+0000", "2024-05-09T23:24:25Z"},
		{"", "Thu, 09 May 2024 23:24:25 GMT", "2024-05-09T23:24:25Z"},
		{"", "Thu, 9 May 2024 23:24:25 +0200", "2024-05-09T21:24:25Z"},
		{"", "Thu, 09 May 2024", ""},
		{"yyyy/MM/dd", "Thu, 09 May 2024 23:24:25 GMT", "2024-05-09T23:24:25Z"},
		{"", "2024-05-09T24:00:00Z", "2024-05-10T00:00:00Z"},
		{"", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"", "2024-02-30", ""},
		{"", "2024-05-09T25:00", ""},
		{"", "2024-05-09T", ""},
		{"", "2024-05", ""},
		{"", "2024", ""},
		{"", "yesterday", ""},
		{"", "2024-05-09Tnoon", ""},
		{"unix", "1715297065", "2024-05-09T23:24:25Z"},
		{"unix", "1715297065.75", "2024-05-09T23:24:25Z"},
		{"unix", "20231108", "2023-11-08T00:00:00Z"},
		{"unixms", "1715297065123", "2024-05-09T23:24:25Z"},
		{"unixms", "1715297065", ""},
		{"EEE MMM dd HH:mm:ss yyyy", "Mon Jul  1 11:47:23 2013", "2013-07-01T11:47:23Z"},
		{"EEE MMM dd HH:mm:ss yyyy", "Monday July 1 11:47:23 2013", "2013-07-01T11:47:23Z"},
		{"EEE MMM dd HH:mm:ss z yyyy", "Mon Jul  1 11:47:23 EDT 2013", "2013-07-01T15:47:23Z"},
		{"MMM dd, yyyy HH:mm:ss z", "Aug 27, 2015 09:35:00 MDT", "2015-08-27T15:35:00Z"},
		{"MM/dd/yyyy HH:mm:ss", "5/9/2024 3:04:05", "2024-05-09T03:04:05Z"},
		{"MM/dd/yyyy hh:mm a", "05/09/2024 12:04 AM", "2024-05-09T00:04:00Z"},
		{"MM/dd/yyyy hh:mm a", "05/09/2024 1:04 PM", "2024-05-09T13:04:00Z"},
		{"MM/dd/yyyy hh:mm a", "05/09/2024 13:04 PM", ""},
		{"MMM dd, yyyy, hh:mm:ss a", "Jan 9, 2026, 10:46:15\u202fPM", "2026-01-09T22:46:15Z"},
		{"MM/dd/yyyy", "13/01/2024", ""},
		{"yyyyMMdd'T'HHmmssSSS", "20130701T114723456", "2013-07-01T11:47:23Z"},
		{"yyyy/MM/dd", "2024/05/09", "2024-05-09T00:00:00Z"},
		{"yyyy/MM/dd", "2024/05/09 ", ""},
		{"dd/MMM/yy hh:mm a", "31/Dec/25 10:00 PM", "2025-12-31T22:00:00Z"}, // Jira's
		{"dd-MMM-yy", "01-Jan-69", "1969-01-01T00:00:00Z"},
		{"dd-MMM-yy", "01-Jan-68", "2068-01-01T00:00:00Z"},
		{"dd-MMM-yy", "01-Jan-2025", ""},
		{"dd.MM.yy", "1.2.5", ""},
		{"yyMMdd", "251231", "2025-12-31T00:00:00Z"},
		{"dd.MM.yyyy HH:mm", "09.05.2024 23:24", "2024-05-09T23:24:00Z"},
	} {
		d := Reader{Zone: time.UTC}
		if test.layouts != "" {
			l, err := Parse(test.layouts)
			if err != nil {
				t.Fatalf("%s: %v", test.layouts, err)
			}
			d.Layouts = []Layout{l}
		}
		got := ""
		if at, ok := d.Read(test.text); ok {
			got = Canonical(at)
		}
		if got != test.want {
			t.Errorf("%q in %q: got %q, want %q", test.text, test.layouts, got, test.want)
		}
	}
	day, err := Parse("dd.MM.yyyy")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2024-05-09 02:00":        "2024-05-09T00:00:00Z",
		"2024-05-09T00":           "2024-05-08T22:00:00Z",
		"20240509T0000":           "2024-05-08T22:00:00Z",
		"2024-05-09 02:00 +00:00": "2024-05-09T02:00:00Z",
		"2024-05-09":              "2024-05-09T00:00:00Z",
		"2024-W19-4":              "2024-05-09T00:00:00Z",
		"09.05.2024":              "2024-05-09T00:00:00Z",
	} {
		d := Reader{Layouts: []Layout{day}, Zone: berlin}
		if at, _ := d.Read(text); Canonical(at) != want {
			t.Errorf("%s in Berlin's time: got %s, want %s", text, Canonical(at), want)
		}
	}
}

// TestNoDate has what products write where they have no date, and what is near it and one.
func TestNoDate(t *testing.T) {
	slashes, err := Parse("MM/dd/yyyy HH:mm:ss")
	if err != nil {
		t.Fatal(err)
	}
	d := Reader{Layouts: []Layout{slashes}, Zone: time.UTC}
	for _, text := range []string{
		"/Date(-62135596800000)/", "/Date(0)/",
		"0", "-1", "never", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 +0000 UTC", "01/01/0001 12:34:56", "1601-01-01T00:00:00Z", "1600-12-31T18:00:00-06:00", "1601-01-01T01:00:00+01:00",
		"1899-12-30", "1900-01-01 00:00:00", "1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1970-01-01T00:00:00.5+02:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:00:00+02:00",
	} {
		if at, ok := d.Read(text); !ok || !at.IsZero() {
			t.Errorf("%s: %v, %v", text, at, ok)
		}
	}
	for _, text := range []string{"0002-01-01", "1600-12-31", "1899-12-31", "1970-01-01T00:00:01Z", "1970-01-02", "9998-12-31", "01/02/1900 00:00:00"} {
		if at, ok := d.Read(text); !ok || at.IsZero() {
			t.Errorf("%s: %v, %v", text, at, ok)
		}
	}
	for _, text := range []string{"", "1", "-2", "forever", "--"} {
		if at, ok := d.Read(text); ok {
			t.Errorf("%s: %v", text, at)
		}
	}
}

func TestParseLayoutErrors(t *testing.T) {
	for _, text := range []string{"", "MM/dd", "yyyy-MM", "yyyy-MM-dd'T", "d/M/yyyy", "yyyy-MM-dd hh:mm", "yyyy-MM-dd yyyy", "yyyy MM MMM dd"} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestAmbiguousLayouts(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"MM/dd/yyyy", "dd/MM/yyyy", true},
		{"MM/dd/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm", false},
		{"yyyy/MM/dd", "dd/MM/yyyy", false},
		{"unix", "yyyyMMdd", false},
		{"unix", "unixms", false},
		{"yyyyMMdd", "yyyyddMM", true},
		{"yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", false},
	} {
		a, _ := Parse(test.a)
		b, _ := Parse(test.b)
		if got := Ambiguous(a, b); got != test.want {
			t.Errorf("%s and %s: got %t", test.a, test.b, got)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"2024-05-09T23:24:25.5+02:00", "Mon Jul  1 11:47:23 2013", "1715297065", "2024-W19-4", "Aug 27, 2015 09:35:00 MDT"} {
		f.Add("yyyy-MM-dd", seed)
		f.Add("EEE MMM dd HH:mm:ss yyyy", seed)
		f.Add("unix", seed)
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		d := Reader{Layouts: []Layout{l}, Zone: time.UTC}
		at, ok := d.Read(value)
		if !ok {
			return
		}
		written := Canonical(at)
		again, ok := readISO(written, time.UTC)
		if !ok || !again.Equal(at.Truncate(time.Second)) {
			t.Errorf("%q is not read back", written)
		}
	})
}
