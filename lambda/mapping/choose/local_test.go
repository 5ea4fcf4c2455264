package choose_test

import (
	"path/filepath"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
)

func TestLocalOrigin(t *testing.T) {
	t.Chdir(t.TempDir())
	for path, want := range map[string]string{
		"/data/sets/Rack:Unit/account=1/region=a/m-1.json": "Rack:Unit/account=1/region=a/m-1.json",
		"/data/account=1/x=y/m=1.json":                     "data/account=1/x=y/m=1.json",
		"/account=1/m.json":                                "account=1/m.json",
		"/data/m=1.json":                                   "",
		"/data/=1/account=/2=3/a b=4/m.json":               "",
		"sets/day=2/../day=3/m.json":                       "sets/day=3/m.json",
		"./m.json":                                         "",
	} {
		if got := choose.LocalOrigin(filepath.FromSlash(path)); got.Key != want || !got.Local {
			t.Errorf("%s: %+v, want the key %q", path, got, want)
		}
	}
}
