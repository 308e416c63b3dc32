"""Sets of images with poses, as benchmarks of maps use them: true poses, disturbed ones, alignment, the programs.

Sets are folders in hfloc's text layout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/training"))
from hfnet.posed import rotation_matrix, table  # noqa: E402


def rotation(vector: np.ndarray) -> np.ndarray:
    """By a rotation vector, radians."""
    return cv2.Rodrigues(vector)[0]


def quaternion(r: np.ndarray) -> np.ndarray:
    """Of a rotation matrix, w first."""
    vector = cv2.Rodrigues(r)[0].ravel()
    angle = float(np.linalg.norm(vector))
    return np.array([np.cos(angle / 2), *(vector * 0.5 * np.sinc(angle / (2 * np.pi)))])


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    """Angle between two rotations."""
    return float(np.degrees(np.arccos(np.clip((np.trace(a @ b.T) - 1) / 2, -1, 1))))


class Scene:
    """A set with its true poses: centres, and rotations camera from map."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        roles = dict(row[:2] for row in table(folder / "split.txt"))
        self.camera, self.centre, self.rotation = {}, {}, {}
        for name, camera, *numbers in table(folder / "poses.txt"):
            values = np.array(numbers, float)
            self.camera[name] = camera
            self.rotation[name] = rotation_matrix(*values[:4])
            self.centre[name] = -self.rotation[name].T @ values[4:7]
        self.map = sorted(n for n in self.centre if roles.get(n) == "map")
        self.queries = sorted(n for n in self.centre if roles.get(n) == "query")

    def disturbed(self, metres: float, degrees_: float, seed: int) -> tuple[dict, dict]:
        """Centres and rotations of the map's images, with noise; the same for a seed."""
        random = np.random.default_rng(seed)
        shift = random.normal(0, 1, (len(self.map), 3)) * metres
        turn = np.radians(random.normal(0, 1, (len(self.map), 3)) * degrees_)
        centres = {n: self.centre[n] + shift[i] for i, n in enumerate(self.map)}
        rotations = {n: rotation(turn[i]) @ self.rotation[n] for i, n in enumerate(self.map)}
        return centres, rotations

    def write(self, folder: Path, centres: dict, rotations: dict) -> None:
        """The set in `folder` with these poses of the map's images; queries keep the truth."""
        folder.mkdir()
        os.symlink(self.folder / "images", folder / "images")
        for name in ("cameras.txt", "split.txt"):
            shutil.copy(self.folder / name, folder)
        with (folder / "poses.txt").open("w") as out:
            for name in self.map + self.queries:
                r = rotations.get(name, self.rotation[name])
                t = -r @ centres.get(name, self.centre[name])
                print(name, self.camera[name], *(f"{v:.12g}" for v in (*quaternion(r), *t)), file=out)


def common_rotation(truth: list, found: list) -> np.ndarray:
    """The rotation of the map that brings found orientations, camera from map, onto true ones best (chordal mean)."""
    u, _, vt = np.linalg.svd(sum(x.T @ y for x, y in zip(truth, found, strict=True)))
    return u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt


def aligned(truth: np.ndarray, found: np.ndarray, rt: list, rf: list, scaled: bool) -> tuple:
    """Scale, rotation and shift that bring found poses onto true ones; rotations count as a tenth of the extent."""
    a, b = truth.mean(0), found.mean(0)
    extent = np.sqrt(((truth - a) ** 2).sum(1).mean())
    m = (truth - a).T @ (found - b) + (0.1 * extent) ** 2 * sum(x.T @ y for x, y in zip(rt, rf))
    u, _, vt = np.linalg.svd(m)
    q = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
    s = float(((truth - a) * ((found - b) @ q.T)).sum() / ((found - b) ** 2).sum()) if scaled else 1.0
    return s, q, a - s * q @ b


def hfloc(*arguments: object, echo: bool = False) -> str:
    """Standard output of the release build; what it says beside, too, is printed where it is to be echoed."""
    done = subprocess.run(
        [str(ROOT / ".build/release/hfloc"), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if echo:
        print(done.stderr)
    if done.returncode not in (0, 2):
        sys.exit(f"hfloc {' '.join(map(str, arguments))}\n{done.stderr.strip()}")
    return done.stdout


def exported(map_file: Path, folder: Path) -> tuple[dict, dict]:
    """Centres and rotations of a map's keyframes."""
    hfloc("map", "export", map_file, "--output", folder)
    centres, rotations = {}, {}
    lines = [line for line in (folder / "images.txt").read_text().splitlines() if not line.startswith("#")]
    for line in lines[::2]:
        _, *numbers, _, name = line.split()
        values = np.array(numbers, float)
        rotations[name] = rotation_matrix(*values[:4])
        centres[name] = -rotations[name].T @ values[4:7]
    return centres, rotations
