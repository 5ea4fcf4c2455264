"""A file that is put into the bucket ends in inventory, also where the function is killed meanwhile; what cannot be handled ends in the dead
letters, and nothing else with it. All that the stack has comes from the synthesised template.

    make chain       needs the built function and command in dist/, the templates in cdk.out/chain, boto3 and moto
"""
import json
import os
import unittest

import again
import local
import mishaps
import rare
import runs
from runs import template, undisturbed

COUNTS = local.ROOT / "infra/testdata/counts.json"


class Chain(unittest.TestCase):
    def test_1(self):
        undisturbed("plain", 1)

    def test_10(self):
        undisturbed("plain", 10)

    def test_1000(self):
        undisturbed("plain", 1000)

    def test_counts(self):
        """How often a night calls what is what the costs in the README are computed from."""
        got = undisturbed("plain", 1000)["after"]
        if os.environ.get("CHAIN_UPDATE"):
            COUNTS.write_text(json.dumps(got, indent=1) + "\n")
        want = json.loads(COUNTS.read_text())
        for role in ("intake", "delivery", "sweep"):
            self.assertEqual(got[role].keys(), want[role].keys(), role)
            for action, n in want[role].items():  # on a busy machine a call or two comes again
                self.assertIn(got[role][action] - n, range(3), f"{role} {action}: if that is meant: make chain CHAIN_UPDATE=1")
        self.assertEqual([got[k] for k in ("nodes", "partitions", "changed")], [want[k] for k in ("nodes", "partitions", "changed")])

    def test_1_killed(self):
        runs.killed(template("plain"), 1, undisturbed("plain", 1))

    def test_10_killed(self):
        runs.killed(template("plain"), 10, undisturbed("plain", 10))

    def test_1000_killed(self):
        runs.killed(template("plain"), 1000, undisturbed("plain", 1000))

    def test_poison(self):
        runs.once(mishaps.poison, "plain")

    def test_sweep(self):
        runs.once(mishaps.sweep, "plain")

    def test_dead_letters_go_back(self):
        for name in ("plain", "every"):
            with self.subTest(name):
                runs.once(mishaps.redriven, name)

    def test_ways(self):
        runs.once(mishaps.ways, "plain")

    def test_switches(self):
        runs.once(mishaps.switches, "every")

    def test_again(self):
        for first, second in (("plain", "again"), ("every", "unkeyed")):
            with self.subTest(second):
                again.once(first, second)

    def test_rare(self):
        runs.once(rare.rare, "plain")

    def test_moved(self):
        runs.once(rare.moved, "plain")

    def test_retold(self):
        runs.once(rare.retold, "every")


if __name__ == "__main__":
    unittest.main()
