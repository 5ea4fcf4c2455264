"""Runs in which something goes wrong, or comes another way than as a file: what cannot be handled, what only the schedule finishes, dead
letters of each kind and their way back, events and messages.
"""
import contextlib
import json
import math

import botocore.exceptions

import local
import runs
from guard import Caller
from runs import KEY, T, counted, document, fleet, installed, killer, names, nothing_went_wrong, outcome, receipts

MACHINE = "i-0e02a565560e16b71"  # of the event about a weakness in testevents/
STUMBLES = 8  # a service that is away for some minutes: tries that fail
BUSY = 30  # seconds after which a delivery that failed comes again; twice as many each time
AT_MOST = 900


@contextlib.contextmanager
def forbidden(stack, holder, actions, resource):
    """Forbids something for a while, by a policy of the resource."""
    policies = stack.account.policies
    before = list(policies.of[holder])
    policies.add(holder, "mishap", {"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": resource}}, identity=False)
    yield
    policies.of[holder] = before
    T.assertNotEqual(stack.account.guard.refused, [], "nothing was refused")
    stack.account.guard.refused.clear()


def bucket(name):
    return f"arn:aws:s3:::{name}"


def again(tries):
    """After how many seconds a delivery has failed so often, by what infra/README.md says of it."""
    return sum(min(BUSY * 2 ** k, AT_MOST) for k in range(tries - 1))


def poison(of):
    """An upload that the function may not read, and a delivery that is not there, among others. Each is tried as often as its queue says, and
    ends in the dead letters; the others are done.
    """
    nothing = {"delivery": {"bucket": "", "key": "staging/nothing/1"}}
    with installed(of, fleet(3)) as stack:
        intake, delivery = stack.source_of("intake"), stack.source_of("delivery")
        nothing["delivery"]["bucket"] = stack.state_bucket
        with forbidden(stack, bucket(stack.uploads), ["s3:GetObject", "s3:GetObjectVersion"], f"{bucket(stack.uploads)}/servicenow/denied.csv"):
            stack.upload("servicenow/denied.csv", document(["server-3"]))
            stack.upload("servicenow/nothing.csv", "")
            stack.upload(KEY, document(names(2)))
            stack.account.sqs.send_message(QueueUrl=delivery.queue.url, MessageBody=json.dumps(nothing), MessageGroupId="poison",
                                           MessageDeduplicationId="poison")
            stack.run()
        nothing_went_wrong(stack)
        runs.measured(intake)
        T.assertEqual((intake.failed, delivery.failed), (intake.queue.tries, delivery.queue.tries))
        due = max(again(delivery.queue.tries), intake.queue.hidden * (intake.queue.tries - 1))
        T.assertAlmostEqual(stack.account.ahead, due, delta=runs.PATIENCE + AT_MOST, msg="how long all tries take")
        urls = stack.dead()
        uploads, deliveries = ([json.loads(m["Body"]) for m in stack.account.take(urls[name])] for name in ("intake", "delivery"))
        T.assertEqual([e["detail"]["object"]["key"] for e in uploads], ["servicenow/denied.csv"])
        T.assertEqual(deliveries, [nothing])
        got = outcome(stack)
    T.assertEqual({node for node, _ in got["inventory"]}, {node for node, _ in fleet(2)})
    T.assertEqual(sorted((r["key"], r["done"]) for r in got["receipts"]), [("servicenow/nothing.csv", 0), (KEY, 2)])
    T.assertEqual(got["dead"], {})


def sweep(of):
    """What no message brings any more is finished by the schedule: an intent that was left open, and a record whose machine becomes known."""
    with installed(of, fleet(2)) as stack:
        axe = killer(stack, 1)
        stack.upload(KEY, document(names(2)))
        a, queue = stack.account, stack.source_of("delivery").queue
        while axe.is_alive():
            if not any(rule.carry() for rule in stack.rules):
                any(s.turn() for s in stack.sources.values())
        a.sqs.purge_queue(QueueUrl=queue.url)
        a.hook("POST", "nodes", [{"InstanceId": "i-00000000000000003", "ComputerName": runs.STRANGER, "PingStatus": "Online"}])
        before = a.guard.counts.copy()
        T.assertEqual([s.every for s in stack.schedules], [runs.HOUR])
        with away(stack, {queue.arn}, STUMBLES):
            for schedule in stack.schedules:
                schedule.fire()
        stack.run()
        nothing_went_wrong(stack)
        got = outcome(stack)
        T.assertEqual(got["dead"], {})
        T.assertNotIn('"intent"', json.dumps(got["heads"]))
        held = [[e["Name"] for e in item["Entries"]] for item in got["inventory"].values()]
        T.assertIn([runs.STRANGER], held, "the record that waited was not delivered")
        T.assertGreaterEqual(len(held), 2)
        return a.guard.counts - before


