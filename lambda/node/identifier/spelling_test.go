package identifier

import (
	"strings"
	"testing"
)

func TestIdentifiers(t *testing.T) {
	tests := []struct {
		name string
		of   func(string) string
		want map[string]string
	}{
		{"nodeID", NodeID, map[string]string{
			"i-0a1b2c3d4e5f60718":   "i-0a1b2c3d4e5f60718",
			"I-0A1B2C3D4E5F60718\n": "i-0a1b2c3d4e5f60718",
			"i-99999999":            "i-99999999",
			"mi-0a1b2c3d4e5f60718":  "mi-0a1b2c3d4e5f60718",
			"arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718":          "i-0a1b2c3d4e5f60718",
			"arn:aws:ec2:us-east-1:XXXXXXXXXXXX:i-11111111111111111":                   "i-11111111111111111",
			"arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-0a1b2c3d4e5f60718": "mi-0a1b2c3d4e5f60718",
			"aws:///eu-west-1a/i-0a1b2c3d4e5f60718":                                    "i-0a1b2c3d4e5f60718",
			"i-1234567890":                                                             "",
			"mi-12345678":                                                              "",
			"web1":                                                                     "",
			"":                                                                         "",
			"i-0a1b2c3d4e5f6071g8":                                                     "",
			"i-0a1b2c3d4e5f6071é":                                                      "",
			"/subscriptions/1/virtualMachines/vm-web":                                  "",
		}},
		{"hostname", Hostname, map[string]string{
			"WEB1": "web1", "web1.corp.example.com.": "web1.corp.example.com", `CORP\WEB1`: "web1", `CORP\WEB1$`: "web1",
			"#N/A": "", "#REF!": "", "k.A.": "", "unbekannt": "", "ka": "ka", "localhost": "", "localhost.localdomain": "", "LOCALHOST6.localdomain6": "", "": "", "  ": "", "N/A": "", "(none)": "", "-": "",
			"unknown": "", "https://shop.example:8443/cart": "shop.example", "web1:8080": "web1", "web\u200b1\x00": "web1",
			"--": "", "***HIDDEN***": "", "[REDACTED]": "", "[REMOVED]": "", "[no results]": "", "[current result unavailable]": "", "<not reported>": "",
			"TSE-Error: Failed to send to sensor child process: timed out": "", "User-defined error: not set": "", "Error: x": "", "terror:80": "terror", "error": "error",
			"10.1.2.3": "10.1.2.3", "server with a label": "server with a label", strings.Repeat("a", 254): "", "Zürich-1": "zürich-1",
		}},
		{"address", Address, map[string]string{
			"10.1.2.3": "10.1.2.3", "10.1.2.3/24": "10.1.2.3", "\t10.1.2.3": "10.1.2.3", "10.1.2.3:443": "10.1.2.3", "::ffff:10.1.2.3": "10.1.2.3",
			"2001:DB8::0:1": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1", "2001:db8::1/64": "2001:db8::1", "127.0.0.1": "", "::1": "", "0.0.0.0": "",
			"::": "", "169.254.169.254": "", "fe80::1%eth0": "", "224.0.0.1": "", "255.255.255.255": "", "10.1.2": "", "010.1.2.3": "", "web": "", "1": "",
		}},
		{"hardwareAddress", HardwareAddress, map[string]string{
			"0A:1B:2C:3D:4E:5F": "0a:1b:2c:3d:4e:5f", "0a-1b-2c-3d-4e-5f": "0a:1b:2c:3d:4e:5f", "0a1b.2c3d.4e5f": "0a:1b:2c:3d:4e:5f", "000D3A0EDEC1": "00:0d:3a:0e:de:c1", "000000000000": "", "--": "", "***HIDDEN***": "",
			"0A1B2C3D4E5F": "0a:1b:2c:3d:4e:5f", "a:1b:2c:3d:4e:5f": "0a:1b:2c:3d:4e:5f", "00:00:00:00:00:00": "", "ff:ff:ff:ff:ff:ff": "",
			"01:00:5e:00:00:01": "", "0a:1b:2c:3d:4e": "", "zz:1b:2c:3d:4e:5f": "", "0a:1b:2c:3d:4e:5f:60": "", "0a1b2c3d4e5f60": "", "0a1:b:2c:3d:4e:5f": "", "0a::2c:3d:4e:5f": "", "0a1b2c3d4e5": "",
			"0:1b:2c:3d:4e:f": "00:1b:2c:3d:4e:0f", "0a:1b:2c:3d:4e:": "", "": "", "None": "",
			"02 11 22 33 44 57": "02:11:22:33:44:57", "02:11:22:33:44:57:": "02:11:22:33:44:57", "02 11 22 33 4457": "", "02 11 22 33 44 5g": "",
		}},
		{"serial", Serial, map[string]string{
			"CZJ0420Q7M": "czj0420q7m", "To be filled by O.E.M.": "", "To Be Filled By O.E.M": "", "None": "", "Not Specified": "", "Default string": "",
			"System Serial Number": "", "0": "", "0000000000": "", "00000000-0000-0000-0000-000000000000": "", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF": "",
			"123456789": "", "0123456789": "", "03000200-0400-0500-0006-000700080009": "", "xxxxxxx": "", "....": "",
			"EC2A1B2C-3D4E-5F60-718A-9BACBDCEDFE0":                   "ec2a1b2c-3d4e-5f60-718a-9bacbdcedfe0",
			"{EC2A1B2C-3D4E-5F60-718A-9BACBDCEDFE0}":                 "ec2a1b2c-3d4e-5f60-718a-9bacbdcedfe0",
			"EC2A1B2C3D4E5F60718A9BACBDCEDFE0":                       "ec2a1b2c-3d4e-5f60-718a-9bacbdcedfe0",
			"VMware-42 1c 5e 0b 77 d2 4a 10-9f 3e 61 b8 2c 40 aa 07": "421c5e0b-77d2-4a10-9f3e-61b82c40aa07",
			"vmware-56 4d not sixteen bytes":                         "vmware-56 4d not sixteen bytes",
			strings.Repeat("a1", 65):                                 "",
			"0000-0042":                                              "0000-0042",
			"0000-0001-2345-6789-0123-4567-89":                       "",
			"0000-0016-4259-4716-4410-9843-70":                       "0000-0016-4259-4716-4410-9843-70",
			"0001234567":                                             "0001234567",
			"Error: no serial number could be read: permission":      "",
			"da39a3ee-5e6b-5b0d-b255-bfef95601890":                   "",
			"D41D8CD98F00B204E9800998ECF8427E":                       "",
			"ec2f054a86ebafe6773f5cd2d6ade7bb":                       "ec2f054a-86eb-afe6-773f-5cd2d6ade7bb",
			"--":                                                     "", "***HIDDEN***": "", "-1": "",
			"1234":     "",
			"'0012345": "0012345", "1.23457E+11": "", "1,23457E+11": "", "4E5": "4e5", "12E3456": "12e3456", "e+11": "e+11",
			"#REF!": "", "#N/A": "", "#BEZUG!": "", "#NAME?": "", "#12": "#12", "k.A.": "", "n. a.": "", "keine": "", "Unbekannt": "", "aucun": "",
		}},
	}
	for _, test := range tests {
		for in, want := range test.want {
			if got := test.of(in); got != want {
				t.Errorf("%s(%q) = %q, want %q", test.name, in, got, want)
			}
		}
	}
}
