# comity: every command of the repository. `make help` lists them.
#
# Each target installs what it needs first, so each works on a fresh machine with Python 3.11 and make.
# Stamps in .venv say what is done; nothing is done twice.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup system python assets demo test lint format bench soak lock clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: system python assets ## everything needed to work: system packages, .venv, front-end files

system:
	@scripts/system.sh python browser postgres fonts

python: $(VENV)/.installed

$(VENV)/.installed: requirements/dev.txt pyproject.toml scripts/python.sh
	@scripts/system.sh python
	@PYTHON="$(PYTHON)" scripts/python.sh "$(VENV)"
	@touch $@

assets: python ## build the front-end files if a source changed
	@scripts/assets.sh

demo: python assets ## two running nodes with a scripted counterpart (ONCE=1: play the story and stop)
	@exec $(BIN)/comity demo $(if $(ONCE),--once)

test: setup ## every check: lint, types, layers, pure tests, the suite on SQLite and on PostgreSQL
	@exec scripts/test.sh

lint: python ## ruff, mypy, import-linter
	@exec scripts/lint.sh

format: python ## let ruff put the code in order
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

bench: python ## throughput and latency beside django-pyas2, and the cost of growth (BENCH_SMALL=1: quick)
	@exec $(BIN)/python -m tests.bench

soak: python ## the simulator with many seeds (SOAK_SECONDS=600)
	@exec scripts/soak.sh

lock: python ## renew the lock files from pyproject.toml and package.json
	@exec scripts/lock.sh

clean: ## remove what was built; keeps .venv
	@rm -rf build dist node_modules src/comity/web/static/comity .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis
