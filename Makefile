# Two commands: `make demo` (see it) and `make test` (prove it). Both install what they need into this folder.
SHELL := /bin/bash
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
PACKAGES := contracts chassis services/registration services/lottery services/sessions services/followup services/notifications deploy/local
export UV_PYTHON_DOWNLOADS := never

.PHONY: setup lock
setup: .venv/.ready

$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools 'uv==0.13.8'

.venv/.ready: $(UV) requirements.lock pyproject.toml $(PACKAGES:%=%/pyproject.toml)
	$(UV) venv --quiet --allow-existing --no-project --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps $(PACKAGES:%=--editable ./%)
	touch $@

lock: $(UV) ## resolve anew and write requirements.lock
	$(UV) lock --upgrade
	$(UV) export --quiet --all-packages --all-groups --no-emit-workspace --no-annotate --no-header --format requirements-txt -o requirements.lock
