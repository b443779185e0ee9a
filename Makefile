# Every target has one line of help. Only Python 3.11, make and git are needed beforehand.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# uv from the PATH, or in a private folder when there is none
UV := $(shell command -v uv || echo .tools/bin/uv)
ASSISTANT := .venv/bin/assistant
export UV_PYTHON_PREFERENCE ?= system
export RASA_TELEMETRY_ENABLED ?= false

.DEFAULT_GOAL := help
.PHONY: help install install-dev run widget train test lint check-data test-fast test-model test-postgres deploy-tools check-deploy evaluate teacher embedding embedding-more fold-embeddings bench bench-understanding kill-test faults load soak lighthouse pictures translations clean bench-staff bench-messaging bench-shared bench-encryption bom audit

help: ## Every target, one line each
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV):
	@$(PYTHON) -c 'import venv' || { echo "Python's venv module is missing: install python3-venv."; exit 1; }
	@echo "Fetching uv into .tools ..."
	@$(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet "uv>=0.5,<1"

install: $(UV) ## What running needs, into .venv
	@echo "Installing (the first time takes a minute or two) ..."
	@$(UV) sync --quiet --frozen --no-dev --inexact

install-dev: $(UV) ## What tests need, too
	@$(UV) sync --quiet --frozen

run: install ## Everything, on SQLite, trained if need be
	@$(ASSISTANT) serve

widget: ## Build the chat's scripts again, page.js and widget.js (needs Node)
	@cd frontend && npm ci --silent && npm run --silent build

train: install ## Train a model on today's data
	@$(ASSISTANT) train

test: install-dev deploy-tools lint check-data ## The whole suite
	@.venv/bin/assistant train --if-needed
	@.venv/bin/pytest -n 2 --dist loadfile
	@$(MAKE) --no-print-directory test-postgres

# Elsewhere than in CI it may be left out
TEST_POSTGRES ?= postgresql://postgres@127.0.0.1:5432/postgres
test-postgres: install-dev ## Every test that keeps something, on PostgreSQL and Redis, where they answer
	@if TEST_DATABASE=$(TEST_POSTGRES) .venv/bin/python -m tests.databases; then \
	  .venv/bin/assistant train --if-needed && TEST_DATABASE=$(TEST_POSTGRES) .venv/bin/pytest -n 2 --dist loadfile; \
	elif [ -n "$$CI" ]; then exit 1; \
	else echo "The tests on PostgreSQL are left out: none at TEST_POSTGRES."; fi

DEPLOY_TOOLS := var/deploy-venv/bin/python
deploy-tools: $(DEPLOY_TOOLS) ## What checks deploy/ against its schemas, in an environment of its own
$(DEPLOY_TOOLS): deploy/requirements.txt | $(UV)
	@rm -rf var/deploy-venv && $(UV) venv --quiet --python $(PYTHON) var/deploy-venv
	@$(UV) pip install --quiet --python $(DEPLOY_TOOLS) -r deploy/requirements.txt
	@touch $(DEPLOY_TOOLS)

check-deploy: deploy-tools ## compose.yaml, the manifests and the Dockerfile by their schemas
	@$(DEPLOY_TOOLS) deploy/check.py

lint: install-dev ## ruff and mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

check-data: install-dev ## The answers' register and Rasa's own validation
	@.venv/bin/assistant check-answers
	@# Rasa warns of every response that only an action says; what it fails on is shown on failure
	@PYTHONWARNINGS=ignore .venv/bin/rasa data validate --fail-on-warnings --quiet >/dev/null 2>&1 \
	  || .venv/bin/rasa data validate --fail-on-warnings
	@echo "Rasa's data is sound."

test-fast: install-dev ## Tests that need no trained model
	@.venv/bin/pytest -n 2 --dist loadfile -m "not model"

test-model: install-dev ## Tests that drive the trained model
	@.venv/bin/assistant train --if-needed
	@.venv/bin/pytest -n 2 --dist loadfile -m model

pictures: install-dev ## Take docs/pictures again; needs chromium
	@.venv/bin/assistant train --if-needed
	@PYTHONPATH=. .venv/bin/python docs/pictures/take.py
	@PYTHONPATH=. .venv/bin/python docs/pictures/staff.py

translations: install-dev ## Bring data/translations up to date with the words of the pages
	@mkdir -p var && .venv/bin/pybabel -q extract -F babel.cfg --no-location --sort-output -o var/messages.pot .
	@for code in pl it bn ro pt; do .venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date --init-missing -l $$code -i var/messages.pot -d data/translations || exit 1; done
	@.venv/bin/pybabel -q compile -d data/translations

evaluate: install-dev ## Score the model on sentences it has never seen
	@.venv/bin/assistant train --if-needed
	@.venv/bin/assistant evaluate --output docs/evaluation

TUNING := var/tuning-venv/bin/python
$(TUNING): $(UV) tuning/requirements.txt
	@$(UV) venv --quiet --python $(PYTHON) var/tuning-venv
	@$(UV) pip install --quiet --no-config --python $(TUNING) -r tuning/requirements.txt

teacher: $(TUNING) ## Tune the large model that the small one learns from (an hour)
	@$(TUNING) tuning/teacher.py

embedding-more: $(TUNING) ## Go on tuning the sentence embedding that is there (an hour)
	@$(TUNING) tuning/tune.py --teacher tuning/teacher.npz --go-on-from bot/understanding/minilm/model.onnx \
	  --seeds 20261201 20261202 --epochs 4 --output bot/understanding/minilm/model.onnx

embedding: $(TUNING) ## Tune the sentence embedding on data/nlu again (half an hour)
	@$(TUNING) tuning/tune.py --teacher tuning/teacher.npz --output bot/understanding/minilm/model.onnx

fold-embeddings: $(TUNING) ## Five embeddings, each without a fifth of data/nlu, for cross-validation
	@for fold in 0 1 2 3 4; do \
	  $(TUNING) tuning/tune.py --leave-out $$fold --output var/tuning/fold-$$fold.onnx --seeds 20261123 || exit 1; done

kill-test: install-dev ## A hundred reports, each with a process killed at a random moment (10 minutes)
	@.venv/bin/assistant train --if-needed
	@KILL_RUNS=100 .venv/bin/pytest tests/system/test_kill.py -q

faults: install-dev ## Kill, stop and fill each part for a minute, and what residents saw (10 minutes)
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.faults

bench: install-dev ## Ratios against a stock Rasa assistant on the same data
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks

bench-understanding: install-dev ## What it costs to understand one message, on one core
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.understanding

bench-staff: install-dev ## The staff site's list with 100,000 reports (BENCH_POSTGRESQL=url for PostgreSQL too)
	@.venv/bin/python -m benchmarks.staff_list

bench-messaging: install-dev ## How soon deliveries and residents are answered on a messaging channel
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.messaging

bench-shared: install-dev ## What PostgreSQL and Redis cost a turn over the embedded default
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.embedded_or_shared

bench-encryption: install-dev ## What encryption costs a report and a turn, and what writing a turn costs (BENCH_POSTGRESQL=url)
	@.venv/bin/python -m benchmarks.encryption

load: install-dev ## 50 and 100 residents at once, throughput by workers, long conversations (15 minutes)
	@$(UV) sync --quiet --frozen --group load
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.residents $(RESIDENTS)
	@.venv/bin/python -m benchmarks.residents.throughput
	@.venv/bin/python -m benchmarks.residents.long_talk

soak: install-dev ## Does memory stay flat under half an hour of traffic?
	@$(UV) sync --quiet --frozen --group load
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.residents.soak

lighthouse: install-dev ## Lighthouse on the residents' pages; needs Node and chromium
	@.venv/bin/assistant train --if-needed
	@.venv/bin/python -m benchmarks.pages

# Ours is named in it, and is no package of a registry
bom: $(UV) ## A bill of materials (CycloneDX) of what runs, into var/bom.json
	@mkdir -p var && $(UV) export --quiet --frozen --no-dev --format cyclonedx1.5 --output-file var/bom.json >/dev/null
	@echo "Written: var/bom.json"

audit: install ## Known advisories about what is installed (AUDIT_DATABASE=osv.dev's all.zip)
	@$(ASSISTANT) audit --database "$(AUDIT_DATABASE)"

clean: ## Remove what was made here, but not var/
	rm -rf .venv .tools models .rasa .pytest_cache .mypy_cache .ruff_cache
