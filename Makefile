# make demo   everything set up, the sample newsroom indexed and served
# make test   everything set up, all tests
# make check  format, lint, types and all tests: what CI runs

PYTHON ?= python3
VENV ?= .venv
PACKAGE ?= -e .
PORT ?= 8000
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check

# The CPU build: elsewhere pip's choice on Linux is a CUDA build of several gigabytes.
TORCH = torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

.PHONY: demo test check lint format install clean

demo: $(VENV)/.installed
	$(BIN)/search-index demo --port $(PORT)

test: $(VENV)/.developing
	$(BIN)/python -m pytest

check: lint test

lint: $(VENV)/.developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.developing
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Broadsheet needs Python 3.11 or newer, this is " + sys.version'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-deps --timeout 10 --retries 0 --index-url $(TORCH_INDEX) $(TORCH) || \
	  { echo "no CPU build of $(TORCH) at $(TORCH_INDEX): taking the registry's, which may be large"; $(PIP) install --quiet $(TORCH); }
	$(PIP) install --quiet $(PACKAGE)
	touch $@

$(VENV)/.developing: $(VENV)/.installed
	$(PIP) install --quiet -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
