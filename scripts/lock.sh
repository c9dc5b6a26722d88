#!/bin/sh
# Renews the lock files: versions and hashes, no host and no path. Review the difference before you commit it.
set -eu

compile() {
  CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras \
    --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@"
}
compile --extra postgres --extra test --extra dev --output-file requirements/dev.txt pyproject.toml
compile --output-file requirements/node.txt requirements/node.in
compile --output-file requirements/bench-pyas2.txt requirements/bench-pyas2.in

# npm writes the addresses it fetched from; only name, version and integrity belong in the lock file.
npm install --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved
