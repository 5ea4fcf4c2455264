"""A running sandbox with a few nodes, and clients of it, for the tests beside this file.

Each test has a sandbox of its own: INVBRIDGE is the path of the built command. Needs boto3 and nothing else.

    INVBRIDGE=PATH python3 -m unittest discover -s lambda/sandbox/conformance
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

A = "i-0123456789abcdef0"
B = "mi-0123456789abcdef0"
LOST = "i-00000001"
STOPPED = "i-00000002"
GONE = "i-00000003"
LEAVING = "i-00000004"
DENIED = "i-00000005"
PENDING = "i-00000006"
HALTING = "i-00000007"
UNKNOWN = "i-0000000f"

NODES = [
    {"InstanceId": A, "ComputerName": "a.example.com", "IPAddress": "10.0.0.1", "PlatformName": "Ubuntu", "PlatformVersion": "24.04",
     "Tags": {"Team": "web", "Stage": "prod"}, "IamRole": "role-a", "AssociationStatus": "Success"},
    {"InstanceId": B, "ComputerName": "b", "IPAddress": "10.0.0.2", "Name": "bee", "PlatformType": "Windows", "AgentVersion": "3.2.0.0",
     "ActivationId": "11111111-1111-1111-1111-111111111111", "Tags": [{"Key": "Team", "Value": "db"}],
     "SourceType": "AWS::IoT::Thing", "SourceId": "thing", "MacAddresses": ["aa:bb:cc:dd:ee:ff"]},
    {"InstanceId": LOST, "InstanceStatus": "ConnectionLost"},
    {"InstanceId": STOPPED, "InstanceStatus": "Stopped", "ComputerName": "stopped"},
    {"InstanceId": GONE, "InstanceStatus": "Terminated", "ComputerName": "gone"},
    {"InstanceId": LEAVING, "State": "shutting-down"},
    {"InstanceId": DENIED, "Denied": True},
    {"InstanceId": PENDING, "State": "pending"},
    {"InstanceId": HALTING, "State": "stopping"},
]

TIME = "2026-01-02T03:04:05Z"
LATER = "2026-03-01T00:00:00Z"
SIGNATURE = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/ssm/aws4_request, Signature=any"

session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")

ran = set()
"""The names of the rules' tests that have run."""


class Sandbox(unittest.TestCase):
    """A test with a sandbox of its own."""

    maxDiff = None

    def setUp(self):
        command = os.environ.get("INVBRIDGE")
        if not command:
            self.fail("INVBRIDGE is not set: give the path of the built command")
        self.start(command)

    def start(self, command):
        """Start a sandbox. One that was started before runs on, out of sight."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.objects = pathlib.Path(folder.name, "objects")
        self.objects.mkdir()
        self.seed()
        self.folder = folder.name
        process = subprocess.Popen(
            [command, "sandbox", "--addr", "127.0.0.1:0", "--objects", str(self.objects), *self.options()], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, process)
        line = process.stdout.readline()
        self.assertTrue(line, "the sandbox ended without a line on stdout")
        self.endpoint = json.loads(line)["endpoint"]
        self.ssm = self.client("ssm")

    def options(self):
        """Give what the sandbox begins with besides objects: nodes."""
        nodes = pathlib.Path(self.folder, "nodes.json")
        nodes.write_text(json.dumps(NODES), encoding="utf-8")
        return ["--nodes", str(nodes)]

    def seed(self):
        """Put files under self.objects: a test that wants objects overrides this."""

    def stop(self, process):
        process.terminate()
        process.communicate(timeout=20)

    def client(self, service, **config):
        return session.client(service, endpoint_url=self.endpoint, config=botocore.config.Config(
            parameter_validation=False, retries={"max_attempts": 0, "mode": "standard"}, **config))

    def send(self, operation, body, signature=SIGNATURE):
        """Send a body as it is. Gives status, headers and the answer's JSON."""
        headers = {"X-Amz-Target": "AmazonSSM." + operation, "Content-Type": "application/x-amz-json-1.1"}
        if signature:
            headers["Authorization"] = signature
        data = body if isinstance(body, bytes) else body.encode()
        request = urllib.request.Request(self.endpoint + "/", data=data, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, json.load(error)

    def answers(self, operation, body, code=None):
        """Check the code that a raw body is answered with, None for success."""
        if isinstance(body, dict):
            body = json.dumps(body)
        _, _, answer = self.send(operation, body)
        self.assertEqual(answer.get("__type"), code, f"{operation} {body[:80]} {answer}")
        return answer

    def hook(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + "/_sandbox/" + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def turn(self, *names):
        self.hook("POST", "switches", dict.fromkeys(names, True))

    def advance(self, by):
        self.hook("POST", "clock", {"advance": by})

    def fault(self, **members):
        self.hook("POST", "faults", members)

    def refused(self, code, call, *args, **kwargs):
        """Check the code that a call is refused with. Gives the error's answer."""
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response

    def put(self, node, *items):
        return self.ssm.put_inventory(InstanceId=node, Items=list(items))

    def list(self, node, type_="Custom:T", **more):
        return self.ssm.list_inventory_entries(InstanceId=node, TypeName=type_, **more)

    def holds(self, node, type_, *entries):
        self.assertEqual(self.list(node, type_)["Entries"], list(entries))

    def schemas(self, beginning):
        return self.ssm.get_inventory_schema(TypeName=beginning)["Schemas"]


class Conformance(Sandbox):
    """Tests that rules of testdata/rules.csv name."""

    def setUp(self):
        super().setUp()
        ran.add(self._testMethodName)


def item(content=None, type_="Custom:T", hash_=None, **members):
    """An item; content of None is none."""
    made = {"TypeName": type_, "SchemaVersion": "1.0", "CaptureTime": TIME}
    if content is not None:
        made["Content"] = content
    if hash_ is not None:
        made["ContentHash"] = hash_
    return made | members


def raw(**members):
    """The body of a PutInventory with one item."""
    return {"InstanceId": A, "Items": [item([]) | members]}


def pairs(n):
    return {f"A{k:02d}": "v" for k in range(n)}


def filled(n, size):
    """Content of n entries of the size in bytes each, as the quotas count it."""
    entry, left, k = {}, size - 1, 0
    pair = len('"A00":"",')
    while left > 0:
        value = min(left - pair, 4096)
        rest = left - pair - value
        if 0 < rest < pair:
            value -= pair
        entry[f"A{k:02d}"] = "x" * value
        left -= pair + value
        k += 1
    return [entry] * n


def compliance(type_, content, **context):
    return item(content, "AWS:ComplianceItem", Context={"ComplianceType": type_} | context)
