package signal

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Queue is a queue in SQS.
type Queue struct {
	service service
	url     string
}

// NewQueue returns the queue with a URL. It is called where that URL points, unless the configuration names an endpoint.
func NewQueue(c aws.Config, queueURL string) (*Queue, error) {
	u, err := url.Parse(queueURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("signal: the queue's name must be its URL")
	}
	endpoint := cmp.Or(aws.ToString(c.BaseEndpoint), u.Scheme+"://"+u.Host+"/")
	return &Queue{service{c, endpoint, "sqs", "AmazonSQS", "1.0"}, queueURL}, nil
}

// Message is one for a FIFO queue.
type Message struct {
	Group string // messages of one group come one after the other
	Once  string // of several messages with this ID within five minutes the queue keeps the first
	Body  string
}

// maxBatch is how many messages a call takes.
const maxBatch = 10

// Send sends messages in their order. After an error some of them may have been sent.
func (q *Queue) Send(ctx context.Context, messages []Message) error {
	for batch := range slices.Chunk(messages, maxBatch) {
		if err := q.send(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

type sendEntry struct {
	ID    string `json:"Id"`
	Body  string `json:"MessageBody"`
	Group string `json:"MessageGroupId"`
	Once  string `json:"MessageDeduplicationId"`
}

func (q *Queue) send(ctx context.Context, messages []Message) error {
	var in struct {
		URL     string      `json:"QueueUrl"`
		Entries []sendEntry `json:"Entries"`
	}
	in.URL = q.url
	for i, m := range messages {
		in.Entries = append(in.Entries, sendEntry{strconv.Itoa(i), m.Body, m.Group, m.Once})
	}
	var out struct {
		Failed []struct {
			Code string
		}
	}
	if err := q.service.call(ctx, "SendMessageBatch", in, &out); err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		return fmt.Errorf("signal: the queue did not take %d of %d messages: %s", len(out.Failed), len(messages), out.Failed[0].Code)
	}
	return nil
}

// Again makes a message that was received come again after some time, whatever the queue's own is.
func (q *Queue) Again(ctx context.Context, receipt string, after time.Duration) error {
	in := struct {
		URL     string `json:"QueueUrl"`
		Receipt string `json:"ReceiptHandle"`
		Seconds int    `json:"VisibilityTimeout"`
	}{q.url, receipt, int(after.Seconds())}
	return q.service.call(ctx, "ChangeMessageVisibility", in, &struct{}{})
}
