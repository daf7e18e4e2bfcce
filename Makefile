PYTHON ?= python3
BIN := .venv/bin
BOT ?= demo-bot

.PHONY: install demo test check

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip -c constraints.txt
	$(BIN)/pip install --quiet torch==2.13.0 -c constraints.txt
	$(BIN)/pip install --quiet -e '.[all]' -c constraints.txt
	touch $@

# Train the starter bot where it is not trained yet, then serve it and open the chat page.
demo: install
	test -d $(BOT) || $(BIN)/trilogue init $(BOT)
	$(BIN)/trilogue demo $(BOT)

test: install
	$(BIN)/pytest

# Format, lint, types, tests.
check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest
