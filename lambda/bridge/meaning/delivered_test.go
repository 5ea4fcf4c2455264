package meaning

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge"
	"github.com/inventory-bridge/inventory-bridge/lambda/document"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/read"
	"github.com/inventory-bridge/inventory-bridge/lambda/node"
)

// The histories are drawn from INVBRIDGE_SEED on, INVBRIDGE_ROUNDS of them of each kind and sample; without these, the same few each time.
func number(name string, otherwise uint64) uint64 {
	n, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

func seeds() []uint64 {
	first := number("INVBRIDGE_SEED", 1)
	var list []uint64
	for i := range number("INVBRIDGE_ROUNDS", 1) {
		list = append(list, first+i)
	}
	return list
}

func source(seed uint64, name string) *rand.Rand {
	sum := uint64(14695981039346656037)
	for _, c := range []byte(name) {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, sum))
}

// file is a document of a history, and when it was written.
type file struct {
	text *piece
	at   time.Time
}

// history is some documents of one source, about machines of which some are managed nodes.
type history struct {
	name    string // of the documents
	mapping string
	as      string
	nodes   string
	mixed   bool // a list has records and rows of tables, of which the first with a key counts
	files   []file
	types   []*inventory.Type
}

// with is the history with other files.
func (h *history) with(files []file) *history {
	other := *h
	other.files = files
	return &other
}

// ends imports the documents in an order, and returns what nodes hold then.
func (h *history) ends(ctx context.Context, order []int) (string, error) {
	in, err := install(ctx, h.nodes, "")
	if err != nil {
		return "", err
	}
	refused, err := h.imported(ctx, in, order)
	return refused + h.holds(in), err
}

// imported imports the documents, and returns which are refused.
func (h *history) imported(ctx context.Context, in *installation, order []int) (string, error) {
	refused := make([]string, len(h.files))
	for _, i := range order {
		_, err := in.put(ctx, h.name, doc{text: h.files[i].text.text(), as: h.as}, h.files[i].at)
		switch {
		case err != nil && strings.Contains(err.Error(), "sum up"):
			return "", err
		case err != nil:
			refused[i] = fmt.Sprintf("document %d is refused\n", i+1)
		}
	}
	return strings.Join(refused, ""), nil
}

// later imports the documents where no machine is managed yet, and has a sweep find the nodes then.
func (h *history) later(ctx context.Context, order []int) (string, error) {
	in, err := install(ctx, h.nodes, "")
	if err != nil {
		return "", err
	}
	nodes := in.config.Nodes
	in.config.Region = "" // else machines of another one are none of ours as long as they are no nodes
	if in.config.Nodes, err = node.ParseFile(strings.NewReader("InstanceId,ComputerName,IPAddress\n" + app + ",nobody-else.example.test,192.0.2.77\n")); err != nil {
		return "", err
	}
	refused, err := h.imported(ctx, in, order)
	if err != nil {
		return "", err
	}
	in.config.Nodes = nodes
	if _, err := bridge.New(in.config).Sweep(ctx); err != nil {
		return "", err
	}
	return refused + h.holds(in), nil
}

