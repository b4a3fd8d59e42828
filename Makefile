# A fresh machine needs Python >= 3.11 and make: `make demo` runs the main job, `make test` passes the tests.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for p in $(PYTHONS); do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$p" && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
WORKERS ?= auto
ARGS ?=

.PHONY: help demo test lint report-check readme check format bench clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

demo: $(VENV)/.demo ## Report on the reference workspace backend/
	@$(BIN)/python -m filot_lint report backend

test: $(VENV)/.dev ## Run the tests; ARGS="-k name" goes to pytest
	@$(BIN)/python -m pytest --quiet -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(VENV)/.dev ## Lint, check formatting, types and layers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted: run 'make format'"; exit 1; }
	@$(BIN)/mypy
	@contracts=$$($(BIN)/lint-imports) || { echo "$$contracts"; exit 1; }

report-check: $(VENV)/.dev ## See that the committed documents of backend/ are current
	@$(BIN)/python -m filot_lint report backend --check

readme: $(VENV)/.dev ## Write the list of rules into the README
	@list=$$(mktemp) && { echo; $(BIN)/python -m filot_lint rule --all --output-format markdown; echo; } >"$$list" && \
	sed -i -e '/<!-- rules:begin -->/,/<!-- rules:end -->/{/<!-- rules:/!d}' -e "/<!-- rules:begin -->/r $$list" \
	README.md && rm -f "$$list"

check: lint report-check test ## Everything CI runs

format: $(VENV)/.dev ## Format the code and apply ruff's safe fixes
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/.dev ## Time checks and what the plugin adds to flake8's start; ARGS="folder" checks that
	@$(BIN)/python bench/check_trees.py $(ARGS)
	@$(BIN)/python bench/flake8_start.py

clean: ## Remove the environment, caches and builds
	@rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find filot_lint tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "installing filot-lint into $(VENV)"
	@$(PIP) --editable '.[diagram]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "installing filot-lint and its development tools into $(VENV)"
	@$(PIP) --editable '.[all,dev]'
	@touch $@ $(VENV)/.demo

$(BIN)/python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed and '$(PYTHON)' is not; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot create environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)
