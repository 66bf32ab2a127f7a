#!/usr/bin/env bash
# 5,000 made-up messages (or as many as the first argument says) at each of the four webhooks, with a made-up bot behind them.
# A line a webhook tells how it went; what goes wrong is told by pytest, with the number that makes the same message again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LOOPBAAN_FUZZ=${1:-5000} exec .venv/bin/pytest -q -s tests/security/test_fuzz.py
