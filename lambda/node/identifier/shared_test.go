package identifier

import "testing"

// TestWhatManyHave: what public sources list as common to many machines, and what is near it and a machine's own.
func TestWhatManyHave(t *testing.T) {
	own := map[string][]string{
		KindMAC:    {"52:54:00:12:34:57", "00:50:56:80:00:01", "00:1c:42:00:00:0a", "00:1c:42:12:34:56"},
		KindIP:     {"172.31.0.10", "172.31.16.5", "10.42.0.2", "10.42.7.10", "10.89.3.7", "10.0.1.1", "10.85.0.7", "192.168.99.100", "172.16.0.1"},
		KindSerial: {"czj0420q7m", "0000-0042", "ec2a1b2c-3d4e-5f60-718a-9bacbdcedfe0", "googlecloud-a", "3.4.5.6", "12.5", "test1", "sn-77", "10210"},
	}
	for kind, values := range map[string][]string{
		KindMAC: {
			"52:54:00:12:34:56", "52:54:00:12:35:02", "00:1c:42:00:00:08", "00:1c:42:00:00:09", "44:45:53:54:42:00", "ba:d0:be:ef:fa:ce", "00:53:45:00:00:00", "aa:bb:cc:dd:ee:ff", "12:34:56:78:9a:bc",
			"00:50:56:c0:00:01", "00:50:56:c0:12:34", "20:41:53:59:4e:ff", "33:50:6f:45:30:30", "fe:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "02:80:37:EC:02:00",
		},
		KindIP: {
			"10.85.0.1", "10.89.0.1", "10.89.255.1", "10.42.0.1", "10.42.200.1", "10.244.3.1", "10.0.75.1", "172.17.42.1", "172.17.0.2", "10.0.2.4", "192.168.57.1",
			"192.168.99.1", "192.168.39.1", "192.168.65.254", "10.152.183.1", "172.17.0.1", "172.22.0.1", "172.31.0.1", "127.0.0.1", "0.0.0.0", "::1",
		},
		KindSerial: {
			"VMware", "Amazon EC2", "KVM", "Google", "GoogleCloud", "Parallels", "Hyper-V", "GigaByte", "System Product Name", "System manufacturer", "System Version",
			"$(DEFAULT_STRING)", "default_string", "Not Present", "Not Provided", "Not Defined", "Not Specified", "NotSpecified", "Not", "not settable", "no serial",
			"unknown serial", "Serial-Number", "SN", "S/N", "#N/A", "Filled By OEM", "BSS-0123456789", "ABCDEFGHIJ", "test", "N/A", "(null string)", "INVALID",
			"SYS-1234567890", "SN-12345", "0000", "1111", "0101", "1.0", "1.0.0", "2.1", "12345", "NNNNNNN", "xxxxxxxxxxx", "EVAL", "none", "To Be Filled By O.E.M.",
			"System Serial Number", "empty", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "6AB5B300-538D-1014-9FB5-B0684D007B53", "01010101-0101-0101-0101-010101010101", "2",
		},
	} {
		normal := map[string]func(string) string{KindMAC: HardwareAddress, KindIP: Address, KindSerial: Serial}[kind]
		for _, value := range values {
			if one := normal(value); one != "" && !Builtin().Has(kind, one) {
				t.Errorf("%s %s distinguishes machines", kind, value)
			}
		}
		for _, value := range own[kind] {
			if one := normal(value); one == "" || Builtin().Has(kind, one) {
				t.Errorf("%s %s distinguishes no machines", kind, value)
			}
		}
	}
	for _, wrong := range []string{"10.42.*", "10.*.*.1", "*", "10.4*.0.1", "0.0.0.0/0", "::/0", "10.0.0.0/7"} {
		if (SharedValue{KindIP, wrong}).Check() == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

// TestSharedTable: each line of the table is one that can be read, and has a source.
func TestSharedTable(t *testing.T) {
	lines := tableLines()
	if len(lines) < 100 {
		t.Fatalf("%d lines", len(lines))
	}
	for n, fields := range lines {
		if len(fields) != 4 || fields[2] == "" || fields[3] == "" {
			t.Errorf("entry %d: expected kind, value, what it is and where that is said", n+1)
			continue
		}
		if err := (SharedValue{fields[0], fields[1]}).Check(); err != nil {
			t.Errorf("entry %d: %v", n+1, err)
		}
	}
	for _, v := range []SharedValue{{KindIP, "10.0.0"}, {KindMAC, "*"}, {KindMAC, "02:11"}, {"colour", "red"}, {KindSerial, ""}} {
		if v.Check() == nil {
			t.Errorf("%v is taken", v)
		}
	}
}
