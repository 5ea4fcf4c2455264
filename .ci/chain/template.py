"""Reads a synthesised template. Intrinsics are resolved; what is read of a resource must be all of it: a type or a property that nobody
knows is an error, so that nothing of the stack is left out silently. What is left out on purpose stands here, with the reason.
"""
import copy
import functools
import json
import pathlib
import re
import uuid

ACCOUNT, REGION, PARTITION = "123456789012", "us-east-1", "aws"
PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": PARTITION, "AWS::URLSuffix": "amazonaws.com"}

# Resources that the chain does not make.
LEFT_OUT = {
    "AWS::CloudWatch::Alarm": "it watches, and nothing goes through it",
    "AWS::CloudWatch::CompositeAlarm": "as an alarm",
    "AWS::CloudWatch::Dashboard": "it shows, and nothing goes through it",
    "AWS::CDK::Metadata": "of the CDK's own statistics",
}
SECTIONS = {"AWSTemplateFormatVersion", "Description", "Resources", "Outputs", "Parameters", "Rules", "Conditions", "Mappings", "Metadata"}
ATTRIBUTES = {"Type", "Properties", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy",
              "Metadata"}  # reasons for exceptions from rules, for people


class NotKnown(Exception):
    """The template has something that the chain does not use."""


class Part:
    """An object of the template. Whoever reads it takes out what it uses; whatever is left at the end is an error."""

    def __init__(self, place, values):
        if not isinstance(values, dict):
            raise NotKnown(f"{place} is no object")
        self.place, self.values = place, dict(values)

    def take(self, name, *default):
        if name not in self.values and not default:
            raise NotKnown(f"{self.place} has no {name}")
        return self.values.pop(name, *default)

    def part(self, name):
        """An object within, empty where there is none."""
        return Part(f"{self.place}.{name}", self.values.pop(name, {}))

    def parts(self, name):
        return [Part(f"{self.place}.{name}[{k}]", value) for k, value in enumerate(self.values.pop(name, []))]

    def leave(self, **reasons):
        """Leaves properties out, each with a reason."""
        for name in reasons:
            self.values.pop(name, None)

    def expect(self, name, *values):
        """A property that the chain takes for granted."""
        got = self.take(name)
        if got not in values:
            raise NotKnown(f"{self.place}.{name} is {got!r}")

    def end(self):
        if self.values:
            raise NotKnown(f"{self.place} has {', '.join(sorted(self.values))}, which the chain does not use")


class Resource(Part):
    """A resource with what it is called in the account."""

    def __init__(self, template, id, raw):
        if raw.keys() - ATTRIBUTES:
            raise NotKnown(f"{id} has {sorted(raw.keys() - ATTRIBUTES)}")
        self.template, self.id, self.type = template, id, raw["Type"]
        self.retained = raw.get("DeletionPolicy", "Delete") != "Delete"
        super().__init__(id, template.resolve(raw.get("Properties", {})))

    @property
    def ref(self):
        return self.template.ref(self.id)

    @property
    def arn(self):
        return self.template.attribute(self.id, "Arn")

    @property
    def name(self):
        return self.template.name(self.id)


