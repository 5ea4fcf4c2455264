package sandbox

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ParseNodes reads a list of managed nodes: JSON, either a list of what DescribeInstanceInformation returns or its whole answer with
// InstanceInformationList, each node with Tags (an object or [{Key,Value}]), SerialNumber, MacAddresses, InstanceStatus and State
// besides; or CSV with a header line, of which InstanceId is needed. Errors say the node's number or the line.
func ParseNodes(r io.Reader) ([]ManagedNode, error) {
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(len(mark)) // it was peeked at
	}
	nodes, err := parseNodes(buffered)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(nodes))
	for i, n := range nodes {
		if err := n.check(); err != nil {
			return nil, fmt.Errorf("sandbox: node %d: %w", i+1, err)
		}
		if seen[n.InstanceID] {
			return nil, fmt.Errorf("sandbox: node %d: its InstanceId was given before: give each node once", i+1)
		}
		seen[n.InstanceID] = true
	}
	return nodes, nil
}

func parseNodes(r *bufio.Reader) ([]ManagedNode, error) {
	for {
		first, err := r.Peek(1)
		switch {
		case errors.Is(err, io.EOF):
			return nil, errors.New("sandbox: the list of nodes is empty: give a JSON list or a CSV header")
		case err != nil:
			return nil, fmt.Errorf("sandbox: list of nodes: %w", err)
		case bytes.ContainsAny(first, " \t\r\n"):
			_, _ = r.Discard(1) // it was peeked at
		case bytes.ContainsAny(first, "[{"):
			return parseNodesJSON(r)
		default:
			return parseNodesCSV(r)
		}
	}
}

// nodeJSON is a node in a JSON list, spelled as AWS does.
type nodeJSON struct {
	InstanceID        string    `json:"InstanceId"`
	ComputerName      string    `json:"ComputerName"`
	Name              string    `json:"Name"`
	IPAddress         string    `json:"IPAddress"`
	PlatformType      string    `json:"PlatformType"`
	PlatformName      string    `json:"PlatformName"`
	PlatformVersion   string    `json:"PlatformVersion"`
	PingStatus        string    `json:"PingStatus"`
	ResourceType      string    `json:"ResourceType"`
	InstanceStatus    string    `json:"InstanceStatus"`
	SourceID          string    `json:"SourceId"`
	SourceType        string    `json:"SourceType"`
	Tags              tags      `json:"Tags"`
	State             string    `json:"State"`
	Denied            bool      `json:"Denied"`
	AgentVersion      string    `json:"AgentVersion"`
	ActivationID      string    `json:"ActivationId"`
	IAMRole           string    `json:"IamRole"`
	AssociationStatus string    `json:"AssociationStatus"`
	SerialNumber      string    `json:"SerialNumber"`
	MACAddresses      oneOrMany `json:"MacAddresses"`
}

func (j nodeJSON) node() ManagedNode {
	return ManagedNode{
		InstanceID: j.InstanceID, ComputerName: j.ComputerName, Name: j.Name, IPAddress: j.IPAddress,
		PlatformType: j.PlatformType, PlatformName: j.PlatformName, PlatformVersion: j.PlatformVersion,
		PingStatus: j.PingStatus, ResourceType: j.ResourceType, InstanceStatus: j.InstanceStatus,
		SourceID: j.SourceID, SourceType: j.SourceType, Tags: j.Tags, State: j.State, Denied: j.Denied,
		AgentVersion: j.AgentVersion, ActivationID: j.ActivationID, IAMRole: j.IAMRole,
		AssociationStatus: j.AssociationStatus, SerialNumber: j.SerialNumber, MACAddresses: j.MACAddresses,
	}
}

// tags are read from an object or from AWS's list of keys and values.
type tags map[string]string

// UnmarshalJSON takes either form.
func (t *tags) UnmarshalJSON(b []byte) error {
	if jsontext.Value(b).Kind() != jsontext.KindBeginArray {
		return json.Unmarshal(b, (*map[string]string)(t))
	}
	var list []struct{ Key, Value string }
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*t = make(tags, len(list))
	for _, pair := range list {
		(*t)[pair.Key] = pair.Value
	}
	return nil
}

