"""What tools/install-bridge puts in place: programs that know their version, services that are tight, whole pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = Path(os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release"))
BRIDGES = ("hfloc-ros2", "hfloc-mavlink")
# Of 100.
LARGEST_EXPOSURE = 15


def run(*command: object, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, check=False, timeout=120, **options
    )


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed; tools/setup test installs it")


@pytest.fixture(scope="module", params=BRIDGES)
def installed(request, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A bridge's name, and a tree with it: what would be below /."""
    folder = tmp_path_factory.mktemp("installed")
    command = [ROOT / "tools/install-bridge", request.param, "--destdir", folder, "--prefix", "/usr"]
    done = run(*command, "--programs", PROGRAMS)
    assert done.returncode == 0, done.stderr
    return request.param, folder


def test_the_program_knows_its_version(installed: tuple[str, Path]) -> None:
    name, tree = installed
    version = re.search(r'"(.+)"', (ROOT / "Sources/ProgramVersion/Version.swift").read_text())[1]
    shown = run(tree / "usr/bin" / name, "--version")
    assert (shown.returncode, shown.stdout.strip()) == (0, version)


@pytest.mark.parametrize("drop_in", ["", "ros2-network.conf"])
def test_the_service_is_tight(installed: tuple[str, Path], tmp_path: Path, drop_in: str) -> None:
    """systemd has nothing to say about it; its exposure is at most 1.5, and with a network at most 2."""
    needs("systemd-analyze")
    name, tree = installed
    text = (tree / f"usr/lib/systemd/system/{name}@.service").read_text()
    assert f"ExecStart=/usr/bin/{name} " in text and f"User={name}\n" in text
    unit = tmp_path / f"{name}@cam0.service"
    unit.write_text(text.replace("/usr/bin/", f"{tree}/usr/bin/"))
    if drop_in:
        source = tree / f"usr/share/doc/{name}/examples" / drop_in
        if not source.exists():
            pytest.skip(f"{name} has no {drop_in}")
        (tmp_path / f"{unit.name}.d").mkdir()
        shutil.copy(source, tmp_path / f"{unit.name}.d")
    done = run("systemd-analyze", "verify", "--man=no", unit)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    largest = 20 if drop_in else LARGEST_EXPOSURE
    done = run("systemd-analyze", "security", "--offline=true", f"--threshold={largest}", unit)
    assert done.returncode == 0, done.stdout[-200:]


def test_the_service_calls_the_program_as_it_wants_it(installed: tuple[str, Path]) -> None:
    """Its options exist: with them and --help the program has nothing to complain of."""
    name, tree = installed
    text = (tree / f"usr/lib/systemd/system/{name}@.service").read_text()
    line = re.search(r"(?m)^ExecStart=\S+ (.*)$", text)[1]
    values = {"%i": "cam0", "$REACH": "--localhost", "$OPTIONS": "", "${LINK}": "udp:127.0.0.1:14550"}
    for variable, value in values.items():
        line = line.replace(variable, value)
    assert "$" not in line and "%" not in line
    options = re.findall(r"--[a-z-]+", line)
    shown = run(tree / "usr/bin" / name, "--help").stdout
    assert options and all(re.search(rf"{option}\b", shown) for option in options)


def test_users_join_the_daemons_group(installed: tuple[str, Path], tmp_path: Path) -> None:
    needs("systemd-sysusers")
    name, tree = installed
    (tmp_path / "etc").mkdir()
    users = (tree / f"usr/lib/sysusers.d/{name}.conf").read_text()
    done = run("systemd-sysusers", f"--root={tmp_path}", "-", input=users)
    assert done.returncode == 0, done.stderr
    groups = {line.split(":")[0]: line.strip().split(":")[3] for line in (tmp_path / "etc/group").open()}
    assert name in groups["hfloc"].split(",")
    assert (name in groups.get("dialout", "").split(",")) == (name == "hfloc-mavlink")


def test_the_page_is_well_formed_and_knows_every_option(installed: tuple[str, Path]) -> None:
    needs("mandoc")
    name, tree = installed
    page = tree / f"usr/share/man/man8/{name}.8"
    done = run("mandoc", "-T", "lint", "-W", "warning", page)
    assert (done.returncode, done.stdout) == (0, "")
    text = re.sub(r".\x08", "", run("mandoc", "-T", "utf8", "-O", "width=1000", page).stdout)
    options = re.findall(r"(?m)^ {2}(?:-\w, )?(--[\w-]+)", run(tree / "usr/bin" / name, "--help").stdout)
    assert len(options) > 7 and all(re.search(rf"{option}\b", text) for option in options)


def test_completions(installed: tuple[str, Path]) -> None:
    name, tree = installed
    for path in (f"bash-completion/completions/{name}", f"zsh/vendor-completions/_{name}"):
        assert (tree / "usr/share" / path).stat().st_size > 1000


@pytest.mark.parametrize("arguments", [[], ["hflocd"], ["hfloc-ros2", "--prefix", "usr"], ["hfloc-ros2", "--programs"]])
def test_what_cannot_be_is_refused(arguments: list[str]) -> None:
    assert run(ROOT / "tools/install-bridge", *arguments).returncode == 64
