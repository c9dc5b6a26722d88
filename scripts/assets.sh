#!/bin/sh
# Builds the front-end files if a source changed, with the machine's Node or else with PyPI's.
set -eu

python=.venv/bin/python
if "$python" -c 'import sys, build_assets as b; sys.exit(0 if b.is_current() else 1)'; then
  exit 0
fi
if ! "$python" -c 'import sys, build_assets as b; sys.exit(0 if b.find_node() else 1)'; then
  echo "No Node on this machine: installing the one PyPI ships"
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
fi
echo "Building the front-end files"
exec "$python" build_assets.py
