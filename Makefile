# Alle opdrachten van de loopbaanbot. `make` zonder meer noemt ze.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 5005
BIN := .venv/bin

# Rasa reports on its use to its maker unless told not to.
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup klaar run chat train test check lock clean

help: ## Toon deze lijst
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Maak de omgeving .venv met alle pakketten (gaat bij de andere opdrachten vanzelf)
	@scripts/setup.sh

# The knowledge base and the model, when they are missing or out of date.
klaar: setup
	@$(BIN)/loopbaan knowledge build --als-nodig
	@$(BIN)/loopbaan train --als-nodig

run: klaar ## Start de bot met alle kanalen op poort 5005 (andere poort: make run PORT=8080)
	@exec $(BIN)/loopbaan run --port $(PORT)

chat: klaar ## Praat met de bot in dit venster
	@exec $(BIN)/loopbaan chat

train: setup ## Bouw de kennisbank en train het model, ook als dat niet nodig is
	@$(BIN)/loopbaan knowledge build
	@$(BIN)/loopbaan train

check: setup ## Controleer de code: ruff (regels en opmaak) en mypy (typen)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: check klaar ## Controleer de code en draai alle tests, ook die met een echte bot
	@failed=0; \
	$(BIN)/pytest -q -m "not e2e" -n 2 || failed=1; \
	$(BIN)/pytest -q -m e2e || failed=1; \
	exit $$failed

lock: ## Leg de versies van alle pakketten opnieuw vast (nieuwste: make lock LOCK=--upgrade)
	@scripts/lock.sh $(LOCK)

clean: ## Gooi alles weg wat gemaakt is: .venv, modellen, kennisbank, caches
	rm -rf .venv models knowledge.db knowledge.db.new results build dist .rasa rasa.db *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache
	find bot knowledge tests -name __pycache__ -type d -prune -exec rm -rf {} +
