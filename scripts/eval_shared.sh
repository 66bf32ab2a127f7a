#!/usr/bin/env bash
# Starts the bot, asks it the questions of one or more case files over the REST channel, and stops it.
#
# Usage: scripts/eval_shared.sh [--min 0.90] RUN_CASES.py CASES.jsonl[=0.95] [MORE.jsonl[=0.90] ...]
# Every file must reach its own minimum, or --min when it has none. Needs a finished `make setup`. PORT: the port to use (default: a free one).
# Exit status: 0 all files reach --min, 1 one doesn't, 2 the bot doesn't start.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minimum=0.90
if [ "${1:-}" = --min ]; then minimum=$2; shift 2; fi
if [ $# -lt 2 ]; then sed -n '4s/^# //p' "$0" >&2; exit 2; fi
runner=$1
shift

export RASA_TELEMETRY_ENABLED=false
python=.venv/bin/python
port=${PORT:-$("$python" -I -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
url=http://127.0.0.1:$port
log=$(mktemp)

.venv/bin/loopbaan knowledge build --als-nodig </dev/null
.venv/bin/loopbaan train --als-nodig </dev/null

set -m # the bot gets its own process group, so that all of it can be ended
.venv/bin/loopbaan run --port "$port" </dev/null >"$log" 2>&1 &
bot=$!
set +m

# Always, also after Ctrl-C: ask, wait 10 s at most, then force.
stop() {
    status=$?
    trap - EXIT
    kill -TERM -- "-$bot" 2>/dev/null || true
    for _ in {1..100}; do
        kill -0 -- "-$bot" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$bot" 2>/dev/null || true
    wait "$bot" 2>/dev/null || true
    rm -f "$log"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

answers() {
    "$python" -I - "$url" 2>/dev/null <<'PY'
import json, sys, urllib.request
body = json.dumps({"sender": "klaar?", "message": "hallo"}).encode()
request = urllib.request.Request(sys.argv[1] + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
with urllib.request.urlopen(request, timeout=10) as response:
    sys.exit(0 if json.load(response) else 1)
PY
}

started=$SECONDS
until answers; do
    if ! kill -0 "$bot" 2>/dev/null; then
        echo "FOUT: de bot is gestopt voordat hij antwoord gaf:" >&2
        tail -n 40 "$log" >&2
        exit 2
    fi
    if ((SECONDS - started > 120)); then
        echo "FOUT: de bot geeft na 120 s nog geen antwoord op $url:" >&2
        tail -n 40 "$log" >&2
        exit 2
    fi
    sleep 0.5
done
echo "De bot antwoordt na $((SECONDS - started)) s op $url"

result=0
for given in "$@"; do
    cases=${given%%=*}
    floor=$minimum
    [ "$given" = "$cases" ] || floor=${given#*=}
    echo "--- $(basename "$cases") (minstens $floor)"
    "$python" "$runner" "$cases" --url "$url" --min "$floor" || result=1
done
exit $result
