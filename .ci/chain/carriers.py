"""EventBridge: its rules and its schedules, which send to queues by the rights that the template gives them. Which events a rule takes moto
decides; what it takes is carried from a queue of the rule's own, so that the target's policy counts, retries and dead letters too.
"""
import json
import re

import botocore.exceptions

from calls import Ask, queue_arn
from functions import Refused
from guard import Caller
from template import ACCOUNT

UNITS = {"minute": 60, "hour": 3600, "day": 86400}
AWAY = {"ServiceUnavailable", "503"}  # worth another try


class Target:
    """Where a rule or a schedule sends, how often it tries, and what becomes of the rest."""

    def __init__(self, part, attributes):
        self.arn, self.attributes = part.take("Arn"), attributes
        dead, retries = part.part("DeadLetterConfig"), part.part("RetryPolicy")
        self.dead = dead.take("Arn", None)
        self.age, self.retries = retries.take("MaximumEventAgeInSeconds", 86400), retries.take("MaximumRetryAttempts", 185)
        group = part.part("SqsParameters")
        self.group = group.take("MessageGroupId", None)
        for p in (dead, retries, group):
            p.end()
        self.lost = []

    def send(self, sqs, url_of, body):
        """Sends, again where that may help. What cannot be sent becomes a dead letter, or is lost."""
        group = {"MessageGroupId": self.group} if self.group else {}
        tries = 0
        while True:
            try:
                return sqs.send_message(QueueUrl=url_of(self.arn), MessageBody=body, **group)
            except botocore.exceptions.ClientError as e:
                code = e.response["Error"]["Code"]
            if code not in AWAY or tries == self.retries:
                break
            tries += 1
        if self.dead is None:
            return self.lost.append(code)
        said = self.attributes | {"TARGET_ARN": self.arn, "ERROR_CODE": code, "RETRY_ATTEMPTS": str(tries)}
        try:
            sqs.send_message(QueueUrl=url_of(self.dead), MessageBody=body, MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in said.items()})
        except botocore.exceptions.ClientError as e:
            self.lost.append(f"{code}, then {e}")


class Rule:
    """A rule of EventBridge with its one target."""

    def __init__(self, account, r, url_of):
        self.account, self.url_of, self.id = account, url_of, r.id
        self.bus = bus = r.take("EventBusName", "default")
        self.capture = account.sqs.create_queue(QueueName=f"{r.id}-takes")["QueueUrl"]
        account.events.put_rule(Name=r.id, EventBusName=bus, EventPattern=json.dumps(r.take("EventPattern")))
        account.events.put_targets(Rule=r.id, EventBusName=bus, Targets=[{"Id": "one", "Arn": queue_arn(self.capture)}])
        if r.take("State", "ENABLED") != "ENABLED":
            account.events.disable_rule(Name=r.id, EventBusName=bus)
        target, = r.parts("Targets")
        self.target = Target(target, {"RULE_ARN": r.arn})
        target.take("Id")
        target.end()
        r.leave(Description="for people", Tags="for people")
        r.end()
        self.sqs = account.client("sqs", Caller("events.amazonaws.com", {"aws:SourceArn": r.arn, "aws:SourceAccount": ACCOUNT}, "events"))

    def delete(self):
        self.account.events.remove_targets(Rule=self.id, EventBusName=self.bus, Ids=["one"])
        self.account.events.delete_rule(Name=self.id, EventBusName=self.bus)
        self.account.sqs.delete_queue(QueueUrl=self.capture)

    def carry(self):
        """Carries what the rule took. Whether there was any. Services of AWS send to the default bus alone; those of moto to each."""
        taken = [m for m in self.account.take(self.capture) if self.bus == "default" or not json.loads(m["Body"])["source"].startswith("aws.")]
        for m in taken:
            self.target.send(self.sqs, self.url_of, m["Body"])
        return bool(taken)


class Schedule:
    """A schedule of EventBridge Scheduler."""

    def __init__(self, account, r, url_of, groups):
        self.account, self.url_of, self.id = account, url_of, r.id
        self.every = rate(r.take("ScheduleExpression"))
        self.on = r.take("State", "ENABLED") == "ENABLED"
        self.group = groups[r.take("GroupName")]
        self.key = r.take("KmsKeyArn", None)
        window = r.part("FlexibleTimeWindow")
        window.expect("Mode", "OFF")
        window.end()
        target = r.part("Target")
        self.role, self.input = target.take("RoleArn"), target.take("Input")
        self.target = Target(target, {"SCHEDULE_ARN": f"{self.group.replace('schedule-group', 'schedule')}/{r.name}"})
        target.end()
        r.leave(Description="for people")
        r.end()

    def fire(self):
        """Lets the time go by until it is due, and sends what it sends, as its role."""
        self.account.advance(self.every)
        if not self.on:
            return
        guard, mine = self.account.guard, Caller(self.role, {}, "scheduler")
        service = Caller("scheduler.amazonaws.com", {"aws:SourceArn": self.group, "aws:SourceAccount": ACCOUNT}, "scheduler")
        if not guard.permits(service, Ask("sts:AssumeRole", self.role, self.role)):
            raise Refused(f"the scheduler may not take the role of {self.id}")
        if self.key and not guard.permits(mine, Ask("kms:Decrypt", self.key, self.key)):
            raise Refused(f"the scheduler may not read {self.id}")
        self.target.send(self.account.client("sqs", mine), self.url_of, self.input)


def rate(expression):
    """The seconds of a rate."""
    m = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not m:
        raise Refused(f"the schedule {expression!r}")
    return int(m[1]) * UNITS[m[2]]
