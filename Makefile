# The two commands of the README are `make demo` and `make test`; each does all its set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEMO := filiera-demo
PORT ?= 8080
# More than the cores of a small machine: half of what the tests do is wait, for disks, servers and databases. Kills and
# faults share the machine with one other only.
WORKERS ?= 4
LONG_WORKERS ?= 2
# Tests write many small things durably. Where memory can stand for the disk they need not wait for it; the long ones,
# which kill what writes, always use the disk.
MEMORY := $(shell $(PYTHON) -c 'import os, shutil; d = "/dev/shm"; \
	print(d if os.access(d, os.W_OK) and shutil.disk_usage(d).free > 3e9 else "")' 2>/dev/null)

.PHONY: demo test long lint check bench verifier lock clean

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Filiera needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/filiera demo --store $(DEMO)
	@printf '\nTo use these commands in this shell:  . %s/bin/activate\n' $(VENV)
	@# Somebody who looks on gets the doors opened too, until Ctrl-C: a job of its own, so that it ends the server and not make.
	@if [ -t 1 ]; then set -m; printf '\n'; \
	FILIERA_PASSPHRASE=filiera-demo $(BIN)/filiera serve --store $(DEMO) --anonymous published --port $(PORT) || \
	{ printf '\nAnother port:  make demo PORT=8090\n'; exit 1; }; fi

test: $(STAMP)
	folder=$$(mktemp -d $(if $(MEMORY),$(MEMORY)/filiera-XXXXXX)) && trap 'rm -rf "$$folder"' EXIT INT TERM && \
	TMPDIR=$$folder $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not long"

long: $(STAMP)
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q -n $(LONG_WORKERS) --dist worksteal -m long

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench: $(STAMP)
	$(BIN)/python -m benchmarks

verifier: $(STAMP)
	$(BIN)/python .ci/build_verifier.py filiera-verify.pyz

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/python -m piptools compile --quiet --extra dev --generate-hashes --strip-extras --allow-unsafe \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis filiera-verify.pyz
