# Short names for make.py, which does the work on every system. More words: make test ARGS="-k extrato"
PYTHON ?= python3
ARGS ?=

.PHONY: help setup demo test test-long lint format translations requirements
help:
	@$(PYTHON) make.py --help

setup demo test test-long lint format translations requirements:
	@$(PYTHON) make.py $@ $(ARGS)
