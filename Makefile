# Everything here works on a fresh Debian machine with Python 3.11 to 3.13, git and make.
PY := .venv/bin/python
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev

.PHONY: run test test-gateways check fuzz golden gpu clean

run: $(INSTALLED)  ## start everything with the bundled model and play demo calls
	$(PY) run_server.py serve --model tiny --demo

test: $(INSTALLED_DEV)  ## install what tests need, then run every test
	tools/system-packages
	tests/gateways/asterisk/install
	$(PY) -m pytest

test-gateways: $(INSTALLED_DEV)  ## only what talks to real gateways: an Asterisk from Debian, kept in var/asterisk
	tools/system-packages
	tests/gateways/asterisk/install
	$(PY) -m pytest tests/gateways

check: $(INSTALLED_DEV)  ## format, lint, types, layers
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	tools/no-sleep-in-tests

fuzz: $(INSTALLED_DEV)  ## look for bytes that no codec is ready for, until Ctrl-C
	$(PY) -m tests.fuzz .fuzz -max_len=4096 -timeout=20

golden: $(INSTALLED_DEV)  ## write the golden traces anew; review the diff
	EARWITNESS_GOLDEN=write $(PY) -m pytest tests/golden

gpu: $(INSTALLED)  ## replace a CPU-only torch by the CUDA build
	$(PY) -m pip install 'torch===2.13.0'

clean:  ## remove what `make` installed; `var/` (accounts, keys, clips) stays
	rm -rf .venv

$(INSTALLED): pyproject.toml constraints.txt
	tools/make-venv
	$(PY) -m pip install --quiet -c constraints.txt -e .
	touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(PY) -m pip install --quiet -c constraints.txt -e '.[dev,training]'
	touch $@
