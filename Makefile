# Commands of the project. Each sets up what it needs; a second call finds everything in place.
.DELETE_ON_ERROR:
.PHONY: help demo test test-debian13 lint bench workflow fuzz i18n new handbook sample zip install clean

export QT_QPA_PLATFORM ?= offscreen
PYTHON := .venv/bin/python
SHIPPED := __init__.py gruene_infra_plugin processing
PROFILE ?= $(HOME)/.local/share/QGIS/QGIS3/profiles/default
ZIP := dist/gruene_infra.zip

help:
	@echo "make demo [DATA=dir]  measure everything on the sample or on own layers; results in demo/"
	@echo "make test [ARGS=...]  all tests, or pytest with these arguments"
	@echo "make test-debian13    the demo and all tests in Debian 13, in a folder of its own; needs root"
	@echo "make lint             ruff, mypy, flake8-qgis, translations; Bandit and detect-secrets on the zip"
	@echo "make bench            speed and memory, as ratios within one run"
	@echo "make workflow DIR=dir  one package per municipality and the region's report, with Snakemake; see resources/workflow"
	@echo "make fuzz [ARGS=...]  10 000 runs on spoiled inputs; ARGS=\"--runs 500 --seed 9 --jobs 2\", or a case again"
	@echo "make i18n             collect strings, compile the German translation"
	@echo "make new ID=hz22_forest_share  the skeleton of a new algorithm"
	@echo "make handbook         handbook/de and handbook/en, a page per algorithm; the table of the README"
	@echo "make sample           build the sample region anew"
	@echo "make zip              $(ZIP), ready to install"
	@echo "make install          link this checkout into a QGIS profile (PROFILE=$(PROFILE))"

demo:
	@.ci/setup demo
	@.ci/demo $(if $(DATA),--data "$(DATA)")

test:
	@.ci/setup test
	@.ci/test $(ARGS)

test-debian13:
	@.ci/test-debian13 $(ARGS)

lint: zip
	@.ci/setup test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy gruene_infra_plugin processing
	$(PYTHON) -m flake8 --isolated --select QGS --extend-ignore QGS2,QGS105 $(SHIPPED)
	.ci/scan $(ZIP)

bench:
	@.ci/setup test
	$(PYTHON) tests/bench/run.py $(ARGS)

workflow:
	@.ci/setup workflow
	@.ci/workflow "$(DIR)" $(ARGS)

fuzz:
	@.ci/setup test
	$(PYTHON) tests/fuzz/run.py $(ARGS)

i18n:
	@.ci/setup test
	.ci/strings
	lrelease -silent i18n/gruene_infra_de.ts

new:
	@.ci/new $(ID)

handbook:
	@.ci/setup demo
	@.ci/handbook

sample:
	@.ci/setup demo
	cd tests && /usr/bin/python3 -m sample

zip:
	mkdir -p dist
	git archive --format=zip --prefix=gruene_infra/ -o $(ZIP) HEAD
	@echo "$(ZIP)"

install:
	mkdir -p "$(PROFILE)/python/plugins"
	ln -sfn "$(CURDIR)" "$(PROFILE)/python/plugins/gruene_infra"

clean:
	rm -rf demo dist handbook .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
