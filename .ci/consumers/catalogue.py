"""The tables of a synthesised template, and their rows out of a directory that stands for the bucket, read as Athena's JSON reader does."""
import itertools
import json
import pathlib

import duckdb

from fleet import ACCOUNT, REGION

BUCKET = "bucket"
VALUES = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws"}


def resolved(value):
    """A value of the template without functions: what is referred to stands there by its name."""
    if isinstance(value, list):
        return [resolved(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return VALUES.get(value["Ref"], BUCKET if value["Ref"] == "Inventory" else value["Ref"])
    if "Fn::Join" in value:
        return value["Fn::Join"][0].join(resolved(value["Fn::Join"][1]))
    return {k: resolved(v) for k, v in value.items()}


class Table:
    def __init__(self, properties):
        table = resolved(properties)["TableInput"]
        storage, self.parameters = table["StorageDescriptor"], table["Parameters"]
        self.name, self.location = table["Name"], storage["Location"].removeprefix(f"s3://{BUCKET}/")
        self.columns = [c["Name"] for c in storage["Columns"]]
        self.partitions = [c["Name"] for c in table["PartitionKeys"]]
        self.serde = storage["SerdeInfo"]["Parameters"]

    def all_columns(self):
        return self.columns + self.partitions

    def folders(self):
        """The partitions that the projection has, each with its folder."""
        lists = [self.parameters[f"projection.{p}.values"].split(",") for p in self.partitions]
        for values in itertools.product(*lists):
            yield values, self.location + "/".join(f"{p}={v}" for p, v in zip(self.partitions, values))

    def row(self, line):
        """One line, by the reader's rules: case does not matter unless it is told so, and a key may not be there twice."""
        exact = self.serde["case.insensitive"] == "FALSE"

        def unique(pairs):
            keys = [k if exact else k.lower() for k, _ in pairs]
            if len(set(keys)) != len(keys):
                raise ValueError(f"{self.name}: a key twice in {keys}")
            return dict(zip(keys, (v for _, v in pairs)))

        entry = json.loads(line, object_pairs_hook=unique)
        return [entry.get(self.serde.get(f"mapping.{c}", c)) for c in self.columns]

    def rows(self, bucket):
        for values, folder in self.folders():
            for at in sorted(pathlib.Path(bucket, folder).glob("*.json")):
                for line in at.read_text(encoding="utf-8").splitlines():
                    yield [*self.row(line), *values]


class Catalogue:
    def __init__(self, template):
        resources = json.loads(pathlib.Path(template).read_text(encoding="utf-8"))["Resources"].values()
        self.tables = {t.name: t for t in (Table(r["Properties"]) for r in resources if r["Type"] == "AWS::Glue::Table")}
        self.queries = {r["Properties"]["Name"]: r["Properties"]["QueryString"] for r in resources if r["Type"] == "AWS::Athena::NamedQuery"}

    def schema(self):
        return {name: {c: "VARCHAR" for c in t.all_columns()} for name, t in self.tables.items()}

    def load(self, bucket):
        """A database with the tables."""
        db = duckdb.connect()
        db.execute("SET TimeZone = 'UTC'")
        for name, table in self.tables.items():
            columns = table.all_columns()
            db.execute(f"CREATE TABLE {name} (" + ", ".join(f'"{c}" VARCHAR' for c in columns) + ")")
            if rows := list(table.rows(bucket)):
                db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
        return db