def redriven(of):
    """Dead letters of each kind are moved back by the command line once their cause is mended, and are done then."""
    with installed(of, [*fleet(3), (MACHINE, "web")]) as stack:
        a, state, uploads = stack.account, bucket(stack.state_bucket), bucket(stack.uploads)
        with forbidden(stack, uploads, ["s3:GetObject", "s3:GetObjectVersion"], f"{uploads}/servicenow/one.csv"):
            stack.upload("servicenow/one.csv", document(names(1)))
            stack.run()
        with forbidden(stack, state, "s3:PutObject", f"{state}/heads/*"):
            stack.upload("servicenow/two.csv", document(names(2)[1:]))
            stack.run()
        with away(stack, {stack.source_of("intake").queue.arn, stack.source_of("delivery").queue.arn}):
            for event in one_of_each(stack):
                event()
            for schedule in stack.schedules:
                schedule.fire()
            stack.run()
        urls = stack.dead()
        T.assertEqual({name: a.waiting(url) for name, url in urls.items()}, dict.fromkeys(urls, 1))
        T.assertLessEqual(set(urls.values()), set(of.outputs().values()), "a queue of dead letters is no output of the stack")
        for url in urls.values():
            line, _ = a.command("redrive", "--dead-letters", url, "--again")
            T.assertEqual((line["count"], a.waiting(url)), (1, 0))
        stack.run()
        nothing_went_wrong(stack)
        done = {r.get("key") or r["mapping"]: counted(r)["done"] for r in receipts(stack)}
        T.assertEqual(done, {"servicenow/one.csv": 1, "servicenow/two.csv": 1, "servicenow/three.csv": 1, **expected_of_each(stack)})
        T.assertIn('"OpenIntents"', stack.source_of("delivery").function.log.read_text())


@contextlib.contextmanager
def away(stack, queues, tries=math.inf):
    """Queues that take nothing for a while, or so often: whoever then tries again is taken."""
    unavailable = stack.account.guard.unavailable
    unavailable.update(dict.fromkeys(queues, tries))
    yield
    for queue in queues:
        if 0 < unavailable.pop(queue) < math.inf:
            raise AssertionError(f"nobody tried {queue} so often")


def drop(stack, bus="default"):
    """Loses what the rules of a bus took."""
    for rule in stack.rules:
        if rule.bus == bus:
            stack.account.take(rule.capture)


def tell(stack, event, bus="default"):
    stack.account.events.put_events(Entries=[{"EventBusName": bus, "Source": event["source"], "DetailType": event["detail-type"],
                                              "Resources": event["resources"], "Detail": json.dumps(event["detail"])}])


def pointer(stack, key, bucket=None):
    return {"document": {"bucket": bucket or stack.uploads, "key": key}}


def own_bus(stack):
    bus, = stack.template.resources("AWS::Events::EventBus")
    return bus.name


def ready(stack, key):
    """An event of a user's own system about an object."""
    tell(stack, {"source": "kestrel.cmdb", "detail-type": "Export Ready", "resources": [], "detail": pointer(stack, key)}, own_bus(stack))


def of_no_concern(stack):
    """Events of the default bus that are like those which are taken: of another bucket, of a deletion, of another service."""
    created = {"source": "aws.s3", "detail-type": "Object Created", "resources": [], "detail": {
        "bucket": {"name": stack.uploads}, "object": {"key": "servicenow/any.csv", "size": 1}}}
    other = created["detail"] | {"bucket": {"name": f"{stack.uploads}-of-others"}}
    return [created | {"detail": other}, created | {"detail-type": "Object Deleted"}, created | {"source": "theirs.s3"},
            {"source": "aws.inspector2", "detail-type": "Inspector2 Scan", "resources": [], "detail": {}}]


def finding(stack):
    tell(stack, json.loads((local.EVENTS / "eventbridge-inspector2.json").read_text()))


def takes_findings(stack):
    return len(stack.rules) > 2


def one_of_each(stack):
    """Something for each rule."""
    return [lambda: stack.upload("servicenow/three.csv", document(names(3)[2:])), lambda: ready(stack, "servicenow/three.csv"),
            lambda: finding(stack)]


def expected_of_each(stack):
    return {"inspector2": 1} if takes_findings(stack) else {}


