"""The teacher of the global branch as a retriever of its own: what the features could give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from hfnet.images import reduce_grey
from hfnet.mobilenet import MobileNetV2, VladTeacher
from hfnet.place_head import LONG_SIDES, Clusters, principal_components
from hfnet.progress import Progress
from hfnet.simulate import memberships, normalized

CLUSTERS = 32
SAMPLES = 150_000
LAST_LAYER = 18


class PlaceTeacher:
    """VLAD of 32 clusters of its last layer (320 channels), hard-assigned, and of its layer 14 (96 channels) by the
    recipe of our head: soft memberships, and a projection to 512 numbers."""

    def __init__(self, net: MobileNetV2, state: dict) -> None:
        self.net = net
        self.vlad = VladTeacher(state["vlad"])
        self.clusters = Clusters(*(state[k].numpy() for k in ("centres", "weight", "bias")))
        self.mean, self.basis = state["mean"], state["basis"]

    @staticmethod
    def fitted(weights: Path, images: list[np.ndarray], path: Path) -> PlaceTeacher:
        """Fitted on the images, or as it lies at `path` from an earlier fit."""
        net = MobileNetV2.load(weights)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.save(fit(net, images), path)
        return PlaceTeacher(net, torch.load(path, weights_only=True))

    def plain(self, image: np.ndarray) -> np.ndarray:
        return self.vlad(features(self.net, image, LAST_LAYER)).numpy()

    def reduced(self, image: np.ndarray) -> np.ndarray:
        rows = cells(features(self.net, image))
        return normalized((soft_vlad(self.clusters, rows) - self.mean.numpy()) @ self.basis.numpy())


def features(net: MobileNetV2, image: np.ndarray, last: int | None = None) -> torch.Tensor:
    """Feature map [C, h, w] of a grey uint8 image."""
    grey = torch.from_numpy(image).float()[None] / 255
    return (net(grey) if last is None else net(grey, last))[0]


def cells(features: torch.Tensor) -> np.ndarray:
    return features.flatten(1).t().numpy()


def soft_vlad(clusters: Clusters, rows: np.ndarray) -> np.ndarray:
    a = memberships(clusters.logits(rows, 1.0))
    sums, totals = a.T.astype(np.float32) @ rows, a.sum(axis=0).astype(np.float32)
    return normalized(normalized(sums - totals[:, None] * clusters.centres, axis=0).reshape(-1))


def fit(net: MobileNetV2, images: list[np.ndarray]) -> dict:
    """Clusters and projection; each image at one of the sizes that our head is fitted on."""
    progress = Progress("teacher", len(images))
    maps, last = [], []
    for i, image in enumerate(images):
        reduced = reduce_grey(image, LONG_SIDES[i % len(LONG_SIDES)])
        maps.append(cells(features(net, reduced)))
        last.append(cells(features(net, reduced, LAST_LAYER)))
        progress.update(i + 1)
    progress.close()
    rows = torch.from_numpy(np.concatenate(last))
    vlad = VladTeacher.fit(rows[:: max(1, len(rows) // SAMPLES)], CLUSTERS, 1)
    clusters = Clusters.fit(maps, 1.0, 1)
    mean, basis = principal_components(torch.from_numpy(np.stack([soft_vlad(clusters, m) for m in maps])), 512)
    own = {k: torch.from_numpy(getattr(clusters, k)) for k in ("centres", "weight", "bias")}
    return own | {"vlad": vlad.centres, "mean": mean, "basis": basis}
