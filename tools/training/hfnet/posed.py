"""Posed image sets, and how well matches agree with their poses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hfnet.features import Extractor, Features, mutual_matches
from hfnet.images import read_grey, resized_size

EPIPOLAR_PIXELS = 3.0


@dataclass
class View:
    """An image of a set, its camera matrix and size (of the image as it is), and its pose, camera from world."""

    path: Path
    camera: np.ndarray
    size: tuple[int, int]
    rotation: np.ndarray
    translation: np.ndarray


def rotation_matrix(w: float, x: float, y: float, z: float) -> np.ndarray:
    q = np.array((w, x, y, z)) / np.linalg.norm((w, x, y, z))
    w, x, y, z = q
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
        )
    )


def table(path: Path) -> list[list[str]]:
    if not path.exists():
        raise SystemExit(f"error: {path}: no such file (a set has images/, cameras.txt and poses.txt)")
    return [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]


def camera_matrix(row: list[str]) -> np.ndarray:
    """The camera matrix of a row of cameras.txt; distortion is not supported."""
    p = [float(v) for v in row[4:]]
    if row[1] not in ("SIMPLE_PINHOLE", "PINHOLE"):
        raise SystemExit(f"error: camera {row[0]} is {row[1]}; the epipolar measure needs undistorted images (PINHOLE)")
    fx, fy, cx, cy = (p[0], *p) if row[1] == "SIMPLE_PINHOLE" else p
    return np.array(((fx, 0, cx), (0, fy, cy), (0, 0, 1)))


def read_set(folder: Path) -> list[View]:
    """The posed images of a set with undistorted cameras, sorted by name."""
    cameras = {row[0]: row for row in table(folder / "cameras.txt")}
    views = []
    for row in sorted(table(folder / "poses.txt")):
        numbers = [float(v) for v in row[2:9]]
        camera = cameras[row[1]]
        size = int(camera[2]), int(camera[3])
        pose = rotation_matrix(*numbers[:4]), np.array(numbers[4:])
        views.append(View(folder / "images" / row[0], camera_matrix(camera), size, *pose))
    return views


def fundamental(a: View, b: View) -> np.ndarray:
    """F with x_b^T F x_a = 0."""
    rotation = b.rotation @ a.rotation.T
    t = b.translation - rotation @ a.translation
    cross = np.array(((0, -t[2], t[1]), (t[2], 0, -t[0]), (-t[1], t[0], 0)))
    return np.linalg.inv(b.camera).T @ cross @ rotation @ np.linalg.inv(a.camera)


def epipolar_distance(f: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance of points b [n, 2] to the epipolar lines of points a, in pixels."""
    lines = np.column_stack((a, np.ones(len(a)))) @ f.T
    return np.abs(np.sum(lines * np.column_stack((b, np.ones(len(b)))), axis=1)) / np.linalg.norm(lines[:, :2], axis=1)


def unreduced(points: np.ndarray, size: tuple[int, int], long_side: int) -> np.ndarray:
    """Points of the reduced image in pixels of the original, whose size is given."""
    return (points + 0.5) * np.array(size) / resized_size(*size, long_side) - 0.5


@dataclass
class Precision:
    """Means over the pairs: share of matches within 3 px of the true epipolar line, their number, median distance of
    those.

    Pixels are those of the images as they are, before extractors get them reduced: 3 px are 1.9 of a 640-pixel image if
    the original has 1024.
    """

    share: float
    count: float
    median: float


def epipolar_precision(extract: Extractor, folder: Path, step: int, long_side: int, limit: int = 0) -> Precision:
    """Over all pairs (i, i + step) of a set, or `limit` of them, evenly chosen."""
    views = read_set(folder)
    features: dict[int, Features] = {}

    def get(i: int) -> Features:
        if i not in features:
            image = read_grey(views[i].path, long_side)
            if image is None:
                raise SystemExit(f"error: {views[i].path}: cannot be read")
            features[i] = extract(image)
            features[i].points = unreduced(features[i].points, views[i].size, long_side)
        return features[i]

    starts = np.arange(len(views) - step)
    if limit:
        starts = np.unique(np.linspace(0, len(starts) - 1, limit).astype(int))
    rows = []
    for i in starts:
        a, b = get(i), get(i + step)
        m = mutual_matches(a.descriptors, b.descriptors)
        distance = epipolar_distance(fundamental(views[i], views[i + step]), a.points[m[:, 0]], b.points[m[:, 1]])
        near = distance[distance < EPIPOLAR_PIXELS]
        rows.append((len(near) / max(len(m), 1), len(near), np.median(near) if len(near) else EPIPOLAR_PIXELS))
    return Precision(*(float(v) for v in np.mean(rows, axis=0)))