def ways(of):
    """Documents come by an event on the stack's own bus, and as messages, too; a pointer to another bucket is not followed."""
    with installed(of, [*fleet(4), (MACHINE, "web")]) as stack:
        a, arriving = stack.account, stack.source_of("intake").queue
        stack.upload("servicenow/one.csv", document(names(1)))
        drop(stack)  # so that only the event tells of it
        for event in (lambda: ready(stack, "servicenow/one.csv"), lambda: stack.upload("servicenow/two.csv", document(names(3)[2:]))):
            event()
            with away(stack, {arriving.arn}, STUMBLES):
                T.assertTrue(any([rule.carry() for rule in stack.rules]))
        a.sqs.send_message(QueueUrl=arriving.url, MessageBody=document(names(2)[1:]),
                           MessageAttributes={"mapping": {"DataType": "String", "StringValue": "servicenow"}})
        finding(stack)
        stack.run()
        own = {"source": "inventory-bridge", "detail-type": "Inventory Import Completed", "resources": [], "detail": {}}
        tell(stack, own, own_bus(stack))  # never comes back
        for event in of_no_concern(stack):
            tell(stack, event)
        T.assertFalse(any([rule.carry() for rule in stack.rules]), "a rule takes what is of no concern")
        a.sqs.send_message(QueueUrl=arriving.url, MessageBody=json.dumps(pointer(stack, "installation.json", stack.state_bucket)))
        a.sqs.send_message(QueueUrl=stack.source_of("delivery").queue.url, MessageBody=json.dumps(pointer(stack, "servicenow/one.csv")),
                           MessageGroupId="0")  # no document is for the function that delivers
        stack.run()
        nothing_went_wrong(stack)
        announced = {json.loads(m["Body"])["detail"].get("import") for m in a.take(stack.watch)} - {None}  # perhaps more than once
        T.assertEqual(announced, {r["import"] for r in receipts(stack)}, "each import is announced")
        got = {r.get("key") or r.get("mapping"): (r["outcomes"]["put"], r.get("failure", "")) for r in receipts(stack)}
        T.assertEqual({name: a.waiting(url) for name, url in stack.dead().items() if a.waiting(url)}, {})
        more = {name: (n, "") for name, n in expected_of_each(stack).items()}
    T.assertEqual(got, more | {"servicenow/one.csv": (1, ""), "servicenow/two.csv": (1, ""), "servicenow": (1, ""), "installation.json": (
        0, "the pointer names a bucket that is not one of this installation's upload buckets")})


def given_up(stack, s3):
    """An upload in parts that is given up."""
    at = {"Bucket": stack.uploads, "Key": "servicenow/parts.csv"}
    upload = s3.create_multipart_upload(**at)["UploadId"]
    s3.upload_part(**at, UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(**at, UploadId=upload)


def sent_by_others(stack):
    """An account that may sends to the stack's own bus, and one that may not is refused."""
    entry = {"EventBusName": own_bus(stack), "Source": "theirs", "DetailType": "Nothing", "Detail": "{}"}
    stack.account.client("events", Caller("arn:aws:iam::444455556666:role/any", {}, "sender")).put_events(Entries=[entry])
    stranger = stack.account.client("events", Caller("arn:aws:iam::777788889999:role/any", {}, "stranger"))
    with T.assertRaisesRegex(botocore.exceptions.ClientError, "AccessDenied"):
        stranger.put_events(Entries=[entry])
    stack.account.guard.refused.clear()
    drop(stack, own_bus(stack))


def switches(of):
    """What the stack takes with its switches on: a producer of another account, a mapping of the user's own, findings."""
    with installed(of, [*fleet(2), (MACHINE, "web")]) as stack:
        a = stack.account
        producer = a.client("s3", Caller("arn:aws:iam::444455556666:role/scanner", {}, "producer"))
        stack.upload("servicenow/theirs.csv", document(names(1)), producer)
        with T.assertRaisesRegex(botocore.exceptions.ClientError, "AccessDenied"):
            stack.upload("nessus/theirs.csv", "", producer)
        a.guard.refused.clear()
        given_up(stack, producer)
        sent_by_others(stack)
        stack.upload("backup-report/own.csv", "Server,Policy,Last Result\nserver-2,daily,ok\nserver-9,daily,ok\n")
        finding(stack)
        stack.run()
        for schedule in stack.schedules:  # which counts the records that wait
            schedule.fire()
        stack.run()
        nothing_went_wrong(stack)
        got = outcome(stack)
        kinds = {(node, type_): len(item["Entries"]) for (node, type_), item in got["inventory"].items()}
        T.assertEqual(kinds, {("i-00000000000000001", "Custom:Asset"): 1, ("i-00000000000000002", "Custom:BackupJob"): 1,
                              (MACHINE, "Custom:Vulnerability"): 1, (MACHINE, "Custom:VulnerabilitySummary"): 1})
        T.assertEqual(got["dead"], {})
