"""The adversary in a box, a short round: a few frames of a few kinds must give no wrong pose, and right ones theirs.

tools/measure-integrity without arguments is the long one.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("cv2")
KINDS = ["clean", "mirrored", "foreign", "noise-40", "covered-right", "drive", "drive-bad-frame"]
FRAMES = 8


@pytest.fixture(scope="module")
def results(programs: Path, sample_map: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Its figures on the sample."""
    folder = tmp_path_factory.mktemp("integrity")
    command = [ROOT / "tools/measure-integrity", ROOT / "Tests/Sample", "--map", sample_map, "--build", programs]
    command += ["--kinds", ",".join(KINDS), "--frames", FRAMES, "--cache", folder]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "stanford.png").stat().st_size > 1000
    return json.loads((folder / "results.json").read_text())["sets"]["Sample"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_pose_is_wrong(results: dict, kind: str) -> None:
    found = results[kind]
    assert found["frames"] >= FRAMES
    assert found["wrong"] == 0, found
    assert found["localized"] + found["degraded"] + found["withheld"] == found["frames"]


def test_right_frames_have_right_poses(results: dict) -> None:
    assert results["clean"]["recall"]["5cm"] == 1 and results["clean"]["withheld"] == 0
    assert results["drive"]["recall"]["25cm"] == 1 and results["drive"]["withheld"] == 0


def test_places_that_are_not_in_the_map_are_not_found(results: dict) -> None:
    assert results["foreign"]["withheld"] == results["foreign"]["frames"]
