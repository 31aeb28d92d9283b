# Two commands on a fresh machine with python3, pip, make and git:  make run,  make test
# `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_SYSTEM_CERTS := true

PYTHON   ?= python3
UV       := .tools/uv/bin/uv
BIN      := .venv/bin
ENV      := .make/environment
BENCH_BIN := .venv-bench/bin
BENCH_ENV := .make/bench
OPTIONS  ?=
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))
WITHOUT_BROWSER := $(if $(CHROMIUM)$(CI),, and not browser)
COMPILE  := $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.PHONY: help run test test-slow lint types bench accuracy interactions calibration calibration-checks evidence qualification reference lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: $(ENV)  ## compare IV, subcutaneous and oral ketamine; report in results/routes/
	@$(BIN)/kpksim compare configs/scenarios/routes.toml -o results/routes --force

test: lint types  ## lint, types and every test but the slow ones
	@$(if $(CHROMIUM)$(CI),,echo "Browser tests are left out: no chromium found (apt install chromium).")
	@$(BIN)/pytest -q -n 2 -m "not slow$(WITHOUT_BROWSER)"

test-slow: $(ENV)  ## the slow tests
	@$(BIN)/pytest -q -m "slow$(WITHOUT_BROWSER)"

lint: $(ENV)  ## ruff: rules and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Run .venv/bin/ruff format ."; exit 1; }

types: $(ENV)  ## mypy
	@$(BIN)/mypy --no-error-summary

bench: $(BENCH_ENV)  ## the benchmark into results/bench.md; OPTIONS="--quick", "--only ROW", "--docs"
	@$(BENCH_BIN)/python -m experiments.bench.run $(OPTIONS)

accuracy: $(ENV)  ## errors against 40 digits into results/accuracy.md; OPTIONS="--quick", "--docs"
	@$(BIN)/python -m experiments.accuracy.run $(OPTIONS)

interactions: $(ENV)  ## other drugs and genes, published and predicted, into results/interactions.md; OPTIONS="--docs"
	@$(BIN)/python -m experiments.interactions.run $(OPTIONS)

calibration: $(ENV)  ## every calibration into results/calibrations/ and the page; OPTIONS="--quick", "--full", "--docs"
	@$(BIN)/python -m experiments.calibration.run $(OPTIONS)

evidence: $(ENV)  ## the studies and the audit of the review into results/evidence.md; OPTIONS="--docs"
	@$(BIN)/python -m experiments.evidence.run $(OPTIONS)

qualification: $(ENV)  ## predicted against observed into results/qualification/ and docs/
	@$(BIN)/kpksim qualify -o results/qualification --force
	@cp results/qualification/qualification.md docs/qualification.md

reference: $(ENV)  ## fit the reference model into results/reference_model/; OPTIONS="--quick", "--docs"
	@$(BIN)/python -m experiments.reference_model.run $(OPTIONS)

calibration-checks: $(ENV)  ## coverage, recovery, seeds into results/calibration_checks/, hours; OPTIONS="--quick", "--only recovery", "--docs"
	@$(BIN)/python -m experiments.calibration_checks.run $(OPTIONS)

lock: $(UV)  ## write requirements/*.txt anew from pyproject.toml
	@$(COMPILE) pyproject.toml -o requirements/run.txt
	@$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --group docs -o requirements/docs.txt
	@$(COMPILE) pyproject.toml --group bench -o requirements/bench.txt
	@$(COMPILE) pyproject.toml --all-extras -o requirements/extras.txt
	@$(COMPILE) requirements/uv.in -o requirements/uv.txt

clean:  ## remove the environment and every cache; results/ stays
	@rm -rf .venv .venv-bench .tools .make .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	@find kpksim tests experiments -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): requirements/uv.txt
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "pip is missing: apt install python3-pip"; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
		--upgrade --target .tools/uv --require-hashes -r requirements/uv.txt
	@touch $(UV)

$(ENV): $(UV) requirements/dev.txt pyproject.toml
	@echo "Setting up .venv from requirements/dev.txt; once, about a minute."
	@test -x $(BIN)/python || $(UV) venv --quiet --clear .venv
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --no-build-isolation --no-deps -e .
	@mkdir -p $(@D) && touch $@

$(BENCH_ENV): $(UV) requirements/bench.txt
	@echo "Setting up .venv-bench from requirements/bench.txt; once, about a minute."
	@test -x $(BENCH_BIN)/python || $(UV) venv --quiet --clear .venv-bench
	@$(UV) pip sync --quiet --python $(BENCH_BIN)/python --require-hashes requirements/bench.txt
	@mkdir -p $(@D) && touch $@
