# Two commands matter: `make results` reads the shipped trials, `make test` proves the code.
#
#   results    environment, then the whole pipeline: results/<study>/report.html
#   test       environment, ruff, mypy, snakefmt, the tests that need no patience
#   test-all   every test, the simulations of truth.yaml included
#   data       the synthetic trials again, byte for byte (data/synthetic)
#   reference  the R values that the estimators are held against, where R is installed
#   bench      wall and CPU time of the workflow beside one plain process doing the same work
#   bench-stats  time and memory of the estimators beside lifelines and R, up to a million subjects
#   bench-engine time and memory of the endpoint engine, up to a million subjects
#   lock       requirements.lock again from pyproject.toml (see below)
#   clean      what a run wrote; the environment and the data stay
#
# requirements.lock holds names, versions and hashes for every supported Python (3.11 to 3.14) and
# platform, and no host names: `make lock` resolves pyproject.toml with all its extras by uv's
# universal resolver, and pip reads the file. Review its diff like code.

PYTHON  ?=
CORES   ?= 4
VENV    := .venv
BIN     := $(VENV)/bin
ENV     := $(VENV)/.installed
SOURCES := requirements.lock pyproject.toml
# One process a core; tests that share what they act on stay together (tests/conftest.py).
WORKERS := -n auto --dist loadgroup

# Without compiled bytecode a run takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: results test test-all lint data reference bench bench-stats bench-engine lock clean

results: $(ENV)
	$(BIN)/snakemake --cores $(CORES)

test: lint
	$(BIN)/python -m pytest -m "not slow" $(WORKERS)

test-all: lint
	$(BIN)/python -m pytest $(WORKERS)

lint: $(ENV)
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflow/rules

data: $(ENV)
	$(BIN)/python -m cartend.simulate

reference:
	@if command -v Rscript >/dev/null; then \
	for script in tests/reference/*.R tests/reference/*/*.R; do echo $$script; \
	(cd $$(dirname $$script) && Rscript $$(basename $$script) >/dev/null) || exit 1; done; \
	else echo "R is not installed: the values in tests/reference stay as they are."; fi

bench: $(ENV)
	$(BIN)/python bench/pipeline.py --cores $(CORES)

bench-stats: $(ENV)
	$(BIN)/python bench/stats.py

bench-engine: $(ENV)
	$(BIN)/python bench/engine.py

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv (https://docs.astral.sh/uv)." >&2; exit 1; }
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock

clean:
	rm -rf results logs benchmarks .snakemake .pytest_cache .ruff_cache .mypy_cache .hypothesis

# The environment: nothing to do while the lock and pyproject.toml read as when it was installed.
$(ENV): $(SOURCES)
	@if cat $(SOURCES) | cmp -s - $@; then touch $@; else $(MAKE) --no-print-directory .environment; fi

.PHONY: .environment
.environment:
	@if [ ! -x $(BIN)/python ]; then \
		for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
			if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; \
			then found=$$python; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "cartend needs Python 3.11 to 3.14 with its venv module, and none was found: install it (Debian, Ubuntu: apt install python3 python3-venv) or name one with make PYTHON=/path/to/python3." >&2; \
			exit 1; \
		fi; \
		echo "Environment, 1 of 3: an empty one in $(VENV), made by $$found (seconds)."; \
		$$found -m venv $(VENV); \
	fi
	@echo "Environment, 2 of 3: the $$(grep -c == requirements.lock) packages of requirements.lock (a few minutes, without further word)."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --compile -r requirements.lock
	@echo "Environment, 3 of 3: cartend itself (seconds)."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@cat $(SOURCES) > $(ENV)
