"""Batches for training from cached targets."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet.augment import photometric, random_view, transform, warp
from hfnet.mobilenet import STRIDE
from hfnet.targets import Target

KEYPOINT_SIGMA = 0.5
SCORE_GAIN = 1.5
LEAST_MASS = 0.015
LARGEST_CELL_MASS = 0.95
ASPECTS = (4 / 3, 3 / 2, 16 / 9, 1.0, 3 / 4, 2 / 3, 9 / 16)


@dataclass
class LocalBatch:
    """Pairs of views: rows 2i and 2i + 1 show the same photograph.

    `views` [B, 1, H, W]; `detector` [B, 65, h, w] soft targets with `cells` [B, h, w] their weight; per view `points`
    [B, N, 2] with the teacher's `descriptors` [B, N, D] and `inside` [B, N]. Point n of both views of a pair is the
    same point of the photograph, at `places` [B/2, N, 2]; the first `keypoints` of them are keypoints, the rest grid
    points.
    """

    views: Tensor
    detector: Tensor
    cells: Tensor
    points: Tensor
    descriptors: Tensor
    inside: Tensor
    places: Tensor
    keypoints: int


class LocalSampler:
    """Draws pairs of random views of photographs."""

    def __init__(self, targets: list[Target], size: tuple[int, int], keypoints: int, grid: int, seed: int) -> None:
        self.targets = [t for t in targets if len(t.points) >= 40]
        self.size, self.keypoints, self.grid = size, keypoints, grid
        self.generator = np.random.default_rng(seed)

    def batch(self, pairs: int) -> LocalBatch:
        g = self.generator
        views, detectors, cells, points, descriptors, inside, places = [], [], [], [], [], [], []
        for index in g.choice(len(self.targets), pairs, replace=False):
            target = self.targets[index]
            height, width = target.image.shape
            centre = g.uniform((0, 0), (width, height))
            shown = [random_view((width, height), self.size, centre + g.normal(0, 25, 2), g) for _ in range(2)]
            chosen, vectors, count = self.choose(target, shown)
            places.append(chosen)
            for homography in shown:
                views.append(photometric(warp(target.image, homography, self.size), g))
                inverse = np.linalg.inv(homography)
                detectors.append(
                    detector_target(transform(inverse, target.detections[:, :2]), target.detections[:, 2], self.size)
                )
                cells.append(self.visible_cells(homography, (width, height)))
                p = transform(inverse, chosen)
                seen = self.contains(p)
                seen[count : self.keypoints] = False
                points.append(p)
                inside.append(seen)
                descriptors.append(vectors)
        return LocalBatch(
            views=torch.from_numpy(np.stack(views)).float()[:, None],
            detector=torch.stack(detectors),
            cells=torch.from_numpy(np.stack(cells)),
            points=torch.from_numpy(np.stack(points)),
            descriptors=torch.from_numpy(np.stack(descriptors)).float(),
            inside=torch.from_numpy(np.stack(inside)),
            places=torch.from_numpy(np.stack(places)),
            keypoints=self.keypoints,
        )

    def contains(self, p: np.ndarray) -> np.ndarray:
        return (p[:, 0] >= 2) & (p[:, 1] >= 2) & (p[:, 0] <= self.size[0] - 3) & (p[:, 1] <= self.size[1] - 3)

    def choose(self, target: Target, shown: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, int]:
        """Points that at least one view shows: keypoints (padded), then grid points, with their descriptors."""

        def pick(points: np.ndarray, count: int) -> np.ndarray:
            seen = np.zeros(len(points), int)
            for homography in shown:
                seen += self.contains(transform(np.linalg.inv(homography), points))
            order = np.argsort(-seen + self.generator.random(len(points)) * 0.9)
            order = order[seen[order] > 0]
            return order[:count]

        k, g = pick(target.points, self.keypoints), pick(target.grid, self.grid)
        places = np.full((self.keypoints + self.grid, 2), -1e4, np.float32)
        vectors = np.zeros((len(places), target.descriptors.shape[1]), np.float16)
        places[: len(k)], vectors[: len(k)] = target.points[k], target.descriptors[k]
        start = self.keypoints
        places[start : start + len(g)], vectors[start : start + len(g)] = target.grid[g], target.grid_descriptors[g]
        return places, vectors, len(k)

    def visible_cells(self, homography: np.ndarray, image_size: tuple[int, int]) -> np.ndarray:
        """Which cells of the view show the photograph and not its reflected border."""
        w, h = self.size[0] // 8, self.size[1] // 8
        ys, xs = np.mgrid[0:h, 0:w]
        centres = np.stack((xs.ravel(), ys.ravel()), axis=1) * 8 + 3.5
        p = transform(homography, centres)
        ok = (p[:, 0] >= 2) & (p[:, 1] >= 2) & (p[:, 0] < image_size[0] - 2) & (p[:, 1] < image_size[1] - 2)
        return ok.reshape(h, w).astype(np.float32)


def detector_target(points: np.ndarray, scores: np.ndarray, size: tuple[int, int]) -> Tensor:
    """Soft targets [65, h, w]: each keypoint is a small Gaussian at its sub-pixel place, its mass given by its score.

    The logarithm of a Gaussian is a quadratic, so that a quadratic fit to the log scores recovers the place.
    """
    width, height = size
    near = (points[:, 0] > -2) & (points[:, 1] > -2) & (points[:, 0] < width + 1) & (points[:, 1] < height + 1)
    points, scores = points[near], scores[near]
    mass = np.clip(scores * SCORE_GAIN, LEAST_MASS, 1)
    base = np.rint(points).astype(np.int64)
    steps = np.arange(-2, 3)
    wx = np.exp(-((base[:, :1] + steps - points[:, :1]) ** 2) / (2 * KEYPOINT_SIGMA**2))
    wy = np.exp(-((base[:, 1:] + steps - points[:, 1:]) ** 2) / (2 * KEYPOINT_SIGMA**2))
    weight = wy[:, :, None] * wx[:, None, :]
    weight *= (mass / weight.sum(axis=(1, 2)))[:, None, None]
    padded = np.zeros((height + 8, width + 8), np.float32)
    rows = np.broadcast_to((base[:, 1:] + steps + 4)[:, :, None], weight.shape)
    columns = np.broadcast_to((base[:, :1] + steps + 4)[:, None, :], weight.shape)
    flat = np.bincount((rows * (width + 8) + columns).ravel(), weight.ravel(), minlength=padded.size)
    image = flat.reshape(padded.shape)[4:-4, 4:-4].astype(np.float32)
    cells = F.pixel_unshuffle(torch.from_numpy(np.ascontiguousarray(image))[None, None], 8)[0]
    total = cells.sum(0, keepdim=True)
    cells = cells * (LARGEST_CELL_MASS / total.clamp(min=LARGEST_CELL_MASS))
    return torch.cat((cells, 1 - cells.sum(0, keepdim=True)))


@dataclass
class GlobalBatch:
    """Whole photographs `views` [B, 1, H, W] and the teacher's feature maps [B, 96, h, w]."""

    views: Tensor
    maps: Tensor


