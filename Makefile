# tongyuan: everything a fresh machine needs is Python 3.11, gcc, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo test check docs benchmark lock clean

help:            ## show these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

setup: $(STAMP)  ## make the environment from the lock file

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)   ## Shandong 2014 and 2021: from workbook to report
	$(BIN)/tongyuan demo demo

test: $(STAMP) check  ## everything: style, types, the plan of the house, tests, documentation
	$(BIN)/pytest --numprocesses 2 --cov --cov-report=term:skip-covered
	$(MAKE) docs

check: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)   ## build the documentation, warnings are errors
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

benchmark: $(STAMP)  ## the registered benchmarks, printed as ratios
	$(BIN)/python -m benchmarks

lock:            ## write requirements.lock from what is installed
	$(BIN)/pip freeze --exclude-editable > requirements.lock

clean:
	rm -rf $(VENV) demo docs/_build .pytest_cache .mypy_cache .ruff_cache
