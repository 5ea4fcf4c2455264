package nodefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/inventory-bridge/inventory-bridge/lambda/regular"
)

// maxObject bounds an object of a data sync in bytes.
const maxObject = 64 << 20

// syncKey is the end of a key in which a data sync writes what a node has of a type. A copy on a disk may have no colons in its names.
var syncKey = regular.Expression(`(?:^|/)(AWS|Custom)[:_]([^/=]+)/accountid=([^/]+)/region=([^/]+)/resourcetype=[^/]+/(m?i-[^/]+)\.json$`)

// Sync are the managed nodes of which the objects of a resource data sync speak, of any number of accounts and regions. An object
// has the entries of one type and node, a line each. It is safe for use by several goroutines.
type Sync struct {
	mu    sync.Mutex
	nodes map[string]*Record // by ID
	known map[string]bool    // those of which there is an object that says what they are
}

// NewSync returns one that has read no object.
func NewSync() *Sync { return &Sync{nodes: map[string]*Record{}, known: map[string]bool{}} }

// IsSyncKey reports whether an object's key, or a path with slashes, is one that a data sync writes.
func IsSyncKey(key string) bool { return syncKey().MatchString(key) }

// Wants reports whether an object says something of a node itself: its names and state, its addresses, or its tags.
func (s *Sync) Wants(key string) bool {
	typeName, _ := ofKey(key)
	return slices.Contains([]string{typeInformation, typeNetwork, typeTag}, typeName)
}

// ofKey returns the type and the node that a key names.
func ofKey(key string) (typeName, id string) {
	parts := syncKey().FindStringSubmatch(key)
	if parts == nil {
		return "", ""
	}
	return parts[1] + ":" + parts[2], parts[5]
}

// placeOfKey returns the account and region that a key names.
func placeOfKey(key string) (account, region string) {
	parts := syncKey().FindStringSubmatch(key)
	if parts == nil {
		return "", ""
	}
	return parts[3], parts[4]
}

// Read takes in an object. What is wrong with its content is an *Error.
func (s *Sync) Read(key string, r io.Reader) error {
	typeName, id := ofKey(key)
	var entries []row
	limited := &io.LimitedReader{R: r, N: maxObject}
	for dec := json.NewDecoder(limited); ; {
		var entry row
		err := dec.Decode(&entry)
		if errors.Is(err, io.EOF) && limited.N > 0 {
			break
		}
		if err != nil {
			return wrongObject(err, len(entries)+1)
		}
		entries = append(entries, entry)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nodes[id] == nil {
		account, region := placeOfKey(key)
		s.nodes[id] = &Record{InstanceID: id, Account: account, Region: region, Inventoried: true}
	}
	for _, entry := range entries {
		s.nodes[id].learn(typeName, entry)
	}
	if typeName == typeInformation && len(entries) > 0 {
		s.known[id] = true
	}
	return nil
}

func wrongObject(err error, line int) error {
	var notJSON *json.SyntaxError
	var notObject *json.UnmarshalTypeError
	if errors.As(err, &notJSON) || errors.As(err, &notObject) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{Line: line, What: "expected an entry of inventory as a JSON object in each line"}
	}
	return fmt.Errorf("nodefile: reading an object of a data sync: %w", err)
}

// Each hands on the nodes by their IDs, those of which it is known what they are. take returns what is wrong with one, "" for nothing.
func (s *Sync) Each(take func(Record) (wrong string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, id := range slices.Sorted(maps.Keys(s.known)) {
		if wrong := take(*s.nodes[id]); wrong != "" {
			return &Error{Line: 1, Record: i + 1, What: wrong}
		}
	}
	return nil
}
