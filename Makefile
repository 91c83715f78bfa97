# `make run` and `make test` are all that a newcomer needs; VENV chooses where the environment lies.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
TABLES_DATA = office-caltech-surf mnist-usps amazon-reviews imdb uwcse cora \
	product-reviews/camera product-reviews/router product-opinions/camera

AUDITED_DATA = office-caltech-surf mnist-usps amazon-features amazon-reviews pacs wsj medline
BANK ?= build/bank
NANNYML ?= .venv-nannyml

.PHONY: run test test-deep lint types bench tables audits clean

run: $(BIN)/wb  ## install the core and run the flagship (on the embedded samples until `wb data get wsj medline`)
	$(BIN)/wb run scl --src wsj --tgt medline

test: $(VENV)/.test  ## install what tests need and run the whole suite
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

test-deep: $(VENV)/.torch  ## the same for the methods that need torch
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/plugins/wb_deep tests/plugins/wb_pretrained tests/whole/test_conformance.py $(PYTEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.bench
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/startup.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/tagging.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/heldout.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/classical.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/deep.py  # needs the extra deep

tables: $(VENV)/.torch  ## the published tables, into docs/results.md, then those of deep and relational methods, printed; gets the data sets first (some need a mirror: WB_MIRROR)
	$(BIN)/wb data get $(TABLES_DATA)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/tables/make.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/deep_table.py
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/relations.py

audits: $(VENV)/.torch $(NANNYML)/.installed  ## the audits of estimates, of advice and of wb auto, into their pages and data files; hours for the bank (see benchmarks/audits/bank.py), minutes once it is there
	$(BIN)/wb data get $(AUDITED_DATA)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/audits/bank.py --bank $(BANK)
	OMP_NUM_THREADS=1 $(NANNYML)/bin/python benchmarks/audits/nannyml_cbpe.py $(BANK)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/audits/estimates.py --bank $(BANK)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/audits/advice.py --bank $(BANK)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/audits/automatic.py --bank $(BANK)

$(NANNYML)/.installed:
	$(PYTHON) -m venv $(NANNYML)
	$(NANNYML)/bin/python -m pip install --quiet --disable-pip-version-check nannyml statsmodels
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(BIN)/wb: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(BIN)/wb

$(VENV)/.test: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(BIN)/wb $@

$(VENV)/.torch: $(VENV)/.test constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,deep,encoders]'
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(BIN)/wb $@

$(VENV)/.bench: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $(BIN)/wb $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
