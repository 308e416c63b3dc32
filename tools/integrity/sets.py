"""Sets of images with poses: their cameras, their truth, and copies of them with something wrong."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

# How many focal lengths a COLMAP model begins with; the principal point follows, then the distortion.
FOCALS = {
    "SIMPLE_PINHOLE": 1,
    "PINHOLE": 2,
    "SIMPLE_RADIAL": 1,
    "RADIAL": 1,
    "OPENCV": 2,
    "FULL_OPENCV": 2,
    "OPENCV_FISHEYE": 2,
    "SIMPLE_RADIAL_FISHEYE": 1,
    "RADIAL_FISHEYE": 1,
}


@dataclass(frozen=True)
class Camera:
    """A row of cameras.txt; the centre of the top-left pixel is (0, 0)."""

    model: str
    width: int
    height: int
    parameters: tuple[float, ...]

    def with_focal(self, factor: float) -> Camera:
        """The focal lengths times a factor."""
        count = FOCALS[self.model]
        return replace(self, parameters=(*(p * factor for p in self.parameters[:count]), *self.parameters[count:]))

    def with_centre(self, x: float, y: float) -> Camera:
        """The principal point moved by so many pixels."""
        values, first = list(self.parameters), FOCALS[self.model]
        values[first] += x
        values[first + 1] += y
        return replace(self, parameters=tuple(values))

    @property
    def is_distorted(self) -> bool:
        """Is any coefficient of the distortion not zero?"""
        return any(self.parameters[FOCALS[self.model] + 2 :])

    def with_wrong_sign(self) -> Camera:
        """Every coefficient of the distortion negated."""
        first = FOCALS[self.model] + 2
        return replace(self, parameters=(*self.parameters[:first], *(-p for p in self.parameters[first:])))

    def line(self) -> str:
        """MODEL WIDTH HEIGHT PARAMS."""
        return f"{self.model} {self.width} {self.height} " + " ".join(f"{p:.12g}" for p in self.parameters)

    def colmap_line(self) -> str:
        """The same with the centre of the top-left pixel at (0.5, 0.5)."""
        return self.with_centre(0.5, 0.5).line()

    def file(self) -> str:
        """As the daemon's camera file."""
        numbers = ", ".join(f"{p:.12g}" for p in self.parameters)
        return f"model: {self.model}\nwidth: {self.width}\nheight: {self.height}\nparameters: [{numbers}]\n"


@dataclass(frozen=True)
class Pose:
    """Where a camera is: the rotation takes map axes to camera axes, the centre is in metres."""

    rotation: np.ndarray
    centre: np.ndarray

    @staticmethod
    def parsed(numbers: list[str]) -> Pose:
        """Of QW QX QY QZ TX TY TZ, camera from map."""
        values = np.array(numbers, float)
        r = rotation_matrix(values[:4])
        return Pose(r, -r.T @ values[4:7])

    def row(self) -> str:
        """QW QX QY QZ TX TY TZ."""
        t = -self.rotation @ self.centre
        return " ".join(f"{v:.12g}" for v in (*quaternion(self.rotation), *t))


@dataclass(frozen=True, eq=False)
class Frame:
    """An image with its camera; the pose is absent where the camera is not on the map."""

    name: str
    role: str
    camera: Camera
    pose: Pose | None


def rotation_matrix(q: np.ndarray) -> np.ndarray:
    """Of a quaternion, w first."""
    w, x, y, z = q / np.linalg.norm(q)
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
        )
    )


def quaternion(r: np.ndarray) -> np.ndarray:
    """Of a rotation matrix, w first."""
    vector = cv2.Rodrigues(r)[0].ravel()
    angle = float(np.linalg.norm(vector))
    return np.array([np.cos(angle / 2), *(vector * 0.5 * np.sinc(angle / (2 * np.pi)))])


def table(path: Path) -> list[list[str]]:
    """The rows of a text file; `#` begins a comment."""
    return [line.split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]


