"""Which permissions a request asks for, by itself; what is not known asks for none, and is refused."""
import json
import unittest

from calls import asks, caller, refusal

BUCKET = "arn:aws:s3:::b"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q.fifo"
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/q.fifo"


def s3(method, path, query="", **headers):
    return [(a.action, a.resource, a.keys) for a in asks("s3", method, path, query, headers, b"")]


def target(service, name, **body):
    return [(a.action, a.resource, a.keys) for a in asks(service, "POST", "/", "", {"X-Amz-Target": f"Any.{name}"}, json.dumps(body))]


class Asks(unittest.TestCase):
    def test_s3(self):
        for got, want in (
            (s3("GET", "/b/a/k%20x", "x-id=GetObject"), ("s3:GetObject", f"{BUCKET}/a/k x", {})),
            (s3("HEAD", "/b/k"), ("s3:GetObject", f"{BUCKET}/k", {})),
            (s3("GET", "/b/k", "versionId=1"), ("s3:GetObjectVersion", f"{BUCKET}/k", {})),
            (s3("PUT", "/b/k"), ("s3:PutObject", f"{BUCKET}/k", {})),
            (s3("DELETE", "/b/k"), ("s3:DeleteObject", f"{BUCKET}/k", {})),
            (s3("POST", "/b/k", "uploads="), ("s3:PutObject", f"{BUCKET}/k", {})),
            (s3("DELETE", "/b/k", "uploadId=1"), ("s3:AbortMultipartUpload", f"{BUCKET}/k", {})),
            (s3("GET", "/b", "list-type=2&prefix=heads%2F"), ("s3:ListBucket", BUCKET, {"s3:prefix": "heads/"})),
            (s3("GET", "/b", "list-type=2"), ("s3:ListBucket", BUCKET, {})),
        ):
            self.assertEqual(got, [want])
        for got in (s3("PUT", "/b/k", "acl="), s3("GET", "/b", "versions="), s3("DELETE", "/b"), s3("POST", "/b/k"),
                    s3("PUT", "/b/k", **{"X-Amz-Copy-Source": "b/x"})):
            self.assertEqual(got, [])

    def test_the_others(self):
        for got, want in (
            (target("sqs", "SendMessageBatch", QueueUrl=URL, Entries=[]), [("sqs:SendMessage", QUEUE, {})]),
            (target("sqs", "PurgeQueue", QueueUrl=URL), []),
            (target("ssm", "GetInventory"), [("ssm:GetInventory", "*", {})]),
            (target("ssm", "DeleteInventory"), []),
            (target("ssm", "PutInventory", Items=[{"TypeName": "Custom:A"}, {"TypeName": "Custom:B"}]),
             [("ssm:PutInventory", "*", {"ssm:InventoryTypeName": ["Custom:A", "Custom:B"]})]),
            (target("ssm", "PutInventory", Items=[]), [("ssm:PutInventory", "*", {})]),
            (target("events", "PutEvents", Entries=[{"Source": "s", "DetailType": "d"}]),
             [("events:PutEvents", "arn:aws:events:us-east-1:123456789012:event-bus/default", {"events:source": "s", "events:detail-type": "d"})]),
            (target("events", "PutRule"), []), (target("kms", "Decrypt"), []),
        ):
            self.assertEqual(got, want)

    def test_caller(self):
        self.assertEqual(caller("AWS4-HMAC-SHA256 Credential=KEY1/20260101/us-east-1/s3/aws4_request, Signature=x"), ("KEY1", "s3"))
        self.assertEqual(caller(None), (None, None))

    def test_refusals(self):
        for service, status in (("s3", 403), ("sqs", 403), ("ssm", 400), ("events", 400), ("else", 400)):
            got, _, body = refusal(service, None)
            self.assertEqual((got, "AccessDenied" in body), (status, True))


if __name__ == "__main__":
    unittest.main()
