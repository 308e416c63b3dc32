"""ALIKE (Zhao et al., 2022), the large variant, for the published alike-l.pth (BSD-3)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.aliked import Stage, keypoints
from hfnet.features import Features
from hfnet.peers.parts import padded, read_weights

DIMENSION = 128
CHANNELS = (32, 64, 128, 128)
POOLS = (1, 2, 4, 4)
RADIUS = 2


class Alike(nn.Module):
    """Plain convolutions; scores and descriptors at full resolution."""

    def __init__(self) -> None:
        super().__init__()
        channels_in = 3
        for i, channels in enumerate(CHANNELS, 1):
            setattr(self, f"block{i}", AlikeStage(channels_in, channels, i > 1))
            setattr(self, f"conv{i}", nn.Conv2d(channels, DIMENSION // 4, 1, bias=False))
            channels_in = channels
        self.convhead1 = nn.Conv2d(DIMENSION, DIMENSION, 1, bias=False)
        self.convhead2 = nn.Conv2d(DIMENSION, DIMENSION + 1, 1, bias=False)

    @staticmethod
    def load(path: Path) -> Alike:
        net = Alike()
        net.load_state_dict(read_weights(path))
        return net.eval()

    @torch.no_grad()
    def forward(self, grey: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [H, W] and unit descriptors [1, 128, H, W] of grey [1, 1, H, W], 0...1."""
        height, width = grey.shape[2:]
        x = padded(grey.repeat(1, 3, 1, 1), 32)
        size = x.shape[2:]
        levels = []
        for i, pool in enumerate(POOLS, 1):
            x = getattr(self, f"block{i}")(F.max_pool2d(x, pool) if pool > 1 else x)
            level = F.relu(getattr(self, f"conv{i}")(x))
            levels.append(F.interpolate(level, size, mode="bilinear", align_corners=True) if i > 1 else level)
        out = self.convhead2(F.relu(self.convhead1(torch.cat(levels, dim=1))))[..., :height, :width]
        return torch.sigmoid(out[0, -1]), F.normalize(out[:, :-1], dim=1)

    def extract(self, image: np.ndarray, count: int) -> Features:
        scores, dense = self(torch.from_numpy(image).float()[None, None] / 255)
        points, _ = keypoints(scores, count, RADIUS, 0.0)
        size = torch.tensor((image.shape[1] - 1.0, image.shape[0] - 1.0))
        grid = (2 * points / size - 1)[None, :, None]
        drawn = F.grid_sample(dense, grid, align_corners=True)[0, :, :, 0].t()
        return Features(points.numpy(), F.normalize(drawn, dim=1).numpy())


class AlikeStage(Stage):
    """ALIKED's stage with ReLU and without deformation."""

    def __init__(self, channels_in: int, channels_out: int, skip: bool) -> None:
        super().__init__(channels_in, channels_out, deformable=False, skip=skip)

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.downsample(x) if self.skip else y)
