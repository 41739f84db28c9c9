# Everything a person does here. `make` alone prints the targets.
# Settings may follow a target: make run PORT=8010

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run dev check test fix bench lock clean

# `exec` makes the installer make's own child, which gets make's SIGTERM; the parent's number
# lets it end even when make is killed outright.
INSTALL = exec sh requirements/python.sh requirements/install.py
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --quiet $(if $(UPGRADE),--upgrade)

help: ## Print this list
	@echo "Hereabouts. Targets:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

run: ## Install what is missing, start the service on 127.0.0.1:8000 (PORT=8010 for another port)
	@$(INSTALL) run --parent $$PPID

dev: export STYLE_GUIDE ?= true
dev: ## The same, and restart it when a Python file changes
	@$(INSTALL) dev --parent $$PPID

check: ## Lint, types, import contracts, frontend checks
	@$(INSTALL) check --parent $$PPID

test: ## Every check and every test, a real browser and a throwaway PostGIS included
	@$(INSTALL) test --parent $$PPID

fix: ## Format and apply safe fixes
	@$(INSTALL) tools --parent $$PPID
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

bench: ## Measure, beside the peers that can be run here
	@$(INSTALL) tests --parent $$PPID
	.venv/bin/python -m benchmarks $(PART)

lock: ## Rewrite the locks after a change of pyproject.toml (UPGRADE=1 takes newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: pipx install uv" >&2; exit 1; }
	$(LOCK) pyproject.toml --group build --output-file requirements/app.txt
	$(LOCK) pyproject.toml --group build --group dev --constraint requirements/app.txt \
		--output-file requirements/dev.txt
	$(LOCK) --group node --output-file requirements/node.txt

clean: ## Remove what was built; the database in var/ and the virtual environment stay
	rm -rf app/frontend/dist app/frontend/node_modules var/stamps var/logs var/node
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
