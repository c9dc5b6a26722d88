#!/bin/sh
# Runs the simulator and the generated tests with one seed after another for SOAK_SECONDS (600); stops at the first
# failure and names its seed. Again with that seed: SOAK_FROM=17 SOAK_SECONDS=1 make soak
set -eu

seconds=${SOAK_SECONDS:-600}
seed=${SOAK_FROM:-1}
end=$(($(date +%s) + seconds))
while :; do
  echo "== seed $seed"
  COMITY_TEST_SEED=$seed .venv/bin/pytest -q -n 2 --hypothesis-seed="$seed" tests/simulator || {
    echo "Failed with seed $seed. Again: SOAK_FROM=$seed SOAK_SECONDS=1 make soak" >&2
    exit 1
  }
  seed=$((seed + 1))
  [ "$(date +%s)" -lt "$end" ] || break
done
