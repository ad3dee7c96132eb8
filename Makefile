# Every promise of the README is a target here; each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What people see, the command line, whole years and long histories ask what the contexts' tests ask: once is enough.
ONCE := browser cli desk pages portal scenarios world ledger/test_random_steps.py matching/test_histories.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Every `kvit` starts from what was compiled before, also where a shell would rather keep that from disk.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo run test lint types arch check bench soak messages screenshots pictures lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: requirements/runtime.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements/runtime.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.lock
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/.soak: $(VENV)/.dev requirements/soak.lock
	$(BIN)/python -m pip install -q --require-hashes -r requirements/soak.lock
	@touch $@

demo: $(VENV)/.runtime  ## four populated companies in the browser; Ctrl-C stops everything, the data stay
	$(BIN)/kvit demo

run: $(VENV)/.runtime  ## the pages and the worker, without demo data; Ctrl-C stops both
	$(BIN)/kvit up

test: $(VENV)/.dev  ## all tests; most of the database's again on PostgreSQL 15 where it is installed
	@echo "making the engine ready; where nothing is compiled yet, a minute or two"
	@$(BIN)/python -c "from kvit.matching.domain import warming; warming.warm()"  # compiled once, not by each worker
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations=40
	@for bin in $(wildcard /usr/lib/postgresql/15/bin); do \
	    echo "again on $$($$bin/postgres --version)"; \
	    KVIT_PG_BIN=$$bin $(BIN)/python -m pytest -n 2 --dist worksteal -m "database or race" --durations=20 $(addprefix --ignore=tests/,$(ONCE)) || exit 1; \
	done

lint: $(VENV)/.dev  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy strict
	DJANGO_SETTINGS_MODULE=kvit.settings $(BIN)/mypy

arch: $(VENV)/.dev  ## the arrows of the structure
	PYTHONPATH=src $(BIN)/lint-imports

check: lint types arch  ## lint, types, arch

bench: $(VENV)/.dev  ## every figure a promise names; JSON, exit 1 on a miss
	$(BIN)/python -m benchmarks

soak: $(VENV)/.soak  ## the long forms of the scorecard
	KVIT_SOAK=1 $(BIN)/python -m pytest -m soak

messages: $(VENV)/.dev  ## bring the catalogues of texts up to date
	$(BIN)/python tests/catalogues.py

screenshots: $(VENV)/.dev  ## pictures of every page into var/pictures, the chosen into docs/pictures
	KVIT_SCREENSHOTS=1 $(BIN)/python -m pytest -p no:randomly -o timeout=600 tests/browser/test_pictures.py

pictures: $(VENV)/.dev  ## pictures of every document in every language into var/pictures/documents
	PYTHONPATH=src:tests $(BIN)/python tests/document_pictures.py

lock:  ## pin the dependencies anew, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/runtime.in -o requirements/runtime.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements/runtime.lock requirements/dev.in -o requirements/dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements/soak.in -o requirements/soak.lock

clean:  ## remove what the tools left behind
	rm -rf $(VENV) build var .mypy_cache .ruff_cache .pytest_cache .hypothesis