func (h *history) holds(in *installation) string {
	var b strings.Builder
	for _, id := range h.ids() {
		for _, t := range h.types {
			item, _ := in.box.Inventory(id, t.Name)
			for _, e := range item.Entries {
				fmt.Fprintf(&b, "%s %s", id, t.Name)
				for n, a := range t.Attributes {
					volatile := n < len(t.Volatile) && t.Volatile[n] // what changes in these alone is not put
					if e[a] != "" && !volatile {
						fmt.Fprintf(&b, " %s=%q", a, e[a])
					}
				}
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

func (h *history) ids() []string {
	var ids []string
	for line := range strings.Lines(h.nodes) {
		if id, _, _ := strings.Cut(line, ","); id != "InstanceId" {
			ids = append(ids, id)
		}
	}
	return ids
}

var instance = regexp.MustCompile(`^(i-[0-9a-f]{8}|m?i-[0-9a-f]{17})$`)

// about looks at a document: which mapping reads it, and about which machines it is. Most of them are nodes.
func about(ctx context.Context, name, text string, random *rand.Rand) (*history, *mapping.Mapping, error) {
	set, err := builtins()
	if err != nil {
		return nil, nil, err
	}
	h := &history{name: name, as: web}
	var m *mapping.Mapping
	nodes, named := map[string][2]string{web: {"web-01.example.test", "10.9.0.11"}}, map[string]bool{}
	in := intake.Intake{Mappings: set, Partitions: 1, PartitionOf: func(string) int { return 0 }}
	_, err = in.Look(ctx, intake.Document{
		Source: document.Inline(name, bytes.Clone([]byte(text)), written), Delivery: choose.Origin{Local: true}, As: node.Subject{NodeID: []string{web}},
	}, func(_ *mapping.Mapping, rec *read.Record) error {
		id, host, ip := first(rec.Subject.NodeID), first(rec.Subject.Hostname), first(rec.Subject.IP)
		known := id + "|" + host + "|" + ip
		if rec.Outside || rec.Skip != "" || named[known] || len(nodes) > 40 {
			return nil
		}
		named[known] = true
		if !instance.MatchString(id) {
			id = fmt.Sprintf("i-0bbb%013x", len(nodes))
		}
		if random.IntN(10) > 0 {
			nodes[id] = [2]string{host, ip}
		}
		return nil
	}, func(chosen *mapping.Mapping) { m = chosen })
	if err != nil {
		return nil, nil, err
	}
	if m.NamesMachine() {
		h.as = ""
	}
	var b strings.Builder
	b.WriteString("InstanceId,ComputerName,IPAddress\n")
	clean := regexp.MustCompile(`[^0-9A-Za-z.:_-]`)
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		ip := nodes[id][1]
		if strings.Trim(ip, "0123456789.") != "" || strings.Count(ip, ".") != 3 {
			ip = ""
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", id, clean.ReplaceAllString(nodes[id][0], ""), ip)
	}
	h.nodes, h.mapping = b.String(), m.Name
	for _, t := range m.Types() {
		h.types = append(h.types, t.Inventory)
	}
	return h, m, nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// plain is a file's text; a text that is packed is unpacked.
func plain(t *testing.T, path string) (name, text string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Base(path)
	if strings.HasSuffix(path, ".gz") {
		if r, err := gzip.NewReader(bytes.NewReader(content)); err == nil {
			if unpacked, err := io.ReadAll(r); err == nil {
				return strings.TrimSuffix(name, ".gz"), string(unpacked)
			}
		}
	}
	return name, string(content)
}

var (
	day      = regexp.MustCompile(`\b(20[0-2]\d-\d\d-)([0-2]\d)\b`)
	epoch    = regexp.MustCompile(`\b1[4-7]\d{8}\b`)
	severity = regexp.MustCompile(`\b(?:critical|high|medium|low)\b|\b(?:Critical|High|Medium|Low)\b|\b(?:CRITICAL|HIGH|MEDIUM|LOW)\b`)
)

// otherDates moves the dates of a text, all by the same or each for itself.
func otherDates(random *rand.Rand, text string, all bool) string {
	moved := random.IntN(3)
	by := func() int {
		if all {
			return moved
		}
		return random.IntN(3)
	}
	text = day.ReplaceAllStringFunc(text, func(s string) string { return fmt.Sprintf("%s%02d", s[:8], 2+10*by()) })
	return epoch.ReplaceAllStringFunc(text, func(s string) string {
		n, _ := strconv.Atoi(s) // ten digits
		return strconv.Itoa(n - n%86400 + 86400*by())
	})
}

// otherValues changes some values of a text.
func otherValues(random *rand.Rand, text string) string {
	words := []string{"critical", "high", "medium", "low"}
	text = severity.ReplaceAllStringFunc(text, func(s string) string {
		word := words[random.IntN(4)]
		switch {
		case random.IntN(3) > 0:
			return s
		case s == strings.ToUpper(s):
			return strings.ToUpper(word)
		case s[0] < 'a':
			return strings.ToUpper(word[:1]) + word[1:]
		}
		return word
	})
	if random.IntN(2) == 0 {
		return text
	}
	b := []byte(text)
	for range 40 { // one digit between others, which makes no field's name another one
		i := 1 + random.IntN(max(len(b)-2, 1))
		if i+1 < len(b) && isDigit(b[i-1]) && isDigit(b[i]) && isDigit(b[i+1]) {
			b[i] = byte('0' + random.IntN(10))
			break
		}
	}
	return string(b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
