# make run | install | test | lint | lab | templates | icons | bench [AREA=store | QUICK=1] | soak | fuzz [MINUTES=60] | audit
#    | coverage | day [DATE="2026-12-31 23:50"] [ZONE=America/Toronto] | days
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run install test lint lab templates icons bench soak fuzz audit coverage system day days
.DELETE_ON_ERROR:

run: $(STAMP)
	@$(BIN)/gnetics demo
	@exec $(BIN)/gnetics serve

install: $(STAMP)

test: system $(STAMP) lint
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m tests.days
	@$(BIN)/python -m tests.audit || echo "audit: this does not fail the tests; 'make audit' does fail"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(STAMP)
	@$(BIN)/gnetics demo
	$(BIN)/jupyter lab --ip=127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

# after a change of a .vue; needs Node. Vue's version is that of ipyvue
templates: $(STAMP)
	npm install --silent --no-save --no-fund --no-audit --prefix $(VENV)/templates @vue/compiler-sfc@3.5.39 esbuild@0.25.12
	node gnetics/widgets/compile.mjs $(VENV)/templates/node_modules gnetics/widgets/templates.mjs

# after the first use of an icon
icons: $(STAMP)
	$(BIN)/python -m tests.icons

bench: $(STAMP)
	$(BIN)/python -m $(if $(QUICK),pytest tests/bench,tests.bench $(AREA))

soak: $(STAMP)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "soak or hypothesis"
	$(BIN)/python -m tests.bench --soak $(AREA)
	$(BIN)/python -m tests.days --all

# the tests that a date can change (marker `day`), on a date drawn or this one
day: $(STAMP)
	$(BIN)/python -m tests.days $(if $(DATE),"$(DATE)" $(ZONE))

# all but the rings that no date can change, on every date of tests/days.py
days: $(STAMP)
	$(BIN)/python -m tests.days --all

# whatever may come by the wire, at a served CRM of its own
fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz $(or $(MINUTES),60)

# the lines that tests reach in their own process: only rings that start no other one
coverage: $(STAMP)
	$(BIN)/python -m coverage run -m pytest tests/unit tests/store tests/pages tests/rules
	@$(BIN)/python -m tests.covered

# known vulnerabilities of what the lock pins, or that they could not be asked
audit: $(STAMP)
	@$(BIN)/python -m tests.audit

# the same versions everywhere: the lock names all packages, so nothing is resolved
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# what tests need besides Python: installed when root, named otherwise
system:
	@sh tests/system.sh
