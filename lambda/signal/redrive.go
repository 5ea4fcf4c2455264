package signal

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// SweepGroup is the group of the schedule's message in a FIFO queue. It is one, so there is never more than one sweep.
const SweepGroup = "sweep"

// targetAttribute names the queue for which a message was that EventBridge could not send: rules and schedules set it.
const targetAttribute = "TARGET_ARN"

// Redrive moves all messages of a queue of dead letters back to where they came from. Where that is a queue, SQS moves them, and Redrive
// does not wait for the end. What rules and schedules could not send SQS does not move: Redrive sends each message to its target.
func (q *Queue) Redrive(ctx context.Context) error {
	sources, err := Call(ctx, "ListDeadLetterSourceQueues", q.client.ListDeadLetterSourceQueues, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &q.url})
	if err != nil {
		return err
	}
	if len(sources.QueueUrls) == 0 {
		return q.resend(ctx)
	}
	arn, err := q.attribute(ctx, types.QueueAttributeNameQueueArn)
	if err != nil {
		return err
	}
	_, err = Call(ctx, "StartMessageMoveTask", q.client.StartMessageMoveTask, &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	return err
}

// resend sends each message to its target, and deletes it. A message is deleted after it was sent, so one may be sent twice, and none is lost.
func (q *Queue) resend(ctx context.Context) error {
	urls := map[string]string{}
	nameless := 0
	for {
		out, err := Call(ctx, "ReceiveMessage", q.client.ReceiveMessage, &sqs.ReceiveMessageInput{
			QueueUrl: &q.url, MaxNumberOfMessages: maxBatch, WaitTimeSeconds: 1, MessageAttributeNames: []string{targetAttribute},
		})
		if err != nil {
			return err
		}
		if len(out.Messages) == 0 {
			break
		}
		for _, m := range out.Messages {
			target := aws.ToString(m.MessageAttributes[targetAttribute].StringValue)
			if target == "" {
				nameless++
				continue
			}
			if err := q.resendOne(ctx, m, target, urls); err != nil {
				return err
			}
		}
	}
	if nameless > 0 {
		return fmt.Errorf("signal: %d messages stay: they have no attribute %s, so nothing shows where they belong", nameless, targetAttribute)
	}
	return nil
}

func (q *Queue) resendOne(ctx context.Context, m types.Message, target string, urls map[string]string) error {
	url, err := q.urlOf(ctx, target, urls)
	if err != nil {
		return err
	}
	in := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: m.Body}
	if strings.HasSuffix(url, ".fifo") { // only the schedule sends to one
		in.MessageGroupId, in.MessageDeduplicationId = new(SweepGroup), m.MessageId
	}
	if _, err := Call(ctx, "SendMessage", q.client.SendMessage, in); err != nil {
		return err
	}
	_, err = Call(ctx, "DeleteMessage", q.client.DeleteMessage, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: m.ReceiptHandle})
	return err
}

// urlOf returns the URL of a queue by its ARN; urls holds those that are known.
func (q *Queue) urlOf(ctx context.Context, target string, urls map[string]string) (string, error) {
	if url, ok := urls[target]; ok {
		return url, nil
	}
	at, err := arn.Parse(target)
	if err != nil || at.Service != "sqs" {
		return "", fmt.Errorf("signal: a message's attribute %s must be the ARN of a queue", targetAttribute)
	}
	out, err := Call(ctx, "GetQueueUrl", q.client.GetQueueUrl, &sqs.GetQueueUrlInput{QueueName: &at.Resource, QueueOwnerAWSAccountId: &at.AccountID})
	if err != nil {
		return "", err
	}
	urls[target] = aws.ToString(out.QueueUrl)
	return urls[target], nil
}
