"""A V4L2 camera without a device: Tests/CFakeCamera, preloaded into a program, shows it frames at /dev/fake-camera."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "Tests/CFakeCamera"


def read_images(folder: Path, names: Iterable[str]) -> list[np.ndarray]:
    """Images of a folder, in grey."""
    import cv2

    return [cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE) for name in names]


def there_and_back(names: list[str]) -> list[str]:
    """These, and back to the first: shown over and over, no picture comes twice in a row, and no frame jumps."""
    return names + names[-2:0:-1]


def noisy(images: list[np.ndarray]) -> list[np.ndarray]:
    """The pictures with the noise of a sensor, a level at most, in the second half: one that comes again to the last
    bit is a stale one."""
    noise = np.random.default_rng(3)
    half = len(images) // 2
    second = [image.astype(np.int16) + noise.integers(-1, 2, image.shape) for image in images[half:]]
    return images[:half] + [image.clip(0, 255).astype(np.uint8) for image in second]


def write_frames(path: Path, images: Iterable[np.ndarray]) -> tuple[int, int]:
    """Grey images of one size, one behind the other; their width and height."""
    size = (0, 0)
    with path.open("wb") as out:
        for image in images:
            size = image.shape[1], image.shape[0]
            out.write(image.tobytes())
    return size


def fake_camera(folder: Path, images: Iterable[np.ndarray], rate: float) -> dict[str, str]:
    """The environment of a program that shall see these images over and over, so many a second. Compiles the camera
    and writes the frames into the folder.
    """
    library, frames = folder / "camera.so", folder / "frames.grey"
    sources = sorted(map(str, SOURCE.glob("*.c")))
    include = [f"-I{SOURCE}/include", f"-I{SOURCE}"]
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", *include, *sources, "-o", str(library), "-lpthread"], check=True)
    width, height = write_frames(frames, images)
    return {
        "LD_PRELOAD": str(library),
        "FAKE_CAMERA": "/dev/fake-camera",
        "FAKE_CAMERA_SIZE": f"{width}x{height}",
        "FAKE_CAMERA_FRAMES": str(frames),
        "FAKE_CAMERA_RATE": f"{rate:g}",
    }
