package put

import (
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// pieceBytes is room for the headers and body of most calls.
const pieceBytes = 64 << 10

// Client returns the SDK's HTTP client, of which a connection sends a call in one piece where that has room. In its own, a body leaves in pieces of 4 and
// of 32 KiB, and whoever answers is woken by each.
func Client() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.WriteBufferSize = pieceBytes })
}
