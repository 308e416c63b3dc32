"""Mixtures of our network and its teacher, which show what limits ours: keypoints, stride or context."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from hfnet.aliked import ALIKED_RADIUS, Aliked, DenseResult, keypoints
from hfnet.checkpoint import load_network
from hfnet.decode import CELL, cell_scores, find_keypoints, sample_descriptors
from hfnet.features import Extractor, Features


def described_from_grid(teacher: Aliked, dense: DenseResult, points: np.ndarray) -> np.ndarray:
    """The teacher's descriptors at the centres of our cells, interpolated at `points` as ours are."""
    height, width = (side // CELL for side in dense.scores.shape)
    ys, xs = np.mgrid[0:height, 0:width]
    centres = np.stack((xs.ravel(), ys.ravel()), axis=1) * CELL + (CELL - 1) / 2
    described = teacher.describe(dense.features, torch.from_numpy(centres).float())
    return sample_descriptors(described.view(height, width, -1).numpy(), points)


def described_from_tiles(teacher: Aliked, image: np.ndarray, points: np.ndarray, side: int) -> np.ndarray:
    """The teacher's descriptor of each point from nothing but the tile of `side` pixels around it. Slow: one pass a
    point.
    """
    padded = np.pad(image, side, mode="reflect")
    found = []
    for x, y in points:
        left, top = int(x) + side - side // 2, int(y) + side - side // 2
        tile = torch.from_numpy(padded[top : top + side, left : left + side].copy()).float() / 255
        at = torch.tensor([[x + side - left, y + side - top]], dtype=torch.float32)
        found.append(teacher.describe(teacher.dense(tile).features, at)[0])
    return torch.stack(found).numpy()


def mixed_extractors(checkpoint: Path, weights: Path, count: int, threshold: float, tile: int) -> dict[str, Extractor]:
    """By name. With `tile` > 0 also the teacher's descriptors of tiles of that side."""
    net, _ = load_network(checkpoint)
    teacher = Aliked.load(weights)

    @torch.no_grad()
    def ours(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, raw = (
            x[0].permute(1, 2, 0).contiguous().numpy()
            for x in net.local(net.trunk(torch.from_numpy(image).float()[None, None]))
        )
        return find_keypoints(cell_scores(logits), count, threshold)[:, :2], raw

    def looked_at(image: np.ndarray) -> DenseResult:
        return teacher.dense(torch.from_numpy(image).float() / 255)

    def theirs(image: np.ndarray) -> tuple[np.ndarray, DenseResult]:
        dense = looked_at(image)
        return keypoints(dense.scores, count, ALIKED_RADIUS, 0.0)[0].numpy(), dense

    def described_by_teacher(image: np.ndarray) -> Features:
        points = ours(image)[0]
        return Features(points, teacher.describe(looked_at(image).features, torch.from_numpy(points).float()).numpy())

    def described_by_us(image: np.ndarray) -> Features:
        points = theirs(image)[0]
        return Features(points, sample_descriptors(ours(image)[1], points))

    def of_grid(image: np.ndarray) -> Features:
        points, dense = theirs(image)
        return Features(points, described_from_grid(teacher, dense, points))

    def of_tiles(image: np.ndarray) -> Features:
        points = theirs(image)[0]
        return Features(points, described_from_tiles(teacher, image, points, tile))

    found: dict[str, Extractor] = {
        "our keypoints, ALIKED-n16's descriptors": described_by_teacher,
        "ALIKED-n16's keypoints, our descriptors": described_by_us,
        "ALIKED-n16's keypoints, its descriptors from a grid of 8": of_grid,
    }
    if tile:
        found[f"ALIKED-n16's keypoints, its descriptors of tiles of {tile}"] = of_tiles
    return found
