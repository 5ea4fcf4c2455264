#!/usr/bin/env bash
# What a govulncheck run that fails leaves behind: version 1.1.4 with `-format json` writes its `config` message before it loads the packages,
# and says that they do not compile on standard error, with exit code 1. So the document of a run that has looked at nothing is whole JSON,
# with no finding in it. The document of a run that found nothing has an SBOM and progress messages too, and exit code 0; no message says
# that a run has ended. A file of `config` alone is therefore no proof that nothing was found. Needs Go.
set -euo pipefail
tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
cd "$tmp"

GOBIN=$tmp/bin go install golang.org/x/vuln/cmd/govulncheck@v1.1.4 2>/dev/null
mkdir -p db/index program
echo '{"modified":"2026-01-15T12:00:00Z"}' >db/index/db.json
echo '[]' | tee db/index/modules.json >db/index/vulns.json
printf 'module example.com/program\n\ngo 1.24\n' >program/go.mod

run() {
  echo "$1"
  printf '%s\n' "$2" >program/main.go
  local code=0
  (cd program && ../bin/govulncheck -db "file://$tmp/db" -format json ./... 2>../said >../out.json) || code=$?
  echo "  exit code $code, $(if [ -s said ]; then echo 'an error is said'; else echo 'no error is said'; fi)"
  grep -oE '^  "(config|SBOM|progress|osv|finding)"' out.json | tr -d ' "' | sed 's/^/  message /'
}
{
  run 'a program that does not compile' 'package main; func main() {'
  run 'a program in which nothing is found' 'package main; func main() {}'
} | tee seen
diff - seen <<'EOF'
a program that does not compile
  exit code 1, an error is said
  message config
a program in which nothing is found
  exit code 0, no error is said
  message config
  message SBOM
  message progress
  message progress
EOF
