package signal

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Queue is a queue in SQS.
type Queue struct {
	client *sqs.Client
	url    string
}

// NewQueue returns the queue with a URL. It is called at the configuration's endpoint, or else at its region's; where the URL points
// elsewhere, as that of an emulator does, it is called there.
func NewQueue(c aws.Config, queueURL string) (*Queue, error) {
	u, err := url.Parse(queueURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("signal: the queue's name must be its URL")
	}
	return &Queue{sqs.NewFromConfig(Settings(c), func(o *sqs.Options) {
		if o.BaseEndpoint == nil && u.Host != regionalHost(c.Region) {
			o.BaseEndpoint = new(u.Scheme + "://" + u.Host)
		}
	}), queueURL}, nil
}

// regionalHost returns the host that a region's queues have in their URLs, whichever of its endpoints is called.
func regionalHost(region string) string {
	e, err := sqs.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(), sqs.EndpointParameters{
		Region: &region, UseFIPS: new(false), UseDualStack: new(false),
	})
	if err != nil {
		return ""
	}
	return e.URI.Host
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

func (q *Queue) send(ctx context.Context, messages []Message) error {
	in := &sqs.SendMessageBatchInput{QueueUrl: &q.url}
	for i, m := range messages {
		in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
			Id: new(strconv.Itoa(i)), MessageBody: &m.Body, MessageGroupId: &m.Group, MessageDeduplicationId: &m.Once,
		})
	}
	out, err := Call(ctx, "SendMessageBatch", q.client.SendMessageBatch, in)
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		code := aws.ToString(out.Failed[0].Code)
		return fmt.Errorf("signal: the queue did not take %d of %d messages: %s", len(out.Failed), len(messages), code)
	}
	return nil
}

// Again makes a message that was received come again after some time, whatever the queue's own is.
func (q *Queue) Again(ctx context.Context, receipt string, after time.Duration) error {
	_, err := Call(ctx, "ChangeMessageVisibility", q.client.ChangeMessageVisibility, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.url, ReceiptHandle: &receipt, VisibilityTimeout: int32(after.Seconds()),
	})
	return err
}

// Waiting returns about how many messages wait in the queue.
func (q *Queue) Waiting(ctx context.Context) (int, error) {
	text, err := q.attribute(ctx, types.QueueAttributeNameApproximateNumberOfMessages)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("signal: the queue's number of messages is no number")
	}
	return n, nil
}

func (q *Queue) attribute(ctx context.Context, name types.QueueAttributeName) (string, error) {
	out, err := Call(ctx, "GetQueueAttributes", q.client.GetQueueAttributes, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{name},
	})
	if err != nil {
		return "", err
	}
	return out.Attributes[string(name)], nil
}
