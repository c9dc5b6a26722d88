#!/bin/sh
# Runs the simulator with one history after another for SOAK_SECONDS (600); stops at the first failure and names its seed.
# Again from a seed: SOAK_FROM=17 SOAK_SECONDS=1 make soak
set -eu

seconds=${SOAK_SECONDS:-600}
seed=${SOAK_FROM:-0}
at_once=24
end=$(($(date +%s) + seconds))
while :; do
  echo "== seeds $seed to $((seed + at_once - 1))"
  COMITY_TEST_FIRST_SEED=$seed COMITY_TEST_SEEDS=$at_once .venv/bin/pytest -q -n 2 --hypothesis-seed="$seed" \
    tests/simulator || { echo "Again: SOAK_FROM=$seed SOAK_SECONDS=1 make soak" >&2; exit 1; }
  seed=$((seed + at_once))
  [ "$(date +%s)" -lt "$end" ] || break
done
