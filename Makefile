# Verbatim: every answer is made of quotes you can check.
# `make help` lists the targets. Only python3 (3.11 or later), make and a package index are needed.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
DOCS ?= eval/datasets/briefs/documents
DATASET ?= eval/datasets/briefs
# What the chat's Evaluation tab may run.
DATASETS ?= eval/datasets
REPORTS ?= .verbatim/reports
# What times the page, and is run by itself.
MEASURED := tests/assistant/web/test_browser_speed.py
# What Verbatim is timed beside.
PEERS ?= langchain llama_index txtai haystack
# One index for each documents folder, told apart by the folder's whole path.
INDEX ?= .verbatim/$(shell cd "$(DOCS)" 2>/dev/null && basename "$$PWD")-$(shell cd "$(DOCS)" 2>/dev/null && printf %s "$$PWD" | cksum | cut -d' ' -f1).index

# Packages for chat models: make chat EXTRAS=ollama MODEL=ollama:qwen3:4b (or openai, anthropic; see docs/chat-models.md).
EXTRAS ?=
MODEL ?=
INSTALLED := $(VENV)/installed$(if $(EXTRAS),-with-$(EXTRAS))

.DEFAULT_GOAL := help
.PHONY: help chat install install-dev test test-slow eval bench campaign fuzz screenshots check format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  make chat DOCS=path/to/documents  opens a collection of your own (PORT=8000: another port)"
	@echo "  make chat EXTRAS=ollama MODEL=ollama:qwen3:4b  has a chat model write the answers"

chat: $(INSTALLED) ## install, index the documents, open the chat on http://127.0.0.1:7860
	@test -d "$(DOCS)" || { echo "DOCS=$(DOCS): expected a folder of documents, found none. Check the path." >&2; exit 2; }
	@mkdir -p "$(dir $(INDEX))"
	@$(BIN)/assistant index "$(DOCS)" --index "$(INDEX)" --prune \
		|| { status=$$?; test $$status -eq 1 && test -f "$(INDEX)/CURRENT" \
		&& echo "Some files could not be indexed (see above); going on with the others." >&2; } || exit $$status
	@mkdir -p "$(REPORTS)"
	@$(BIN)/assistant chat --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)" --reports "$(REPORTS)" --datasets "$(DATASETS)" $(if $(MODEL),--model "$(MODEL)")

install: $(INSTALLED) ## make .venv and install Verbatim into it

install-dev: $(VENV)/installed-dev ## also install what tests and checks need

test: $(VENV)/installed-dev ## run the tests (under 10 minutes on two cores; TESTS=tests/index: those of a folder)
ifdef TESTS
	$(BIN)/python -m pytest $(TESTS)
else
	@bash scripts/side-by-side.sh "$(BIN)/python -m pytest tests/assistant" "$(BIN)/python -m pytest tests --ignore=tests/assistant"
endif

test-slow: $(VENV)/installed-dev ## run the tests that take longer (half an hour on two cores; TESTS as above)
ifdef TESTS
	$(BIN)/python -m pytest -m slow $(TESTS)
else
	@bash scripts/side-by-side.sh "$(BIN)/python -m pytest -m slow tests/assistant/web --ignore=$(MEASURED)" \
		"$(BIN)/python -m pytest -m slow tests --ignore=tests/assistant/web"
	$(BIN)/python -m pytest -m slow $(MEASURED)
endif

eval: $(VENV)/installed ## measure grounding on DATASET (default: the shipped briefs)
	$(BIN)/assistant-eval run "$(DATASET)" --out "$(REPORTS)"

bench: $(VENV)/installed ## time the commands, then Verbatim beside other libraries (half an hour; PEERS= leaves them out)
	$(BIN)/python scripts/bench.py
	@echo "Beside other libraries, as far as they can be installed (PEERS=$(PEERS)): some 20 minutes."
	$(BIN)/python scripts/bench_peers.py --peers $(PEERS)

campaign: $(VENV)/installed-dev ## try faults of many kinds, for three hours or so (Linux, root, strace; see docs/reliability.md)
	$(BIN)/python scripts/campaign/run.py --work .verbatim/campaign
	$(BIN)/python scripts/campaign/nasty.py --work .verbatim/campaign-nasty
	$(BIN)/python scripts/campaign/soak.py --questions 5000
	$(BIN)/python scripts/campaign/soak.py --questions 5000 --mode server
	$(BIN)/python scripts/load_test.py --users 50 --minutes 10

fuzz: $(VENV)/installed-dev ## try inputs that were made to go wrong, about ten minutes (docs/fuzzing.md)
	$(BIN)/python scripts/fuzz/run.py --inputs 20000
	$(BIN)/python scripts/fuzz/run.py --growth --patterns 5
	$(BIN)/python scripts/fuzz/api.py --requests 1000

screenshots: $(VENV)/installed-dev ## take the pictures in docs/images again; needs Chromium
	$(BIN)/python scripts/screenshots.py

check: $(VENV)/installed-dev ## linters, strict types, the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint Dockerfile

format: $(VENV)/installed-dev ## put the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove .venv, indexes and caches
	rm -rf $(VENV) .verbatim build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Verbatim needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

# Every file by its hash, but PyTorch's: which of them is right depends on the machine and its package index.
$(VENV)/installed: pyproject.toml constraints.txt requirements.lock | $(BIN)/python
	@echo "Installing Verbatim into $(VENV) (the first time takes a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

ifneq ($(EXTRAS),)
$(INSTALLED): $(VENV)/installed
	@echo "Installing what chat models of $(EXTRAS) need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$(EXTRAS)]"
	@touch $@
endif

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what tests and checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@
