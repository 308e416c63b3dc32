"""A model's poses in metres and with z up, as a folder that `hfloc map build` takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .frames import Drive

if TYPE_CHECKING:  # pycolmap is needed by the mappers alone
    from .reconstruction import Model


def scale(model: Model, odometry: np.ndarray | None, length: float | None) -> float | None:
    """Metres for one unit of the model; None where nothing says."""
    order = sorted(model.rotations)
    centres = {i: model.centre(i) for i in order}
    if length is not None:
        way = sum(np.linalg.norm(centres[b] - centres[a]) for a, b in zip(order, order[1:], strict=False))
        return float(length / way)
    if odometry is None:
        return None
    ratios = []
    for a, b in zip(order, order[5:], strict=False):
        metres, units = np.linalg.norm(odometry[b] - odometry[a]), np.linalg.norm(centres[b] - centres[a])
        if np.isfinite(metres) and units > 0 and metres > 0:
            ratios.append(metres / units)
    return float(np.median(ratios)) if ratios else None


def upright(model: Model) -> np.ndarray:
    """The rotation that brings the cameras' mean up to z: the camera stands level on average."""
    up = -sum(r[1] for r in model.rotations.values())
    up = up / np.linalg.norm(up)
    ahead = next(iter(model.rotations.values()))[2]
    x = ahead - up * (ahead @ up)
    if np.linalg.norm(x) < 1e-6:
        x = np.cross(up, [1.0, 0, 0])
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(up, x), up])


def step(model: Model) -> float:
    """Median distance from an image to the next, units of the model."""
    order = sorted(model.rotations)
    steps = [np.linalg.norm(model.centre(b) - model.centre(a)) for a, b in zip(order, order[1:], strict=False)]
    return float(np.median(steps))


def quaternion(r: np.ndarray) -> np.ndarray:
    """Of a rotation matrix, w first (the eigenvector of Bar-Itzhack 2000)."""
    (a, b, c), (d, e, f), (g, h, i) = r
    matrix = np.array(
        [
            [a - e - i, d + b, g + c, h - f],
            [d + b, e - a - i, h + f, c - g],
            [g + c, h + f, i - a - e, d - b],
            [h - f, c - g, d - b, a + e + i],
        ]
    )
    x, y, z, w = np.linalg.eigh(matrix)[1][:, -1]
    return np.array([w, x, y, z]) * (1 if w >= 0 else -1)


def write(drive: Drive, model: Model, metres: float, folder: Path) -> None:
    """cameras.txt, poses.txt, gnss.txt and images/."""
    folder.mkdir(parents=True)
    (folder / "images").mkdir()
    c = drive.camera
    numbers = " ".join(f"{p:.12g}" for p in c.parameters)
    (folder / "cameras.txt").write_text(f"1 {c.model} {c.width} {c.height} {numbers}\n")
    turn = upright(model)
    lines, names = [], []
    for image in sorted(model.rotations):
        r = model.rotations[image] @ turn.T
        t = model.translations[image] * metres
        names.append(drive.names[image])
        os.symlink(drive.path(names[-1]).resolve(), folder / "images" / names[-1])
        lines.append(f"{drive.names[image]} 1 " + " ".join(f"{v:.12g}" for v in (*quaternion(r), *t)))
    (folder / "poses.txt").write_text("\n".join(lines) + "\n")
    (folder / "split.txt").write_text("".join(f"{n} map\n" for n in names))
    fixes = [line for line in drive.fixes if line.split()[0] in set(names)]
    if fixes:
        (folder / "gnss.txt").write_text("\n".join(fixes) + "\n")
