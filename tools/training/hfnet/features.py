"""What every extractor gives for an image, and a cache of it on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Features:
    """Keypoints [n, 2] (x, y) in the image, best first, their descriptors [n, D] to be compared by dot product, and the
    global descriptor [G], if the extractor has one."""

    points: np.ndarray
    descriptors: np.ndarray
    place: np.ndarray | None = None


Extractor = Callable[[np.ndarray], Features]
"""Features of a grey uint8 image [H, W]."""


def cached(extract: Extractor, folder: Path) -> Extractor:
    """The same extractor, which keeps what it gave for an image under `folder`, one file an image."""
    folder.mkdir(parents=True, exist_ok=True)

    def read_or_extract(image: np.ndarray) -> Features:
        digest = hashlib.blake2b(np.ascontiguousarray(image).tobytes() + repr(image.shape).encode(), digest_size=12)
        path = folder / f"{digest.hexdigest()}.npz"
        if path.exists():
            with np.load(path) as f:
                return Features(f["points"], f["descriptors"].astype(np.float32), f.get("place"))
        found = extract(image)
        kept = {"points": found.points, "descriptors": found.descriptors}
        if found.place is not None:
            kept["place"] = found.place
        temporary = path.with_suffix(".tmp.npz")
        np.savez(temporary, **kept)
        temporary.rename(path)
        return found

    return read_or_extract


def mutual_matches(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Index pairs [m, 2] of mutual nearest neighbours."""
    if not len(a) or not len(b):
        return np.zeros((0, 2), int)
    similarity = a.astype(np.float32) @ b.T.astype(np.float32)  # exact for int8
    forward, backward = similarity.argmax(1), similarity.argmax(0)
    rows = np.nonzero(backward[forward] == np.arange(len(a)))[0]
    return np.stack((rows, forward[rows]), axis=1)
