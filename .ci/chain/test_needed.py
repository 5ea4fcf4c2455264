"""Each statement of each policy in the templates is needed: for each of them there is a call, allowed in some run, that would be refused
without it; and so for each of its actions and resources. What no run exercises stands here, with the reason.
"""
import unittest

import mishaps
import rare
import runs
from policy import Needed
from runs import installed, template

# What is not exercised: part of a place, and why it stands in the policy.
NOT_EXERCISED = {
}


def everything():
    """All runs whose calls count. Those that another test made already cost nothing."""
    for name in ("plain", "every"):
        runs.undisturbed(name, 10)
        runs.once(mishaps.redriven, name)
        runs.once(mishaps.sweep, name)
        runs.once(mishaps.ways, name)
    runs.once(mishaps.poison, "plain")
    runs.once(rare.rare, "plain")
    runs.once(mishaps.switches, "every")


def idle(name):
    """What nobody needed of a template's policies."""
    everything()
    with installed(template(name), []) as stack:
        needed = Needed(stack.account.policies)
        for c, holder in list(runs.ALLOWED.values()):
            if needed.policies.allows(c, holder):
                needed.record(c, holder)
        return needed.idle()


class EachIsNeeded(unittest.TestCase):
    maxDiff = None

    def test_statements(self):
        for name in ("plain", "every"):
            with self.subTest(name):
                self.assertEqual(idle(name), set())


if __name__ == "__main__":
    unittest.main()
