"""Trino, where Java 17 and Maven are there: it is what Athena is made of."""
import json
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).parent / "trino"
CACHE = pathlib.Path(__file__).parents[1] / "cache" / "trino"


def missing():
    """What is not there; "" where all is."""
    tools = [tool for tool in ("java", "mvn") if not shutil.which(tool)]
    if tools:
        return f"no {' and no '.join(tools)}"
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    major = int(said.split('"')[1].split(".")[0])
    return "" if major >= 17 else f"Java {major}, not 17 or newer"


def classpath():
    """The libraries, fetched at first use and anew when pom.xml changes."""
    listed, made = CACHE / "classpath", CACHE / "pom.xml"
    if not made.exists() or made.read_bytes() != (HERE / "pom.xml").read_bytes():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mvn", "--quiet", "--batch-mode", f"-Dmaven.repo.local={CACHE / 'repository'}", "-f", HERE / "pom.xml",
                        "dependency:build-classpath", f"-Dmdep.outputFile={listed}"], check=True)
        shutil.copy(HERE / "pom.xml", made)
    return listed.read_text(encoding="utf-8")


def statements(tables, bucket):
    """What makes the tables and fills them with a bucket's rows."""
    for name, table in tables.items():
        columns = table.all_columns()
        empty = (f'CAST(NULL AS varchar) AS "{c}"' for c in columns)
        yield f"CREATE TABLE {name} AS SELECT {', '.join(empty)} WHERE false"
        rows = json.dumps(list(table.rows(bucket))).replace("'", "''")
        cells = (f"r[{i + 1}]" for i in range(len(columns)))
        yield f"INSERT INTO {name} SELECT {', '.join(cells)} FROM UNNEST(CAST(json_parse('{rows}') AS array(array(varchar)))) AS u (r)"


def answers(tables, bucket, queries):
    """The rows that each query has, by its name."""
    given = json.dumps({"statements": list(statements(tables, bucket)), "queries": queries})
    done = subprocess.run(["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath(), HERE / "Trino.java"], input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return {name: [tuple(row) for row in rows] for name, rows in json.loads(done.stdout.splitlines()[-1]).items()}
