package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
)

// keptDays is how long a queue keeps a message: as long as it can.
const keptDays = 14

// How often a message is tried before it is a dead letter. Lambda advises five times at least: a call that the account's concurrency does not
// suffice for counts as one. A delivery that has to come again does so after half a minute, then a minute, and so on to a quarter of an hour:
// ten times are an hour and a quarter in which a service may be away.
const (
	arrivingTries = 5
	deliveryTries = 10
)

// queue is a queue with its dead letters.
type queue struct {
	awssqs.Queue
	dead awssqs.Queue
}

// addQueues makes the two queues. A delivery is hidden for six times as long as its function may run, as Lambda advises; the function shows
// it again sooner where it knows that it failed. A document that failed shows itself again, so it is not hidden for longer than its function
// may run. Lambda's advice is for functions that are throttled: an event source with a maximum reads no message that it has no place for, so
// only an account whose concurrency is used up by others throttles. There a document may be read twice at a time, which changes nothing.
func (s *service) addQueues() {
	s.arriving = s.newQueue("Arriving", false, arrivingTries, arrivingHidden(s.props.Intake.TimeoutSeconds))
	s.deliveries = s.newQueue("Deliveries", true, deliveryTries, deliveriesHidden(s.props.Delivery.TimeoutSeconds))
}

// arrivingHidden is for how many seconds a document is hidden, by the time for which intake may run.
func arrivingHidden(timeout int) int { return timeout + 60 }

// deliveriesHidden is for how many seconds a delivery is hidden, by the time for which delivery may run.
func deliveriesHidden(timeout int) int { return 6 * timeout }

func (s *service) newQueue(id string, fifo bool, tries, hiddenSeconds int) queue {
	dead := s.newDeadLetters(id+"Dead", fifo)
	props := s.queueProps(fifo)
	props.VisibilityTimeout = seconds(hiddenSeconds)
	props.DeadLetterQueue = &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: new(float64(tries))}
	if fifo {
		// The sweep's signal is always the same message: of several within minutes one is enough.
		props.ContentBasedDeduplication = new(true)
	}
	q := awssqs.NewQueue(s.stack, &id, props)
	s.reasonedQueue(q)
	return queue{q, dead}
}

func (s *service) reasonedQueue(q awssqs.Queue, reasons ...reason) {
	if s.key == nil {
		reasons = append(reasons, reason{"CKV_AWS_27", "SQS encrypts it with a key of its own, which costs nothing a call; -c customerKey=true takes a key of yours"})
	}
	reasoned(q, reasons...)
}

// newDeadLetters makes a queue of dead letters. Each has an alarm.
func (s *service) newDeadLetters(id string, fifo bool) awssqs.Queue {
	q := awssqs.NewQueue(s.stack, &id, s.queueProps(fifo))
	s.reasonedQueue(q, reason{"AwsSolutions-SQS3", "It is the queue of dead letters itself: an alarm watches it, and its messages are moved back by hand"})
	s.undelivered = append(s.undelivered, q)
	return q
}

func (s *service) queueProps(fifo bool) *awssqs.QueueProps {
	p := &awssqs.QueueProps{EnforceSSL: new(true), Encryption: awssqs.QueueEncryption_SQS_MANAGED, RetentionPeriod: days(keptDays)}
	if fifo {
		p.Fifo = new(true)
	}
	if s.key != nil {
		p.Encryption, p.EncryptionMasterKey = awssqs.QueueEncryption_KMS, s.key
	}
	return p
}
