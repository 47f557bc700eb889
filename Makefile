# make demo     see it work: real mails, the real bot, a mail server and a Slack on this machine
# make test     the whole suite; installs Dovecot and PostgreSQL from Debian's packages where they are missing
# make benchmarks  parsing and reading of mails, the sweep for reminders among a million requests, the digest of 100,000 tickets, Slack
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
OUT ?= demo-out

.PHONY: demo install test check train evaluate benchmarks lock clean

demo: $(VENV)/installed
	$(BIN)/privacybot demo --out $(OUT) $(if $(SERVE),--serve)

install: $(VENV)/installed

test: $(VENV)/installed-dev
	./tests/live/install-servers
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

train: $(VENV)/installed-train
	MALLOC_ARENA_MAX=1 $(BIN)/privacybot train  # one arena: a sixth faster

evaluate: $(VENV)/installed
	$(BIN)/privacybot evaluate

benchmarks: $(VENV)/installed-dev
	./tests/live/install-servers
	$(BIN)/python -m benchmarks.parsing_mails
	$(BIN)/python -m benchmarks.reading_mails
	$(BIN)/python -m benchmarks.reminder_sweep
	$(BIN)/python -m benchmarks.policy_passages
	$(BIN)/python -m benchmarks.weekly_digest
	$(BIN)/python -m benchmarks.slack_desk

$(VENV)/python-is-there:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "privacybot needs Python 3.11 or newer (make PYTHON=python3.12 ...)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/python-is-there
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/installed-train: requirements-train.lock $(VENV)/installed
	$(PIP) install --require-hashes -r requirements-train.lock
	@touch $@

# The lock files hold versions and hashes, and no address of a registry.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --extra demo --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --extra demo --extra build --extra dev --extra train -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --extra demo --extra build --extra train -c requirements.lock pyproject.toml -o requirements-train.lock

clean:
	rm -rf $(VENV) demo-out .mypy_cache .ruff_cache .pytest_cache
