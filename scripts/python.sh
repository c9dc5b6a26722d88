#!/bin/sh
# Makes the virtual environment and installs exactly what requirements/dev.txt locks, then comity itself, editable.
# Usage: PYTHON=python3.12 scripts/python.sh .venv
set -eu

venv=${1:-.venv}
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "comity needs Python 3.11 or later; $python is $("$python" --version 2>&1). Say which: make PYTHON=python3.12" >&2
  exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"

echo "Installing the locked Python packages into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
