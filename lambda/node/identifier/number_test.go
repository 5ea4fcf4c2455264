package identifier

import (
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for text, want := range map[string]string{
		" 8FC65315612B4f6b96d356ad11cd0e6a\n":    "8fc65315612b4f6b96d356ad11cd0e6a",
		"17":                                     "17",
		"7":                                      "7",
		"1111":                                   "1111",
		"Web-1.Corp.Example":                     "web-1.corp.example",
		"12345":                                  "12345",
		"3f1c-ü":                                 "3f1c-ü",
		"":                                       "",
		"--":                                     "",
		"-1":                                     "",
		"0":                                      "",
		"n/a":                                    "",
		"Unknown":                                "",
		"00000000-0000-0000-0000-000000000000":   "",
		"{00000000-0000-0000-0000-000000000000}": "",
		"ffffffff-ffff-ffff-ffff-ffffffffffff":   "",
		"d41d8cd98f00b204e9800998ecf8427e":       "",
		"d41d8cd9-8f00-b204-e980-0998ecf8427e":   "",
		"***HIDDEN***":                           "",
		"[no results]":                           "",
		"sensor-error: timed out":                "",
		"-12345678901234567890":                  "",
		"To be filled by O.E.M.":                 "",
		"10.0.0.5":                               "",
		"fe80::1":                                "",
		"0a:00:27:00:00:01":                      "",
		"i-0123456789abcdef0":                    "",
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0": "",
		"localhost":               "",
		"localhost.localdomain":   "",
		"ubuntu":                  "",
		"DESKTOP-A1B2C3D":         "",
		strings.Repeat("a1", 128): strings.Repeat("a1", 128),
		strings.Repeat("a1", 129): "",
	} {
		if got := Number(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if got := Number(Number(text)); got != want {
			t.Errorf("%q twice: %q", text, got)
		}
	}
}

func TestIsUnique(t *testing.T) {
	for number, want := range map[string]bool{
		"8fc65315612b4f6b96d356ad11cd0e6a":     true,
		"3f1c2b4e-0000-4111-8222-333344445555": true,
		"1234567890123456789":                  true,
		"17":                                   false,
		"123456789012345":                      false,
		"web-1.corp.example.com":               false,
		"the-machine-in-hall-two":              false,
		"a1b2c3d4e5f60718,hall-2":              false,
	} {
		if got := IsUnique(number); got != want {
			t.Errorf("%q: %v", number, got)
		}
	}
}
