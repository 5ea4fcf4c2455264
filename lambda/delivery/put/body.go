package put

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
)

// besideContent is room for what stands in a body besides the contents of its items.
const besideContent = 512

// request is a call of PutInventory as the SDK takes it, without the items' contents, and the whole of it as JSON. Made as the SDK's
// structures, the contents would be a map an entry: that took as much time as all the rest of a call.
func request(n *Node, items []*Item) (*ssm.PutInventoryInput, []byte) {
	in := &ssm.PutInventoryInput{InstanceId: &n.ID, Items: make([]types.InventoryItem, len(items))}
	b := make([]byte, 0, total(items)+int64(besideContent*len(items)))
	b = inventory.AppendString(append(b, `{"InstanceId":`...), n.ID)
	b = append(b, `,"Items":[`...)
	for at, i := range items {
		if at > 0 {
			b = append(b, ',')
		}
		in.Items[at] = i.described()
		b = i.appendBody(b, &in.Items[at])
	}
	return in, append(b, "]}"...)
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
func (i *Item) appendBody(b []byte, d *types.InventoryItem) []byte {
	b = inventory.AppendString(append(b, `{"TypeName":`...), aws.ToString(d.TypeName))
	b = inventory.AppendString(append(b, `,"SchemaVersion":`...), aws.ToString(d.SchemaVersion))
	b = inventory.AppendString(append(b, `,"CaptureTime":`...), aws.ToString(d.CaptureTime))
	if d.ContentHash != nil {
		b = inventory.AppendString(append(b, `,"ContentHash":`...), *d.ContentHash)
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
