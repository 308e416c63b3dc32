"""The pose formats of `hfloc localize`, read as others would read them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import angle_between, read_truth, rotate

NAME = "drive_0003.jpg"


@pytest.fixture(scope="module")
def camera() -> list[str]:
    line = next(x for x in (SAMPLE / "cameras.txt").read_text().splitlines() if x.strip() and x[0] != "#")
    return line.split()[1:]


@pytest.fixture(scope="module")
def localize(hfloc, sample_map: Path, camera: list[str]):
    def run(*arguments: object) -> str:
        done = hfloc("localize", *arguments, "--map", sample_map)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def is_near_truth(position: tuple[float, ...], orientation: tuple[float, ...]) -> bool:
    truth = read_truth(SAMPLE)[NAME]
    return math.dist(position, truth.position) < 0.05 and angle_between(orientation, truth.orientation) < 0.5


def test_tum_is_map_from_camera_with_the_scalar_last(localize, camera: list[str]) -> None:
    _, *numbers = map(
        float, localize(SAMPLE / "images" / NAME, "--camera", " ".join(camera), "--format", "tum").split()
    )
    x, y, z, w = numbers[3:]
    assert is_near_truth(tuple(numbers[:3]), (w, x, y, z))


def test_json_holds_both_directions_and_a_symmetric_covariance(localize, camera: list[str]) -> None:
    pose = json.loads(localize(SAMPLE / "images" / NAME, "--camera", " ".join(camera), "--format", "json"))
    assert is_near_truth(tuple(pose["position"]), tuple(pose["orientation_wxyz"]))
    w, x, y, z = pose["camera_from_map_wxyz"]
    centre = rotate((w, -x, -y, -z), tuple(-t for t in pose["camera_from_map_translation"]))
    assert math.dist(centre, pose["position"]) < 1e-9
    covariance = [pose["covariance"][6 * row : 6 * row + 6] for row in range(6)]
    assert all(covariance[i][j] == pytest.approx(covariance[j][i]) for i in range(6) for j in range(6))
    assert all(covariance[i][i] > 0 for i in range(6))


def test_benchmark_queries_are_colmap_cameras_and_lines_camera_from_map(
    localize, camera: list[str], tmp_path: Path
) -> None:
    """The benchmark's lists have COLMAP's pixel convention: half a pixel more than ours in the principal point."""
    model, width, height, fx, fy, cx, cy, *distortion = camera
    colmap = [model, width, height, fx, fy, str(float(cx) + 0.5), str(float(cy) + 0.5), *distortion]
    queries = tmp_path / "queries.txt"
    queries.write_text(f"images/{NAME} {' '.join(colmap)}\n")
    line = localize("--queries", queries, "--root", SAMPLE, "--format", "benchmark")
    name, *numbers = line.split()
    assert name == NAME
    w, x, y, z, *t = map(float, numbers)
    inverse = (w, -x, -y, -z)
    assert is_near_truth(rotate(inverse, tuple(-c for c in t)), inverse)
    line = localize("--queries", queries, "--root", SAMPLE, "--format", "benchmark", "--camera-folder")
    assert line.split()[0] == f"images/{NAME}"


def test_retrieve_proposes_frames_nearby(hfloc, sample_map: Path) -> None:
    done = hfloc("retrieve", SAMPLE / "images" / NAME, "--map", sample_map, "--priors", 5, "--json")
    assert done.returncode == 0, done.stderr
    priors = json.loads(done.stdout)["priors"]
    assert len(priors) == 5
    assert [p["similarity"] for p in priors] == sorted((p["similarity"] for p in priors), reverse=True)
    truth = read_truth(SAMPLE)
    assert min(math.dist(truth[p["keyframe"]].position, truth[NAME].position) for p in priors) < 3


def test_retrieve_goes_by_the_images_before(hfloc, sample_map: Path) -> None:
    """With the poses as odometry the first frame of each image is near it; --motion alone is refused."""
    names = [f"drive_{i:04d}.jpg" for i in range(3, 15, 3)]
    paths = [SAMPLE / "images" / name for name in names]
    how = ("--map", sample_map, "--json")
    done = hfloc("retrieve", *paths, *how, "--sequence", "--motion", SAMPLE)
    assert done.returncode == 0, done.stderr
    truth = read_truth(SAMPLE)
    for name, line in zip(names, done.stdout.splitlines(), strict=True):
        first = json.loads(line)["priors"][0]["keyframe"]
        assert math.dist(truth[first].position, truth[name].position) < 3
    assert hfloc("retrieve", paths[0], *how, "--motion", SAMPLE).returncode == 64


def test_drawing_writes_a_picture(hfloc, sample_map: Path, camera: list[str], tmp_path: Path) -> None:
    done = hfloc(
        "localize",
        SAMPLE / "images" / NAME,
        "--camera",
        " ".join(camera),
        "--map",
        sample_map,
        "--draw",
        tmp_path / "d",
    )
    assert done.returncode == 0, done.stderr
    [picture] = (tmp_path / "d").iterdir()
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
