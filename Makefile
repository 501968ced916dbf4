# Everything a person or a CI machine does here. It needs python3.11 or newer and make, nothing else.
#
#   make demo        install, then a simulated case from files to case file
#   make test        all tests            make test-quick  without the slow ones   make properties  with examples drawn anew
#   make test-spark  the second engine (installs Java and PySpark)
#   make check       what CI holds: style, types, floors, documentation
#   make bench       measurements (minutes to hours)     make bench-peers  other people's tools on the same records
#   make docs        write the generated pages anew
#   make islands     bundle the scripts of the pages (npm)   make wheel   a wheel that carries them
#   make journeys    the four journeys in a browser   make axe   every page against WCAG   make fuzz-web   pages and API fuzzed
#   make pdf-tools   a Chromium to print the case file with (Debian, as root)
#   make lock        resolve the dependencies anew

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEMO   ?= demo
SEEDS  ?= 301 302 303 304 305

.PHONY: install demo spark test-spark properties browser postgresql islands wheel axe journeys fuzz-web test test-quick check bench bench-peers docs lock pdf-tools clean

install: $(STAMP)

# The lock file holds every package with its hashes; vialtrace itself goes in beside them, editable.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vialtrace needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

demo: install
	@test ! -e $(DEMO) || { echo "$(DEMO) exists: remove it, or name another folder: make demo DEMO=other"; exit 1; }
	$(BIN)/vialtrace demo $(DEMO)

# The browser journeys need a Chromium and a PostgreSQL; without one they are skipped, and say so.
test: install browser postgresql
	$(BIN)/python -m pytest -n auto

# PySpark and a Java to run it, which only the second engine needs; without them its tests are skipped, and say so.
spark: install
	@command -v java >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install --yes --no-install-recommends openjdk-17-jre-headless; } || \
		{ echo "Spark needs Java 17: install it, or set JAVA_HOME."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock

# The tests by properties, with examples drawn anew.
properties: install
	HYPOTHESIS_PROFILE=new $(BIN)/python -m pytest tests/ingest tests/sources tests/kit tests/resolve tests/screen tests/store

test-spark: spark
	$(BIN)/python -m pytest -rs tests/pipeline/test_spark.py tests/store/test_spark_sql.py

# Every page held against WCAG by axe-core, which npm fetches with the islands; nothing of it is part of vialtrace.
axe: install browser islands
	$(BIN)/python -m pytest tests/web/test_every_page.py

# The four journeys in a real browser; two people at once need a PostgreSQL.
journeys: install browser postgresql
	$(BIN)/python -m pytest -rs tests/web/test_journey_newcomer.py tests/web/test_journey_analyst.py tests/web/test_journey_people.py

# Whatever pages and API are sent, in or out of their form, the server must not fail.
fuzz-web: install
	$(BIN)/python -m pytest tests/web/test_api_fuzz.py

test-quick: install
	$(BIN)/python -m pytest -m "not slow"

check: install
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.make_tables --check
	$(BIN)/python -m docs.make_formats --check
	$(BIN)/python -m docs.make_howto --check

bench: install
	$(BIN)/python -m bench.fairness
	$(BIN)/python -m bench.detection --seeds $(SEEDS)
	$(BIN)/python -m bench.strangers run reference small_slow fast_company evasive partial over_permit abroad lawful --work $$(mktemp -d)
	$(BIN)/python -m bench.adverts
	$(BIN)/python -m bench.identity
	$(BIN)/python -m bench.linkage
	$(BIN)/python -m bench.real
	$(BIN)/python -m bench.screen
	$(BIN)/python -m bench.frozen
	$(BIN)/python -m bench.scale
	$(BIN)/python -m bench.resilience
	$(BIN)/python -m bench.editions
	$(BIN)/python -m bench.fuzz
	$(BIN)/python -m bench.graph
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.intake
	$(BIN)/python -m bench.casefile --pdf

# Other people's tools on the same records, each in an environment of its own under .venv-peers.
bench-peers: install
	$(BIN)/python -m bench.peers

docs: install
	$(BIN)/python -m docs.make_tables
	$(BIN)/python -m docs.make_formats
	$(BIN)/python -m docs.make_howto

lock:
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --extra dev --allow-unsafe --build-deps-for editable \
		--generate-hashes --strip-extras --output-file requirements.lock pyproject.toml
	# Versions and hashes only: from where they are fetched is for the machine to say.
	sed -i '/^--/d' requirements.lock

# The pages' scripts are TypeScript, bundled by esbuild into the package: npm is asked for once, nothing at run time.
islands:
	@command -v npm >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install --yes --no-install-recommends nodejs npm; } || \
		{ echo "No npm: the graph stays the picture the server draws."; exit 1; }
	cd islands && npm ci --no-fund --no-audit && npm run build

# A wheel carries them built.
wheel: install islands
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install --yes --no-install-recommends chromium fonts-wqy-microhei; } || \
		echo "No Chromium: the journeys in a browser will be skipped."

postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
		{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install --yes --no-install-recommends postgresql; } || \
		echo "No PostgreSQL server: the journey of two people at once will be skipped."

# Printing to PDF needs a Chromium, and Chinese on paper a font that has it; on Debian and its kin.
pdf-tools:
	apt-get install --yes --no-install-recommends chromium fonts-wqy-microhei fonts-noto-color-emoji

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
