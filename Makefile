# Two commands matter: `make demo` shows ame at work, `make test` proves it. Everything else: `make help`.
SHELL := /bin/bash
BUILD ?= build
JOBS ?= $(shell nproc)
CONFIGURE = cmake --log-level=NOTICE -S . -B $(BUILD) $(if $(wildcard $(BUILD)/CMakeCache.txt),,-G Ninja) -DCMAKE_BUILD_TYPE=Release $(FLAGS)
# Warnings are errors for us, not for someone who builds a release.
FLAGS ?= $(if $(CI),-DAME_WERROR=ON)

.PHONY: build demo test check bench format clean help
.SILENT:

build: ## build/ame, optimised
	ci/install build
	$(CONFIGURE)
	cmake --build $(BUILD) -j $(JOBS) --target ame

demo: ## installs what is missing, builds, and runs a real project
	ci/install build run
	$(MAKE) --no-print-directory build
	ci/demo $(BUILD)/ame

test: ## builds everything and runs every test
	ci/install build run
	$(CONFIGURE)
	cmake --build $(BUILD) -j $(JOBS)
	ctest --test-dir $(BUILD) --output-on-failure -j 2

check: ## everything a reviewer checks: format, clang-tidy, includes, words, both compilers, sanitizers
	ci/check

bench: build ## start-up, no-op task and warm environment against their peers
	ci/install bench
	ci/bench $(BUILD)/ame

format: ## formats all sources in place
	ci/check --fix format

clean: ## removes what was built
	rm -rf build build-*

help: ## this list
	sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14
