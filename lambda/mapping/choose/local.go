package choose

import (
	"path/filepath"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// partition is the name of a folder that says what all files below it have in common.
var partition = regular.Expression(`^[A-Za-z][A-Za-z0-9_-]*=.`)

// LocalOrigin is where a file on this machine comes from. Where one of the folders around it is called `name=value`, the file is the copy
// of an object that other files of its dataset stood beside, and part of what it says is in its key alone: its key begins at the folder around
// the first such folder, as `dataset/account=1/day=2/file.json`. All other files have no key.
func LocalOrigin(path string) Origin {
	o := Origin{Local: true}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	names := strings.Split(filepath.ToSlash(path), "/")
	for i, name := range names[:len(names)-1] {
		if partition().MatchString(name) {
			o.Key = strings.TrimPrefix(strings.Join(names[max(i-1, 0):], "/"), "/")
			break
		}
	}
	return o
}
