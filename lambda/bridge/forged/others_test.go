package forged

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/ledger"
	"github.com/inventory-bridge/inventory-bridge/lambda/ledger/seal"
	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// tries writes an object where intake's role may.
func (w *world) tries(key, data string) {
	if !w.intake.Allows("s3:PutObject", key) {
		w.refused[key] = true
		return
	}
	w.shelf[key] = data
}

// others writes some objects beside a staged delivery: whatever kinds there are, and among them those that intake may not write. What is parked
// and what waits are of the mapping that is named: nor may that change what another one may.
func (w *world) others(f *forger, h ledger.Header) {
	w.t.Helper()
	id := h.Import
	if f.IntN(2) == 0 {
		id = importID(f.IntN(24))
	}
	at := "receipts/" + id + "/"
	named := made[ledger.NamedIdentifiers](f)
	w.tries("staging/"+h.Import+"/named", string(named.Encode()))
	w.tries(pick(f, []string{"installation.json", "types.json", "unnamed.json", "heads/0000.json", "packs/0000-00000099"}), f.text())
	for range f.IntN(4) {
		switch f.IntN(11) {
		case 0:
			w.tries(at+fmt.Sprintf("%04d.json", f.IntN(partitions)), asJSON(f, made[receipt.Part](f)))
		case 1:
			w.tries(at+"found.json", asJSON(f, made[receipt.Found](f)))
		case 2:
			w.tries(at+"absence.json", asJSON(f, made[receipt.Absence](f)))
		case 3:
			w.tries(at+"receipt.json", asJSON(f, made[receipt.Receipt](f)))
		case 4:
			w.tries(at+"earlier-1.json", asJSON(f, made[receipt.Receipt](f)))
		case 5:
			w.tries("receipts/latest/"+pick(f, []string{"wide", "narrow", "keep"})+"/a.csv.json", asJSON(f, made[receipt.Receipt](f)))
		case 6:
			w.tries(at+"intake.json", asJSON(f, made[receipt.Import](f)))
		case 7:
			w.tries("parked/"+h.Mapping+"%2Fa/index.json", string(seal.Seal([]byte(strings.TrimSpace(asJSON(f, made[ledger.Parking](f)))))))
		case 8:
			w.tries("rejected/"+id+"/"+id+".csv", f.text())
		default:
			w.changes(f, h)
		}
	}
}

// made is a value of which every field was forged.
func made[T any](f *forger) T {
	var v T
	f.places(reflect.ValueOf(&v).Elem(), "") // so that each of its fields has to be written in the end
	reflect.ValueOf(&v).Elem().Set(f.any(reflect.ValueOf(v), 0))
	return v
}

func asJSON(f *forger, v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(body) + "\n"
}

// changes makes any object of the state another one: another's, truncated, or with another bit.
func (w *world) changes(f *forger, h ledger.Header) {
	keys := slices.Sorted(maps.Keys(w.shelf))
	key, data := pick(f, keys), w.shelf[pick(f, keys)]
	if strings.HasPrefix(key, "parked/") && !strings.HasPrefix(key, "parked/"+h.Mapping+"%2F") {
		return
	}
	switch f.IntN(4) {
	case 0:
		data = w.shelf[key][:f.IntN(len(w.shelf[key]))]
	case 1:
		changed := []byte(w.shelf[key])
		changed[f.IntN(len(changed))] ^= 1 << f.IntN(8)
		data = string(changed)
	}
	w.tries(key, data)
}
