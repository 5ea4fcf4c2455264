#!/usr/bin/env bash
# What a cell of an asset list means depends on the other rows of its column, for two readers of CSV: pandas 3.1.1 and DuckDB 2.0.0. Both
# look at a column and choose its type. A serial number like 5E10 becomes the number 50000000000 where all others look like numbers, too;
# DuckDB leaves it alone as soon as one row has a leading zero, pandas does not, and takes that zero off. A machine whose name is NA has no
# name for pandas. DuckDB reads 01/02/2026 as 1 February, and as 2 January once another row has 02/13/2026. So a list that is to be
# compared with yesterday's is read with all columns as strings (dtype=str and keep_default_na=False; all_varchar=true). Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pandas==3.1.1 duckdb==2.0.0

cat >main.py <<'EOF'
import duckdb, pandas

def show(title, *rows):
    print(title)
    with open("assets.csv", "w") as f:
        f.write("name,serial,seen\n" + "".join(row + "\n" for row in rows))
    readers = {
        "pandas": lambda: pandas.read_csv("assets.csv").values.tolist(),
        "duckdb": lambda: duckdb.sql("FROM 'assets.csv'").fetchall(),
        "pandas, strings": lambda: pandas.read_csv("assets.csv", dtype=str, keep_default_na=False).values.tolist(),
        "duckdb, strings": lambda: duckdb.sql("FROM read_csv('assets.csv', all_varchar=true)").fetchall(),
    }
    for name, read in readers.items():
        print(f"  {name:16}", *(" ".join(str(cell) for cell in row) for row in read()), sep=" | ")

show("two machines", "web-01,1E5,01/02/2026", "NA,5E10,03/04/2026")
show("and a third", "web-01,1E5,01/02/2026", "NA,5E10,03/04/2026", "db-01,0012345,02/13/2026")
EOF
venv/bin/python main.py | tee seen
diff - seen <<'EOF'
two machines
  pandas           | web-01 100000.0 01/02/2026 | nan 50000000000.0 03/04/2026
  duckdb           | web-01 100000.0 2026-02-01 | NA 50000000000.0 2026-04-03
  pandas, strings  | web-01 1E5 01/02/2026 | NA 5E10 03/04/2026
  duckdb, strings  | web-01 1E5 01/02/2026 | NA 5E10 03/04/2026
and a third
  pandas           | web-01 100000.0 01/02/2026 | nan 50000000000.0 03/04/2026 | db-01 12345.0 02/13/2026
  duckdb           | web-01 1E5 2026-01-02 | NA 5E10 2026-03-04 | db-01 0012345 2026-02-13
  pandas, strings  | web-01 1E5 01/02/2026 | NA 5E10 03/04/2026 | db-01 0012345 02/13/2026
  duckdb, strings  | web-01 1E5 01/02/2026 | NA 5E10 03/04/2026 | db-01 0012345 02/13/2026
EOF
