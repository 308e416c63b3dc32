"""Poses that mean something else than hfloc takes them for: the map is refused, and what seems to be wrong is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import SAMPLE
from drive import read_roles
from trueodometry import matrix

COUNT = 14


@pytest.fixture
def given(tmp_path: Path) -> dict[str, list[float]]:
    """Images of the sample in a folder, with the numbers of their poses: qw qx qy qz tx ty tz."""
    names = [name for name, role in read_roles(SAMPLE).items() if role == "map"][:COUNT]
    lines = (line.split() for line in (SAMPLE / "poses.txt").read_text().splitlines())
    poses = {fields[0]: [float(v) for v in fields[2:9]] for fields in lines if fields and fields[0] in names}
    (tmp_path / "images").mkdir()
    for name in poses:
        shutil.copy(SAMPLE / "images" / name, tmp_path / "images")
    shutil.copy(SAMPLE / "cameras.txt", tmp_path)
    return poses


def inverse(numbers: list[float]) -> list[float]:
    m = np.linalg.inv(matrix(numbers[4:], numbers[:4]))
    return [numbers[0], *(-v for v in numbers[1:4]), *m[:3, 3].tolist()]


def expect_refused(hfloc, folder: Path, *words: str) -> None:
    output = folder / "map.hfmap"
    done = hfloc("map", "build", folder, "--output", output, "--no-cache", "--no-check")
    assert done.returncode == 65 and not output.exists(), done.stderr
    said = done.stderr.splitlines()[-1]
    assert all(word in said for word in (str(folder), "contradict", *words)), said
    forced = hfloc("map", "build", folder, "--output", output, "--no-cache", "--no-check", "--force")
    assert forced.returncode == 0 and "the map is marked" in forced.stderr, forced.stderr
    # It stays so, whoever looks.
    assert "contradicted" in hfloc("map", "info", output).stdout
    assert hfloc("map", "check", output).returncode == 65


def test_poses_of_a_list_that_are_inverted(hfloc, given: dict, tmp_path: Path) -> None:
    lines = [f"{name} 1 " + " ".join(map(repr, inverse(numbers))) for name, numbers in given.items()]
    (tmp_path / "poses.txt").write_text("\n".join(lines))
    expect_refused(hfloc, tmp_path, "map from camera", "give their inverses")


def test_poses_of_a_colmap_model_that_are_inverted(hfloc, given: dict, tmp_path: Path) -> None:
    lines = []
    for index, (name, numbers) in enumerate(given.items(), 1):
        lines.append(f"{index} " + " ".join(map(repr, inverse(numbers))) + f" 1 {name}\n")
    (tmp_path / "images.txt").write_text("\n".join(lines))
    (tmp_path / "points3D.txt").touch()
    expect_refused(hfloc, tmp_path, "map from camera", "give their inverses")


@pytest.mark.parametrize("wrong", ["inverted", "axes"])
def test_the_cure_for_a_transforms_file_is_in_its_own_terms(hfloc, given: dict, tmp_path: Path, wrong: str) -> None:
    fields = next(
        line.split() for line in (tmp_path / "cameras.txt").read_text().splitlines() if line and line[0] != "#"
    )
    (tmp_path / "cameras.txt").unlink()
    fx, fy, cx, cy, k1, k2, p1, p2 = map(float, fields[4:])
    camera = {"w": 640, "h": 480, "fl_x": fx, "fl_y": fy, "cx": cx + 0.5, "cy": cy + 0.5}
    camera |= {"k1": k1, "k2": k2, "p1": p1, "p2": p2, "camera_model": "OPENCV"}
    frames = []
    for name, numbers in given.items():
        camera_from_map = matrix(numbers[4:], numbers[:4])
        # As it should be: np.linalg.inv(camera_from_map) @ np.diag([1, -1, -1, 1])
        shown = camera_from_map if wrong == "inverted" else np.linalg.inv(camera_from_map)
        frames.append({"file_path": f"images/{name}", "transform_matrix": shown.tolist()})
    (tmp_path / "transforms.json").write_text(json.dumps(camera | {"frames": frames}))
    words = ["transform_matrix takes a camera's x right, y up, z backward into the world"]
    words += ["map from camera"] if wrong == "inverted" else ["y up, z backward"]
    expect_refused(hfloc, tmp_path, *words)
