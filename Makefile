# The two commands that a reader needs: `make lab` and `make test`.
# The others are for people who write the course: see CONTRIBUTING.md.

# Any of Python 3.11, 3.12, 3.13: the first that is found. Choose one with `make PYTHON=...`.
CANDIDATES := python3 python3.13 python3.12 python3.11 python
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c '$(SUPPORTED)' >/dev/null 2>&1 && echo $$p && break; done)

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
INSTALLED := $(VENV)/installed

NOTEBOOKS := notebooks solutions
# A file's tests stay together, and the longest files, the notebooks, are named first: so all
# workers have something to do until the end.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
NBVAL := --nbval-lax --nbval-current-env --nbval-sanitize-with tests/sanitize.cfg

# The course is offline: JupyterLab looks for no news or updates, and does not ask whether to.
QUIET_LAB := JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter"

.PHONY: lab test smoke notebooks site classroom bench mutants format lint lock setup
.DEFAULT_GOAL := lab

lab: setup
	@$(BIN)/python -m helpers.course.workspace
	$(QUIET_LAB) $(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" my_work/00_start_here.ipynb

test: setup
	$(PYTEST) $(NBVAL) $(NOTEBOOKS) tests

# The machinery and the first chapter: enough to see that a machine can run the course.
smoke: setup
	$(PYTEST) $(NBVAL) tests/course $(NOTEBOOKS:=/00_start_here.ipynb)

setup: $(INSTALLED)

# Installs once, and again only when the lock changes. --no-deps beside hashes: the lock is whole.
$(INSTALLED): requirements.lock
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { echo "This course needs Python 3.11, 3.12 or \
	3.13, and '$(or $(PYTHON),python3)' is none of these. Install one, then: make lab PYTHON=python3.12"; exit 1; }
	@echo "Installing the course's packages into $(VENV) (some 3 GB; a few minutes, once) ..."
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet --editable .
	@touch $(INSTALLED)

# Both editions of every chapter from solutions/*.md; CHECK=1 compares and writes nothing.
notebooks: setup
	@$(BIN)/python -m helpers.course.builder $(if $(CHECK),--check)

# The course as a static site in build/site/, from the stored outputs; it runs nothing.
site: setup
	@$(BIN)/python -m helpers.course.site

# Assignments for nbgrader in classroom/: all chapters' exercises, or one chapter's or one exercise
# (ONLY=21, ONLY=boxes.iou); SEED=7 draws other random cases.
classroom: setup
	$(if $(only)$(seed),$(error Write ONLY=21 and SEED=7 in capital letters))
	@$(BIN)/python -m helpers.course.classroom $(if $(ONLY),--only "$(ONLY)") $(if $(SEED),--seed "$(SEED)")

# Mutants of the exercises' references that no case kills.
mutants: setup
	@$(BIN)/python -m helpers.course.mutants

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After a change of pyproject.toml: pins, hashes, and environment.yml, which repeats the pins.
lock: setup
	@$(BIN)/python -m helpers.course.locking
