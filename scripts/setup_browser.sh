#!/usr/bin/env bash
# Makes ready what the widget's browser tests need (tests/e2e/test_widget.py): Node 20.11 or newer with npm, chromium, and
# widget/node_modules. Does nothing when all is there. Installing packages needs root, or sudo without a password.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../widget"

say() { printf '%s\n' "$*"; }
fail() {
    printf 'FOUT: %s\n' "$*" >&2
    exit 1
}
node_is_fit() {
    command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 11) ? 0 : 1)' 2>/dev/null
}
browser_runs() { "${CHROMIUM:-/usr/bin/chromium}" --version >/dev/null 2>&1; }

install() {
    local root=()
    command -v apt-get >/dev/null || fail "installeer zelf: $* (apt-get is er niet)."
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || fail "installeer zelf, als beheerder: apt-get install $*"
        root=(sudo -n)
    fi
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    # A fresh container has no package lists yet.
    "${apt[@]}" install -y --no-install-recommends "$@" || { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } ||
        fail "installeren van $* is niet gelukt. Is er een verbinding met de pakketbron?"
}

say "[1/3] Node ..."
if ! node_is_fit; then
    install nodejs npm
    node_is_fit || fail "Node $(node --version 2>/dev/null || echo ontbreekt) is te oud: versie 20.11 of nieuwer is nodig, met npm."
fi
say "      Node $(node --version), npm $(npm --version)"

say "[2/3] Chromium ..."
if ! browser_runs; then
    if [ -n "${CHROMIUM:-}" ]; then fail "CHROMIUM=$CHROMIUM start niet."; fi
    say "      wordt geïnstalleerd (ongeveer 100 MB) ..."
    install chromium
    browser_runs || fail "chromium is geïnstalleerd, maar start niet."
fi
say "      $("${CHROMIUM:-/usr/bin/chromium}" --version 2>/dev/null)"

say "[3/3] Pakketten van de widget ..."
if ! cmp -s package-lock.json node_modules/.loopbaan-klaar; then
    npm ci || fail "npm ci is niet gelukt in widget/. Is er een verbinding met npm?"
    cp package-lock.json node_modules/.loopbaan-klaar
fi
say "De browsertests kunnen draaien."
