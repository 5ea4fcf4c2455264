"""The table of rules and the tests beside this file hold each other. Runs last."""

import csv
import pathlib
import sys
import unittest

import world

RULES = pathlib.Path(__file__).parent.parent / "testdata" / "rules.csv"


class Rules(unittest.TestCase):
    def test_every_rule_has_its_test(self):
        with RULES.open(newline="", encoding="utf-8") as file:
            rules = [r for r in csv.DictReader(file) if r["where"] != "go"]
        named = {"test_" + r["test"] for r in rules}
        written = {name for name, member in self.methods()}
        self.assertEqual(named - written, set(), "rules without a test")
        self.assertEqual(written - named, set(), "tests that no rule names")
        self.assertEqual(named - world.ran, set(), "tests that did not run: run the whole folder")

    def methods(self):
        """The tests of every loaded module's Conformance classes."""
        for module in list(sys.modules.values()):
            for value in list(vars(module).values()):
                if isinstance(value, type) and issubclass(value, world.Conformance):
                    yield from ((n, m) for n, m in vars(value).items() if n.startswith("test_"))
