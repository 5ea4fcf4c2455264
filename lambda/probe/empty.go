package probe

import (
	"context"
	"slices"

	"github.com/inventory-bridge/inventory-bridge/lambda/fault"
)

// Left is what is left of the probe's entries on the node.
type Left struct {
	Empty bool   `json:"empty"`
	Text  string `json:"text"`
}

// soils notes that a type may hold entries from now on.
func (r *run) soils(typeName string) {
	if !slices.Contains(r.dirty, typeName) {
		r.dirty = append(r.dirty, typeName)
	}
}

// leaveEmpty clears what the run has put and not yet cleared, whatever ended it.
func (r *run) leaveEmpty(ctx context.Context) Left {
	if len(r.dirty) == 0 && !r.wrote {
		return Left{true, "nothing was put"}
	}
	left := Left{true, r.Type + " holds no entries on " + r.Node}
	for _, name := range slices.Clone(r.dirty) {
		code, gone, err := r.clearType(ctx, name)
		switch {
		case err != nil:
			left = Left{false, name + " may still hold entries of the probe on " + r.Node + ": " + reason(err) + ". Probe again to clear it"}
		case code != "":
			left = Left{false, name + " still holds entries of the probe on " + r.Node + ": it could not be cleared (" + code + "). Probe again to clear it"}
		case !gone:
			left = Left{false, name + " still holds entries of the probe on " + r.Node + ": an empty list does not clear here. They go with the type, or after 30 days"}
		}
	}
	return left
}

func reason(err error) string {
	_, code := fault.Of(err)
	return code
}

// clearType puts an empty list and reads whether it cleared.
func (r *run) clearType(ctx context.Context, name string) (code string, gone bool, err error) {
	version, capture := r.version(narrow), r.next()
	if name != r.Type {
		version = "1.0"
	}
	code, err = r.putTo(ctx, r.Node, itemOf(name, version, capture, "", []map[string]string{}))
	if code != "" || err != nil {
		return code, false, err
	}
	for pause := firstPause; ; pause *= 2 {
		p, code, err := r.list(ctx, name)
		if err != nil || code != accepted && code != typeName {
			return code, false, err
		}
		if len(p.entries) == 0 {
			r.dirty = slices.DeleteFunc(r.dirty, func(d string) bool { return d == name })
			return "", true, nil
		}
		if p.capture == capture || pause > firstPause<<4 {
			return "", false, nil
		}
		if err := r.Sleep(ctx, pause); err != nil {
			return "", false, err
		}
	}
}

// clear finds out whether an empty list clears.
func (r *run) clear(ctx context.Context) error {
	code, gone, err := r.clearType(ctx, r.Type)
	switch {
	case err != nil:
		return err
	case code != "":
		r.odd(emptyList, code)
	case gone:
		r.answer(emptyList, 0)
	default:
		r.answer(emptyList, 1)
	}
	return nil
}
