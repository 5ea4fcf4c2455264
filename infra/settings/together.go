package settings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/infra/region"
)

// together returns what is wrong with settings that are right by themselves.
func (p Props) together() []Problem {
	var problems []Problem
	if p.Region != "" {
		if err := region.Check(p.Region); err != nil {
			problems = append(problems, Problem{"region", "", err.Error()})
		}
	}
	if p.Name == "default" {
		problems = append(problems, Problem{"name", "", "is what AWS calls its own event bus, and the stack's bus is named after it: take another one"})
	}
	if p.Uploads != "" && p.Uploads == p.State {
		problems = append(problems, Problem{"state", "", "is the bucket of uploads, too: each needs its own, since what is written to the state must not be taken in"})
	}
	if at := regionOf(p.AlarmTopic); p.Region != "" && at != "" && at != p.Region {
		problems = append(problems, Problem{"alarmTopic", "", fmt.Sprintf("is in %s, and the stack in %s: alarms take a topic of their own region", at, p.Region)})
	}
	problems = append(problems, p.checkKeys()...)
	problems = append(problems, p.checkConsumers()...)
	problems = append(problems, p.checkTargets()...)
	problems = append(problems, p.checkCanary()...)
	problems = append(problems, p.Intake.checkReserved("intake")...)
	problems = append(problems, p.Delivery.checkReserved("delivery")...)
	for i, producer := range p.Producers {
		problems = append(problems, p.checkKeyOf(i, producer)...)
	}
	return problems
}

func (p Props) checkKeys() []Problem {
	var problems []Problem
	if p.Key != "" && p.Key == p.PreviousKey {
		problems = append(problems, Problem{"previousKey", "", "is the key itself, which reads what it encrypted: leave previousKey out"})
	}
	if at := regionOf(p.Key); p.Region != "" && at != "" && at != p.Region {
		problems = append(problems, Problem{"key", "", fmt.Sprintf("is in %s, and the stack in %s: buckets and queues take keys of their own region", at, p.Region)})
	}
	return problems
}

// regionOf is the region in an ARN; "" where there is none.
func regionOf(arn string) string { return part(arn, 3) }

// accountOf is the account in an ARN; "" where there is none.
func accountOf(arn string) string { return part(arn, 4) }

func part(arn string, i int) string {
	parts := strings.Split(arn, ":")
	if i >= len(parts) {
		return ""
	}
	return parts[i]
}

// checkReserved refuses a reservation that does not suffice for what the queue hands over: the rest would be throttled.
func (f Function) checkReserved(name string) []Problem {
	if f.Reserved == 0 || f.Reserved >= f.Concurrency {
		return nil
	}
	return []Problem{{name + "Reserved", "", fmt.Sprintf(
		"%d is less than %sConcurrency, which is %d: reserve as much at least, or leave it out", f.Reserved, name, f.Concurrency)}}
}

// checkKeyOf refuses a role that is of another account, or may be, where it could not encrypt: AWS's own keys are an account's own.
func (p Props) checkKeyOf(i int, producer Producer) []Problem {
	why, account := "is of another account", accountOf(producer.Role)
	switch {
	case p.OwnKey() || account == "" || account == p.Account:
		return nil
	case p.Account == "":
		why = "is perhaps of another account (set account to yours, and it is known)"
	}
	return []Problem{{"producers", "/" + strconv.Itoa(i) + "/role", fmt.Sprintf(
		"%s %s, and could not upload what AWS's key of this account encrypts: set customerKey to true (-c customerKey=true)", producer.Role, why)}}
}

// checkConsumers refuses a name that cannot be that of a data sync, which has 64 characters, the last four of which are ours.
func (p Props) checkConsumers() []Problem {
	if !p.Consumers || len(p.Name) <= 60 {
		return nil
	}
	return []Problem{{"name", "", "must have 60 characters or fewer where consumers is true: a data sync is named after it"}}
}

// checkTargets refuses a name that leaves no room for those of the functions' roles, which have 64 characters, the last 24 of which are region and
// function; and roles that are of nobody in the stack's account.
func (p Props) checkTargets() []Problem {
	var problems []Problem
	if p.Targets != "" && len(p.Name) > 40 {
		problems = append(problems, Problem{"name", "", "must have 40 characters or fewer where there are targets: the functions' roles are named after it"})
	}
	for i, role := range p.Operators {
		if at := accountOf(role); p.Account != "" && at != "" && at != p.Account {
			problems = append(problems, Problem{"targetOperators", "/" + strconv.Itoa(i), role + " is of another account than the stack, which the targets' roles do not trust"})
		}
	}
	return problems
}
