#!/usr/bin/env bash
# sarif-tools 3.0.5, which counts the results of SARIF files for builds, reads valid SARIF 2.1.0 otherwise than the standard says:
# - ruleId may be absent where ruleIndex or rule.index names the rule (3.27.5): it ends with KeyError, whatever else is in the file;
# - a result without a level takes that of invocations[].ruleConfigurationOverrides before the rule's default (3.27.10): it takes the rule's;
# - a result with baselineState "absent" was in the baseline and is none of this run's (3.27.24): it is counted as an error.
# What it does right: the default level of the rule, hierarchical IDs such as R1/sub, and kind "pass" without a level.
# So its counts and those of a reader that follows the standard may differ for one file.
# Needs Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sarif-tools==3.0.5

cat >main.py <<'EOF'
import json
driver = {"name": "example", "rules": [
    {"id": "R1", "defaultConfiguration": {"level": "error"}},
    {"id": "R2", "defaultConfiguration": {"level": "note"}}]}
overrides = [{"descriptor": {"id": "R2", "index": 1}, "configuration": {"level": "error"}}]
def write(name, *results):
    run = {"tool": {"driver": driver}, "results": list(results),
           "invocations": [{"executionSuccessful": True, "ruleConfigurationOverrides": overrides}]}
    json.dump({"version": "2.1.0", "runs": [run]}, open(name, "w"))
def result(text, **more):
    return {"message": {"text": text}, **more}
write("index.sarif", result("by index", ruleIndex=0))
write("override.sarif", result("overridden", ruleId="R2", ruleIndex=1))
write("absent.sarif", result("no longer there", ruleId="R1", ruleIndex=0, baselineState="absent"))
write("right.sarif", result("default", ruleId="R1", ruleIndex=0), result("sub", ruleId="R1/sub", ruleIndex=0),
      result("passed", ruleId="R1", ruleIndex=0, kind="pass"))
EOF
venv/bin/python main.py
for name in index override absent right; do
  echo "$name:"
  if venv/bin/sarif csv -o out.csv "$name.sarif" >log 2>&1; then cut -d, -f2-4 out.csv | tail -n +2; else tail -n 1 log; fi
done | tr -d '\r' | tee seen
diff seen - <<'EOF'
index:
KeyError: 'ruleId'
override:
note,R2,overridden
absent:
error,R1,no longer there
right:
error,R1,default
error,R1/sub,sub
none,R1,passed
EOF
