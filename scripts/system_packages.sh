#!/usr/bin/env bash
# Installs the Debian packages that tests need beside the Python ones: hunspell with its Dutch dictionary
# (tests/quality/test_spelling.py). Does nothing when they are there. Needs root, or sudo without a password.
set -euo pipefail

packages=(hunspell hunspell-nl)

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
    echo "Systeempakketten: ${packages[*]} zijn er al."
    exit 0
fi
# Elsewhere than on Debian: what counts is that hunspell works with nl_NL.
if echo fiets | hunspell -d nl_NL -l >/dev/null 2>&1; then
    echo "Systeempakketten: hunspell met nl_NL is er al."
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "FOUT: installeer zelf: ${missing[*]} (apt-get is er niet)." >&2
    exit 1
fi

root=()
if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi
export DEBIAN_FRONTEND=noninteractive
install() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; }
# A fresh container has no package lists yet.
install || { "${root[@]}" apt-get update && install; }
