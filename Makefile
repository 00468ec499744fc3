# `make demo` to try Brolly, `make test` to check it; both set up what they need.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# For every Python from 3.11.0 on: Debian 12 has 3.11.2, for which some packages need one more.
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11.0 --generate-hashes --no-emit-index-url --no-annotate
RUFF := $(VENV_PYTHON) -m ruff check . && $(VENV_PYTHON) -m ruff format --check --quiet .
IMPORTS := $(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
BENCH := failed=0; for file in bench/[a-z]*.py; do \
	name=$${file\#bench/}; $(VENV_PYTHON) -m "bench.$${name%.py}" || failed=1; done; exit $$failed

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test quick lint chance fuzz bench lock messages

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: ## Make .venv and install browser assets, from lock files
	@cd config && $(PYTHON) -m setup run

setup-test:
	@cd config && $(PYTHON) -m setup test

demo: setup ## Start the demonstration and print its address (PORT=9000 to choose the port)
	@BROLLY_UNDER_MAKE=1 exec $(VENV_PYTHON) -m config.dev

test: setup-test ## Check everything, browser tests included (ARGS="-k name" for some of it)
	@failed=0; $(RUFF) || failed=1; $(IMPORTS) || failed=1; \
	BROLLY_DEBUG=1 BROLLY_UNDER_MAKE=1 $(VENV_PYTHON) -m config.dev with-servers $(VENV_PYTHON) -m pytest -n 3 --dist worksteal $(ARGS) \
	|| failed=1; exit $$failed

quick: ## Check what one checks every day: all but the tests marked slow (minutes)
	@$(MAKE) --no-print-directory test ARGS='-m "not slow" $(ARGS)'

lint: setup-test ## Check style and the direction of imports
	@failed=0; $(RUFF) || failed=1; $(IMPORTS) || failed=1; exit $$failed

chance: ## Check what is held against drawn examples with other ones than every day
	@$(MAKE) --no-print-directory test ARGS='-m hypothesis --hypothesis-profile=chance $(ARGS)'

fuzz: setup-test ## Read 50,000 damaged files and the largest hostile ones (minutes)
	@BROLLY_DEBUG=1 exec $(VENV_PYTHON) -m tests.references.formats.mutants 50000

bench: setup-test ## Measure speed against named peers (ratios in one run)
	@BROLLY_UNDER_MAKE=1 exec $(VENV_PYTHON) -m config.dev with-servers sh -c '$(BENCH)'

lock: ## Bring the lock files up to date with requirements/*.in and package.json
	@for name in base demo test bench bench-dedupe; do $(UV_COMPILE) "requirements/$$name.in" -o "requirements/$$name.txt" || exit 1; done
	@npm install --package-lock-only --ignore-scripts

messages: ## Gather the words to translate, for a new language or a known one (LANGUAGE=de; needs gettext), and compile them
	@BROLLY_OFFLINE=1 $(VENV_PYTHON) manage.py makemessages --locale $(LANGUAGE) --no-obsolete --no-wrap --ignore .venv --ignore node_modules \
	--ignore assets --ignore staticfiles --ignore tests && BROLLY_OFFLINE=1 $(VENV_PYTHON) manage.py compilemessages --locale $(LANGUAGE)
