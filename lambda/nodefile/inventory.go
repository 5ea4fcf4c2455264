package nodefile

import (
	"encoding/json"
	"slices"
	"strings"
)

// The inventory types that say something of a node itself.
const (
	typeInformation = "AWS:InstanceInformation"
	typeNetwork     = "AWS:Network"
	typeTag         = "AWS:Tag"
)

// entity is a node as GetInventory returns it.
type entity struct {
	ID   string `json:"Id"`
	Data map[string]struct{ Content []row }
}

// row is an entry of an inventory type. What is no string is no value: the service writes all values as strings.
type row map[string]string

// UnmarshalJSON reads the strings of an object.
func (r *row) UnmarshalJSON(raw []byte) error {
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	*r = make(row, len(all))
	for name, value := range all {
		if text, ok := value.(string); ok {
			(*r)[name] = strings.TrimSpace(text)
		}
	}
	return nil
}

// record returns what the types of an entity say of its node.
func (e *entity) record() Record {
	r := Record{InstanceID: e.ID, Inventoried: true}
	for _, name := range []string{typeInformation, typeNetwork, typeTag} {
		for _, entry := range e.Data[name].Content {
			r.learn(name, entry)
		}
	}
	return r
}

// learn takes in an entry of an inventory type.
func (r *Record) learn(typeName string, entry row) {
	switch typeName {
	case typeInformation:
		r.ComputerName, r.IPAddress, r.InstanceStatus = entry["ComputerName"], entry["IpAddress"], entry["InstanceStatus"]
		r.PlatformType, r.PlatformName, r.PlatformVersion = entry["PlatformType"], entry["PlatformName"], entry["PlatformVersion"]
		r.ResourceType, r.AgentVersion = entry["ResourceType"], entry["AgentVersion"]
	case typeNetwork:
		r.MacAddresses = appended(r.MacAddresses, entry["MacAddress"])
		for _, name := range []string{"IPV4", "IPV6"} {
			for part := range strings.FieldsFuncSeq(entry[name], func(c rune) bool { return c == ',' || c == ' ' }) {
				r.Addresses = appended(r.Addresses, part)
			}
		}
	case typeTag:
		if key := entry["Key"]; key != "" {
			if r.Tags == nil {
				r.Tags = Tags{}
			}
			r.Tags[key] = entry["Value"]
		}
	}
}

// appended adds a text to a list that does not have it.
func appended(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}
