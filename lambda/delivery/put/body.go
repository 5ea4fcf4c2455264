package put

import (
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// besideContent is room for what stands in a body besides the contents of its items.
const besideContent = 512

// input is a call of PutInventory as the SDK takes it, without the items' contents. Made as the SDK's structures, the contents would be a map an entry:
// that took as much time as all the rest of a call.
func input(n *Node, items []*Item) *ssm.PutInventoryInput {
	in := &ssm.PutInventoryInput{InstanceId: &n.ID, Items: make([]types.InventoryItem, len(items))}
	for at, i := range items {
		in.Items[at] = i.described()
	}
	return in
}

// body is a call as the service takes it.
func body(n *Node, items []*Item) []byte {
	b := make([]byte, 0, total(items)+int64(besideContent*len(items)))
	b = inventory.AppendString(append(b, `{"InstanceId":`...), n.ID)
	b = append(b, `,"Items":[`...)
	for at, i := range items {
		if at > 0 {
			b = append(b, ',')
		}
		b = i.appendBody(b)
	}
	return append(b, "]}"...)
}

// described is the item without its content.
func (i *Item) described() types.InventoryItem {
	out := types.InventoryItem{
		TypeName: &i.Type.Name, SchemaVersion: &i.Type.SchemaVersion, CaptureTime: new(inventory.CaptureTime(i.Captured)), Context: i.Context,
	}
	if hash := i.ContentHash(); hash != "" {
		out.ContentHash = &hash
	}
	return out
}

// appendBody appends the item as the service takes it. The content is a list also where it is empty: without a list it would mean "unchanged".
func (i *Item) appendBody(b []byte) []byte {
	b = inventory.AppendString(append(b, `{"TypeName":`...), i.Type.Name)
	b = inventory.AppendString(append(b, `,"SchemaVersion":`...), i.Type.SchemaVersion)
	b = inventory.AppendString(append(b, `,"CaptureTime":`...), inventory.CaptureTime(i.Captured))
	if hash := i.ContentHash(); hash != "" {
		b = inventory.AppendString(append(b, `,"ContentHash":`...), hash)
	}
	if i.Context != nil {
		b = appendContext(append(b, `,"Context":`...), i.Context)
	}
	switch {
	case i.Confirms != "":
	case i.JSON != nil:
		b = append(append(b, `,"Content":`...), i.JSON...)
	default:
		b = i.Type.AppendJSON(append(b, `,"Content":`...), i.Rows, i.Context != nil)
	}
	return append(b, '}')
}

func appendContext(b []byte, context map[string]string) []byte {
	b = append(b, '{')
	for n, name := range inventory.Sorted(context) {
		if n > 0 {
			b = append(b, ',')
		}
		b = append(inventory.AppendString(b, name), ':')
		b = inventory.AppendString(b, context[name])
	}
	return append(b, '}')
}
