# tongyuan: everything a fresh machine needs is Python 3.11, gcc, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
SHARED := $(VENV)/.shared
DEVELOP := $(VENV)/.develop
LOWEST := tests/reference tests/ledger tests/inventory tests/synergy
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: help setup demo serve bundle test test-bare test-lowest check docs soak benchmark mutate lock sbom release-check clean

help:            ## show these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

setup: $(DEVELOP)  ## make the environment with everything, from the lock files

$(RUNTIME): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOP): $(RUNTIME) requirements-dev.lock
	$(PIP) --requirement requirements-dev.lock
	@touch $@

$(SHARED): $(RUNTIME) requirements-dev.lock
	$(PIP) --constraint requirements-dev.lock --no-build-isolation --editable ".[office]"
	@touch $@

demo: $(RUNTIME)   ## Shandong: from workbook to report
	$(BIN)/tongyuan demo demo

serve: $(SHARED)   ## the console on the demo, in the browser of this computer
	test -d demo/results || $(BIN)/tongyuan demo demo
	test -d demo-works/results || $(BIN)/tongyuan demo demo-works --world enterprises
	$(BIN)/tongyuan office import demo --people
	$(BIN)/tongyuan office import demo-works --organisation works
	$(BIN)/tongyuan serve

bundle: $(SHARED)  ## everything for a machine without network: dist/bundle
	rm -rf dist/bundle
	$(BIN)/tongyuan bundle dist/bundle

test: check  ## everything: style, types, the plan of the house, tests, documentation
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(OPTIONS)
	$(MAKE) docs

test-bare: $(DEVELOP)  ## the tests that touch browsers, office programs, Java and fonts, with those hidden
	tools/bare.sh

test-lowest: $(DEVELOP)  ## the rooms below the flows on the lowest versions pyproject.toml allows
	$(PYTHON) -m venv $(VENV)/lowest
	$(BIN)/python tools/lowest.py > $(VENV)/lowest.txt
	$(VENV)/lowest/bin/pip install --quiet --disable-pip-version-check --constraint $(VENV)/lowest.txt \
	  . pytest pytest-timeout hypothesis pandas pyarrow pint pymcdm ahpy
	$(VENV)/lowest/bin/pytest -W ignore::DeprecationWarning $(LOWEST)

check: $(DEVELOP)  ## style, types, the plan of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(DEVELOP)   ## build the documentation, warnings are errors
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

soak: $(DEVELOP)   ## random plans, changed files and interruptions by the hundred
	$(BIN)/pytest -m soak

benchmark: $(DEVELOP)  ## the registered benchmarks, printed as ratios
	$(BIN)/python -m benchmarks

mutate: $(DEVELOP)  ## change the code in small ways and see whether its tests notice
	$(BIN)/python tools/mutate.py

lock: $(RUNTIME)   ## write both lock files from what the newest allowed versions resolve to
	$(BIN)/python -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet --upgrade hatchling editables .
	$(VENV)/lock/bin/pip uninstall --quiet --yes tongyuan
	$(VENV)/lock/bin/pip freeze > requirements.lock
	$(VENV)/lock/bin/pip install --quiet --constraint requirements.lock ".[dev]"
	$(VENV)/lock/bin/pip uninstall --quiet --yes tongyuan
	$(VENV)/lock/bin/pip freeze > requirements-dev.lock
	rm -rf $(VENV)/lock

sbom: $(DEVELOP)   ## what is installed and its licences: docs/licences.md and dist/tongyuan.cdx.json
	$(BIN)/python tools/sbom.py

release-check: $(RUNTIME)  ## build wheel and sdist, look into them, install in a clean environment, run
	$(BIN)/python tools/release.py check

clean:             ## remove the environment and everything made
	rm -rf $(VENV) demo office dist docs/_build .pytest_cache .mypy_cache .ruff_cache
