"""The terms of the multi-task distillation, and their self-balancing sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.data import LocalBatch

TEACHER_TEMPERATURE = 15.0
STUDENT_TEMPERATURE = 20.0
NEIGHBOUR_PIXELS = 6.0
CONTRASTED = 300


def sample(descriptor_map: Tensor, points: Tensor) -> Tensor:
    """Unit descriptors [B, N, D] at pixels [B, N, 2] of a normalized map [B, D, h, w] (half-pixel bilinear)."""
    h, w = descriptor_map.shape[2:]
    size = torch.tensor((8.0 * w, 8.0 * h), device=points.device)
    grid = (points + 0.5) / size * 2 - 1
    drawn = F.grid_sample(descriptor_map, grid[:, :, None], align_corners=False, padding_mode="border")
    return F.normalize(drawn[..., 0].transpose(1, 2), dim=2)


def detector_loss(logits: Tensor, batch: LocalBatch) -> Tensor:
    """Soft cross-entropy over the 65 bins, mean over the cells that show the photograph."""
    entropy = -(batch.detector * F.log_softmax(logits, dim=1)).sum(1)
    return (entropy * batch.cells).sum() / batch.cells.sum().clamp(min=1)


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp(min=1)


def dual_softmax(a: Tensor, b: Tensor, ignored: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of finding row i of b [B, N, D] for row i of a, and the other way round.

    `ignored` [B, N, N] marks pairs that count neither as positive nor as negative; `valid` [B, N] the rows that exist.
    """
    similarity = temperature * torch.bmm(a, b.transpose(1, 2))
    missing = ignored | ~valid[:, None, :] | ~valid[:, :, None]
    own = torch.eye(similarity.shape[1], dtype=torch.bool, device=a.device)[None]
    similarity = similarity.masked_fill(missing & ~own, -1e4)
    diagonal = similarity.diagonal(dim1=1, dim2=2)
    loss = 0.5 * (similarity.logsumexp(1) + similarity.logsumexp(2)) - diagonal
    return masked_mean(loss, valid)


@dataclass
class LocalLosses:
    """Distance at keypoints and grid points, and the two contrastive terms."""

    keypoints: Tensor
    grid: Tensor
    against_teacher: Tensor
    across_views: Tensor

    def total(self) -> Tensor:
        return 2 * self.keypoints + 0.5 * self.grid + self.against_teacher + self.across_views


def local_losses(raw: Tensor, batch: LocalBatch, generator: torch.Generator) -> LocalLosses:
    """Descriptor terms of a batch from the raw map [B, D, h, w]."""
    student = sample(F.normalize(raw, dim=1), batch.points)
    cosine = (student * batch.descriptors).sum(2)
    k = batch.keypoints
    keypoints = masked_mean(1 - cosine[:, :k], batch.inside[:, :k])
    grid = masked_mean(1 - cosine[:, k:], batch.inside[:, k:])

    both = batch.inside[0::2] & batch.inside[1::2]
    order = torch.rand(both.shape[1], generator=generator).argsort()
    chosen = order[order < k][:CONTRASTED]
    places = batch.places[:, chosen]
    near = torch.cdist(places, places) < NEIGHBOUR_PIXELS
    a, b, valid = student[0::2][:, chosen], student[1::2][:, chosen], both[:, chosen]
    across = dual_softmax(a, b, near, valid, STUDENT_TEMPERATURE)
    teacher = batch.descriptors[:, chosen]
    against = dual_softmax(
        student[:, chosen], teacher, near.repeat_interleave(2, 0), batch.inside[:, chosen], TEACHER_TEMPERATURE
    )
    return LocalLosses(keypoints, grid, against, across)


class SelfBalancing(nn.Module):
    """exp(-w) L + w for each task with learned log-variances w (Kendall et al. 2018; HF-Net, section 4.2)."""

    WEIGHTS: ClassVar[dict[str, float]] = {"global": 1.0, "local": 1.0, "detector": 2.0}

    def __init__(self) -> None:
        super().__init__()
        self.log_variances = nn.ParameterDict({name: nn.Parameter(torch.tensor(1.0)) for name in self.WEIGHTS})

    def forward(self, losses: dict[str, Tensor]) -> Tensor:
        total = torch.zeros(())
        for name, loss in losses.items():
            w = self.log_variances[name]
            total = total + self.WEIGHTS[name] * torch.exp(-w) * loss + w
        return total
