"""Global targets: VLAD of the teacher's features over the training photographs, reduced to G dimensions by PCA."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from hfnet.mobilenet import VladTeacher
from hfnet.model import CLUSTERS

SAMPLES = 150_000


@dataclass
class PlaceTeacher:
    """k-means centres and a projection without whitening."""

    vlad: VladTeacher
    mean: torch.Tensor
    basis: torch.Tensor

    @staticmethod
    def fit(features: list[np.ndarray], dimension: int, seed: int) -> PlaceTeacher:
        """Fits on feature maps [320, h, w]."""
        rows = torch.cat([torch.from_numpy(f).float().flatten(1).t() for f in features])
        generator = torch.Generator().manual_seed(seed)
        rows = rows[torch.randperm(len(rows), generator=generator)[:SAMPLES]]
        vlad = VladTeacher.fit(rows, CLUSTERS, seed)
        full = torch.stack([vlad(torch.from_numpy(f).float()) for f in features])
        mean = full.mean(0)
        values, vectors = torch.linalg.eigh((full - mean) @ (full - mean).t())
        count = min(dimension, len(full) - 1)
        top = vectors[:, -count:].flip(1) / values[-count:].flip(0).clamp(min=1e-9).sqrt()
        basis = (full - mean).t() @ top
        if count < dimension:  # fewer photographs than dimensions: the rest stays empty
            basis = F.pad(basis, (0, dimension - count))
        return PlaceTeacher(vlad, mean, basis)

    @staticmethod
    def load(path: Path) -> PlaceTeacher:
        state = torch.load(path, map_location="cpu", weights_only=True)
        return PlaceTeacher(VladTeacher(state["centres"]), state["mean"], state["basis"])

    def save(self, path: Path) -> None:
        torch.save({"centres": self.vlad.centres, "mean": self.mean, "basis": self.basis}, path)

    def targets(self, features: list[np.ndarray]) -> np.ndarray:
        """Unit vectors [N, G] of feature maps [320, h, w]."""
        return self.reduce(torch.stack([self.vlad(torch.from_numpy(f).float()) for f in features])).numpy()

    def reduce(self, full: torch.Tensor) -> torch.Tensor:
        """Unit vectors [N, G] of VLAD vectors [N, 32 * 320]."""
        return F.normalize((full - self.mean) @ self.basis, dim=1)
