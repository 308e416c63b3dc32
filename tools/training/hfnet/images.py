"""Finding and reading photographs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}


def find_images(
    folders: list[Path], only: set[str] | None = None, without: list[str] | None = None
) -> list[tuple[str, Path]]:
    """(name, path) of every photograph under the folders, sorted; a name is the path within its folder.

    `only` keeps the names it lists; names that contain a string of `without` are left out.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise SystemExit(f"error: {folder}: no such folder (give --images a folder of photographs)")
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix.lower() not in SUFFIXES or (only is not None and name not in only):
                continue
            if any(part in name for part in without or []):
                continue
            found.setdefault(name, path)
    return sorted(found.items())


def read_list(path: Path) -> list[str]:
    """The first tab-separated column of a text file, without comments and blank lines."""
    lines = [line.split("\t")[0].strip() for line in path.read_text().splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def resized_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """The size an image is reduced to (never enlarged), before the crop to multiples of 8."""
    scale = min(1.0, long_side / max(width, height))
    return round(width * scale), round(height * scale)


def read_grey(path: Path, long_side: int | None = 640, crop: bool = True) -> np.ndarray | None:
    """A grey uint8 image [H, W] as the specification reduces it, or None if the file cannot be read."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        return None
    return reduce_grey(image, long_side, crop)


def reduce_grey(image: np.ndarray, long_side: int | None, crop: bool = True) -> np.ndarray:
    """Area-averages to at most `long_side`, then crops to multiples of 8 at the right and bottom."""
    if long_side is not None:
        size = resized_size(image.shape[1], image.shape[0], long_side)
        if size != (image.shape[1], image.shape[0]):
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if crop:
        image = image[: image.shape[0] // 8 * 8, : image.shape[1] // 8 * 8]
    return np.ascontiguousarray(image)
