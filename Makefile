# Every target can be called again: what is done already is not done twice. Nothing here asks a question.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := install

BIN := .venv/bin
WORKERS ?= 2
PYTEST := $(BIN)/pytest --quiet -n $(WORKERS) --dist loadgroup
TYPED := lifecycle projections cli.py
PYTHON_FILES := $(TYPED) tests $(wildcard benchmarks)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install

.PHONY: install run check static test soak bench wheel format lock system-packages

# ---- what is installed -------------------------------------------------------------------------------------------

.venv/bin/python:
	python3.11 -m venv .venv

.venv/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/.test: requirements/test.txt .venv/.runtime
	$(PIP) --require-hashes -r requirements/test.txt
	touch $@

install: .venv/.runtime
	@echo "install: done; the program is $(BIN)/lifecycle"

system-packages:
	@bash tools/install-system-packages

lock:
	@bash tools/lock-requirements

# ---- what is run -------------------------------------------------------------------------------------------------

run: .venv/.runtime
	$(BIN)/lifecycle demo
	@echo "run: done; the demo's store is where the lines above say"

wheel: .venv/.test
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@echo "wheel: done; $$(ls dist/*.whl)"

# ---- what is checked ---------------------------------------------------------------------------------------------

format: .venv/.test
	$(BIN)/ruff format --quiet $(PYTHON_FILES)
	$(BIN)/ruff check --quiet --fix $(PYTHON_FILES)
	@echo "format: done; $(PYTHON_FILES)"

static: .venv/.test
	$(BIN)/ruff format --check --quiet $(PYTHON_FILES)
	$(BIN)/ruff check --quiet $(PYTHON_FILES)
	$(BIN)/mypy $(TYPED)

check: static
	EFFORT=check $(PYTEST) tests/unit
	@echo "check: done; format, lint, types, rooms and the unit tests hold"

test: system-packages static
	EFFORT=test $(PYTEST) tests
	@echo "test: done; every test of tests/ passed"

soak: system-packages static
	EFFORT=soak $(PYTEST) tests
	@echo "soak: done; every test of tests/ passed with the full figures"

bench: .venv/.test
	$(BIN)/python -m benchmarks
	@echo "bench: done; the figures are above"
