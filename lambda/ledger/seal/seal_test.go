package seal

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestSeal(t *testing.T) {
	sealed := Seal([]byte(`{"version":3,"nodes":{}}`))
	if is, whole := Check(sealed); !is || !whole {
		t.Fatalf("%s: %t, %t", sealed, is, whole)
	}
	var got struct{ Version int }
	if err := json.Unmarshal(sealed, &got); err != nil || got.Version != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNotSealed(t *testing.T) {
	for _, object := range []string{"", "{}", `{"version":2}`, `{"version":2,"sum":"x"}`} {
		if is, whole := Check([]byte(object)); is || whole {
			t.Errorf("%q: %t, %t", object, is, whole)
		}
	}
}

// TestEveryBit: an object of which any bit is another is either found to be damaged, or no longer counts as sealed.
func TestEveryBit(t *testing.T) {
	sealed := Seal([]byte(`{"version":3,"nodes":{"i-1":{"types":{}}}}`))
	for bit := range 8 * len(sealed) {
		flipped := bytes.Clone(sealed)
		flipped[bit/8] ^= 1 << (bit % 8)
		if is, whole := Check(flipped); is && whole {
			t.Errorf("bit %d: %q", bit, flipped)
		}
	}
	for n := range sealed {
		if is, whole := Check(sealed[:n]); is && whole {
			t.Errorf("%q", sealed[:n])
		}
	}
}
