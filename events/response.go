package events

// BatchResponse lists the messages of a batch that have to come again.
// See "Reporting batch item failures" in the AWS Lambda documentation.
type BatchResponse struct {
	BatchItemFailures []ItemFailure `json:"batchItemFailures"`
}

// ItemFailure names one message.
type ItemFailure struct {
	ItemIdentifier string `json:"itemIdentifier"`
}

// Response returns which messages of the batch have to come again: those for which failed is true (i counts Messages), and in a
// FIFO queue all that follow a failed one in its group, since a later one must not overtake it. Each ID is there once, in the
// order of the batch, and never an empty one: with that the whole batch would come again.
//
// unreported counts failed messages without an ID. They can only come again if the whole invocation fails, so where it is not
// zero the caller returns an error instead of the response.
func (b Batch) Response(failed func(i int) bool) (response BatchResponse, unreported int) {
	response.BatchItemFailures = []ItemFailure{}
	reported := map[string]bool{}
	stopped := map[string]bool{}
	for i, m := range b.Messages {
		if !failed(i) && !stopped[m.Group] {
			continue
		}
		if m.Group != "" {
			stopped[m.Group] = true
		}
		switch {
		case m.ID == "":
			unreported++
		case !reported[m.ID]:
			reported[m.ID] = true
			response.BatchItemFailures = append(response.BatchItemFailures, ItemFailure{ItemIdentifier: m.ID})
		}
	}
	return response, unreported
}
