"""Each statement of each policy in the templates is needed: for each of them there is a call, allowed in some run, that would be refused
without it; and so for each of its actions and resources.
"""
import unittest

import again
import mishaps
import rare
import runs
from policy import Needed
from runs import installed, template


def everything():
    """All runs whose calls count. Those that another test made already cost nothing."""
    for name in ("plain", "every"):
        runs.undisturbed(name, 10)
        runs.once(mishaps.redriven, name)
        runs.once(mishaps.sweep, name)
        runs.once(mishaps.ways, name)
    runs.once(mishaps.poison, "plain")
    runs.once(rare.rare, "plain")
    runs.once(rare.moved, "plain")
    runs.once(mishaps.switches, "every")
    runs.once(rare.retold, "every")
    again.once("plain", "again")
    again.once("every", "unkeyed")


def idle(name):
    """What nobody needed of a template's policies. The key that it may speak of stayed of the stack before."""
    everything()
    with installed(template(name), []) as stack:
        if name == "unkeyed":
            for key in template("every").resources("AWS::KMS::Key"):
                stack.account.policies.add(key.arn, key.id, key.take("KeyPolicy"), identity=False)
        needed = Needed(stack.account.policies)
        for c, holder in list(runs.ALLOWED.values()):
            if needed.policies.allows(c, holder):
                needed.record(c, holder)
        return needed.idle()


class EachIsNeeded(unittest.TestCase):
    maxDiff = None

    def test_statements(self):
        for name in ("plain", "every", "unkeyed"):
            with self.subTest(name):
                self.assertEqual(idle(name), set())


if __name__ == "__main__":
    unittest.main()
