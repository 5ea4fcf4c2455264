"""A file that is put into the bucket ends in inventory, also where the function is killed meanwhile; a message that cannot be handled ends
in the dead letters, and nothing else with it.

    PYTHONPATH=.ci python3 -m unittest discover -s .ci/chain       needs the built function and command in dist/, boto3 and moto
"""
import functools
import json
import re
import threading
import time
import unittest

from stack import LATER, STATE, TRIES, UPLOADS, installed

import local

KEY = "servicenow/servers.csv"
HEAD = "sys_id,sys_class_name,name,os,operational_status,sys_updated_on\n"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
PER_RUN = {"import", "claim", "day", "written"}  # differ from run to run: an import is named after the object's version


def fleet(n):
    return [(f"i-{k:017x}", f"server-{k}") for k in range(1, n + 1)]


def document(names):
    """An export; of the last machine no managed node is known."""
    rows = [f"{k:032x},cmdb_ci_linux_server,{name},Debian,1,2026-01-02 03:04:05" for k, name in enumerate([*names, "unknown"])]
    return HEAD + "\n".join(rows) + "\n"


def steady(value):
    """A JSON value without what differs from run to run."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in PER_RUN}
    if isinstance(value, list):
        return [steady(v) for v in value]
    return "time" if isinstance(value, str) and TIME.match(value) else value


def told(receipt):
    """What a receipt says. What was put already when a message came again is unchanged; calls and bytes tell what was put twice."""
    counts = dict(receipt["outcomes"])
    done = sum(counts.pop(o) for o in ("put", "unchanged", "duplicate"))
    same = ("complete", "mapping", "document", "key", "records", "partsExpected", "partsThere", "nodes", "cleared", "detailsTotal")
    return {k: receipt.get(k) for k in same} | counts | {"done": done}


def killer(stack, calls):
    """Kills the function that delivers as soon as the sandbox has met so many PutInventory, of which the last is not answered yet."""
    stack.hook("POST", "faults", {"operation": "PutInventory", "nth": calls, "kind": "delay", "delay": "3s"})

    def wait():
        while stack.hook("GET", "counts")["calls"].get("PutInventory", 0) < calls:
            time.sleep(0.01)
        stack.delivery.function.kill()
        stack.hook("POST", "clock", {"advance": LATER})
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def outcome(stack):
    """What there is in the end."""
    receipts = [v for k, v in stack.state("receipts/").items() if k.endswith("/receipt.json")]
    return {"inventory": local.inventory(stack.sandbox), "heads": steady(stack.state("heads/")), "receipts": [told(r) for r in receipts],
            "dead": [q.bodies() for q in stack.dead]}


def upload(stack, key, names):
    stack.s3.put_object(Bucket=UPLOADS, Key=key, Body=document(names).encode())


@functools.cache
def undisturbed(n):
    """The outcome of a run in which nothing happens."""
    with installed(fleet(n)) as stack:
        start = time.monotonic()
        upload(stack, KEY, [name for _, name in fleet(n)])
        stack.run()
        print(f"\n{n} nodes: {time.monotonic() - start:.1f} s, {stack.intake.invocations} + {stack.delivery.invocations} invocations")
        return outcome(stack) | {"events": stack.completed.bodies()}


class Chain(unittest.TestCase):
    maxDiff = 4000

    def calm(self, n):
        got = undisturbed(n)
        self.assertEqual({node: [e["Name"] for e in item["Entries"]] for (node, _), item in got["inventory"].items()},
                         {node: [name] for node, name in fleet(n)})
        self.assertEqual([(r["complete"], r["records"], r["done"], r["parked"]) for r in got["receipts"]], [(True, n + 1, n, 1)])
        self.assertEqual(sum(len(h["nodes"]) for h in got["heads"].values()), n)
        self.assertNotIn('"intent"', json.dumps(got["heads"]))
        self.assertEqual([(e["detail-type"], e["detail"]["outcomes"]["put"]) for e in got["events"]], [("Inventory Import Completed", n)])
        self.assertEqual(got["dead"], [[], []])

    def killed(self, n):
        with installed(fleet(n)) as stack:
            axe = killer(stack, n // 2 + 1)
            upload(stack, KEY, [name for _, name in fleet(n)])
            stack.run()
            self.assertFalse(axe.is_alive(), "the function was not killed")
            self.assertGreater(stack.hook("GET", "counts")["calls"]["PutInventory"], n, "no node was put again")
            for what, got in outcome(stack).items():
                self.assertEqual(got, undisturbed(n)[what], what)

    def test_1(self):
        self.calm(1)

    def test_10(self):
        self.calm(10)

    def test_1000(self):
        self.calm(1000)

    def test_1_killed(self):
        self.killed(1)

    def test_10_killed(self):
        self.killed(10)

    def test_1000_killed(self):
        self.killed(1000)

    def test_poison(self):
        """An upload that the function may not read, and a delivery that is not there, each in a batch with others."""
        policy = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{UPLOADS}/servicenow/denied.csv"}
        nothing = {"delivery": {"bucket": STATE, "key": "staging/nothing/1"}}
        with installed(fleet(3)) as stack:
            stack.s3.put_bucket_policy(Bucket=UPLOADS, Policy=json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
            upload(stack, "servicenow/denied.csv", ["server-3"])
            upload(stack, KEY, ["server-1", "server-2"])
            stack.deliveries.send(nothing, MessageGroupId="poison", MessageDeduplicationId="poison")
            stack.intake.turn()  # both uploads in one batch; their deliveries join the one that is not there
            self.assertEqual(stack.intake.failed, 1)
            stack.run()
            got = outcome(stack)
            self.assertEqual({node for node, _ in got["inventory"]}, {node for node, _ in fleet(2)})
            self.assertEqual([r["done"] for r in got["receipts"]], [2])
            uploads, deliveries = got["dead"]
            self.assertEqual([e["detail"]["object"]["key"] for e in uploads], ["servicenow/denied.csv"])
            self.assertEqual(deliveries, [nothing])
            self.assertEqual((stack.intake.failed, stack.delivery.failed), (TRIES, TRIES))


if __name__ == "__main__":
    unittest.main()
