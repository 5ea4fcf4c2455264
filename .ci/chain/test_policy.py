"""The evaluator of policies by itself: each operator, allow and deny, missing keys, whose policy counts."""
import unittest

from policy import Needed, Policies, Unsupported, arn_like, call, met, with_keys

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/one"
FOREIGN = "arn:aws:iam::444455556666:role/other"
BUCKET = "arn:aws:s3:::bucket"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def policies(*, identity=(), **of):
    """Statements of the role, and of resources by name."""
    p = Policies(ACCOUNT)
    places = {"bucket": BUCKET, "queue": QUEUE, "key": KEY, "role": ROLE}
    if identity:
        p.add(ROLE, "identity", {"Version": "2012-10-17", "Statement": list(identity)}, identity=True)
    for name, statements in of.items():
        p.add(places[name], name, {"Version": "2012-10-17", "Statement": statements}, identity=False)
    return p


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action, resource="*", **more):
    return allow(action, resource, **more) | {"Effect": "Deny"}


class Decisions(unittest.TestCase):
    def check(self, want, p, c, holder=BUCKET):
        self.assertEqual(p.allows(c, holder), want, c)

    def test_nothing_is_allowed_by_itself(self):
        self.check(False, policies(), call(ROLE, "s3:GetObject", BUCKET + "/a"))

    def test_identity(self):
        p = policies(identity=[allow(["s3:GetObject", "s3:PutObject"], [BUCKET + "/a/*", BUCKET + "/b"])])
        self.check(True, p, call(ROLE, "s3:GetObject", BUCKET + "/a/x/y"))
        self.check(True, p, call(ROLE, "s3:PutObject", BUCKET + "/b"))
        self.check(True, p, call(ROLE, "S3:putobject", BUCKET + "/b"))  # actions have no case
        self.check(False, p, call(ROLE, "s3:DeleteObject", BUCKET + "/b"))
        self.check(False, p, call(ROLE, "s3:GetObject", BUCKET + "/A/x"))  # resources have
        self.check(False, p, call(ROLE, "s3:GetObject", BUCKET + "/b/c"))
        self.check(False, p, call(ROLE + "s", "s3:PutObject", BUCKET + "/b"))

    def test_deny_beats_allow(self):
        p = policies(identity=[allow("s3:*")], bucket=[deny("s3:GetObject", BUCKET + "/secret", Principal="*")])
        self.check(True, p, call(ROLE, "s3:GetObject", BUCKET + "/a"))
        self.check(False, p, call(ROLE, "s3:GetObject", BUCKET + "/secret"))

    def test_tls(self):
        p = policies(identity=[allow("s3:*")],
                     bucket=[deny("s3:*", BUCKET + "/*", Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "false"}})])
        self.check(True, p, call(ROLE, "s3:GetObject", BUCKET + "/a"))
        self.check(False, p, with_keys(ROLE, "s3:GetObject", BUCKET + "/a", {"aws:SecureTransport": "false"}))

    def test_resource_policy_in_the_same_account(self):
        p = policies(bucket=[allow("s3:PutObject", BUCKET + "/in/*", Principal={"AWS": ROLE})])
        self.check(True, p, call(ROLE, "s3:PutObject", BUCKET + "/in/a"))
        self.check(False, p, call(ROLE, "s3:PutObject", BUCKET + "/out/a"))
        self.check(False, policies(bucket=[allow("s3:PutObject", Principal=ROOT)]), call(ROLE, "s3:PutObject", BUCKET + "/a"))

    def test_another_account_needs_the_resource(self):
        self.check(False, policies(identity=[allow("s3:*")]), call(FOREIGN, "s3:PutObject", BUCKET + "/a"))
        for principal in (FOREIGN, "arn:aws:iam::444455556666:root", "444455556666"):
            p = policies(bucket=[allow("s3:PutObject", Principal={"AWS": principal})])
            self.check(True, p, call(FOREIGN, "s3:PutObject", BUCKET + "/a"))

    def test_service(self):
        mine = {"ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
        p = policies(queue=[allow("sqs:SendMessage", QUEUE, Principal={"Service": "events.amazonaws.com"}, Condition=mine)])
        keys = {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r", "aws:SourceAccount": ACCOUNT}
        self.check(True, p, with_keys("events.amazonaws.com", "sqs:SendMessage", QUEUE, keys), QUEUE)
        self.check(False, p, with_keys("sns.amazonaws.com", "sqs:SendMessage", QUEUE, keys), QUEUE)
        self.check(False, p, with_keys("events.amazonaws.com", "sqs:SendMessage", QUEUE, keys | {"aws:SourceArn": keys["aws:SourceArn"] + "s"}), QUEUE)
        self.check(False, p, call("events.amazonaws.com", "sqs:SendMessage", QUEUE), QUEUE)  # without the keys

    def test_key(self):
        """A key's policy decides; it hands on to identities where it names the account."""
        decrypt = call(ROLE, "kms:Decrypt", KEY)
        grant = allow("kms:Decrypt", KEY)
        self.check(False, policies(identity=[grant]), decrypt, KEY)
        self.check(False, policies(key=[allow("kms:*", Principal=ROOT)]), decrypt, KEY)
        self.check(True, policies(identity=[grant], key=[allow("kms:*", Principal=ROOT)]), decrypt, KEY)
        self.check(True, policies(key=[allow("kms:Decrypt", Principal={"AWS": ROLE})]), decrypt, KEY)

    def test_trust(self):
        p = policies(role=[{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}])
        self.check(True, p, call("lambda.amazonaws.com", "sts:AssumeRole", ROLE), ROLE)
        self.check(False, p, call("ec2.amazonaws.com", "sts:AssumeRole", ROLE), ROLE)

    def test_unknown_is_an_error(self):
        for raw in ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, allow("s3:*", NotResource="x"), allow("*"), allow("s3:Get-Object"),
                    {"Effect": "Perhaps", "Action": "s3:GetObject", "Resource": "*"}, allow("s3:GetObject", Principal="*")):
            with self.assertRaises((Unsupported, KeyError), msg=raw):
                policies(identity=[raw])
        for raw in (allow("s3:*", Principal={"Federated": "x"}), allow("s3:*", NotPrincipal={"AWS": ROLE}), deny("s3:*", NotPrincipal={"AWS": ROLE})):
            with self.assertRaises(Unsupported, msg=raw):
                policies(bucket=[raw])
        for raw in (allow("s3:GetObject", "${aws:username}"), allow("s3:GetObject", Condition={"IpAddress": {"aws:SourceIp": "x"}})):
            with self.assertRaises(Unsupported, msg=raw):
                policies(identity=[raw]).allows(call(ROLE, "s3:GetObject", BUCKET + "/a"), BUCKET)


class Operators(unittest.TestCase):
    def test_each(self):
        arn = "arn:aws:events:us-east-1:1:rule/a:b"
        for operator, want, got, answer in (
            ("StringEquals", ["a", "b"], ("b",), True), ("StringEquals", ["a*"], ("ab",), False), ("StringEquals", ["a"], None, False),
            ("StringEqualsIfExists", ["a"], None, True), ("StringEqualsIfExists", ["a"], ("b",), False),
            ("StringNotEquals", ["a"], ("b",), True), ("StringNotEquals", ["a", "b"], ("b",), False), ("StringNotEquals", ["a"], None, True),
            ("StringLike", ["a/*"], ("a/b",), True), ("StringLike", ["a/?"], ("a/bc",), False), ("StringLike", ["*"], None, False),
            ("StringLikeIfExists", ["a/*"], None, True), ("StringLikeIfExists", ["a/*"], ("b",), False),
            ("StringNotLike", ["a/*"], ("a/b",), False), ("StringNotLike", ["a/*"], ("b",), True),
            ("ArnEquals", [arn], (arn,), True), ("ArnLike", ["arn:aws:events:*:1:rule/*"], (arn,), True),
            ("ArnLike", ["arn:aws:*:rule/*"], (arn,), False), ("ArnLike", [arn], None, False),
            ("Bool", ["false"], ("false",), True), ("Bool", [True], ("false",), False), ("Bool", ["true"], None, False),
            ("Null", ["true"], None, True), ("Null", ["false"], None, False), ("Null", ["false"], ("a",), True), ("Null", [True], ("a",), False),
            ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True), ("ForAllValues:StringEquals", ["a"], ("a", "c"), False),
            ("ForAllValues:StringEquals", ["a"], None, True), ("ForAllValues:StringLike", ["C:*"], ("C:a", "C:b"), True),
            ("ForAllValues:StringNotEquals", ["a"], None, True), ("ForAllValues:StringNotEquals", ["a"], ("b", "a"), False),
            ("ForAnyValue:StringNotEquals", ["a"], ("b", "a"), True), ("ForAnyValue:StringNotEquals", ["a"], None, False),
            ("ForAllValues:StringEqualsIfExists", ["a"], ("c",), False), ("StringNotEqualsIfExists", ["a"], None, True),
            ("ForAnyValue:StringEquals", ["a"], ("a", "c"), True), ("ForAnyValue:StringEquals", ["a"], None, False),
        ):
            self.assertEqual(met(operator, want, got), answer, (operator, want, got))

    def test_unknown(self):
        for operator in ("StringEqualsIgnoreCase", "NumericLessThan", "ForSomeValues:StringEquals"):
            with self.assertRaises(Unsupported):
                met(operator, ["a"], ("a",))
        for operator, want, got in (("StringEquals", "a", ("a", "b")), ("StringNotEquals", "${aws:PrincipalAccount}", ("a",)),
                                    ("StringEqualsIfExists", "${aws:username}", None)):
            with self.assertRaises(Unsupported, msg=(operator, want)):
                met(operator, [want], got)

    def test_arn(self):
        self.assertFalse(arn_like("arn:aws:s3:::a", "a"))


class WhatIsNeeded(unittest.TestCase):
    def test_idle(self):
        p = policies(identity=[allow(["s3:GetObject", "s3:PutObject"], [BUCKET + "/a", BUCKET + "/b"]), allow("s3:GetObject", BUCKET + "/*"),
                               allow("s3:DeleteObject", BUCKET + "/a")])
        needed = Needed(p)
        for action, key in (("s3:GetObject", "/a"), ("s3:PutObject", "/b")):
            needed.record(call(ROLE, action, BUCKET + key), BUCKET)
        self.assertEqual(needed.idle(), {  # /a is read by the second statement, too
            "identity[0] s3:GetObject", f"identity[0] {BUCKET}/a", "identity[1]", "identity[2]"})
        needed.record(call(ROLE, "s3:GetObject", BUCKET + "/c"), BUCKET)
        needed.record(call(ROLE, "s3:DeleteObject", BUCKET + "/a"), BUCKET)
        self.assertEqual(needed.idle(), {"identity[0] s3:GetObject", f"identity[0] {BUCKET}/a"})


if __name__ == "__main__":
    unittest.main()
