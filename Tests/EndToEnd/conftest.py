"""What every end-to-end test needs: the programs, built in release, and the sample's map."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "Tests/Sample"
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of hfloc and hflocd; HFLOC_BIN names another."""
    if "HFLOC_BIN" in os.environ:
        return Path(os.environ["HFLOC_BIN"])
    shown = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Path(shown.stdout.strip())


@pytest.fixture(scope="session")
def hfloc(programs: Path):
    """Runs hfloc with the given arguments; gives the finished process."""

    def run(*arguments: object, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "hfloc"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)

    return run


@pytest.fixture(scope="session")
def sample_map(hfloc, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the sample's first drive."""
    path = tmp_path_factory.mktemp("map") / "sample.hfmap"
    built = hfloc("map", "build", SAMPLE, "--output", path)
    assert built.returncode == 0, built.stderr
    return path
