#!/bin/sh
# Every check, the quick ones first; stops at the first that fails. Says how long each took.
# What follows `scripts/test.sh` goes to the pytest runs, e.g. scripts/test.sh -k search
set -eu

bin=.venv/bin
started=$(date +%s)

say() { printf '\n== %s (after %s s)\n' "$1" "$(($(date +%s) - started))"; }

say "Lint, types, layers"
scripts/lint.sh

say "Pure tests, without Django"
COMITY_TEST_PURE=1 "$bin/pytest" -q -p no:django -p no:xdist -p no:schemathesis tests/core tests/tracks "$@"

say "Everything else on SQLite"
COMITY_TEST_DATABASE=sqlite "$bin/pytest" -q -n 2 --dist worksteal tests --ignore=tests/core --ignore=tests/tracks "$@"

say "What touches a database, on PostgreSQL"
COMITY_TEST_DATABASE=postgres "$bin/pytest" -q -n 2 --dist worksteal -m "database and not browser" \
  tests --ignore=tests/core --ignore=tests/tracks "$@"
