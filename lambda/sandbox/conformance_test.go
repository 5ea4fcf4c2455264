package sandbox

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// rule is a row of testdata/rules.csv: what the service promises, how sure that is, and the test that holds the sandbox to it.
type rule struct{ section, tag, text, test, where string }

func readRules(t *testing.T) []rule {
	t.Helper()
	file, err := os.Open("testdata/rules.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rules := make([]rule, 0, len(rows))
	for _, row := range rows[1:] {
		rules = append(rules, rule{row[0], row[1], row[2], row[3], row[4]})
	}
	return rules
}

// conformanceTest is a test that rules name. The Python suite has one of the same name for each rule that is not for Go only.
type conformanceTest struct {
	name string
	run  func(*world)
}

// TestConformance runs every test that the rules name, with the AWS SDK for Go over HTTP, and holds the table and the tests to each
// other.
func TestConformance(t *testing.T) {
	tests := slices.Concat(wireTests(), shapeTests(), quotaTests(), putTests(), hashTests(), readTests(), deleteTests(), nodeTests(), switchTests(), agentTests())
	ran := map[string]bool{}
	for _, test := range tests {
		if ran[test.name] {
			t.Errorf("two tests are named %s", test.name)
		}
		t.Run(test.name, func(t *testing.T) {
			ran[test.name] = true
			test.run(newWorld(t, Config{}))
		})
	}
	named, switches := map[string]bool{}, []string{}
	for _, r := range readRules(t) {
		if r.section == "switch" {
			switches = append(switches, r.text)
		}
		named[r.test] = true
		if !ran[r.test] {
			t.Errorf("rule %s %q: its test %s does not exist or did not run", r.section, r.text, r.test)
		}
	}
	if diff := cmp.Diff(SwitchNames(), switches); diff != "" {
		t.Errorf("the switches and their rules: %s", diff)
	}
	for name := range ran {
		if !named[name] {
			t.Errorf("test %s is named by no rule", name)
		}
	}
}

// The nodes of a world. The Python suite has the same.
const (
	nodeA       = "i-0123456789abcdef0"
	nodeB       = "mi-0123456789abcdef0"
	nodeLost    = "i-00000001"
	nodeStopped = "i-00000002"
	nodeGone    = "i-00000003"
	nodeLeaving = "i-00000004"
	nodeDenied  = "i-00000005"
	nodePending = "i-00000006"
	nodeHalting = "i-00000007"
	nodeUnknown = "i-0000000f"
)

func worldNodes() []ManagedNode {
	return []ManagedNode{
		{
			InstanceID: nodeA, ComputerName: "a.example.com", IPAddress: "10.0.0.1", PlatformName: "Ubuntu", PlatformVersion: "24.04",
			Tags: map[string]string{"Team": "web", "Stage": "prod"}, IAMRole: "role-a", AssociationStatus: "Success",
		},
		{
			InstanceID: nodeB, ComputerName: "b", IPAddress: "10.0.0.2", Name: "bee", PlatformType: "Windows", AgentVersion: "3.2.0.0",
			ActivationID: "11111111-1111-1111-1111-111111111111", Tags: map[string]string{"Team": "db"}, SourceType: "AWS::IoT::Thing",
			SourceID: "thing", MACAddresses: []string{"aa:bb:cc:dd:ee:ff"},
		},
		{InstanceID: nodeLost, InstanceStatus: "ConnectionLost"},
		{InstanceID: nodeStopped, InstanceStatus: "Stopped", ComputerName: "stopped"},
		{InstanceID: nodeGone, InstanceStatus: "Terminated", ComputerName: "gone"},
		{InstanceID: nodeLeaving, State: StateShuttingDown},
		{InstanceID: nodeDenied, Denied: true},
		{InstanceID: nodePending, State: StatePending},
		{InstanceID: nodeHalting, State: StateStopping},
	}
}

// world is a sandbox with a few nodes and clients of it.
type world struct {
	*testing.T
	sandbox *Sandbox
	ssm     *ssm.Client
	url     string
}

func newWorld(t *testing.T, c Config) *world {
	t.Helper()
	c.Nodes = append(c.Nodes, worldNodes()...)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{T: t, sandbox: s, url: server.URL, ssm: ssm.NewFromConfig(clientConfig(server.URL))}
}

func clientConfig(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(url), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}
}

// call sends a body as it is and gives the answer's status, header and JSON.
func (w *world) call(operation, body string) (int, http.Header, map[string]any) {
	w.Helper()
	return w.send(operation, body, "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/ssm/aws4_request, Signature=any")
}

func (w *world) send(operation, body, authorization string) (int, http.Header, map[string]any) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AmazonSSM."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		w.Fatalf("%s answered no JSON object: %v", operation, err)
	}
	return answer.StatusCode, answer.Header, out
}

// entries makes content of rows "Name=value Name=value".
func entries(rows ...string) []map[string]string {
	content := []map[string]string{}
	for _, row := range rows {
		entry := map[string]string{}
		for pair := range strings.FieldsSeq(row) {
			name, value, _ := strings.Cut(pair, "=")
			entry[name] = value
		}
		content = append(content, entry)
	}
	return content
}

