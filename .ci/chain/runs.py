"""What is run in the chain: each function installs a template anew, does something, and asserts what comes of it. What was allowed meanwhile
is kept for the test of which statements are needed.
"""
import contextlib
import functools
import json
import os
import pathlib
import re
import tempfile
import threading
import time
import unittest

import local
from account import Account, logs_shown
from functions import logged
from stack import PATIENCE, Stack
from template import Template

SYNTHESISED = pathlib.Path(os.environ.get("CHAIN_TEMPLATES", local.ROOT / "cdk.out/chain"))
KEY = "servicenow/servers.csv"
HEAD = "sys_id,sys_class_name,name,os,operational_status,sys_updated_on\n"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# What differs from run to run: an import is named after the object's version, packs and an installation by chance, and what stood before an
# import is a block that has its times.
PER_RUN = {"import", "block", "claim", "day", "written", "of", "packs", "places", "sum"}
HOUR = 3600
FEWEST = 5  # tries of a message
ENDING = range(30, 121)  # seconds after the end of a function's time
LONGEST = 14 * 86400  # seconds for which a queue of SQS can keep a message
PAID = ("s3", "sqs", "ssm", "events")  # services whose calls are counted
STRANGER = "server-0"  # a name that no managed node has
WRITTEN = set()  # metrics that the functions wrote: namespace, name, dimensions with their values; of all runs
ALLOWED = {}  # calls that were allowed, by template's name: of all runs

T = unittest.TestCase()
T.maxDiff = 4000


@functools.cache
def template(name):
    """A synthesised template: plain, or with every switch."""
    path, = (SYNTHESISED / name).glob("*.template.json")
    return Template.read(path)


@contextlib.contextmanager
def account(nodes):
    """An account for a while. Logs are shown where that goes wrong."""
    with tempfile.TemporaryDirectory() as folder, logs_shown(pathlib.Path(folder)), contextlib.ExitStack() as end:
        yield Account(nodes, pathlib.Path(folder), end)


@contextlib.contextmanager
def installed(of, nodes):
    """The service in an account of its own."""
    with account(nodes) as a:
        stack = Stack(a, of)
        yield stack
        keep(a)


def keep(a):
    """Keeps what was allowed in an account, and which metrics were written."""
    ALLOWED.update(a.guard.allowed)
    for log in a.folder.glob("*.log"):
        for line in logged(log):
            for group in line["_aws"]["CloudWatchMetrics"]:
                WRITTEN.update((group["Namespace"], m["Name"], frozenset((d, line[d]) for d in dimensions))
                               for m in group["Metrics"] for dimensions in group["Dimensions"])


def fleet(n):
    return [(f"i-{k:017x}", f"server-{k}") for k in range(1, n + 1)]


def names(n):
    return [name for _, name in fleet(n)]


def document(machines, system=lambda k: "Debian"):
    """An export; of the last machine no managed node is known."""
    rows = [f"{k:032x},cmdb_ci_linux_server,{name},{system(k)},1,2026-01-02 03:04:05" for k, name in enumerate([*machines, STRANGER])]
    return HEAD + "\n".join(rows) + "\n"


def steady(value):
    """A JSON value without what differs from run to run."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in PER_RUN}
    if isinstance(value, list):
        return [steady(v) for v in value]
    return "time" if isinstance(value, str) and TIME.match(value) else value


def counted(receipt):
    """What a receipt states. What was put already when a message came again is unchanged; calls and bytes show what was put twice."""
    counts = dict(receipt["outcomes"])
    done = sum(counts.pop(o) for o in ("put", "unchanged", "duplicate"))
    same = ("complete", "mapping", "document", "key", "records", "partsExpected", "partsThere", "nodes", "cleared", "detailsTotal")
    return {k: receipt.get(k) for k in same} | counts | {"done": done}


def receipts(stack):
    return [v for k, v in stack.state("receipts/").items() if k.endswith("/receipt.json")]


def outcome(stack):
    """What there is in the end."""
    a = stack.account
    return {"inventory": local.inventory(a.sandbox), "heads": steady(stack.state("heads/")), "receipts": [counted(r) for r in receipts(stack)],
            "events": [json.loads(m["Body"]) for m in a.take(stack.watch)],
            "dead": {name: len(bodies) for name, url in stack.dead().items() if (bodies := a.take(url))}}


def nothing_went_wrong(stack):
    """No call was refused or unknown, nothing was lost, and what was hidden came again before its queue would have shown it."""
    guard = stack.account.guard
    T.assertEqual((guard.refused, guard.unknown), ([], []))
    T.assertEqual([x for r in [*stack.rules, *stack.schedules] for x in r.target.lost], [])
    hidden = {q.url: q.hidden for q in stack.queues.values()}
    for url, seconds in guard.hidden:
        T.assertLess(seconds, hidden[url], "a function hides a message for longer than its queue does")


def measured(source):
    """A function writes its metrics with its stack's name, so that two stacks do not mix."""
    metrics = source.function.metrics()
    T.assertNotEqual(metrics, [], "there are no metrics in the log")
    T.assertEqual({m.get("Stack") for m in metrics}, {source.function.stack})


