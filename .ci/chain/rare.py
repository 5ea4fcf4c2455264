"""What a stack does seldom: all of it needs a right, and none of it happens in a night's feeds."""
import json

import local
from runs import KEY, T, document, fleet, installed, names, nothing_went_wrong, receipts

MONTH = 31 * 86400
TWIN = "twin"  # a name that two managed nodes have
SCANNED = ("i-0000000000000000a", "switchgear-1.works.example")  # of the scan in testevents/
SHORT = 15  # seconds that a function has: it begins nothing in its last 15
SCAN = "nmap/nmap-two-hosts.xml"
OLDER = local.ROOT / "lambda/bridge/testdata/version2/state"
NUMBERS = "falcon-spotlight/falcon-spotlight-vulnerabilities.json"


def document_of(key):
    return (local.DOCUMENTS / "uploads" / key).read_text()


def numbered(hostname):
    """A weakness of a machine with a name and its source's own number."""
    raw = json.loads(document_of(NUMBERS))
    raw["resources"] = [raw["resources"][0] | {"host_info": {"hostname": hostname}}]
    return json.dumps(raw)


def rare(of):
    """A file that is gone, rejected records, numbers and scopes, a type that was there before; what is forgotten after months; a function
    that has too little time, and hands on what is left.
    """
    with installed(of, [*fleet(2), SCANNED, ("i-0000000000000000b", TWIN), ("i-0000000000000000c", TWIN)]) as stack:
        a = stack.account
        gone(stack)
        local.call(a.sandbox, "PutInventory", {"InstanceId": fleet(1)[0][0], "Items": [{
            "TypeName": "Custom:Asset", "SchemaVersion": "1.0", "CaptureTime": "2026-01-01T00:00:00Z", "Content": [{"Name": "before"}]}]})
        stack.upload(KEY, document([*names(2), TWIN]))
        stack.upload(SCAN, document_of(SCAN))
        stack.upload("falcon-spotlight/a.json", numbered(names(2)[1]))
        stack.run()
        stack.upload("falcon-spotlight/b.json", numbered("renamed"))  # whose number leads to the machine
        stack.upload(SCAN, document_of(SCAN).replace("1777860", "1777760").replace('services="1-1000"', 'services="1-22"'))
        stack.run()
        nothing_went_wrong(stack)
        got = {r.get("key"): r["outcomes"] for r in receipts(stack)}
        T.assertEqual((got[KEY]["put"], got[KEY]["rejected"]), (2, 1))
        T.assertEqual(got["falcon-spotlight/b.json"]["parked"], 0)
        T.assertIn("found", [s["source"] for s in a.command("source", "list", "--state", f"s3://{stack.state_bucket}") if "source" in s])
        forgotten(stack)
        in_a_hurry(stack)
        nothing_went_wrong(stack)


def retold(of):
    """Messages that come once more: about an upload that cannot be read, and about one whose parked record has found its machine since. What a
    document of a mapping that clears does not name any more is cleared.
    """
    with installed(of, fleet(2)) as stack:
        a = stack.account
        stack.upload("backup-report/all.csv", jobs(*names(2), "late"))
        stack.upload("backup-report/torn.csv", jobs('"server-1'))
        stack.run()
        a.hook("POST", "nodes", [{"InstanceId": SCANNED[0], "ComputerName": "late", "PingStatus": "Online"}])
        for schedule in stack.schedules:
            schedule.fire()
        stack.run()
        a.advance(60)
        for key in ("backup-report/all.csv", "backup-report/torn.csv"):
            stack.message_again(key)
        stack.run()
        T.assertEqual(len([k for k in stack.state("receipts/") if "/earlier-" in k]), 2)
        stack.upload("backup-report/all.csv", jobs("server-1", "late"))
        stack.run()
        nothing_went_wrong(stack)
        T.assertEqual([r["absence"]["cleared"] for r in receipts(stack) if r.get("absence")], [True])
        held = {node: len(item["Entries"]) for (node, type_), item in local.inventory(a.sandbox).items() if type_ == "Custom:BackupJob"}
        T.assertEqual(held, {fleet(2)[0][0]: 1, fleet(2)[1][0]: 0, SCANNED[0]: 1})


def jobs(*machines):
    """A report of backups."""
    return "Server,Policy,Last Result\n" + "".join(f"{m},daily,ok\n" for m in machines)


def gone(stack):
    """An upload that is deleted before it is read: its receipt says so."""
    stack.upload("servicenow/gone.csv", document(names(1)))
    stack.account.s3.delete_object(Bucket=stack.uploads, Key="servicenow/gone.csv", VersionId=stack.account.s3.head_object(
        Bucket=stack.uploads, Key="servicenow/gone.csv")["VersionId"])
    stack.run()
    failure, = [r["failure"] for r in receipts(stack)]
    T.assertIn("it does not exist", failure)


def forgotten(stack):
    """A machine that is gone is forgotten after a month, and what was stored of it is deleted after another."""
    a = stack.account
    a.hook("DELETE", f"nodes?node={SCANNED[0]}")
    before = stored(stack, "packs")
    for _ in range(4):
        a.advance(MONTH)
        for schedule in stack.schedules:
            schedule.fire()
        stack.run()
    T.assertTrue(before - stored(stack, "packs"), "all packs of before are still there")


def stored(stack, *prefixes):
    """The keys of the state under some prefixes."""
    pages = [stack.account.s3.list_objects_v2(Bucket=stack.state_bucket, Prefix=f"{p}/") for p in prefixes]
    return {o["Key"] for page in pages for o in page.get("Contents", [])}


def moved(of):
    """A state that an older program made, with an object for each node's rows: the sweep reads and packs these, and deletes them in time."""
    with installed(of, fleet(1)) as stack:
        a = stack.account
        stack.upload(KEY, document(names(1)))
        stack.run()
        made = json.load(a.s3.get_object(Bucket=stack.state_bucket, Key="installation.json")["Body"])
        for source in stack.sources.values():
            source.function.end()
        for key in stored(stack, "heads", "packs", "parked", "receipts") | {"types.json"}:
            a.s3.delete_object(Bucket=stack.state_bucket, Key=key)
        for path in OLDER.rglob("*"):
            if path.is_file():
                body = path.read_bytes()
                if path.name == "installation.json":
                    body = json.dumps(json.loads(body) | {k: made[k] for k in ("endpoint", "start")}).encode()
                a.s3.put_object(Bucket=stack.state_bucket, Key=path.relative_to(OLDER).as_posix(), Body=body)
        before = stored(stack, "rows", "scopes")
        for _ in range(3):
            for schedule in stack.schedules:
                schedule.fire()
            stack.run()
            a.advance(MONTH)
        T.assertTrue(before and stored(stack, "packs"))
        T.assertEqual(stored(stack, "rows", "scopes"), set())


def in_a_hurry(stack):
    """A sweep for which too little time is left sends itself a message for each partition."""
    delivery = stack.source_of("delivery")
    delivery.function.timeout = SHORT
    delivery.function.end()
    before = delivery.invocations
    for schedule in stack.schedules:
        schedule.fire()
    stack.run()
    T.assertGreaterEqual(delivery.invocations - before, int(delivery.function.variables["INVBRIDGE_PARTITIONS"]))
