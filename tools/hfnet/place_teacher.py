"""Global targets: VLAD of the teacher's features over the training photographs, reduced to G dimensions by PCA."""

from __future__ import annotations

from dataclasses import dataclass

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
    def fit(features: list[np.ndarray], dimension: int, seed: int) -> tuple[PlaceTeacher, np.ndarray]:
        """Fits on feature maps [320, h, w]; returns the teacher and the targets [N, G] of the maps."""
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
        teacher = PlaceTeacher(vlad, mean, basis)
        return teacher, teacher.reduce(full).numpy()

    def reduce(self, full: torch.Tensor) -> torch.Tensor:
        """Unit vectors [N, G] of VLAD vectors [N, 32 * 320]."""
        return F.normalize((full - self.mean) @ self.basis, dim=1)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        return self.reduce(self.vlad(torch.from_numpy(features).float())[None])[0].numpy()
