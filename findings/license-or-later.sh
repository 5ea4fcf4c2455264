#!/usr/bin/env bash
# An SPDX license expression may have + behind any license of the list, "this version or a later one" (Annex D of SPDX 2.3 and 3.0), and an addition
# of the user's own behind WITH since 3.0 (AdditionRef-…). Two libraries that check the licenses of SBOMs differ on both:
# - license-expression 30.4.4 (Python) takes GPL-2.0+, which is an old ID, and calls Apache-2.0+ and EPL-1.0+ unknown licenses; it refuses AdditionRef-….
#   Each LicenseRef-… is unknown to it as well, so "unknown" does not tell a user's own license from a wrong one.
# - spdx-expression-parse 4.0.0 (JavaScript) takes all of these but AdditionRef-…, as it has the + of the standard's grammar.
# So a license of an SBOM is kept as it was written: whether it is known is no reason to leave it out.
# Needs Node and Python 3.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check license-expression==30.4.4
npm install --silent --no-audit --no-fund --cache npm spdx-expression-parse@4.0.0 >log 2>&1 || { cat log; exit 1; }

cat >main.py <<'EOF'
from license_expression import get_spdx_licensing
licensing = get_spdx_licensing()
for text in "MIT", "GPL-2.0+", "Apache-2.0+", "EPL-1.0+", "LicenseRef-own", "GPL-2.0-only WITH AdditionRef-own":
    print(text, "good" if not licensing.validate(text).errors else "not good")
EOF
cat >main.js <<'EOF'
const parse = require("spdx-expression-parse");
for (const text of ["MIT", "GPL-2.0+", "Apache-2.0+", "EPL-1.0+", "LicenseRef-own", "GPL-2.0-only WITH AdditionRef-own"]) {
  let good = "good";
  try { parse(text); } catch { good = "not good"; }
  console.log(text, good);
}
EOF
{ echo "license-expression:"; venv/bin/python main.py; echo "spdx-expression-parse:"; node main.js; } | tr -d '\r' | tee seen
diff seen - <<'EOF'
license-expression:
MIT good
GPL-2.0+ good
Apache-2.0+ not good
EPL-1.0+ not good
LicenseRef-own not good
GPL-2.0-only WITH AdditionRef-own not good
spdx-expression-parse:
MIT good
GPL-2.0+ good
Apache-2.0+ good
EPL-1.0+ good
LicenseRef-own good
GPL-2.0-only WITH AdditionRef-own not good
EOF
