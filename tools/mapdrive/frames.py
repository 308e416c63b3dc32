"""What a drive is made of: images in their order, the camera, and what else is known of the way."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SUFFIXES = {".jpg", ".jpeg", ".png", ".pgm"}


class Refusal(Exception):
    """No map can be made of this: the reason, what would cure it, and the exit status."""

    def __init__(self, reason: str, status: int = 65, gaps: list[tuple[int, int]] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        #: Cuts of the drive, each the last image before it and the matches across: for pictures.
        self.gaps = gaps or []


def text(path: Path) -> str:
    """A text file as hfloc reads it: UTF-8, with or without a byte order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path}: is not UTF-8; save it as text in UTF-8") from None


@dataclass
class Camera:
    """Intrinsics, pixels from the centre of the top-left one."""

    model: str
    width: int
    height: int
    parameters: list[float]

    def focal_lengths(self) -> int:
        """How many of the first parameters are focal lengths."""
        return 2 if self.model in ("PINHOLE", "OPENCV", "FULL_OPENCV", "OPENCV_FISHEYE") else 1

    def scale(self) -> float:
        """Pixels for one of an image 640 across."""
        return max(1.0, max(self.width, self.height) / 640)

    def colmap(self) -> list[float]:
        """The parameters with COLMAP's centre of the top-left pixel, (0.5, 0.5)."""
        first = self.focal_lengths()
        return [p + 0.5 if first <= i < first + 2 else p for i, p in enumerate(self.parameters)]


def camera_file(path: Path) -> Camera:
    """hfloc's YAML: of its fields the four that every camera file has, one a line."""
    fields = {}
    for line in text(path).splitlines():
        key, colon, value = line.split("#")[0].partition(":")
        if colon and not key.startswith((" ", "\t", "-")):
            fields[key.strip()] = value.strip().strip("\"'")
    try:
        numbers = [float(v) for v in fields["parameters"].strip("[] ").split(",")]
        return Camera(fields["model"], int(fields["width"]), int(fields["height"]), numbers)
    except (KeyError, ValueError):
        raise Refusal(
            f"{path}: is no camera file of one line a field (model, width, height, parameters: [...]); calibrate the "
            "camera with hfloc-calibrate"
        ) from None


def rows(path: Path) -> list[list[str]]:
    """The fields of a table's lines; none where there is no such file."""
    if not path.exists():
        return []
    return [line.split() for line in text(path).splitlines() if line.strip() and not line.startswith("#")]


def named(row: list[str], values: int) -> tuple[str, list[str]]:
    """A row's name, which may hold blanks, and the values behind it."""
    return " ".join(row[:-values]), row[-values:]


@dataclass
class Drive:
    """The images of a drive, in its order."""

    folder: Path
    names: list[str]
    camera: Camera
    #: Per image, where the vehicle's odometry had it, metres; NaN where it did not.
    odometry: np.ndarray | None = None
    #: The lines of gnss.txt.
    fixes: list[str] = field(default_factory=list)
    #: Images that cannot be used: they are in none of the above.
    failed: list[str] = field(default_factory=list)

    def leave_out(self, names: set[str]) -> None:
        """Goes on without these images."""
        self.failed += [name for name in self.names if name in names]
        self.keep([i for i, name in enumerate(self.names) if name not in names])

    def keep(self, kept: list[int]) -> None:
        """Goes on with these images, by their numbers."""
        self.names = [self.names[i] for i in kept]
        if self.odometry is not None:
            self.odometry = self.odometry[kept]

    def path(self, name: str) -> Path:
        return self.folder / name


def of_folder(folder: Path, camera: Path | None) -> Drive:
    """Images of a folder, in the order of their names: those that its split.txt calls `map`, if it has one."""
    images = folder / "images" if (folder / "images").is_dir() else folder
    if not images.is_dir():
        raise Refusal(f"{folder}: does not exist", 66)
    names = sorted(p.name for p in images.iterdir() if p.suffix.lower() in SUFFIXES)
    roles = {name: role for name, (role,) in (named(row, 1) for row in rows(folder / "split.txt"))}
    # Blanks in a row are one, however many the file has.
    names = [n for n in names if roles.get(" ".join(n.split()), "map") == "map"] if roles else names
    if camera:
        return Drive(images, names, camera_file(camera))
    listed = rows(folder / "cameras.txt")
    if len(listed) != 1:
        raise Refusal(f"{folder}: give --camera FILE, as hfloc-calibrate writes it")
    _, model, width, height, *parameters = listed[0]
    return Drive(images, names, Camera(model, int(width), int(height), [float(v) for v in parameters]))


def of_recording(files: list[Path], camera: Path | None, hfloc: Path, work: Path, spacing: int) -> Drive:
    """Every `spacing`-th image of a recording, extracted to `work`, with its odometry and satellite positions."""
    done = subprocess.run(
        [hfloc, "recording", "extract", *files, "--output", work, "--every", str(spacing)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refusal(done.stderr.strip().removeprefix("hfloc: "), done.returncode)
    sys.stderr.write(done.stderr)
    camera = camera or work / "camera.yaml"
    if not camera.exists():
        raise Refusal(f"{files[0]}: holds no camera file; give --camera")
    stamps = {name: int(time) * 1e-9 for name, time in rows(work / "images/timestamps.txt")}
    drive = Drive(work / "images", sorted(stamps), camera_file(camera))
    times = np.array([stamps[n] for n in drive.names])
    track = np.array([[float(v) for v in row[:4]] for row in rows(work / "odometry.tum")])
    if len(track) > 1:
        drive.odometry = np.stack(
            [np.interp(times, track[:, 0], track[:, i], left=np.nan, right=np.nan) for i in (1, 2, 3)], 1
        )
    if (work / "position.csv").exists():
        drive.fixes = fix_lines(work / "position.csv", drive.names, times)
    return drive


def fix_lines(path: Path, names: list[str], times: np.ndarray) -> list[str]:
    """Lines of gnss.txt: to each image the nearest position within half a second."""
    fixes = []
    for line in path.read_text().splitlines()[1:]:
        seconds, latitude, longitude, height, kind, covariance = line.split(",")
        matrix = [float(v) for v in covariance.split()]
        known = len(matrix) == 9 and matrix[0] > 0 and matrix[8] > 0
        sigmas = (((matrix[0] + matrix[4]) / 2) ** 0.5, matrix[8] ** 0.5) if known else (3.0, 6.0)
        if kind != "none":
            fixes.append((float(seconds), latitude, longitude, height, *sigmas))
    lines = []
    for name, time in zip(names, times, strict=True):
        near = min(fixes, key=lambda fix: abs(fix[0] - time), default=None)
        if near and abs(near[0] - time) <= 0.5:
            lines.append(" ".join(map(str, (name, *near[1:]))))
    return lines
