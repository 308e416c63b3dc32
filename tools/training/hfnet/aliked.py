"""ALIKED (Zhao et al., 2023), inference only: the teacher of keypoints and local descriptors.

Written for the published weights (BSD-3) with plain PyTorch operators, so that no compiled operator is needed. The
score head's first 1x1 convolution is applied before upsampling, which is the same sum at a fraction of the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ALIKED_RADIUS = 2
SOFT_ARGMAX_RADIUS = 2
SOFT_ARGMAX_TEMPERATURE = 0.1


def deformable_conv3x3(x: Tensor, offset: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Deformable 3x3 convolution at stride 1: x [B, C, H, W], offset [B, 18, H, W] as (dy, dx) per tap."""
    _, _, height, width = x.shape
    rows = torch.arange(height, dtype=x.dtype, device=x.device)[:, None]
    columns = torch.arange(width, dtype=x.dtype, device=x.device)[None, :]
    out = torch.zeros(())
    for tap in range(9):
        y = rows + (tap // 3 - 1) + offset[:, 2 * tap]
        u = columns + (tap % 3 - 1) + offset[:, 2 * tap + 1]
        grid = torch.stack(((2 * u + 1) / width - 1, (2 * y + 1) / height - 1), dim=-1)
        sampled = F.grid_sample(x, grid, align_corners=False, padding_mode="zeros")
        out = out + F.conv2d(sampled, weight[:, :, tap // 3, tap % 3, None, None])
    return out if bias is None else out + bias[None, :, None, None]


class Deformable(nn.Module):
    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.offset_conv = nn.Conv2d(channels_in, 18, 3, padding=1)
        self.regular_conv = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        limit = max(x.shape[2:]) / 4.0
        offset = self.offset_conv(x).clamp(-limit, limit)
        return deformable_conv3x3(x, offset, self.regular_conv.weight, self.regular_conv.bias)


class Stage(nn.Module):
    """Two convolutions with batch normalization and SELU; residual when `skip`."""

    def __init__(self, channels_in: int, channels_out: int, deformable: bool, skip: bool) -> None:
        super().__init__()

        def convolution(a: int, b: int) -> nn.Module:
            return Deformable(a, b) if deformable else nn.Conv2d(a, b, 3, padding=1, bias=False)

        self.conv1 = convolution(channels_in, channels_out)
        self.bn1 = nn.BatchNorm2d(channels_out)
        self.conv2 = convolution(channels_out, channels_out)
        self.bn2 = nn.BatchNorm2d(channels_out)
        if skip:
            self.downsample = nn.Conv2d(channels_in, channels_out, 1)
        self.skip = skip

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(F.selu(self.bn1(self.conv1(x)))))
        return F.selu(y + self.downsample(x) if self.skip else y)


class DescriptorHead(nn.Module):
    """Sparse deformable descriptor head: samples `positions` learned places around a point and mixes them."""

    def __init__(self, dimension: int, positions: int) -> None:
        super().__init__()
        self.positions = positions
        self.offset_conv = nn.Sequential(
            nn.Conv2d(dimension, 2 * positions, 3), nn.SELU(), nn.Conv2d(2 * positions, 2 * positions, 1)
        )
        self.sf_conv = nn.Conv2d(dimension, dimension, 1, bias=False)
        self.agg_weights = nn.Parameter(torch.zeros(positions, dimension, dimension))

    def forward(self, features: Tensor, points: Tensor) -> Tensor:
        """Unit descriptors [N, D] at pixel points [N, 2] (x, y) of features [1, D, H, W]."""
        height, width = features.shape[2:]
        size = torch.tensor([width - 1, height - 1], dtype=points.dtype, device=points.device)
        corner = (points.long().to(points.dtype) - 0.5).long()
        corner = torch.minimum(corner.clamp(min=0), (size - 3).long())
        taps = torch.arange(3, device=points.device)
        rows = corner[:, 1, None, None] + taps[None, :, None]
        columns = corner[:, 0, None, None] + taps[None, None, :]
        patches = features[0][:, rows, columns].transpose(0, 1)
        limit = max(height, width) / 4.0
        offset = self.offset_conv(patches).clamp(-limit, limit)[:, :, 0, 0]
        offset = offset.view(-1, 2, self.positions).transpose(1, 2)
        where = 2.0 * (points[:, None] + offset) / size - 1.0
        sampled = F.grid_sample(features, where[None], mode="bilinear", align_corners=True)[0]
        mixed = F.selu(torch.einsum("oc,cnp->pno", self.sf_conv.weight[:, :, 0, 0], sampled))
        return F.normalize(torch.bmm(mixed, self.agg_weights).sum(0), dim=1)


@dataclass
class DenseResult:
    """Unit features [1, D, H, W] and keypoint scores [H, W] of one image."""

    features: Tensor
    scores: Tensor


class Aliked(nn.Module):
    """ALIKED-n16, -n32 (`positions` 32) or -t16 (`dimension` 64)."""

    def __init__(self, positions: int = 16, dimension: int = 128) -> None:
        super().__init__()
        channels = (dimension // 8, dimension // 4, dimension // 2, dimension)
        self.block1 = Stage(3, channels[0], deformable=False, skip=False)
        self.block2 = Stage(channels[0], channels[1], deformable=False, skip=True)
        self.block3 = Stage(channels[1], channels[2], deformable=True, skip=True)
        self.block4 = Stage(channels[2], channels[3], deformable=True, skip=True)
        for i, c in enumerate(channels):
            setattr(self, f"conv{i + 1}", nn.Conv2d(c, dimension // 4, 1, bias=False))
        self.score_head = nn.Sequential(
            nn.Conv2d(dimension, 8, 1, bias=False),
            nn.SELU(),
            nn.Conv2d(8, 4, 3, padding=1, bias=False),
            nn.SELU(),
            nn.Conv2d(4, 4, 3, padding=1, bias=False),
            nn.SELU(),
            nn.Conv2d(4, 1, 3, padding=1, bias=False),
        )
        self.desc_head = DescriptorHead(dimension, positions)

    @staticmethod
    def load(path: Path) -> Aliked:
        """Reads published weights; the file's name says the variant (aliked-n16.pth, aliked-n32.pth, aliked-t16.pth).
        """
        net = Aliked(positions=32 if "n32" in path.name else 16, dimension=64 if "t16" in path.name else 128)
        net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        return net.eval()

    @torch.no_grad()
    def dense(self, grey: Tensor) -> DenseResult:
        """Features and scores of a grey image [H, W], 0...1."""
        height, width = grey.shape
        pad_h, pad_w = -height % 32, -width % 32
        border = (pad_w // 2, pad_w - pad_w // 2, pad_h // 2, pad_h - pad_h // 2)
        x = F.pad(grey[None, None].repeat(1, 3, 1, 1), border, mode="replicate")
        x1 = self.block1(x)
        x2 = self.block2(F.avg_pool2d(x1, 2))
        x3 = self.block3(F.avg_pool2d(x2, 4))
        x4 = self.block4(F.avg_pool2d(x3, 4))
        levels = [F.selu(getattr(self, f"conv{i + 1}")(level)) for i, level in enumerate((x1, x2, x3, x4))]
        size = x.shape[2:]

        def up(level: Tensor) -> Tensor:
            return F.interpolate(level, size=size, mode="bilinear", align_corners=True)

        first = self.score_head[0].weight
        score = torch.zeros(())
        for i, level in enumerate(levels):
            quarter = level.shape[1]
            score = score + up(F.conv2d(level, first[:, quarter * i : quarter * (i + 1)]))
        for layer in list(self.score_head)[1:]:
            score = layer(score)
        features = F.normalize(torch.cat([up(level) for level in levels], dim=1), dim=1)
        left, _, top, _ = border
        crop = (..., slice(top, top + height), slice(left, left + width))
        return DenseResult(features[crop], torch.sigmoid(score)[crop][0, 0])

    @torch.no_grad()
    def describe(self, features: Tensor, points: Tensor) -> Tensor:
        """Unit descriptors [N, D] at any points [N, 2] (x, y in pixels)."""
        return torch.cat([self.desc_head(features, part) for part in points.split(1024)])


def simple_nms(scores: Tensor, radius: int) -> Tensor:
    """Mask of local maxima in a square window, with two recovery passes."""

    def dilate(x: Tensor) -> Tensor:
        return F.max_pool2d(x[None, None], 2 * radius + 1, 1, radius)[0, 0]

    mask = scores == dilate(scores)
    for _ in range(2):
        near = dilate(mask.to(scores.dtype)) > 0
        rest = torch.where(near, torch.zeros_like(scores), scores)
        mask = mask | ((rest == dilate(rest)) & ~near)
    return mask


@torch.no_grad()
def keypoints(scores: Tensor, count: int, radius: int, threshold: float) -> tuple[Tensor, Tensor]:
    """The best `count` sub-pixel keypoints [N, 2] and their scores [N], best first (soft argmax in a 5x5 window)."""
    width = scores.shape[1]
    mask = simple_nms(scores, radius)
    r = SOFT_ARGMAX_RADIUS
    mask[:r], mask[-r:], mask[:, :r], mask[:, -r:] = False, False, False, False
    flat = torch.where(mask, scores, torch.zeros_like(scores)).flatten()
    best = flat.topk(min(count, flat.numel()))
    index = best.indices[best.values > threshold]
    x, y = index % width, index // width
    steps = torch.arange(-r, r + 1, device=scores.device)
    patch = scores[y[:, None, None] + steps[None, :, None], x[:, None, None] + steps[None, None, :]].flatten(1)
    weight = ((patch - patch.max(1, keepdim=True).values) / SOFT_ARGMAX_TEMPERATURE).exp()
    weight = (weight / weight.sum(1, keepdim=True)).view(-1, 2 * r + 1, 2 * r + 1)
    steps = steps.to(scores.dtype)
    dx, dy = (weight.sum(1) * steps).sum(1), (weight.sum(2) * steps).sum(1)
    return torch.stack((x + dx, y + dy), dim=1), scores[y, x]
