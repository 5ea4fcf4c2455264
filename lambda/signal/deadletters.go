package signal

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

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

// Redrive has all messages of a queue of dead letters go back to where they came from. It begins that, and does not wait for its end.
func (q *Queue) Redrive(ctx context.Context) error {
	arn, err := q.attribute(ctx, types.QueueAttributeNameQueueArn)
	if err != nil {
		return err
	}
	_, err = call(ctx, "StartMessageMoveTask", q.client.StartMessageMoveTask, &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	return err
}

func (q *Queue) attribute(ctx context.Context, name types.QueueAttributeName) (string, error) {
	out, err := call(ctx, "GetQueueAttributes", q.client.GetQueueAttributes, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{name},
	})
	if err != nil {
		return "", err
	}
	return out.Attributes[string(name)], nil
}
