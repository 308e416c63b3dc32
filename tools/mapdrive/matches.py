"""hfloc's own features of a drive's images, and the matches of their descriptors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from .frames import Drive, Refusal

#: Images behind one that it is matched with, and images that look most like it.
WINDOW, ALIKE = 10, 6
#: Least cosine of a match, as `hfloc map build` has it.
SIMILARITY = 0.5


class Features:
    """Keypoints (pixels of the image as it is) and descriptors of each image; global descriptors of all."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self.header = json.loads(file.read(length))
            self.data = np.fromfile(file, np.uint8)
        self.globals = self.tensor("global")
        #: Per image how blurred it is, 0 to 1; beyond which it is blurred, and too blurred.
        self.blur = self.tensor("blur")
        metadata = self.header["__metadata__"]
        self.blurred, self.too_blurred = float(metadata["blurred"]), float(metadata["too_blurred"])
        self.keypoints = [self.tensor(f"{i}.keypoints") for i in range(len(self.globals))]
        self.descriptors = [self.tensor(f"{i}.descriptors").astype(np.float32) for i in range(len(self.globals))]

    def keep(self, kept: list[int]) -> None:
        """Goes on with these images, by their numbers."""
        self.globals, self.blur = self.globals[kept], self.blur[kept]
        self.keypoints = [self.keypoints[i] for i in kept]
        self.descriptors = [self.descriptors[i] for i in kept]

    def tensor(self, name: str) -> np.ndarray:
        entry = self.header[name]
        start, end = entry["data_offsets"]
        kind = {"F32": np.float32, "I8": np.int8, "I32": np.int32}[entry["dtype"]]
        return self.data[start:end].view(kind).reshape(entry["shape"])


def extract(drive: Drive, hfloc: Path, work: Path) -> Features:
    """Runs the network over all images."""
    out = work / "features.safetensors"
    command = [hfloc, "extract", "--output", out, *(drive.path(n) for n in drive.names)]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 2):
        raise Refusal(done.stderr.strip().removeprefix("hfloc: "), done.returncode)
    features = Features(out)
    if done.returncode == 2:
        # Some images could not be used: hfloc has named them, and the others go on.
        sys.stderr.write("".join(f"{line}\n" for line in done.stderr.splitlines() if line.startswith("hfloc: ")))
        used = set(json.loads(features.header["__metadata__"]["images"]))
        drive.leave_out({name for name in drive.names if str(drive.path(name)) not in used})
    return features


def pairs(features: Features) -> list[tuple[int, int]]:
    """Those that follow each other, and those that look alike."""
    count = len(features.globals)
    chosen = {(i, j) for i in range(count) for j in range(i + 1, min(count, i + 1 + WINDOW))}
    alike = features.globals @ features.globals.T
    np.fill_diagonal(alike, -1)
    for i in range(count):
        for j in np.argsort(-alike[i], kind="stable")[:ALIKE]:
            chosen.add((min(i, int(j)), max(i, int(j))))
    return sorted(chosen)


def mutual(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mutual nearest neighbours of two images' descriptors: indices, two columns."""
    if len(a) == 0 or len(b) == 0:
        return np.zeros((0, 2), np.int32)
    dots = a @ b.T
    forward, backward = dots.argmax(1), dots.argmax(0)
    index = np.arange(len(a))
    good = (backward[forward] == index) & (dots[index, forward] >= SIMILARITY * 65536)
    return np.stack([index[good], forward[good]], 1).astype(np.int32)


def split(found: np.ndarray, pair: int) -> tuple[np.ndarray, np.ndarray]:
    """Nine matches of ten to work with, and the tenth to judge by."""
    held = (np.arange(len(found)) + pair) % 10 == 0
    return found[~held], found[held]
