# Two commands: `make start` sets everything up and runs Footbridge; `make test` runs every check.
# Each step leaves a stamp, so that the second run does only what changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# From an archive without .venv the system's Python is used to make it; any 3.11 or newer will do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
CATALOGS := $(wildcard src/footbridge/locale/*/LC_MESSAGES/django.po)

.PHONY: help start setup test test-server fast-checks assets pins fmt clean

help:
	@echo "make start        set everything up and run Footbridge (Ctrl-C stops it)"
	@echo "make test         run every check; make test-server does so against DATABASE_URL"
	@echo "make fmt          put the code in order"
	@echo "make pins         renew requirements/*.txt from requirements/*.in"

start: $(STAMPS)/run $(STAMPS)/project
	@$(BIN)/footbridge assets
	$(BIN)/footbridge messages --compile
	exec $(BIN)/footbridge start $(START)

setup: $(STAMPS)/run $(STAMPS)/dev $(STAMPS)/project
	@$(BIN)/footbridge assets
	$(BIN)/footbridge messages --compile

# -- setting up --------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Footbridge needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Try: make start PYTHON=python3.12"; exit 1; }
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    echo "Installing python3-venv…"
	    export DEBIAN_FRONTEND=noninteractive
	    apt-get install -qq -y python3-venv >/dev/null || { apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null; }
	  else
	    echo "Python has no venv module here. Ask an administrator to run: apt-get install python3-venv"
	    exit 1
	  fi
	fi
	echo "Making the virtual environment…"
	$(PYTHON) -m venv $(VENV)

# Every package is pinned with its hash; installed only when the pins changed.
$(STAMPS)/%: requirements/%.txt | $(BIN)/python
	@mkdir -p $(STAMPS)
	want=$$(sha256sum < $<)
	if [ "$$(cat $@ 2>/dev/null)" != "$$want" ]; then
	  echo "Installing packages ($*)…"
	  $(PIP) install --require-hashes --no-deps -r $<
	  echo "$$want" > $@
	fi
	touch $@

# The project itself, by reference: no copy to go stale. Its build tool is among the pins.
$(STAMPS)/project: pyproject.toml $(STAMPS)/run
	@want=$$(sed -n '/^\[tool\.\(pytest\|ruff\|mypy\|importlinter\)/q;p' $< | sha256sum)
	if [ "$$(cat $@ 2>/dev/null)" != "$$want" ]; then
	  $(PIP) install --no-deps --no-build-isolation --editable .
	  echo "$$want" > $@
	fi
	touch $@

# -- checking ----------------------------------------------------------------------------------------------------------

# Under make test, WORKERS=0 runs tests one after another; TESTS narrows them.
WORKERS ?= auto
TESTS ?= tests

test: setup fast-checks
	@if [ "$(TESTS)" = tests ]; then
	  $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST) --ignore tests/journey tests
	  echo "One life, and twelve people on their way in, in a real browser"
	  $(BIN)/python -m pytest -n 0 $(PYTEST) tests/journey
	else
	  $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST) $(TESTS)
	fi

# The same suite against a PostgreSQL server: DATABASE_URL must name a role that may create databases.
test-server: setup
	@test -n "$${DATABASE_URL:-}" || { echo "Set DATABASE_URL to a PostgreSQL server whose role may create databases."; exit 1; }
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST) $(TESTS)

fast-checks:
	@echo "ruff"
	$(BIN)/ruff check --quiet --output-format concise src tests benchmarks
	echo "import-linter"
	$(BIN)/lint-imports --no-logo
	echo "mypy"
	$(BIN)/mypy

fmt: setup
	@$(BIN)/ruff check --quiet --fix src tests benchmarks || true
	$(BIN)/ruff format --quiet src tests benchmarks

# -- pins ----------------------------------------------------------------------------------------------------------------

PINNING := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --universal --custom-compile-command "make pins"

pins: $(STAMPS)/dev
	@$(BIN)/$(PINNING) requirements/run.in --output-file requirements/run.txt
	$(BIN)/$(PINNING) requirements/dev.in --constraints requirements/run.txt --output-file requirements/dev.txt

clean:
	rm -rf $(VENV) node_modules build src/*.egg-info
