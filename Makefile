# `make help` lists the targets. Each does all its own set-up; Rust and a C compiler are enough.

# The address that `make run` serves on.
LISTEN ?= 127.0.0.1:8080
# The cargo profile that `make run` builds.
PROFILE ?= dev
# `off`: nobody is asked who they are.
AUTH ?= on
# Handed on by `make test` and `make bench`: make test ARGS='-p mapper time::'
ARGS ?=

CONFIG := fixtures/chartgate.toml
CHARTGATE := cargo run --quiet --locked --profile $(PROFILE) --package server --bin chartgate --

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: rust ## load the sample deliveries of all vendors into embedded databases and serve them; LISTEN=127.0.0.1:9000 for another address, AUTH=off for no authentication
	cargo build --locked --profile $(PROFILE) --package server --bin chartgate
	@mkdir -p .chartgate && rm -f .chartgate/*.sqlite*
	@for file in fixtures/sources/*.toml; do \
		name=$$(sed -n 's/^name = "\(.*\)"$$/\1/p' $$file); \
		$(CHARTGATE) load --config $(CONFIG) --source $$name fixtures/$$(basename $$file .toml) || exit 1; \
	done
	@exec $(CHARTGATE) serve --config $(CONFIG) --listen $(LISTEN) $(if $(filter off,$(AUTH)),--no-auth)

.PHONY: test
test: rust ## every test, on SQLite and PostgreSQL; TEST_POSTGRES_URL=postgres://... for a server of yours
	.ci/with-postgres cargo test --locked --workspace $(ARGS)

.PHONY: test-validator
test-validator: rust ## HAPI FHIR's validator over every resource of the sample deliveries; US_CORE_DIR=FOLDER for US Core's profiles
	tests/validator/run

.PHONY: test-clients
test-clients: rust ## five real clients of Node, Python and Java against the sample deliveries; ARGS='node' for some
	tests/clients/run $(ARGS)

.PHONY: test-smart
test-smart: rust ## SMART clients of JavaScript and Python, and services, through the real pages in Chromium; pictures in target/smart/screenshots
	tests/smart/run

.PHONY: fuzz
fuzz: rust ## CASES=1000000 requests that nobody should send, of every kind, with SEED=1; one in FULL=50 to a server on SQLite
	CHARTGATE_FUZZ_CASES=$(or $(CASES),1000000) CHARTGATE_FUZZ_SEED=$(or $(SEED),$(shell date +%s)) CHARTGATE_FUZZ_FULL=$(or $(FULL),50) \
		cargo test --locked --package tests --test api -- --nocapture fuzz::nothing_that_is_asked_breaks_anything::sqlite

.PHONY: bench
bench: rust ## measure every vendor on generated rows in both databases
	tests/bench/run $(ARGS)

.PHONY: features
features: rust ## try everything that the server says it can do, and write what was found into the README
	.ci/with-chartgate .ci/features

.PHONY: check
check: rust ## formatting, lints, documentation, licences: all of CI but the tests
	.ci/run format lint docs deny

.PHONY: clean
clean: ## remove what was built and the embedded databases
	cargo clean
	rm -rf .chartgate

.PHONY: rust
rust:
	@cargo --version >/dev/null 2>&1 || { echo "Rust is needed: https://rustup.rs"; exit 1; }
