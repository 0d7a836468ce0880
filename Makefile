# Try the portal out: make run.  Check it: make test.  What `.ci/run` checks before the tests: make lint.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard portal/locale/*/LC_MESSAGES/*.po))

STATIC := staticfiles/staticfiles.json

# What no database can tell apart is run once, on SQLite.
ONCE := tests/lib tests/cities tests/media tests/bench tests/briefs/test_pdf.py tests/briefs/test_pages.py \
	tests/facts/test_doubts.py tests/projects/test_protocol.py tests/publishing/test_difference.py \
	$(addprefix tests/staff/test_,dossier.py export.py grid.py ordering.py paste.py people.py preview.py section_forms.py)

.PHONY: run test lint bench install messages static lock
.DELETE_ON_ERROR:

run: install var/development.env static
	@exec $(BIN)/python deploy/run.py

install: .venv/installed messages
	@$(BIN)/python deploy/machine.py pango

test: .venv/installed-dev messages
	@$(BIN)/python deploy/machine.py pango
	@$(BIN)/python deploy/machine.py --optional postgresql chromium gettext
	@$(BIN)/python -m tests.postgresql $(BIN)/pytest -n 2 --dist loadgroup -m "not browser" $(ONCE:%=--ignore %)
	@$(BIN)/pytest -n 2 --dist loadgroup

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy

bench: .venv/installed-dev messages var/development.env static
	@$(BIN)/python deploy/machine.py pango
	@$(BIN)/python deploy/machine.py --optional postgresql chromium wrk nginx
	@$(BIN)/python -m tests.bench

messages: $(CATALOGUES)

%.mo: %.po .venv/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

static: $(STATIC)

# Hashing and compressing take seconds: only when a file has changed. The API's own pages are switched off.
$(STATIC): $(shell find static -type f) .venv/installed
	@echo "Preparing the static files …"
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0 --ignore rest_framework --ignore drf_spectacular
	@touch $@

# uv does in seconds what pip does in a minute; either refuses a file whose hash is not in the list.
define install_locked
	@echo "Installing $(1) …"
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
	@touch $@
endef

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "The portal needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) deploy/machine.py venv
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(call install_locked,requirements.txt)

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(call install_locked,requirements-dev.txt)

var/development.env: | .venv/bin/python
	@mkdir -p var
	@{ echo "# Made by make, to try the portal out on this machine; never read in production."; \
	echo "PORTAL_ENV=development"; \
	echo "SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')"; } > $@
	@chmod 600 $@

lock:
	uv pip compile --quiet --generate-hashes requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes requirements-dev.in -o requirements-dev.txt
