# make demo: from a bare machine to the page on http://127.0.0.1:7860
# make test: from a bare machine to every test run
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint format clean

demo: .venv/demo
	$(BIN)/python app.py

test: .venv/test lint
	$(BIN)/python -m tests

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv

# A file of its own for each set, so that one is installed again only when its list changes.
.venv/demo: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test: tests/requirements.txt .venv/demo
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@
