"""The saved queries over made objects of a data sync: each is parsed as Athena's SQL against the tables of the synthesised template, run by
DuckDB, and compared with an answer that was counted otherwise. Where Java and Maven are there, Trino answers as well.

    TEMPLATE=cdk.out/consumers/InventoryBridge.template.json python3 -m unittest discover -s .ci/consumers       needs duckdb and sqlglot
"""
import os
import pathlib
import tempfile
import unittest

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

import trino
from answers import ANSWERS
from catalogue import Catalogue, Table
from fleet import ACCOUNT, FAR, NOW, OTHER, REGION, Fleet

FILES = pathlib.Path(__file__).parents[2] / "infra" / "consumers" / "queries"
SEEDS = (1, 2, 3)


def parse(sql):
    """A query as Athena reads it; the time is a fixed one."""
    tree = sqlglot.parse_one(sql, dialect="athena")
    now = sqlglot.parse_one(f"TIMESTAMP '{NOW:%Y-%m-%d %H:%M:%S} UTC'", dialect="athena")
    return tree.transform(lambda node: now.copy() if isinstance(node, exp.CurrentTimestamp) else node)


def run(db, tree):
    return db.execute(tree.sql(dialect="duckdb")).fetchall()


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.catalogue = Catalogue(os.environ["TEMPLATE"])
        cls.sql = {f.stem: f.read_text(encoding="utf-8") for f in FILES.glob("*.sql")}
        cls.fleets = {}
        for seed in SEEDS:
            fleet = Fleet(seed)
            with tempfile.TemporaryDirectory() as bucket:
                fleet.write(bucket)
                cls.fleets[seed] = fleet, cls.catalogue.load(bucket)

    def test_all_are_saved_and_counted(self):
        self.assertEqual(set(self.sql), set(ANSWERS))
        self.assertEqual(sorted(self.sql.values()), sorted(self.catalogue.queries.values()))

    def test_tables_and_columns_are_there(self):
        for file, sql in self.sql.items():
            with self.subTest(file):
                qualify(parse(sql), schema=self.catalogue.schema(), dialect="athena")  # raises where a table or column is not known
                for table in parse(sql).find_all(exp.Table):
                    named = {cte.alias for cte in parse(sql).find_all(exp.CTE)}
                    self.assertIn(table.name, self.catalogue.tables.keys() | named)

    def test_answers(self):
        for seed, (fleet, db) in self.fleets.items():
            for file, sql in self.sql.items():
                with self.subTest(file, seed=seed):
                    want = ANSWERS[file](fleet)
                    self.assertGreater(len(want), 10)
                    self.assertEqual({ACCOUNT, OTHER} & {r[0] for r in want}, {ACCOUNT, OTHER} if file != "software-versions" else set())
                    self.assertEqual(want, run(db, parse(sql)))

    def test_every_part_counts(self):
        """Without any one of its parts a query answers something else: the made nodes reach all of it."""
        fleet, db = self.fleets[SEEDS[0]]
        for file, sql in self.sql.items():
            want, count = ANSWERS[file](fleet), 0
            for what, tree in without(parse(sql)):
                count += 1
                with self.subTest(file, without=what):
                    self.assertFalse(want == run(db, tree), "the same answer")
            self.assertGreater(count, 5)

    def test_every_entry_is_read(self):
        """Each entry of a type is a row of its table, attribute by attribute, those of a user's own type among them."""
        fleet, db = self.fleets[SEEDS[0]]
        for kind in {key[3] for key in fleet.objects}:
            with self.subTest(kind):
                table = kind.replace(":", "_").lower()
                names = {c: c.removeprefix("entry_") for c in self.catalogue.tables[table].columns}
                want = sorted(sorted({**{k.lower(): v for k, v in e.items()}, "resourceid": where[2], "at": where[:2]}.items(), key=str)
                              for where, e in fleet.entries(kind))
                got = []
                for row in db.execute(f"SELECT {', '.join(chr(34) + c + chr(34) for c in names)}, accountid, region FROM {table}").fetchall():
                    entry = {names[c]: v for c, v in zip(names, row) if v is not None and c not in ("capturetime", "schemaversion")}
                    got.append(sorted({**entry, "at": row[-2:]}.items(), key=str))
                self.assertEqual(sorted(map(str, want)), sorted(map(str, got)))
                self.assertGreater(len(got), 0)

    def test_partitions(self):
        for table in self.catalogue.tables.values():
            places = {values for values, _ in table.folders()}
            self.assertEqual(places, {(a, r, "ManagedInstanceInventory") for a in (ACCOUNT, OTHER) for r in (REGION, FAR)})


