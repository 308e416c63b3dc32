"""SuperPoint (DeTone et al., 2018) for the published superpoint_v1.pth, whose licence allows non-commercial research
only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.features import Features
from hfnet.peers.parts import cells_to_pixels, local_maxima, read_weights

RADIUS = 4
THRESHOLD = 0.005
BORDER = 4
STAGES = ((1, 64), (64, 64), (64, 128), (128, 128))


class SuperPoint(nn.Module):
    """VGG-like encoder at stride 8, a detector over 65 bins and a descriptor of 256."""

    def __init__(self) -> None:
        super().__init__()
        for i, (channels_in, channels) in enumerate(STAGES, 1):
            setattr(self, f"conv{i}a", nn.Conv2d(channels_in, channels, 3, padding=1))
            setattr(self, f"conv{i}b", nn.Conv2d(channels, channels, 3, padding=1))
        self.convPa, self.convPb = nn.Conv2d(128, 256, 3, padding=1), nn.Conv2d(256, 65, 1)
        self.convDa, self.convDb = nn.Conv2d(128, 256, 3, padding=1), nn.Conv2d(256, 256, 1)

    @staticmethod
    def load(path: Path) -> SuperPoint:
        net = SuperPoint()
        net.load_state_dict(read_weights(path))
        return net.eval()

    @torch.no_grad()
    def forward(self, grey: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [H, W] and unit descriptors [1, 256, H/8, W/8] of grey [1, 1, H, W], 0...1, sides multiples of 8."""
        x = grey
        for i in range(1, 5):
            x = F.relu(getattr(self, f"conv{i}b")(F.relu(getattr(self, f"conv{i}a")(x))))
            x = F.max_pool2d(x, 2) if i < 4 else x
        scores = torch.softmax(self.convPb(F.relu(self.convPa(x))), dim=1)[0, :64]
        return cells_to_pixels(scores), F.normalize(self.convDb(F.relu(self.convDa(x))), dim=1)

    def extract(self, image: np.ndarray, count: int) -> Features:
        scores, dense = self(torch.from_numpy(image).float()[None, None] / 255)
        y, x = local_maxima(scores, RADIUS, THRESHOLD, BORDER)
        order = scores[y, x].argsort(descending=True)[:count]
        points = torch.stack((x[order], y[order]), dim=1).float()
        size = torch.tensor((8.0 * dense.shape[3], 8.0 * dense.shape[2]))
        grid = ((points + 0.5) / size * 2 - 1)[None, :, None]
        drawn = F.normalize(
            F.grid_sample(dense, grid, align_corners=False, padding_mode="border")[0, :, :, 0].t(), dim=1
        )
        return Features(points.numpy(), drawn.numpy())
