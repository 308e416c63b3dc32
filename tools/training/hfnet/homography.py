"""Known homographies of held-out photographs with a change of light: how often they are found again, and repeatability.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hfnet.augment import photometric, transform
from hfnet.features import Extractor, mutual_matches
from hfnet.images import find_images, read_grey

CORNER_SHIFT = 0.18
REPEATED_PIXELS = 3.0
RANSAC_PIXELS = 2.0
CORNER_PIXELS = (1.0, 3.0, 5.0)
SMALLEST_SIDE = 240


@dataclass
class Warped:
    """A photograph, its warped and relit view, and the homography from the first's pixels to the second's."""

    image: np.ndarray
    view: np.ndarray
    homography: np.ndarray


def corners(image: np.ndarray) -> np.ndarray:
    h, w = image.shape
    return np.array(((0, 0), (w - 1, 0), (w - 1, h - 1), (0, h - 1)), np.float32)


def make_warped(folder: Path, count: int, long_side: int, seed: int = 11) -> list[Warped]:
    """`count` random photographs of a folder, each corner moved by up to 18 % of the side."""
    names = find_images([folder])
    random.Random(seed).shuffle(names)
    generator = np.random.default_rng(seed)
    made: list[Warped] = []
    for _, path in names:
        image = read_grey(path, long_side)
        if image is None or min(image.shape) < SMALLEST_SIDE:
            continue
        start = corners(image)
        reach = CORNER_SHIFT * np.array((image.shape[1], image.shape[0]))
        end = (start + generator.uniform(-1, 1, (4, 2)) * reach).astype(np.float32)
        homography = cv2.getPerspectiveTransform(start, end)
        view = cv2.warpPerspective(image, homography, (image.shape[1], image.shape[0]), flags=cv2.INTER_LINEAR)
        made.append(Warped(image, photometric(view, generator), homography))
        if len(made) == count:
            break
    if not made:
        raise SystemExit(f"error: {folder}: no readable photographs of at least {SMALLEST_SIDE} pixels")
    return made


def inside(points: np.ndarray, image: np.ndarray) -> np.ndarray:
    return (points >= 0).all(1) & (points[:, 0] <= image.shape[1] - 1) & (points[:, 1] <= image.shape[0] - 1)


def repeatability(a: np.ndarray, b: np.ndarray, warped: Warped) -> float:
    """Share of the keypoints in the common part, of both images, that the other has within 3 px."""
    inverse = np.linalg.inv(warped.homography)
    there, back = transform(warped.homography, a), transform(inverse, b)
    a_in, b_in = inside(there, warped.view), inside(back, warped.image)
    if not a_in.any() or not b_in.any():
        return 0.0
    distance = np.linalg.norm(there[a_in][:, None] - b[b_in][None], axis=2)
    near = distance < REPEATED_PIXELS
    return float((near.any(0).sum() + near.any(1).sum()) / (a_in.sum() + b_in.sum()))


def corner_error(a: np.ndarray, b: np.ndarray, warped: Warped) -> float:
    """Mean distance in pixels of the image's corners under the homography found from matches and the true one."""
    if len(a) < 4:
        return float("inf")
    found, _ = cv2.findHomography(a, b, cv2.USAC_MAGSAC, RANSAC_PIXELS, maxIters=5000, confidence=0.9999)
    if found is None:
        return float("inf")
    start = corners(warped.image).astype(float)
    difference = transform(found, start) - transform(warped.homography, start)
    return float(np.linalg.norm(difference, axis=1).mean())


def homography_accuracy(extract: Extractor, pairs: list[Warped]) -> tuple[list[float], float]:
    """Shares of the pairs whose corners are within 1, 3 and 5 px, and the mean repeatability."""
    errors, repeated = [], []
    for warped in pairs:
        a, b = extract(warped.image), extract(warped.view)
        m = mutual_matches(a.descriptors, b.descriptors)
        errors.append(corner_error(a.points[m[:, 0]], b.points[m[:, 1]], warped))
        repeated.append(repeatability(a.points, b.points, warped))
    return [float(np.mean(np.array(errors) < limit)) for limit in CORNER_PIXELS], float(np.mean(repeated))
