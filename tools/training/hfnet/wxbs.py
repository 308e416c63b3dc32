"""WxBS (Mishkin et al., BMVC 2015): pairs that differ in light, season and viewpoint, with hand-made correspondences.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hfnet.features import Extractor, mutual_matches
from hfnet.images import SUFFIXES, read_grey, resized_size
from hfnet.posed import epipolar_distance

ILLUMINATION = ("WGLBS", "WLABS")
WIDE_BASELINE = ("WGBS",)
EXPLAINED_PIXELS = 5.0
RANSAC_PIXELS = 1.0
ITERATIONS = 20_000
RUNS = 10


@dataclass
class Pair:
    """Two images and correspondences [n, 4] (x, y, x', y') in their own pixels."""

    first: Path
    second: Path
    truth: np.ndarray


def read_pairs(folder: Path, kinds: tuple[str, ...]) -> list[Pair]:
    """The pairs of some kinds that have both images."""
    pairs = []
    for place in sorted(p for kind in kinds for p in (folder / kind).glob("*") if (p / "corrs.txt").exists()):
        images = sorted(p for p in place.iterdir() if p.suffix.lower() in SUFFIXES and p.stem in ("01", "02"))
        if len(images) == 2:
            pairs.append(Pair(*images, np.loadtxt(place / "corrs.txt")))
    return pairs


def reduced(image: Path, points: np.ndarray, long_side: int) -> tuple[np.ndarray, np.ndarray]:
    """The image as extractors get it, and points of the original in its pixels."""
    original = cv2.imread(str(image), cv2.IMREAD_GRAYSCALE)
    grey = read_grey(image, long_side)
    if original is None or grey is None:
        raise SystemExit(f"error: {image}: cannot be read")
    height, width = original.shape
    w, h = resized_size(width, height, long_side)
    scale = np.array((w / width, h / height))
    return grey, (points + 0.5) * scale - 0.5


def explained(extract: Extractor, pair: Pair, long_side: int) -> float:
    """Share of the true correspondences within 5 px of the epipolar lines of the F estimated from matches."""
    image_a, true_a = reduced(pair.first, pair.truth[:, :2], long_side)
    image_b, true_b = reduced(pair.second, pair.truth[:, 2:4], long_side)
    a, b = extract(image_a), extract(image_b)
    m = mutual_matches(a.descriptors, b.descriptors)
    if len(m) < 8:
        return 0.0
    shares = []
    order = np.random.default_rng(0)
    for _ in range(RUNS):  # the estimate depends on the order of the matches; a mean is steadier
        m = m[order.permutation(len(m))]
        f, _ = cv2.findFundamentalMat(
            a.points[m[:, 0]], b.points[m[:, 1]], cv2.USAC_MAGSAC, RANSAC_PIXELS, 0.9999, ITERATIONS
        )
        if f is None or f.shape != (3, 3):
            shares.append(0.0)
            continue
        shares.append(float(np.mean(epipolar_distance(f, true_a, true_b) < EXPLAINED_PIXELS)))
    return float(np.mean(shares))


def mean_explained(extract: Extractor, folder: Path, kinds: tuple[str, ...], long_side: int) -> float:
    return float(np.mean([explained(extract, pair, long_side) for pair in read_pairs(folder, kinds)]))