def advised(stack):
    """What nothing here would suffer from, and the deployed stack would."""
    intake, delivery = stack.source_of("intake"), stack.source_of("delivery")
    T.assertEqual(delivery.queue.hidden, 6 * delivery.function.timeout,
                  "Lambda advises to hide a message for six times a function's time; longer is waited in vain")
    T.assertIn(intake.queue.hidden - intake.function.timeout, ENDING, "a document comes again when its function has ended for certain, and soon then")
    rate, = re.findall(r"\| `rate` \|[^|]*\| `([\d.]+)` \|", (local.ROOT / "infra" / "README.md").read_text())
    T.assertEqual(delivery.function.variables["INVBRIDGE_RATE"], rate, "the calls a second that infra/README.md promises")
    for s in stack.sources.values():
        T.assertEqual(s.batch, 1, "a function that dies of one message takes all of its batch with it")
        T.assertGreaterEqual(s.queue.tries, FEWEST, "Lambda advises to try so often at least, since a call that is throttled counts")
        T.assertGreaterEqual(s.maximum or 0, 2, "without a maximum a function takes all of the account's concurrency")
    for q in stack.queues.values():
        T.assertEqual(q.kept, LONGEST, f"{q.id} keeps messages for less than it can; the age of a dead letter counts from when it was sent first")
    T.assertEqual(delivery.function.variables.get("INVBRIDGE_CONCURRENCY"), str(delivery.maximum), "how many share the rate")
    for bucket in (stack.uploads, stack.state_bucket):
        T.assertEqual(stack.account.s3.get_bucket_versioning(Bucket=bucket).get("Status"), "Enabled")


def killer(stack, calls):
    """Kills the function that delivers as soon as the sandbox has met so many PutInventory, of which the last is not answered yet."""
    a, delivery = stack.account, stack.source_of("delivery").function
    a.hook("POST", "faults", {"operation": "PutInventory", "nth": calls, "kind": "delay", "delay": "1s"})

    def wait():
        while a.hook("GET", "counts")["calls"].get("PutInventory", 0) < calls:
            time.sleep(0.01)
        delivery.kill()
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


@functools.cache
def undisturbed(name, n):
    """The outcome of a run in which nothing happens, and what a second night calls after that."""
    return calm(template(name), n, calls_of_a_night)


@functools.cache
def once(run, name):
    """A run on a template; a second time it is not done again."""
    return run(template(name))


def calls_of_a_night(stack):
    """How often each role calls what in the night after a first load: an export that names all machines, of which 2 % changed, and a sweep."""
    a, n = stack.account, len(stack.account.nodes)
    changed = n // 50
    before = a.guard.counts.copy()
    stack.upload(KEY, document(names(n), lambda k: "Debian 13" if k < changed else "Debian").replace("2026-01-02", "2026-01-03"))
    stack.run()
    night = a.guard.counts - before
    while a.now().hour in (22, 23):  # at midnight a sweep also looks where all machines lead
        a.advance(HOUR)
    for schedule in stack.schedules:
        schedule.fire()
    stack.run()
    nothing_went_wrong(stack)
    counts = {"nodes": n, "partitions": int(stack.template.variables()["INVBRIDGE_PARTITIONS"]), "changed": changed}
    sweep = a.guard.counts - before - night
    for role, of in (("intake", night), ("delivery", night), ("sweep", sweep)):
        label = "delivery" if role == "sweep" else role
        counts[role] = {action: k for (who, action), k in sorted(of.items()) if who == label and action.partition(":")[0] in PAID}
    return counts


def calm(of, n, then=lambda stack: None):
    """An export of n machines that are managed nodes, and of one that is not. More may be done then."""
    with installed(of, fleet(n)) as stack:
        start = time.monotonic()
        stack.upload(KEY, document(names(n)))
        stack.run()
        nothing_went_wrong(stack)
        intake, delivery = stack.source_of("intake"), stack.source_of("delivery")
        print(f"\n{n} nodes: {time.monotonic() - start:.1f} s, {intake.invocations} + {delivery.invocations} invocations")
        T.assertEqual([str(i["partitions"]) for i in stack.state("installation.json").values()], [of.origin.variables()["INVBRIDGE_PARTITIONS"]])
        measured(delivery)
        advised(stack)
        got = outcome(stack)
        after = then(stack)
    T.assertEqual({node: [e["Name"] for e in item["Entries"]] for (node, _), item in got["inventory"].items()},
                  {node: [name] for node, name in fleet(n)})
    T.assertEqual([(r["complete"], r["records"], r["done"], r["parked"]) for r in got["receipts"]], [(True, n + 1, n, 1)])
    T.assertEqual(sum(len(h["nodes"]) for h in got["heads"].values()), n)
    T.assertNotIn('"intent"', json.dumps(got["heads"]))
    T.assertEqual([(e["detail-type"], e["detail"]["outcomes"]["put"]) for e in got["events"]], [("Inventory Import Completed", n)])
    T.assertEqual(got["dead"], {})
    return got | {"after": after}


def killed(of, n, want):
    """As calm, and the function that delivers is killed in the middle."""
    with installed(of, fleet(n)) as stack:
        axe = killer(stack, n // 2 + 1)
        stack.upload(KEY, document(names(n)))
        stack.run()
        nothing_went_wrong(stack)
        T.assertFalse(axe.is_alive(), "the function was not killed")
        T.assertGreater(stack.account.hook("GET", "counts")["calls"]["PutInventory"], n, "no node was put again")
        T.assertGreater(stack.account.ahead, stack.source_of("delivery").queue.hidden - PATIENCE, "the message came again too early")
        got = outcome(stack)
    for what in got.keys() - {"events"}:  # those may come twice
        T.assertEqual(got[what], want[what], what)