class PosedSet:
    """A folder in hfloc's text layout; with a step, every so manieth image is the map and all others are queries."""

    def __init__(self, folder: Path, step: int | None = None, name: str | None = None) -> None:
        for file in ("cameras.txt", "poses.txt", "images"):
            if not (folder / file).exists():
                raise SystemExit(f"measure-integrity: {folder}/{file}: is missing; a set has it (see Formats)")
        self.folder, self.step = folder.resolve(), step
        self.name = name or self.folder.name + (f"-every-{step}" if step else "")
        cameras = {r[0]: Camera(r[1], int(r[2]), int(r[3]), tuple(map(float, r[4:]))) for r in table(self.cameras_file)}
        self.cameras = cameras
        posed = {r[0]: (r[1], Pose.parsed(r[2:9])) for r in table(folder / "poses.txt")}
        roles = dict(r[:2] for r in table(folder / "split.txt")) if (folder / "split.txt").exists() else {}
        if step:
            roles = {n: "map" if i % step == 0 else "query" for i, n in enumerate(posed)}
        first = next(iter(cameras))
        self.camera_of = {n: posed[n][0] if n in posed else first for n in [*posed, *roles]}
        self.frames = [
            Frame(n, roles.get(n, "map"), cameras[self.camera_of[n]], posed[n][1] if n in posed else None)
            for n in (roles or posed)
            if n in posed or roles[n] not in ("map", "query")
        ]
        stamps = folder / "timestamps.txt"
        self.stamps = {r[0]: int(r[1]) for r in table(stamps)} if stamps.exists() else {}

    @property
    def cameras_file(self) -> Path:
        """Of the whole set."""
        return self.folder / "cameras.txt"

    @cached_property
    def map_frames(self) -> list[Frame]:
        """What the map is built of."""
        return [f for f in self.frames if f.role == "map" and f.pose is not None]

    @cached_property
    def queries(self) -> list[Frame]:
        """What is localized, with truth."""
        return [f for f in self.frames if f.role == "query" and f.pose is not None]

    @cached_property
    def elsewhere(self) -> list[Frame]:
        """Images that show no place of the map."""
        return [f for f in self.frames if f.pose is None]

    @cached_property
    def drive(self) -> list[tuple[Frame, int]]:
        """Queries and what lies between them with their times (nanoseconds): the stamps', or 300 ms apart."""
        frames = [f for f in self.frames if f.role != "map"]
        if self.stamps and all(f.name in self.stamps for f in frames):
            return sorted(((f, self.stamps[f.name]) for f in frames), key=lambda item: item[1])
        return [(f, 1_000_000_000 + 300_000_000 * i) for i, f in enumerate(frames)]

    def image(self, frame: Frame) -> np.ndarray:
        """Grey, as it is in its file."""
        pixels = cv2.imread(str(self.folder / "images" / frame.name), cv2.IMREAD_GRAYSCALE)
        if pixels is None:
            raise SystemExit(f"measure-integrity: {self.folder}/images/{frame.name}: cannot be read")
        return pixels

    @cached_property
    def digest(self) -> str:
        """Of everything that the measurement takes from the set."""
        digest = hashlib.sha256(f"{self.step}".encode())
        for file in ("cameras.txt", "poses.txt", "split.txt", "timestamps.txt"):
            if (self.folder / file).exists():
                digest.update((self.folder / file).read_bytes())
        for frame in self.frames:
            digest.update(frame.name.encode())
            digest.update((self.folder / "images" / frame.name).read_bytes())
        return digest.hexdigest()

    def write_map_set(self, folder: Path, rows: list[tuple[str, Frame, Pose]], cameras: dict[str, Camera]) -> None:
        """A set of map images alone: (name, whose picture it is, stated pose), with these cameras."""
        for name, frame, _ in rows:
            target = folder / "images" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(self.folder / "images" / frame.name, target)
        (folder / "cameras.txt").write_text("".join(f"{i} {c.line()}\n" for i, c in cameras.items()))
        lines = [f"{name} {self.camera_of[frame.name]} {pose.row()}\n" for name, frame, pose in rows]
        (folder / "poses.txt").write_text("".join(lines))
