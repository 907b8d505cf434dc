# make run | install | test | lint | lint-front [FIX=1] | lab | templates | icons | bench [AREA=store | QUICK=1] | soak | fuzz [MINUTES=60] | audit
#    | pictures [NAMES="faq inbox" | COMPARE=1 | KEEP=1] | coverage | day [DATE="2026-12-31 23:50"] [ZONE=America/Toronto] | days
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FRONT := $(VENV)/front/node_modules
SCRIPTS := 'gnetics/**/*.vue' 'gnetics/**/*.mjs' 'gnetics/**/*.js'

.PHONY: run install test suite lint lint-front front lab templates icons bench soak pictures fuzz audit coverage system day days
.DELETE_ON_ERROR:

run: $(STAMP)
	@$(BIN)/gnetics demo
	@exec $(BIN)/gnetics serve

install: $(STAMP)

test: system $(STAMP)
	@$(MAKE) --no-print-directory -j2 lint suite
	@$(MAKE) --no-print-directory -j2 --output-sync=target day front
	@$(BIN)/python -m tests.audit || echo "audit: this does not fail the tests; 'make audit' does fail"

front:
	@if command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' && $(MAKE) --no-print-directory $(FRONT); then $(MAKE) --no-print-directory lint-front; \
	else echo "lint-front: without Node 20, or its packages, the templates' form is not looked at here"; fi

# beside lint: types take a minute of one processor, and tests wait more than they compute
suite: $(STAMP)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(STAMP)
	@$(BIN)/gnetics demo
	$(BIN)/jupyter lab --ip=127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) --ServerApp.root_dir=notebooks --LabApp.default_url=/lab/tree/analyses \
		--ContentsManager.pre_save_hook=gnetics.operations.notebooks.strip_page

# after a change of a .vue; needs Node. Vue's version is that of ipyvue
templates: $(STAMP)
	npm install --silent --no-save --no-fund --no-audit --prefix $(VENV)/templates @vue/compiler-sfc@3.5.39 esbuild@0.25.12
	node gnetics/widgets/compile.mjs $(VENV)/templates/node_modules gnetics/widgets/bundle/templates.mjs

# form and faults of the templates and scripts, and the tests of what they compute; needs Node. FIX=1 gives them their form
lint-front: $(FRONT)
	$(FRONT)/.bin/prettier $(if $(FIX),--write,--check) $(SCRIPTS) 'tests/front/*.mjs'
	FRONT=$(abspath $(FRONT)) $(FRONT)/.bin/eslint -c tests/front/eslint.config.mjs $(SCRIPTS)
	$(FRONT)/.bin/vitest run --root tests/front

$(FRONT): tests/front/tools.txt | $(STAMP)
	npm install --silent --no-save --no-fund --no-audit --prefix $(dir $@) $$(cat $<)
	touch $@

# after the first use of an icon
icons: $(STAMP)
	$(BIN)/python -m tests.icons

bench: $(STAMP)
	$(BIN)/python -m $(if $(QUICK),pytest tests/bench,tests.bench $(AREA))

soak: $(STAMP)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "soak or hypothesis"
	OWN_STORE=1 $(BIN)/python -m pytest tests/browser/test_faq_answers.py
	$(BIN)/python -m tests.bench --soak $(AREA)
	$(BIN)/python -m tests.days --all
	$(BIN)/python -m tests.pictures --compare

# of every page, view, panel and dialog, at three widths, light and dark, into pictures/; or the references, compared or taken anew
pictures: system $(STAMP)
	$(BIN)/python -m tests.pictures $(if $(COMPARE),--compare) $(if $(KEEP),--keep) $(NAMES)

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
