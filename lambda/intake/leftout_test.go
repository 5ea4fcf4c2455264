package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/receipt"
)

// TestIdentifiersThatAreLeftOutAreNoted: what a machine has beyond the candidates of a kind is counted, whether it stands in one cell or in several.
func TestIdentifiersThatAreLeftOutAreNoted(t *testing.T) {
	addresses := func(n int) []string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("10.1.0.%d", i+1))
		}
		return list
	}
	words := "detect:\n  - json: [machine, id]\neach: $rows\nidentify: {hostname: machine, ip: ip}\nCustom:Check:\n  Id: id\n"
	for name, c := range map[string]struct {
		ip   string
		want int
	}{
		"a list":                 {`["` + strings.Join(addresses(40), `","`) + `"]`, 8},
		"a list with some twice": {`["` + strings.Join(append(addresses(32), addresses(20)...), `","`) + `"]`, 0},
		"one cell":               {`"` + strings.Join(addresses(35), ", ") + `"`, 3},
		"as many as may be":      {`"` + strings.Join(addresses(32), " ") + `"`, 0},
		"one":                    {`"10.1.0.1"`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in, _ := reader(t, own(t, words))
			im, err := in.Read(t.Context(), local(`{"machine":"web-1","id":"1","ip":`+c.ip+`}`))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = im.Close() }()
			notes := im.Receipt().Notes
			i := slices.IndexFunc(notes, func(n receipt.Note) bool { return strings.HasPrefix(n.Text, "an identifier was left out") })
			got := 0
			if i >= 0 {
				got = notes[i].Count
			}
			if got != c.want {
				t.Errorf("%d were left out, want %d: %v", got, c.want, notes)
			}
		})
	}
}

// TestValuesThatAreCutAreNoted: a value that is longer than its attribute may be is counted, wherever its record goes.
func TestValuesThatAreCutAreNoted(t *testing.T) {
	words := "detect:\n  - json: [machine, id]\neach: $rows\nidentify: {hostname: machine}\nCustom:Vulnerability:\n  Id: id\n  Title: title\n"
	in, _ := reader(t, own(t, words))
	row := func(machine string, length int) string {
		return fmt.Sprintf(`{"machine":%q,"id":"1","title":%q}`, machine, strings.Repeat("x", length))
	}
	im, err := in.Read(t.Context(), local(row("web-1", 256)+"\n"+row("web-1", 257)+"\n"+row("nowhere", 300)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = im.Close() }()
	if notes := im.Receipt().Notes; len(notes) != 1 || notes[0] != (receipt.Note{Text: receipt.NoteCut, Count: 2}) {
		t.Error(notes)
	}
}

// TestNotesSayWhereTheyBegin: a note of a value that could not be read names the first record of which it is.
func TestNotesSayWhereTheyBegin(t *testing.T) {
	words := "detect:\n  - csv: [machine, id]\neach: $rows\nidentify: {hostname: machine}\nCustom:Vulnerability:\n  Id: id\n  Title: title\n  LastSeen: seen\n"
	in, _ := reader(t, own(t, words))
	im, err := in.Read(t.Context(), local("machine,id,title,seen\nweb-1,a,t,2026-01-02\nweb-1,b,t,soon\nweb-1,c,t,later\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = im.Close() }()
	notes := im.Receipt().Notes
	if len(notes) != 1 || notes[0].Count != 2 || notes[0].First() != "2 (line 3)" {
		t.Errorf("%+v", notes)
	}
}