// with makes an item. A hash of "" is no hash, content of nil is none.
func with(typeName, hash string, content []map[string]string) types.InventoryItem {
	i := types.InventoryItem{
		TypeName: aws.String(typeName), SchemaVersion: aws.String("1.0"), CaptureTime: aws.String("2026-01-02T03:04:05Z"), Content: content,
	}
	if hash != "" {
		i.ContentHash = aws.String(hash)
	}
	return i
}

func versioned(i types.InventoryItem, v string) types.InventoryItem {
	i.SchemaVersion = aws.String(v)
	return i
}

func captured(i types.InventoryItem, at string) types.InventoryItem {
	i.CaptureTime = aws.String(at)
	return i
}

func (w *world) put(node string, items ...types.InventoryItem) error {
	_, err := w.ssm.PutInventory(w.Context(), &ssm.PutInventoryInput{InstanceId: aws.String(node), Items: items})
	return err
}

func (w *world) mustPut(node string, items ...types.InventoryItem) {
	w.Helper()
	if err := w.put(node, items...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) list(node, typeName string) *ssm.ListInventoryEntriesOutput {
	w.Helper()
	out, err := w.ssm.ListInventoryEntries(w.Context(), &ssm.ListInventoryEntriesInput{
		InstanceId: aws.String(node), TypeName: aws.String(typeName),
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// holds checks what a node holds of a type, as rows of entries with their attributes in order.
func (w *world) holds(node, typeName string, rows ...string) {
	w.Helper()
	got := []string{}
	for _, entry := range w.list(node, typeName).Entries {
		pairs := []string{}
		for name, value := range sorted(entry) {
			pairs = append(pairs, name+"="+value)
		}
		got = append(got, strings.Join(pairs, " "))
	}
	if !slices.Equal(got, append([]string{}, rows...)) {
		w.Errorf("%s of %s is %q, not %q", typeName, node, got, rows)
	}
}

// refused checks an error's code, "" for none.
func (w *world) refused(err error, code string) {
	w.Helper()
	var refusal smithy.APIError
	got := ""
	if errors.As(err, &refusal) {
		got = refusal.ErrorCode()
	} else if err != nil {
		got = err.Error()
	}
	if got != code {
		w.Errorf("answered with %q, not %q", got, code)
	}
}

// names checks the TypeName that an error carries.
func (w *world) names(err error, typeName string) {
	w.Helper()
	var content *types.InvalidItemContentException
	var size *types.ItemSizeLimitExceededException
	var mismatch *types.ItemContentMismatchException
	var context *types.UnsupportedInventoryItemContextException
	var got *string
	switch {
	case errors.As(err, &content):
		got = content.TypeName
	case errors.As(err, &size):
		got = size.TypeName
	case errors.As(err, &mismatch):
		got = mismatch.TypeName
	case errors.As(err, &context):
		got = context.TypeName
	}
	if aws.ToString(got) != typeName {
		w.Errorf("the error %v names the type %q, not %q", err, aws.ToString(got), typeName)
	}
}

// rawItem makes the body of a PutInventory with one item, members of which are replaced: `"Context":{}`.
func rawItem(members ...string) string {
	item := map[string]json.RawMessage{
		"TypeName": []byte(`"Custom:T"`), "SchemaVersion": []byte(`"1.0"`), "CaptureTime": []byte(`"2026-01-02T03:04:05Z"`),
		"Content": []byte(`[]`),
	}
	for _, m := range members {
		name, value, _ := strings.Cut(m, ":")
		item[strings.Trim(name, `"`)] = json.RawMessage(value)
	}
	body, err := json.Marshal(map[string]any{"InstanceId": nodeA, "Items": []any{item}})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// answers checks the code that a raw body is answered with, "" for success.
func (w *world) answers(operation, body, code string) {
	w.Helper()
	_, _, out := w.call(operation, body)
	if got := fmt.Sprint(out["__type"]); got != code && (code != "" || out["__type"] != nil) {
		w.Errorf("%s %.80s was answered with %v, not %q", operation, body, out, code)
	}
}

// filled is content of n entries of the size in bytes each, as the quotas count it, with commas and brackets: 2 more in all and one
// between each two.
func filled(n, size int) []map[string]string {
	content := []map[string]string{}
	for range n {
		entry, left := map[string]string{}, size-len("{")
		for k := 0; left > 0; k++ {
			pair := len(`"A00":"",`)
			value := min(left-pair, 4096)
			if rest := left - pair - value; rest > 0 && rest < pair {
				value -= pair
			}
			entry[fmt.Sprintf("A%02d", k)] = strings.Repeat("x", value)
			left -= pair + value
		}
		content = append(content, entry)
	}
	return content
}

func compactBytes(t testing.TB, content []map[string]string) int {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(content); err != nil {
		t.Fatal(err)
	}
	return b.Len() - 1 // the encoder ends with a line feed
}

func TestFilled(t *testing.T) {
	for _, size := range []int{20, 4000, 4115, 100_000, 200_000} {
		if got := compactBytes(t, filled(2, size)); got != 2*size+3 {
			t.Errorf("two entries of %d bytes are %d, not %d", size, got, 2*size+3)
		}
	}
}

// hook calls one of the sandbox's own requests.
func (w *world) hook(method, path, body string) map[string]any {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.url+HookPrefix+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	out := map[string]any{}
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || answer.StatusCode != http.StatusOK {
		w.Fatalf("%s %s: %d %v %v", method, path, answer.StatusCode, out, err)
	}
	return out
}
