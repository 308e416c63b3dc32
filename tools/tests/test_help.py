"""Every tool says what it does before it does anything: --help installs, builds and changes nothing."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1]
# What changes a machine, or takes long. In their places stand programs that write down that they were called.
CHANGERS = [
    "apt-get",
    "sudo",
    "dpkg",
    "pip",
    "pip3",
    "git",
    "curl",
    "wget",
    "swift",
    "protoc",
    "g++",
    "gcc",
    "cc",
    "clang",
    "docker",
    "mmdebstrap",
    "debootstrap",
    "mount",
    "umount",
    "date",
    "insmod",
    "modprobe",
    "systemctl",
    "udevadm",
    "poweroff",
    "reboot",
    "useradd",
    "usermod",
    "install",
    "runuser",
    "qemu-system-x86_64",
]


def executables() -> list[str]:
    found = (path for path in TOOLS.rglob("*") if path.is_file() and path.stat().st_mode & stat.S_IXUSR)
    return sorted(str(path.relative_to(TOOLS)) for path in found if "__pycache__" not in path.parts)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone that has only its tools, and no Python environment; beside it what a tool must not call."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(TOOLS, folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "bin").mkdir()
    for name in CHANGERS:
        fake = folder / "bin" / name
        fake.write_text(f'#!/bin/sh\necho "{name} $*" >>"{folder}/called"\nexit 1\n')
        fake.chmod(0o755)
    # Not a link: a virtual environment is found by its interpreter's place.
    python = folder / "bin/python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return folder


@pytest.mark.parametrize(("tool", "module"), [("map-drive", "mapdrive"), ("sample", "sampleworld")])
def test_a_wrapper_passes_the_question_on(tool: str, module: str) -> None:
    """Where the Python environment is there, the program itself lists all its options."""
    options = re.findall(r'add_argument\("(--[a-z-]+)"', (TOOLS / module / "__main__.py").read_text())
    done = subprocess.run([TOOLS / tool, "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert options and [option for option in options if option not in done.stdout] == [], done.stdout


@pytest.mark.parametrize("tool", executables())
def test_help_comes_first(clone: Path, tool: str) -> None:
    text = (TOOLS / tool).read_text()
    # Nothing is run that does not look at its arguments.
    assert "help" in text or "argparse" in text, f"{tool} does not know --help"
    before = {path for path in clone.rglob("*") if "__pycache__" not in path.parts}
    environment = {
        "PATH": f"{clone}/bin:/usr/bin:/bin",
        "HOME": str(clone),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        [clone / "tools" / tool, "--help"],
        env=environment,
        cwd=clone,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    called = clone / "called"
    assert not called.exists(), called.read_text()
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert len(done.stdout.split()) > 5, "it says what it is for"
    assert {path for path in clone.rglob("*") if "__pycache__" not in path.parts} == before
