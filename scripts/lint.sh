#!/bin/sh
# The checks that run no test: style and known mistakes, formatting, types, who imports whom.
set -eu

bin=.venv/bin
"$bin/ruff" check --quiet .
"$bin/ruff" format --check --quiet . || { echo "Not formatted: run 'make format'" >&2; exit 1; }
"$bin/mypy" --no-error-summary
"$bin/lint-imports" --no-cache >/dev/null || "$bin/lint-imports" --no-cache