class GlobalSampler:
    """Draws whole photographs of like shape, each with its teacher's feature map."""

    def __init__(self, images: list[np.ndarray], maps: list[np.ndarray], seed: int) -> None:
        self.images, self.maps = images, maps
        self.generator = np.random.default_rng(seed)
        nearest = [
            int(np.argmin([abs(np.log(image.shape[1] / image.shape[0] / a)) for a in ASPECTS])) for image in images
        ]
        self.groups = {a: np.nonzero(np.array(nearest) == i)[0] for i, a in enumerate(ASPECTS)}
        self.groups = {a: members for a, members in self.groups.items() if len(members) >= 8}

    def batch(self, count: int, long_sides: tuple[int, int]) -> GlobalBatch:
        """A batch of at most `count` photographs, resized alike to a random long side."""
        g = self.generator
        aspects = list(self.groups)
        weights = np.array([len(self.groups[a]) for a in aspects], float)
        aspect = aspects[g.choice(len(aspects), p=weights / weights.sum())]
        long_side = g.uniform(*long_sides)
        size = (long_side, long_side / aspect) if aspect >= 1 else (long_side * aspect, long_side)
        width, height = (max(64, int(s) // 8 * 8) for s in size)
        members = self.groups[aspect]
        chosen = g.choice(members, min(count, len(members)), replace=False)
        views = []
        for i in chosen:
            image = cv2.resize(self.images[i], (width, height), interpolation=cv2.INTER_AREA)
            views.append(photometric(image, g) if g.random() < 0.8 else image)
        return GlobalBatch(
            views=torch.from_numpy(np.stack(views)).float()[:, None],
            maps=torch.cat([resized_map(self.maps[i], width, height) for i in chosen]),
        )


def resized_map(features: np.ndarray, width: int, height: int) -> Tensor:
    """Unit feature vectors [1, C, h, w] at the cells of layer 14, of a view of this size."""
    x = torch.from_numpy(features).float()[None]
    return F.normalize(F.interpolate(x, size=(-(-height // STRIDE), -(-width // STRIDE)), mode="bilinear"), dim=1)
