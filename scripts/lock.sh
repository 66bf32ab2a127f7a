#!/usr/bin/env bash
# Resolves pyproject.toml (with the dev extra) and overrides.txt into requirements.lock: exact versions with hashes, for
# Linux on x86-64 and arm64. Keeps the versions that still fit; `make lock LOCK=--upgrade` takes the newest that do,
# `make lock LOCK="--upgrade-package rasa-sdk"` those of one package.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -x .venv/bin/uv ]; then uv=.venv/bin/uv; else uv=uv; fi
if ! "$uv" --version >/dev/null 2>&1; then
    echo "FOUT: uv ontbreekt. Draai eerst 'make setup' (of: pip install uv)." >&2
    exit 1
fi

# Nothing of this machine may get into the file: no index of its own, no folder with wheels.
unset UV_FIND_LINKS UV_EXTRA_INDEX_URL UV_CONFIG_FILE
new=$(mktemp requirements.XXXXXX.lock)
trap 'rm -f "$new"' EXIT
if [ -f requirements.lock ]; then cp requirements.lock "$new"; fi
"$uv" pip compile pyproject.toml --extra dev --overrides overrides.txt --output-file "$new" \
    --python-version 3.10 --universal --generate-hashes --no-header --quiet "$@"

# Every package carries the condition "on one of the two machines, before Python 3.11": setup.sh has checked that
# already, and without it an install elsewhere fails loudly instead of installing nothing.
both="((platform_machine == 'aarch64' and sys_platform == 'linux') or (platform_machine == 'x86_64' and sys_platform == 'linux'))"
{
    echo "# Made by \`make lock\` from pyproject.toml (with the dev extra) and overrides.txt: do not edit."
    echo "# Python 3.10, Linux on x86-64 and arm64. The reasons behind odd versions stand in overrides.txt."
    sed -e "s/ ; python_full_version < '3.11' and $both / /" -e "s/ ; python_full_version < '3.11' and / ; /" "$new"
} > requirements.lock

if grep -nE '://|file:|^ *-[a-z]|^[./]' requirements.lock | grep -v -- '--hash='; then
    echo "FOUT: requirements.lock noemt een adres of pad van deze machine." >&2
    exit 1
fi
echo "requirements.lock: $(grep -c '^[a-z0-9].*==' requirements.lock) pakketten"
