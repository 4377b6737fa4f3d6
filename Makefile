# The two commands: `make demo` builds and opens the product on its simulated stream; `make test` sets up what it
# needs and passes everything. The others are for those who work on it: `make help` lists them.

UI := crates/web/ui
CARGO ?= cargo
# Tests and checks take the journal in Kafka along, where it can be built.
KAFKA = $(shell scripts/kafka-feature.sh)
SNAPSHOTS := crates/groundswell/tests/it/snapshots
NPM := npm --prefix $(UI) --no-audit --no-fund

.PHONY: help demo run test test-rust test-kafka cluster-test test-api test-ui test-deploy dist dist-static deb release-files bench bench-scale bench-cluster bench-match bench-models bench-store bench-trends bench-privacy sources-table fmt lint doc deny ui api reference notice measure-ui screenshots prerequisites clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: prerequisites ui ## Build, then show the simulated stream in the browser
	$(CARGO) run --release -- demo

run: prerequisites ui ## Build, then follow the sources of groundswell.toml (default: Bluesky)
	$(CARGO) run --release -- run

test: prerequisites test-rust test-kafka test-api test-ui test-deploy ## Set up what is needed and run every test

# The suite that holds the two stores equal is skipped, and says so, where the stand-in for a cluster cannot be had.
test-rust:
	GROUNDSWELL_OSMEM="$$(scripts/osmem.sh || true)" $(CARGO) test --workspace $(KAFKA) --quiet -- --skip kafka::

# The journal in Kafka, against the mocked cluster of the client library. They wait for it rather than for the processor.
test-kafka:
	[ -z "$(KAFKA)" ] || $(CARGO) test --workspace $(KAFKA) --quiet kafka:: -- --test-threads=24

test-api: ## Whatever the OpenAPI document allows is asked of a server (schemathesis)
	scripts/schemathesis.sh

test-ui: ui
	$(NPM) run check
	$(NPM) test
	scripts/e2e.sh

cluster-test: ## Tests against real servers of a cluster, on loopback; Maven fetches them
	scripts/cluster/test.sh

test-deploy: ## What is in deploy/, as far as the tools for it are here
	scripts/test-deploy.sh

dist: prerequisites ui ## The release binary with its web app inside, in dist/
	$(CARGO) build --profile dist -p groundswell $(KAFKA)
	mkdir -p dist && cp target/dist/groundswell dist/ && ls -l dist/groundswell

dist-static: prerequisites ui ## The same without any library of the system (musl), in dist/
	scripts/dist-static.sh

deb: dist ## A Debian package of the release binary, in dist/
	scripts/deb.sh

release-files: deb ## Package, bill of materials (CycloneDX) and SHA256SUMS, in dist/
	scripts/sbom.py > dist/groundswell.cdx.json
	cd dist && sha256sum $$(ls | grep -v SHA256SUMS) > SHA256SUMS && cat SHA256SUMS

bench: prerequisites ## Print what this machine does
	$(CARGO) run --release -p bench

bench-match: ## Our matcher beside Lucene Monitor, which Maven fetches
	$(CARGO) run --release -p bench-match

bench-models: ## Quality and speed of the models beside VADER and ONNX Runtime, which pip fetches
	$(CARGO) run --release -p bench-models

bench-store: ## What the store does at ten million mentions; with ARGS="--rows F" beside DuckDB, which pip fetches
	$(CARGO) run --release -p bench-store -- $(ARGS)

bench-scale: ## Measured costs carried to 6,000, 100,000 and a million posts a second; ARGS="NAME=VALUE …" for others
	$(CARGO) run --release -p bench-scale -- $(ARGS)

bench-cluster: prerequisites ## What an installation of several processes costs and survives, on Kafka (and OpenSearch), which Maven fetches
	$(CARGO) build --release --features kafka -p groundswell
	bench/cluster/scenarios.py
	GROUNDSWELL_CLUSTER=start bench/cluster/scenarios.py normal worker-killed node-lost node-disk-full rolling-restart all-at-once
	bench/cluster/workers.py
	$(CARGO) build --release -p bench-store
	bench/cluster/moving.py

bench-trends: ## Peaks, trends, topics, copies, coordination, relevance beside their goals
	$(CARGO) run --release -p bench-trends

bench-privacy: ## Redaction beside Presidio, which pip fetches
	$(CARGO) run --release -p bench-redaction

sources-table: ## What each connector proves: facts read, faults survived
	scripts/sources-table.sh

fmt: ## Format everything
	$(CARGO) fmt --all

lint: ## Warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace $(KAFKA) --all-targets --quiet -- -D warnings

doc: ## The documentation of the crates; broken links are errors
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace $(KAFKA) --no-deps --quiet

deny: ## Licences, sources and, where the database is at hand, advisories
	scripts/deny.sh

# The web app's build is made again only when something of it changed.
ui: $(UI)/dist/index.html

$(UI)/dist/index.html: $(UI)/node_modules/.package-lock.json $(shell find $(UI)/src $(UI)/public -type f 2>/dev/null) $(UI)/index.html $(UI)/vite.config.ts
	$(NPM) run build

$(UI)/node_modules/.package-lock.json: $(UI)/package.json $(UI)/package-lock.json
	cd $(UI) && npm ci --no-audit --no-fund

api: ## Regenerate the web app's API client from the OpenAPI snapshot
	$(CARGO) run --quiet -- openapi > crates/groundswell/tests/it/snapshots/openapi.json
	$(NPM) run api

reference: ## Regenerate docs/reference from the tables in the crates
	$(CARGO) run --quiet -p query --example reference > docs/reference/query-language.md
	$(CARGO) run --quiet -p post --example policies > docs/reference/policies.md
	$(CARGO) run --quiet -p sources --example reference > docs/reference/sources.md
	$(CARGO) run --quiet -- metrics > docs/concepts/metrics.md
	$(CARGO) run --quiet -p groundswell --example routes > docs/reference/routes.md

notice: ## Regenerate the snapshot of the authors' notice
	$(CARGO) run --quiet -- notice --config $(SNAPSHOTS)/notice.toml --date 2026-07-04 --out target/notice
	cp target/notice/notice.html $(SNAPSHOTS)/notice.html

measure-ui: ui ## What the web app does in Chromium: first load, Lighthouse, repaint, a live stream (ARGS="first-load", BASE_URL, MINUTES)
	scripts/measure-ui.sh $(ARGS)

screenshots: ui ## Pictures of every page, light, dark and phone, in target/screenshots; a few of them in docs/screenshots
	scripts/screenshots.sh

prerequisites:
	@scripts/prerequisites.sh

clean:
	$(CARGO) clean
	rm -rf $(UI)/dist $(UI)/node_modules dist demo-data
