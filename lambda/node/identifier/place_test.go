package identifier

import "testing"

func TestAccountsOfSpreadsheets(t *testing.T) {
	for text, want := range map[string]string{
		"111122223333": "111122223333", "1111-2222-3333": "111122223333", `="012345678901"`: "012345678901", "'012345678901": "012345678901",
		"1.11122223333E11": "111122223333", "1.1112222333e+11": "111122223330",
		"1.11122E+11": "", "1.11122223333E12": "", "1.1112222333x3E11": "", "E11": "", "12345678901": "", "111122223333.0": "",
		"arn:aws-cn:iam::111122223333:root": "111122223333", "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-1": "111122223333",
	} {
		if got := AccountOf(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestAccountsWithoutTheirZeros(t *testing.T) {
	for text, want := range map[string]string{
		"12345678901": "012345678901", "1122223333": "001122223333", `="5"`: "000000000005", "'42": "000000000042",
		"": "", "111122223333": "", "1234567890123": "", "1.2E+10": "", "-42": "", "a42": "", "1,122": "",
	} {
		if got := ShortAccount(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestRegionsOfZones(t *testing.T) {
	for text, want := range map[string]string{
		"eu-central-1": "eu-central-1", "EU-CENTRAL-1B": "eu-central-1", "us-west-2-lax-1a": "us-west-2", "us-east-1-wl1-bos-wlz-1": "us-east-1",
		"us-gov-west-1a": "us-gov-west-1", "cn-north-1": "cn-north-1", "ap-southeast-2-akl-1a": "ap-southeast-2", "us-iso-east-1": "us-iso-east-1",
		"global": "", "aws-global": "", "Europe (Frankfurt)": "", "eu-central": "", "eu-central-1ab": "", "westeurope": "", "use1-az1": "", "eu-1": "",
	} {
		if got := RegionOf(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
