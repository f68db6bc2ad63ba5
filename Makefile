# What can be done here; `make` alone lists it. Nothing but Python 3.11 or newer need be installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/installed
DEVELOPMENT := $(VENV)/installed-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard booking/translations/*/LC_MESSAGES/*.po))
PURE := booking/availability/*,booking/invites/*,booking/reminders.py,booking/segment.py,booking/outbox/backoff.py,booking/bookings/lifecycle.py,booking/bookings/answers.py,booking/event_types/questions.py,booking/wishes/wished_times.py,booking/wishes/fitting.py,booking/inbox/standing.py,booking/numbers/demo.py,booking/numbers/figures.py,booking/numbers/period.py,booking/numbers/selection.py,booking/numbers/share.py,booking/organisation/suggested_days.py

MEASURED := $(BIN)/coverage run -m pytest
# Every second test waits for a process, a server or a lock: there is room for more than one a core.
PARALLEL := -n auto --dist worksteal

SECONDS ?= 1200
DATABASE ?= sqlite

# Every process that tests start would compile the same modules anew.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## list what can be done here
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Using it

.PHONY: run
run: install translations ## try it: web, worker and mails on this machine
	@exec $(BIN)/python scripts/run_demo.py

.PHONY: install
install: $(RUNTIME) ## virtual environment with the locked runtime dependencies

.PHONY: translations
translations: $(CATALOGUES) ## compile the translations

## Working on it

.PHONY: install-dev
install-dev: $(DEVELOPMENT) ## the same with the tools for tests and checks

.PHONY: test
test: install-dev translations ## run every test this machine can run
	$(BIN)/python -m pytest $(PARALLEL)

.PHONY: check
check: format lint types imports templates spelling ## everything that must hold before a commit
check: unit integration e2e coverage

.PHONY: fix
fix: install-dev ## put the code into its format and mend what can be mended
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: format
format: install-dev ## check the format
	$(BIN)/ruff format --check

.PHONY: lint
lint: install-dev ## check the code
	$(BIN)/ruff check

.PHONY: types
types: install-dev ## check the types
	$(BIN)/mypy

.PHONY: imports
imports: install-dev ## check who imports whom
	$(BIN)/lint-imports --cache-dir build/imports

.PHONY: templates
templates: install-dev ## check the templates
	$(BIN)/djlint --lint --quiet booking/templates

.PHONY: spelling
spelling: install-dev ## check the spelling
	$(BIN)/codespell

.PHONY: unit
unit: install-dev translations ## tests without application and database, and those of the house
	$(BIN)/coverage erase
	$(MEASURED) $(PARALLEL) tests/unit tests/structure

.PHONY: integration
integration: install-dev translations ## tests with real databases and mail servers
	$(MEASURED) $(PARALLEL) tests/integration

.PHONY: e2e
e2e: install-dev translations ## tests with real processes and a real browser
	$(MEASURED) $(PARALLEL) tests/e2e

.PHONY: coverage
coverage: install-dev ## judge how much the last measured tests have covered
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100

.PHONY: bench
bench: install-dev translations ## measure speed; writes build/bench.json
	$(BIN)/python -m tests.bench.run

.PHONY: torture
torture: install-dev translations ## kill a whole installation under load (SECONDS=1200 DATABASE=sqlite)
	$(BIN)/python -m tests.torture.run --seconds $(SECONDS) --database $(DATABASE)

.PHONY: faults
faults: install-dev ## write the list of faults and their tests into docs/testing.md
	$(BIN)/python -m tests.faults

.PHONY: accessibility
accessibility: install-dev translations ## measure the pages in their states; writes docs/accessibility.md
	$(BIN)/python -m tests.accessibility.run

.PHONY: demo-history
demo-history: install translations ## fill an empty instance/ with a year of bookings (BOOKINGS=5000 DAYS=365)
	$(BIN)/python -m scripts.history

.PHONY: screenshots
screenshots: install-dev translations ## take the pictures of the documentation anew, from the running product
	$(BIN)/python -m scripts.screenshots

.PHONY: messages
messages: install-dev ## collect new texts for the translators
	mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --project Halbstunde --keywords N_ --no-location --sort-output --output build/messages.pot booking
	$(BIN)/pybabel --quiet update --ignore-pot-creation-date --no-fuzzy-matching --no-wrap --ignore-obsolete --input-file build/messages.pot --output-dir booking/translations

## Dependencies

COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate --no-header

.PHONY: lock
lock: install-dev ## lock the dependencies of pyproject.toml anew
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.txt

.PHONY: audit
audit: install-dev ## look for known weaknesses in the locked dependencies
	$(BIN)/pip-audit --disable-pip --requirement requirements.txt

.PHONY: sbom
sbom: install-dev ## write the list of what is delivered to build/sbom.json
	mkdir -p build
	$(BIN)/pip-audit --disable-pip --requirement requirements.txt --format cyclonedx-json --output build/sbom.json

.PHONY: clean
clean: ## remove what was made here, but for the virtual environment and instance/
	rm -rf build .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache $(CATALOGUES)
	find booking migrations scripts tests -name __pycache__ -prune -exec rm -rf {} +

# How things are made

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	$(INSTALL) --requirement $<
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements.txt | $(BIN)/python
	$(INSTALL) --requirement $<
	@touch $(RUNTIME) $@

%.mo: %.po | $(RUNTIME)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
