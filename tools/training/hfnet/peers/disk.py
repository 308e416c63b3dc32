"""DISK (Tyszkiewicz et al., 2020) for the published weights, for comparison only: their licence is unclear."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.features import Features
from hfnet.peers.parts import local_maxima, padded, read_weights

DIMENSION = 128
DOWN = (3, 16, 32, 64, 64, 64)
UP = ((64 + 64, 64), (64 + 64, 64), (64 + 32, 64), (64 + 16, DIMENSION + 1))
RADIUS = 2


def convolution(channels_in: int, channels_out: int, first: bool = False) -> list[nn.Module]:
    """Instance normalization, PReLU, (a place that the published names skip,) and a 5x5 convolution."""
    before: list[nn.Module] = [nn.Identity()] * 3 if first else [
        nn.InstanceNorm2d(channels_in), nn.PReLU(channels_in), nn.Identity()
    ]  # fmt: skip
    return [*before, nn.Conv2d(channels_in, channels_out, 5, padding=2)]


class Down(nn.Sequential):
    def __init__(self, channels_in: int, channels_out: int, first: bool) -> None:
        pool = nn.Identity() if first else nn.AvgPool2d(2)
        super().__init__(pool, nn.Sequential(*convolution(channels_in, channels_out, first)))


class Up(nn.Module):
    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(*convolution(channels_in, channels_out))

    def forward(self, below: Tensor, across: Tensor) -> Tensor:
        larger = F.interpolate(below, scale_factor=2, mode="bilinear", align_corners=False)
        return self.conv(torch.cat((larger, across), dim=1))


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.path_down = nn.ModuleList(Down(a, b, i == 0) for i, (a, b) in enumerate(pairwise(DOWN)))
        self.path_up = nn.ModuleList(Up(a, b) for a, b in UP)

    def forward(self, x: Tensor) -> Tensor:
        levels = [x := down(x) for down in self.path_down]
        for up, across in zip(self.path_up, levels[-2::-1]):
            x = up(x, across)
        return x


class Disk(nn.Module):
    """A U-net of instance normalization and 5x5 convolutions; scores and descriptors at full resolution."""

    def __init__(self) -> None:
        super().__init__()
        self.unet = UNet()

    @staticmethod
    def load(path: Path) -> Disk:
        net = Disk()
        state = read_weights(path)
        net.load_state_dict(state.get("extractor", state))
        return net.eval()

    @torch.no_grad()
    def forward(self, grey: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [H, W] and descriptors [1, 128, H, W] of grey [1, 1, H, W], 0...1."""
        height, width = grey.shape[2:]
        out = self.unet(padded(grey.repeat(1, 3, 1, 1), 16))[..., :height, :width]
        return out[0, DIMENSION], out[:, :DIMENSION]

    def extract(self, image: np.ndarray, count: int) -> Features:
        scores, dense = self(torch.from_numpy(image).float()[None, None] / 255)
        y, x = local_maxima(scores, RADIUS, 0.0)
        order = scores[y, x].argsort(descending=True)[:count]
        y, x = y[order], x[order]
        points = torch.stack((x, y), dim=1).float()
        return Features(points.numpy(), F.normalize(dense[0, :, y, x].t(), dim=1).numpy())
