# Set-up, run, check. Everything lives in .venv inside this clone; a step that is done already costs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("hirehub needs Python 3.11 or newer; this is %d.%d. Name another: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "error: $(PYTHON) cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements/runtime.lock requirements/assets.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the product needs (once) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.lock
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/assets.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@echo "Installing what the checks need (once) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

setup: $(VENV)/.runtime ## Make .venv with everything that the product needs.

up: setup ## Run the product with sample data; Ctrl-C stops it.
	@exec $(BIN)/hirehub up

lint: $(VENV)/.dev ## Format, lint, types, import contracts, sizes.
	@$(BIN)/ruff format --check --quiet . || { echo "error: not formatted. Run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python scripts/check_sizes.py

test: lint ## Every check: lint first, then all tests.
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST)

torture: $(VENV)/.dev ## The long loops in full: kills, faults, requests made up.
	@TORTURE=full $(BIN)/python -m pytest tests/torture tests/access/test_any_request.py --timeout 3600 $(PYTEST)

bench: $(VENV)/.dev ## Every benchmark beside its baseline of the same run.
	@$(BIN)/hirehub bench all

proto: $(VENV)/.dev ## Generate hirehub.contracts.pb from proto/.
	@$(BIN)/python scripts/generate_proto.py

reference: $(VENV)/.dev ## Generate docs/reference from the code.
	@$(BIN)/python scripts/generate_reference.py

lock: $(VENV)/.dev ## Resolve the versions anew (needs uv).
	@uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras --group build pyproject.toml -o requirements/runtime.lock
	@uv pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras --group build --group dev -c requirements/runtime.lock pyproject.toml -o requirements/dev.lock

clean: ## Remove .venv and every cache of this clone; your data stays.
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup up lint test torture bench proto reference lock clean
