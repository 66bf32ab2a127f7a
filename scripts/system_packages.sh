#!/usr/bin/env bash
# Installs the Debian packages that tests need beside the Python ones: hunspell with its Dutch dictionary
# (tests/quality/test_spelling.py), PostgreSQL, Redis and nginx (tests/productie, benchmarks/productie.py; they start their
# own, on loopback), and what reads deploy/ and makes the backups of docs/beheer/installeren.md (tests/deploy). Does nothing
# when they are there. Needs root, or sudo without a password.
set -euo pipefail

packages=(hunspell hunspell-nl postgresql redis-server nginx openssl sqlite3 gettext-base docker-compose systemd)

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
    echo "Systeempakketten: ${packages[*]} zijn er al."
    exit 0
fi
# Elsewhere than on Debian: what counts is that the programs are there, and that hunspell works with nl_NL.
postgres() { command -v postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres'; }
if echo fiets | hunspell -d nl_NL -l >/dev/null 2>&1 && postgres >/dev/null &&
    [ "$(command -v redis-server nginx openssl sqlite3 envsubst docker-compose systemd-analyze | wc -l)" = 7 ]; then
    echo "Systeempakketten: hunspell met nl_NL, PostgreSQL, Redis, nginx en de rest zijn er al."
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "FOUT: installeer zelf: ${missing[*]} (apt-get is er niet)." >&2
    exit 1
fi

root=()
if [ "$(id -u)" != 0 ]; then root=(sudo -n); fi

# Debian starts a service when it is installed, unless this says no; tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '"${root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
fi
install() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; }
# A fresh container has no package lists yet.
install || { "${root[@]}" apt-get update && install; }
