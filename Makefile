# Each target installs what it needs, the first time; afterwards that takes a moment.
PYTHON ?= python3
# A command starts twice as fast when what was compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

help:            ## This list
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p; s/^\([a-z]*\): *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: setup       ## Start Växel with its demonstration companies; Ctrl-C ends all of it
	@exec env PBX_DEMO=$${PBX_DEMO:-yes} .venv/bin/vaxel run

try: setup       ## Be shown by two telephones what it does, in two minutes
	@exec $(PYTHON) -m setup.story

test:            ## All tests, on a real Asterisk
	@$(PYTHON) -m setup test
	@exec .venv/bin/python -m tests

screenshots:     ## Pictures of the main pages, into docs/pictures/
	@$(PYTHON) -m setup test
	@exec .venv/bin/python -m tests.pages.screenshots docs/pictures

soak:            ## Ten thousand calls, an hour of mixed ones, a million steps at random, a kill at every system call
	@$(PYTHON) -m setup test
	@.venv/bin/python -m tests.soak
	@exec env VAXEL_MODEL_STEPS=$${VAXEL_MODEL_STEPS:-1000000} VAXEL_CRASH_EVERY=$${VAXEL_CRASH_EVERY:-1} \
	  .venv/bin/python -m pytest -n auto -s tests/model tests/crash

check:           ## Format, lint, types, and who may import whom
	@$(PYTHON) -m setup check
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench:           ## Measure it against plain programs: ratios as a table and in benchmarks/results/
	@$(PYTHON) -m setup test
	@exec .venv/bin/python -m benchmarks

setup:           ## Only what `make run` needs, without starting it
	@$(PYTHON) -m setup run

lock:            ## Choose the newest allowed versions of all Python packages, with their hashes
	@$(PYTHON) -m setup check
	$(LOCK) pyproject.toml -o requirements/run.txt
	for set in test check interop piper node; do $(LOCK) --group $$set -c requirements/run.txt -o requirements/$$set.txt || exit 1; done

LOCK = .venv/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help run try test screenshots soak check bench setup lock