class Trino(unittest.TestCase):
    @unittest.skipIf(trino.missing(), f"Trino is not asked: {trino.missing()}")
    def test_answers(self):
        """The files as they are, but for the time."""
        now = f"TIMESTAMP '{NOW:%Y-%m-%d %H:%M:%S} UTC'"
        queries = {f.stem: f.read_text(encoding="utf-8").replace("current_timestamp", now) for f in FILES.glob("*.sql")}
        fleet = Fleet(SEEDS[0])
        with tempfile.TemporaryDirectory() as bucket:
            fleet.write(bucket)
            got = trino.answers(Catalogue(os.environ["TEMPLATE"]).tables, bucket, queries)
        for file in queries:
            with self.subTest(file):
                self.assertEqual(ANSWERS[file](fleet), got[file])


class Reader(unittest.TestCase):
    """The reader's two ways, of which the built-in types need one."""

    def table(self, columns, serde):
        return Table({"TableInput": {
            "Name": "t", "Parameters": {}, "PartitionKeys": [],
            "StorageDescriptor": {"Location": "", "Columns": [{"Name": c} for c in columns], "SerdeInfo": {"Parameters": serde}},
        }})

    def test_case(self):
        line = '{"ResourceId": "mine", "resourceId": "i-1"}'
        with self.assertRaises(ValueError):
            self.table(["resourceid"], {"case.insensitive": "TRUE"}).row(line)
        exact = self.table(["resourceid", "entry_resourceid"], {
            "case.insensitive": "FALSE", "mapping.resourceid": "resourceId", "mapping.entry_resourceid": "ResourceId"})
        self.assertEqual(["i-1", "mine"], exact.row(line))


def without(tree):
    """The query with one part less, or one limit moved."""
    changes = {
        exp.EQ: lambda n: exp.true(), exp.NEQ: lambda n: exp.true(), exp.In: lambda n: exp.true(), exp.Is: lambda n: exp.true(),
        exp.LT: lambda n: exp.LTE(this=n.this.copy(), expression=n.expression.copy()),
        exp.GT: lambda n: exp.GTE(this=n.this.copy(), expression=n.expression.copy()),
        exp.GTE: lambda n: exp.GT(this=n.this.copy(), expression=n.expression.copy()),
        exp.Lower: lambda n: n.this.copy(), exp.Trim: lambda n: n.this.copy(), exp.Coalesce: lambda n: n.this.copy(), exp.Nullif: lambda n: n.this.copy(),
        exp.Distinct: lambda n: n.expressions[0].copy() if n.expressions else None,
    }
    for kind, change in changes.items():
        for i in range(len(list(tree.find_all(kind)))):
            mutant = tree.copy()
            node = list(mutant.find_all(kind))[i]
            what = f"{kind.__name__} {i}: {node.sql(dialect='athena')}"
            if isinstance(node, exp.In):
                yield from without_one(tree, i)
            if isinstance(node.parent, exp.Select) and kind is exp.Distinct:
                node.parent.set("distinct", None)
            else:
                node.replace(change(node))
            yield what, mutant


def without_one(tree, at):
    """The query with one word less in a list of several."""
    for k, word in enumerate(list(tree.find_all(exp.In))[at].expressions):
        mutant = tree.copy()
        node = list(mutant.find_all(exp.In))[at]
        node.set("expressions", [e for j, e in enumerate(node.expressions) if j != k])
        yield f"In {at}: without {word.sql(dialect='athena')}", mutant


if __name__ == "__main__":
    unittest.main()
