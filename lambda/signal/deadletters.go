package signal

import (
	"context"
	"fmt"
	"strconv"
)

// attributes of a queue, as SQS calls them.
const (
	arnAttribute   = "QueueArn"
	countAttribute = "ApproximateNumberOfMessages"
)

// Waiting is about how many messages wait in the queue.
func (q *Queue) Waiting(ctx context.Context) (int, error) {
	has, err := q.attributes(ctx)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(has[countAttribute])
	if err != nil {
		return 0, fmt.Errorf("signal: the queue does not say how many messages wait")
	}
	return n, nil
}

// Redrive has all messages of a queue of dead letters go back to where they came from. It begins that, and does not wait for its end.
func (q *Queue) Redrive(ctx context.Context) error {
	has, err := q.attributes(ctx)
	if err != nil {
		return err
	}
	in := struct {
		ARN string `json:"SourceArn"`
	}{has[arnAttribute]}
	return q.service.call(ctx, "StartMessageMoveTask", in, &struct{}{})
}

func (q *Queue) attributes(ctx context.Context) (map[string]string, error) {
	in := struct {
		URL   string   `json:"QueueUrl"`
		Names []string `json:"AttributeNames"`
	}{q.url, []string{arnAttribute, countAttribute}}
	var out struct {
		Attributes map[string]string
	}
	err := q.service.call(ctx, "GetQueueAttributes", in, &out)
	return out.Attributes, err
}
