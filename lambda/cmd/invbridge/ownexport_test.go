package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/sandbox"
	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

// officeExport is a register as offices keep them: titles above the header, 60 columns of which two have one name and some are empty, days and amounts as
// in Germany, an encoding without Unicode, and a total.
func officeExport(machines int) []byte {
	header := []string{"Lfd. Nr.", "Gerät", "IP-Adresse", "Hersteller", "Status", "Eigentümer", "Kaufdatum", "Preis (€)", "Status", "Letzte Prüfung"}
	for i := len(header); i < 60; i++ {
		header = append(header, fmt.Sprintf("Merkmal %d", i))
	}
	lines := []string{"Geräteliste Süd" + strings.Repeat(";", 59), "Stand:;12.11.2025" + strings.Repeat(";", 58), strings.Repeat(";", 59), strings.Join(header, ";")}
	for n := 1; n <= machines; n++ {
		row := []string{
			strconv.Itoa(n), fmt.Sprintf("srv-%02d", n), fmt.Sprintf("10.1.2.%d", n), "Fujitsu", "aktiv", "Müller", fmt.Sprintf("%02d.03.2021", n),
			fmt.Sprintf("1.%03d,50", n), "gut", fmt.Sprintf("%02d.11.2025 08:15", n),
		}
		for i := len(row); i < 60; i++ {
			row = append(row, strings.Repeat(fmt.Sprintf("w%d", n*i%7), i%4))
		}
		lines = append(lines, strings.Join(row, ";"))
	}
	lines = append(lines, "Summe;"+strconv.Itoa(machines)+strings.Repeat(";", 58))
	var latin []byte
	for _, r := range strings.Join(lines, "\r\n") + "\r\n" {
		if r == '€' {
			r = 0x80
		}
		latin = append(latin, byte(r))
	}
	return latin
}

// TestOwnExport goes the way from such a register to the inventory: each command does what it says, and none needs a look into the code.
func TestOwnExport(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".", "geräte.csv", string(officeExport(20)))
	box, err := sandbox.New(sandbox.Config{Nodes: []sandbox.ManagedNode{{InstanceID: "i-0123456789abcdef0", ComputerName: "srv-01", IPAddress: "10.1.2.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	env := serve(t, box)
	var said strings.Builder
	for _, command := range []struct {
		line string
		code int
	}{
		{"mapping new --from geräte.csv --name geraete --out mine", exitDone},
		{"mapping check --strict --sample geräte.csv mine", exitDone},
		{"records --mappings mine --json geräte.csv", exitDone},
		{"plan --mappings mine geräte.csv", exitPartial},
		{"put --rate 0 --mappings mine geräte.csv", exitPartial},
		{"node i-0123456789abcdef0 --mappings mine", exitDone},
	} {
		code, out, errs := runLine(t, env, "", strings.Fields(command.line)...)
		fmt.Fprintf(&said, "$ invbridge %s\n%s%s", command.line, out, errs)
		if code != command.code {
			t.Errorf("%s: exit code %d: %s%s", command.line, code, out, errs)
		}
	}
	draft := string(testfiles.Read(t, "mine/geraete.yaml"))
	for _, want := range []string{
		"zone: UTC ", "hostname: Gerät ", "# 1 row of the sample left out", `"Status2":"gut"`, `"Kaufdatum":"2021-03-01T00:00:00Z"`, `"LetztePruefung":"2025-11-01T08:15:00Z"`,
		`"Eigentuemer":"Müller"`, "CSV, 20 records read", "srv-01 (i-0123456789abcdef0)",
	} {
		if !strings.Contains(draft+said.String(), want) {
			t.Errorf("%q is nowhere in\n%s%s", want, draft, said.String())
		}
	}
}
