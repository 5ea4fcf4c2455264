"""What is changed in the template alone is noticed: a pattern, a variable, a queue, a right, a schedule. Each change is one that a mistake in
the stack's code could make.
"""
import contextlib
import io
import json
import unittest

import mishaps
import runs
from functions import Refused
from runs import template
from template import NotKnown

NOTICED = (AssertionError, Refused, NotKnown, TimeoutError)


def one(of):
    runs.calm(of, 1)


def killed(of):
    runs.killed(of, 1, runs.undisturbed("plain", 1))


def of_type(resources, kind, begins=""):
    """The only resource of a type whose logical ID begins so; of several the one with the shortest."""
    return resources[min((id for id, r in resources.items() if r["Type"] == kind and id.startswith(begins)), key=len)]["Properties"]


def setting(kind, begins, path, value):
    """A change that sets a property; None takes it away."""
    def change(resources):
        at = of_type(resources, kind, begins)
        *within, last = path.split("/")
        for step in within:
            at = at[int(step) if isinstance(at, list) else step]
        last = int(last) if isinstance(at, list) else last
        if value is None:
            del at[last]
        else:
            at[last] = value
    return change


def queue(name, path, value):
    return setting("AWS::SQS::Queue", name, path, value)


def variable(function, name, value=None):
    return setting("AWS::Lambda::Function", function, f"Environment/Variables/{name}", value)


