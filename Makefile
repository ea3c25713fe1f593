# Needs python3 (3.11 or newer) and make; everything else is installed here from the lock file.
UV := .uv/bin/uv
RUN := $(UV) run --quiet --frozen
DAYS ?=
# Once for all, instead of in each process that starts.
export UV_COMPILE_BYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check prove bench docs format sync

help: ## list the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "} {printf "  %-8s %s\n", $$1, $$2}'

$(UV):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "arrears needs Python 3.11 or newer"; exit 1; }
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

sync: $(UV)
	$(UV) sync --quiet --frozen --all-groups

demo: $(UV) ## run the main job on a small shipped city (DAYS=120 stops by itself)
	$(RUN) --no-dev python -m cli demo $(if $(DAYS),--days $(DAYS))

test: $(UV) ## every test that this machine can run; says what it skipped
	$(RUN) --all-groups python -m pytest

check: $(UV) ## format, lint, types, import contracts, docs freshness, tests
	$(RUN) --all-groups ruff format --check .
	$(RUN) --all-groups ruff check .
	$(RUN) --all-groups mypy
	$(RUN) --all-groups lint-imports
	$(RUN) --all-groups python -m docs.generate --check
	$(MAKE) test

prove: $(UV) ## the deep checks: exhaustive, fuzz, long random runs
	ARREARS_PROVE=1 $(RUN) --all-groups python -m pytest -m prove

bench: $(UV) ## the benchmark table, beside a bare workflow of the same shape
	$(RUN) --all-groups python -m bench
	$(UV) pip install --quiet carta-ach==0.4.5
	$(RUN) --no-sync --all-groups python -m bench files

docs: $(UV) ## regenerate what is drawn from the code
	$(RUN) --all-groups python -m docs.generate

format: $(UV) ## rewrite the code in the house format
	$(RUN) --all-groups ruff format .
	$(RUN) --all-groups ruff check --fix .
