package identifier

import "testing"

// TestImageNames: names out of an image have the length that installers give; what people call a machine is longer or shorter.
func TestImageNames(t *testing.T) {
	table := With([]SharedValue{{kindImage, "setup-*"}, {kindImage, "golden"}})
	for name, want := range map[string]bool{
		"win-8j3k2l4m5n6": true, "desktop-1a2b3c4": true, "laptop-1a2b3c4d": true, "ec2amaz-0a1b2c3": true, "minint-0a1b2c3": true,
		"setup-1": true, "golden": true, "win-8j3k2l4m5n6.workgroup": true, "win-8j3k2l4m5n6.local": true,
		"win-sql01": false, "laptop-anna": false, "win-dc1": false, "desktop-finance": false, "win-8j3k2l4m5n67": false, "win-8j3k2-4m5n6": false,
		"ec2amaz-0a1b2c": false, "setup-": false, "setup-1-2": false, "golden1": false, "win-8j3k2l4m5n6.corp.example": false,
	} {
		if got := table.OwnName(name).Image; got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	for _, wrong := range []string{"*", "???", "a*b*", "-*"} {
		if (SharedValue{kindImage, wrong}).Check() == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