def right(role, action, value=None):
    """A change that takes away the statement that begins with an action."""
    def change(resources):
        document = of_type(resources, "AWS::IAM::Role", role)["Policies"][0]["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if action not in json.dumps(s["Action"])]
    return change


def both(*changes):
    def change(resources):
        for c in changes:
            c(resources)
    return change


CHANGES = {
    "the pattern takes another event": (setting("AWS::Events::Rule", "Objects", "EventPattern/detail-type", ["Object Deleted"]), one),
    "the pattern takes another bucket": (setting("AWS::Events::Rule", "Objects", "EventPattern/detail/bucket/name", ["other"]), one),
    "the pattern takes our own events": (setting("AWS::Events::Rule", "Events", "EventPattern/source", [{"prefix": ""}]), mishaps.ways),
    "the rule is of another bus": (setting("AWS::Events::Rule", "Events", "EventBusName", "default"), mishaps.ways),
    "the bucket tells nobody": (setting("AWS::S3::Bucket", "Uploads", "NotificationConfiguration", None), one),
    "the bucket keeps no versions": (setting("AWS::S3::Bucket", "State", "VersioningConfiguration", None), one),
    "the rule's dead letters": (setting("AWS::Events::Rule", "Objects", "Targets/0/DeadLetterConfig", None), mishaps.redriven),
    "the queue's policy": (setting("AWS::SQS::QueuePolicy", "ArrivingPolicy", "PolicyDocument/Statement/1/Condition/ArnEquals/aws:SourceArn", "arn:a:b:c:d:e"), one),
    "no FIFO": (both(queue("Deliveries", "FifoQueue", None), queue("DeliveriesDead", "FifoQueue", None)), one),
    "dead letters of another kind": (queue("DeliveriesDead", "FifoQueue", None), one),
    "no deduplication by content": (queue("Deliveries", "ContentBasedDeduplication", None), mishaps.sweep),
    "deliveries hidden for too short": (queue("Deliveries", "VisibilityTimeout", 500), mishaps.poison),
    "deliveries hidden for less than six times": (queue("Deliveries", "VisibilityTimeout", 950), one),
    "documents hidden for too short": (queue("Arriving", "VisibilityTimeout", 60), one),
    "tried once": (queue("Deliveries", "RedrivePolicy/maxReceiveCount", 1), killed),
    "kept for too short": (queue("Deliveries", "MessageRetentionPeriod", 60), killed),
    "whole batches": (setting("AWS::Lambda::EventSourceMapping", "Intake", "FunctionResponseTypes", None), mishaps.poison),
    "too few at a time": (setting("AWS::Lambda::EventSourceMapping", "Delivery", "ScalingConfig/MaximumConcurrency", 1), one),
    "more time than the queue hides": (setting("AWS::Lambda::Function", "Delivery", "Timeout", 900), one),
    "nobody may be the function": (setting("AWS::IAM::Role", "Intake", "AssumeRolePolicyDocument/Statement/0/Principal/Service", "ec2.amazonaws.com"), one),
    "the schedule says something else": (setting("AWS::Scheduler::Schedule", "Sweep", "Target/Input", '{"swept":{}}'), mishaps.sweep),
    "the schedule has no group": (setting("AWS::Scheduler::Schedule", "Sweep", "Target/SqsParameters", None), mishaps.sweep),
    "the schedule is another's": (setting("AWS::IAM::Role", "SweepRole", "AssumeRolePolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn", "arn:a:b:c:d:e"), mishaps.sweep),
    "once a day": (setting("AWS::Scheduler::Schedule", "Sweep", "ScheduleExpression", "rate(1 day)"), mishaps.sweep),
    "switched off": (setting("AWS::Scheduler::Schedule", "Sweep", "State", "DISABLED"), mishaps.sweep),
    "intake may not send": (right("IntakeRole", "sqs:SendMessage"), one),
    "delivery may not put": (right("DeliveryRole", "ssm:PutInventory"), one),
    "the partitions of delivery": (variable("Delivery", "INVBRIDGE_PARTITIONS", "32"), one),
    "the partitions of intake": (variable("Intake", "INVBRIDGE_PARTITIONS", "32"), one),
    "who shares the rate": (variable("Delivery", "INVBRIDGE_CONCURRENCY", "7"), one),
    "a property that nobody knows": (queue("Arriving", "Colour", "blue"), one),
    "a type that nobody knows": (lambda resources: resources.update(New={"Type": "AWS::SNS::Topic"}), one),
}

# Which run notices that a variable is gone. Without INVBRIDGE_PARTITIONS the default holds, which is the same: above.
VARIABLES = {
    ("Intake", "INVBRIDGE_BUS"): mishaps.ways, ("Intake", "INVBRIDGE_METRICS"): mishaps.poison, ("Intake", "INVBRIDGE_QUEUE"): one,
    ("Intake", "INVBRIDGE_ROLE"): one, ("Intake", "INVBRIDGE_STATE"): one, ("Intake", "INVBRIDGE_UPLOADS"): mishaps.ways,
    ("Intake", "INVBRIDGE_STACK"): mishaps.poison,
    ("Delivery", "INVBRIDGE_BUS"): one, ("Delivery", "INVBRIDGE_METRICS"): one, ("Delivery", "INVBRIDGE_QUEUE"): mishaps.poison,
    ("Delivery", "INVBRIDGE_ROLE"): mishaps.ways, ("Delivery", "INVBRIDGE_STATE"): one, ("Delivery", "INVBRIDGE_STACK"): one,
    ("Delivery", "INVBRIDGE_RATE"): one, ("Delivery", "INVBRIDGE_CONCURRENCY"): one,
}
SAME_AS_DEFAULT = {("Intake", "INVBRIDGE_PARTITIONS"), ("Delivery", "INVBRIDGE_PARTITIONS")}


class Changes(unittest.TestCase):
    def noticed(self, change, run):
        changed = template("plain").changed(change)
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaises(NOTICED):
            run(changed)

    def test_changes(self):
        for name, (change, run) in CHANGES.items():
            with self.subTest(name):
                self.noticed(change, run)

    def test_variables(self):
        found = {(r.id.rstrip("0123456789ABCDEF"), name) for r in template("plain").resources("AWS::Lambda::Function")
                 for name in r.values["Environment"]["Variables"]}
        self.assertEqual(found, VARIABLES.keys() | SAME_AS_DEFAULT)
        for (function, name), run in VARIABLES.items():
            with self.subTest(f"{function} {name}"):
                self.noticed(variable(function, name), run)


if __name__ == "__main__":
    unittest.main()