class Template:
    def __init__(self, raw, stack, assets):
        self.raw, self.stack, self.assets = raw, stack, assets
        self.origin = self  # before a change
        if raw.keys() - SECTIONS:
            raise NotKnown(f"the sections {sorted(raw.keys() - SECTIONS)}")

    @classmethod
    def read(cls, path):
        """The template in a file, with the assets beside it; the stack is named after the file."""
        path = pathlib.Path(path)
        return cls(json.loads(path.read_text()), path.name.removesuffix(".template.json"), path.parent)

    def changed(self, change):
        """The template after a change of its JSON, for tests of what such a change breaks."""
        raw = copy.deepcopy(self.raw)
        change(raw["Resources"])
        if raw == self.raw:
            raise ValueError("nothing was changed")
        new = Template(raw, self.stack, self.assets)
        new.origin = self.origin
        return new

    def variables(self):
        """The variables of all functions together."""
        return {k: v for r in self.resources("AWS::Lambda::Function") for k, v in r.values["Environment"]["Variables"].items()}

    def resources(self, *types):
        """The resources of some types, in their order; those under a condition that does not hold are not there."""
        return [Resource(self, id, r) for id, r in self.raw["Resources"].items() if r["Type"] in types and self.holds(r.get("Condition"))]

    def check_types(self, known):
        for id, r in self.raw["Resources"].items():
            if r["Type"] not in known and r["Type"] not in LEFT_OUT:
                raise NotKnown(f"{id} is a {r['Type']}, which the chain does not make")

    def outputs(self):
        return {name: self.resolve(o["Value"]) for name, o in self.raw.get("Outputs", {}).items() if self.holds(o.get("Condition"))}

    def holds(self, condition):
        return condition is None or self.condition(self.raw["Conditions"][condition])

    def condition(self, value):
        (name, of), = value.items()
        if name == "Condition":
            return self.holds(of)
        if name == "Fn::Equals":
            return self.resolve(of[0]) == self.resolve(of[1])
        each = [self.condition(v) for v in of]
        if name == "Fn::Not":
            return not each[0]
        if name in ("Fn::And", "Fn::Or"):
            return (all if name == "Fn::And" else any)(each)
        raise NotKnown(f"the condition {name}")

    def resolve(self, value):
        """A value without intrinsics."""
        if isinstance(value, list):
            return [v for v in map(self.resolve, value) if v is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, of), = value.items()
            if name in INTRINSICS:
                return INTRINSICS[name](self, of)
            if name.startswith("Fn::"):
                raise NotKnown(f"the intrinsic {name}")
        return {k: v for k, v in ((k, self.resolve(v)) for k, v in value.items()) if v is not NO_VALUE}

    def ref(self, id):
        if id in PSEUDO:
            return PSEUDO[id]
        if id == "AWS::StackName":
            return self.stack
        if id == "AWS::NoValue":
            return NO_VALUE
        if id in self.raw.get("Parameters", {}):
            return self.raw["Parameters"][id]["Default"]
        kind, name = self.raw["Resources"][id]["Type"], self.name(id)
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{REGION}.{PSEUDO['AWS::URLSuffix']}/{ACCOUNT}/{name}"
        if kind == "AWS::Events::Rule" and "/" in name:
            return name.replace("/", "|")
        return name

    def name(self, id):
        """What a resource is called: its own name, or one as CloudFormation makes them."""
        r = self.raw["Resources"][id]
        own, kind = self.resolve(r.get("Properties", {})), r["Type"]
        name = f"{self.stack}-{id}"
        if kind == "AWS::S3::Bucket":
            return own.get("BucketName", name.lower())
        if kind == "AWS::KMS::Key":
            return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        if kind == "AWS::SQS::Queue":
            return own.get("QueueName", name + (".fifo" if own.get("FifoQueue") else ""))
        if kind == "AWS::Events::Rule":
            return f"{bus}/{name}" if (bus := own.get("EventBusName")) else name
        names = {"AWS::Logs::LogGroup": "LogGroupName", "AWS::IAM::Role": "RoleName", "AWS::Lambda::Function": "FunctionName"}
        return own.get(names.get(kind, "Name"), name)

    def attribute(self, id, attribute):
        kind, name = self.raw["Resources"][id]["Type"], self.name(id)
        if (kind, attribute) in (("AWS::SQS::Queue", "QueueName"), ("AWS::Events::EventBus", "Name")):
            return name
        if (kind, attribute) == ("AWS::SQS::Queue", "QueueUrl"):
            return self.ref(id)
        if attribute != "Arn" or kind not in ARNS:
            raise NotKnown(f"the attribute {attribute} of {id}")
        return ARNS[kind].format(p=PARTITION, r=REGION, a=ACCOUNT, n=name)

    def join(self, of):
        return of[0].join(self.text(v) for v in self.resolve(of[1]))

    def sub(self, of):
        text, values = (of, {}) if isinstance(of, str) else (of[0], self.resolve(of[1]))

        def value(m):
            if m[1].startswith("!"):
                return "${" + m[1][1:] + "}"
            if m[1] in values:
                return self.text(values[m[1]])
            id, _, attribute = m[1].partition(".")
            return self.text(self.attribute(id, attribute) if attribute else self.ref(id))
        return re.sub(r"\$\{([^}]+)\}", value, text)

    @staticmethod
    def text(value):
        if isinstance(value, (dict, list)):
            raise NotKnown(f"a text that is made of {value!r}")
        return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


NO_VALUE = object()
ARNS = {
    "AWS::S3::Bucket": "arn:{p}:s3:::{n}",
    "AWS::SQS::Queue": "arn:{p}:sqs:{r}:{a}:{n}",
    "AWS::Events::EventBus": "arn:{p}:events:{r}:{a}:event-bus/{n}",
    "AWS::Events::Rule": "arn:{p}:events:{r}:{a}:rule/{n}",
    "AWS::Logs::LogGroup": "arn:{p}:logs:{r}:{a}:log-group:{n}:*",
    "AWS::IAM::Role": "arn:{p}:iam::{a}:role/{n}",
    "AWS::Lambda::Function": "arn:{p}:lambda:{r}:{a}:function:{n}",
    "AWS::KMS::Key": "arn:{p}:kms:{r}:{a}:key/{n}",
    "AWS::Scheduler::ScheduleGroup": "arn:{p}:scheduler:{r}:{a}:schedule-group/{n}",
}
INTRINSICS = {
    "Ref": Template.ref,
    "Fn::GetAtt": lambda t, of: t.attribute(*(of if isinstance(of, list) else of.split(".", 1))),
    "Fn::Join": Template.join,
    "Fn::Sub": Template.sub,
    "Fn::If": lambda t, of: t.resolve(of[1] if t.holds(of[0]) else of[2]),
    "Fn::FindInMap": lambda t, of: functools.reduce(lambda at, key: at[t.resolve(key)], of[1:], t.raw["Mappings"][of[0]]),
    "Fn::Select": lambda t, of: t.resolve(of[1])[int(of[0])],
    "Fn::Split": lambda t, of: t.resolve(of[1]).split(of[0]),
}
