"""A stack that is deleted and installed anew over the buckets that stayed: the ledger goes on where it was."""
import functools

import local
import runs
from runs import KEY, T, account, document, fleet, names, nothing_went_wrong, outcome, receipts, template
from stack import Stack

NEXT = "servicenow/next.csv"


@functools.cache
def once(first, second):
    again(template(first), template(second))


def again(first, second):
    """The same export before and after costs no call; what changed is put; heads, receipts and sources are those of before."""
    with account(fleet(3)) as a:
        stack = Stack(a, first)
        stack.upload(KEY, document(names(2)))
        stack.run()
        nothing_went_wrong(stack)
        before = outcome(stack)
        stack.delete()
        for bucket in (stack.uploads, stack.state_bucket):
            a.guard.keys.pop(f"arn:aws:s3:::{bucket}", None)  # new objects are encrypted with AWS's key
        runs.keep(a)
        stack = Stack(a, second)
        T.assertEqual(stack.buckets, {}, "the second stack makes buckets of its own")
        puts = a.hook("GET", "counts")["calls"]["PutInventory"]
        stack.upload(KEY, document(names(2)))
        stack.run()
        T.assertEqual(a.hook("GET", "counts")["calls"]["PutInventory"], puts, "what is there was put again")
        T.assertEqual(local.inventory(a.sandbox), before["inventory"])
        T.assertEqual({(r["key"], r["outcomes"]["put"], r["outcomes"]["unchanged"]) for r in receipts(stack)}, {(KEY, 2, 0), (KEY, 0, 2)})
        stack.upload(NEXT, document(names(3)).replace("2026-01-02", "2026-01-03"))
        for schedule in stack.schedules:
            schedule.fire()
        stack.run()
        nothing_went_wrong(stack)
        T.assertEqual(a.hook("GET", "counts")["calls"]["PutInventory"], puts + 1)
        reread(stack)
        nothing_went_wrong(stack)
        runs.keep(a)


def reread(stack):
    """A message about an upload of before comes once more."""
    stack.message_again(KEY, -1)
    stack.run()
