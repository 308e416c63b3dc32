"""Maps that are wrong: what their images' poses or cameras are said to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from .sets import Camera, Frame, Pose, PosedSet, quaternion, rotation_matrix

# Writes the set that the map is built of into a folder.
Rewrite = Callable[[PosedSet, Path], None]
COPY_DISTANCE = 50.0


def with_poses(change: Callable[[Pose, np.random.Generator], Pose]) -> Rewrite:
    """Every pose changed."""

    def write(own: PosedSet, folder: Path) -> None:
        random = np.random.default_rng(15)
        rows = [(f.name, f, change(f.pose, random)) for f in own.map_frames]
        own.write_map_set(folder, rows, own.cameras)

    return write


def with_cameras(change: Callable[[Camera], Camera]) -> Rewrite:
    """Every camera changed."""

    def write(own: PosedSet, folder: Path) -> None:
        rows = [(f.name, f, f.pose) for f in own.map_frames]
        own.write_map_set(folder, rows, {i: change(c) for i, c in own.cameras.items()})

    return write


def with_frames(choose: Callable[[list[Frame]], list[Frame]]) -> Rewrite:
    """Some of the images only."""

    def write(own: PosedSet, folder: Path) -> None:
        own.write_map_set(folder, [(f.name, f, f.pose) for f in choose(own.map_frames)], own.cameras)

    return write


def twice(own: PosedSet, folder: Path) -> None:
    """Two copies of the place, 50 m apart."""
    rows = [(f"first/{f.name}", f, f.pose) for f in own.map_frames]
    rows += [(f"second/{f.name}", f, in_turn(f.pose, 1)) for f in own.map_frames]
    own.write_map_set(folder, rows, own.cameras)


def in_turn(pose: Pose, index: int) -> Pose:
    """The pose in the first copy or in the second."""
    return Pose(pose.rotation, pose.centre + np.array([COPY_DISTANCE, 0, 0]) * (index % 2))


def moved(metres: float) -> Callable[[Pose, np.random.Generator], Pose]:
    """Noise of this standard deviation along each axis."""
    return lambda pose, random: Pose(pose.rotation, pose.centre + random.normal(0, metres, 3))


def turned(degrees: float) -> Callable[[Pose, np.random.Generator], Pose]:
    """Noise of this standard deviation about each axis."""

    def change(pose: Pose, random: np.random.Generator) -> Pose:
        turn = cv2.Rodrigues(np.radians(random.normal(0, degrees, 3)))[0]
        return Pose(turn @ pose.rotation, pose.centre)

    return change


def inverted(pose: Pose, random: np.random.Generator) -> Pose:
    """The rows hold world from camera, and are read as camera from world."""
    # camera from world says x_c = R x + t; its inverse has the rotation R' and the translation C.
    return Pose(pose.rotation.T, -pose.rotation @ pose.centre)


def scalar_last(pose: Pose, random: np.random.Generator) -> Pose:
    """Quaternions x, y, z, w are read as w, x, y, z."""
    w, x, y, z = quaternion(pose.rotation)
    r = rotation_matrix(np.array([x, y, z, w]))
    return Pose(r, r.T @ pose.rotation @ pose.centre)


MAPS: dict[str, tuple[str, Rewrite]] = {
    "twice": ("the place twice in the map, 50 m apart", twice),
    "poses-10cm": ("map poses 10 cm off", with_poses(moved(0.10))),
    "poses-30cm": ("map poses 30 cm off", with_poses(moved(0.30))),
    "poses-1deg": ("map poses 1 degree off", with_poses(turned(1.0))),
    "inverted": ("map of world-from-camera poses", with_poses(inverted)),
    "xyzw": ("map of xyzw quaternions", with_poses(scalar_last)),
    "focal-x2": ("map with twice the focal length", with_cameras(lambda c: c.with_focal(2))),
    "focal-half": ("map with half the focal length", with_cameras(lambda c: c.with_focal(0.5))),
    "focal+5": ("map with a focal length 5 % too long", with_cameras(lambda c: c.with_focal(1.05))),
    "half": ("map of the first half of its images", with_frames(lambda frames: frames[: (len(frames) + 1) // 2])),
    "sparse": (
        "map of every sixth image",
        with_frames(lambda frames: frames[::6] if len(frames) >= 24 else frames[::3]),
    ),
}