// oneOrMany is a list of strings, or one string.
type oneOrMany []string

// UnmarshalJSON takes either form.
func (o *oneOrMany) UnmarshalJSON(b []byte) error {
	if jsontext.Value(b).Kind() != jsontext.KindString {
		return json.Unmarshal(b, (*[]string)(o))
	}
	*o = oneOrMany{""}
	return json.Unmarshal(b, &(*o)[0])
}

func parseNodesJSON(r io.Reader) ([]ManagedNode, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("sandbox: list of nodes: %w", err)
	}
	var list []jsontext.Value
	if jsontext.Value(body).Kind() == jsontext.KindBeginObject {
		var whole struct{ InstanceInformationList []jsontext.Value }
		err = json.Unmarshal(body, &whole)
		list = whole.InstanceInformationList
	} else {
		err = json.Unmarshal(body, &list)
	}
	if err != nil {
		return nil, jsonPlace(body, err)
	}
	nodes := make([]ManagedNode, 0, len(list))
	for i, value := range list {
		var j nodeJSON
		if err := json.Unmarshal(value, &j); err != nil {
			return nil, fmt.Errorf("sandbox: node %d: a member is not of the form it has in DescribeInstanceInformation%s", i+1, member(err))
		}
		nodes = append(nodes, j.node())
	}
	return nodes, nil
}

// jsonPlace says where a JSON document breaks, and nothing of what stands there.
func jsonPlace(body []byte, err error) error {
	syntax := new(jsontext.SyntacticError)
	if !errors.As(err, &syntax) {
		return errors.New("sandbox: the list of nodes is neither a JSON list nor an object with InstanceInformationList")
	}
	before := body[:min(int(syntax.ByteOffset), len(body))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("sandbox: list of nodes: line %d, column %d: this is not JSON", line, column)
}

// member names the member that an error of the JSON library is about.
func member(err error) string {
	semantic := new(json.SemanticError)
	if !errors.As(err, &semantic) || semantic.JSONPointer == "" {
		return ""
	}
	return ": " + string(semantic.JSONPointer)
}

func parseNodesCSV(r io.Reader) ([]ManagedNode, error) {
	rows := csv.NewReader(r)
	header, err := rows.Read()
	if err != nil {
		return nil, csvPlace(err)
	}
	columns := make([]string, len(header))
	named := false
	for i, name := range header {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
		named = named || columns[i] == "instanceid"
	}
	if !named {
		return nil, errors.New("sandbox: list of nodes: line 1: the CSV header names no column InstanceId")
	}
	var nodes []ManagedNode
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nodes, nil
		}
		if err != nil {
			return nil, csvPlace(err)
		}
		var n ManagedNode
		for i, value := range row {
			n.set(columns[i], strings.TrimSpace(value))
		}
		nodes = append(nodes, n)
	}
}

func csvPlace(err error) error {
	parse := new(csv.ParseError)
	if errors.As(err, &parse) {
		return fmt.Errorf("sandbox: list of nodes: line %d, column %d: %w", parse.Line, parse.Column, parse.Err)
	}
	return fmt.Errorf("sandbox: list of nodes: %w", err)
}

// set takes a CSV column's value; columns of other names are passed over.
func (n *ManagedNode) set(column, value string) {
	switch column {
	case "instanceid":
		n.InstanceID = value
	case "computername":
		n.ComputerName = value
	case "name":
		n.Name = value
	case "ipaddress":
		n.IPAddress = value
	case "platformtype":
		n.PlatformType = value
	case "platformname":
		n.PlatformName = value
	case "platformversion":
		n.PlatformVersion = value
	case "pingstatus":
		n.PingStatus = value
	case "resourcetype":
		n.ResourceType = value
	case "instancestatus":
		n.InstanceStatus = value
	case "state":
		n.State = value
	case "sourceid":
		n.SourceID = value
	case "sourcetype":
		n.SourceType = value
	case "serialnumber":
		n.SerialNumber = value
	case "macaddresses":
		n.MACAddresses = strings.FieldsFunc(value, func(r rune) bool { return r == ';' || r == ' ' || r == ',' })
	}
}
