#!/usr/bin/env bash
# What the bot is made of, as a CycloneDX SBOM (JSON): scripts/sbom.sh [FILE], sbom.json unless given.
# From requirements.lock, so with versions and hashes of all that set-up may install. The maker of the SBOM gets an
# environment of its own (.sbom): it needs newer packages than Rasa allows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-sbom.json}
version=7.5.0

if ! [ -x .sbom/bin/cyclonedx-py ] || ! .sbom/bin/cyclonedx-py --version 2>&1 | grep -qF "$version"; then
    echo "De SBOM-maker wordt geïnstalleerd in .sbom ..." >&2
    .venv/bin/uv venv --quiet --python .venv/bin/python .sbom
    VIRTUAL_ENV=.sbom .venv/bin/uv pip install --quiet "cyclonedx-bom==$version"
fi
# --validate: by CycloneDX's own schema. Reproducible: no time and no random number, so the same lock gives the same file.
.sbom/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
    --output-reproducible --validate --spec-version 1.6 --output-format JSON --output-file "$target"
echo "$target: $(grep -c '"purl"' "$target") onderdelen."
