"""XFeat (Potje et al., CVPR 2024) for the published weights (Apache-2.0)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.features import Features
from hfnet.peers.parts import cells_to_pixels, local_maxima, read_weights

RADIUS = 2
THRESHOLD = 0.05


class Unit(nn.Module):
    """Convolution, batch normalization without scale, ReLU; the published name of the sequence is `layer`."""

    def __init__(self, channels_in: int, channels: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        convolution = nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, bias=False)
        self.layer = nn.Sequential(convolution, nn.BatchNorm2d(channels, affine=False), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)


def units(*shapes: tuple[int, ...]) -> list[nn.Module]:
    return [Unit(*shape) for shape in shapes]


class XFeat(nn.Module):
    """Descriptors of 64 at stride 8 with a reliability, and a detector that sees 8x8 pixels as 64 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.skip1 = nn.Sequential(nn.AvgPool2d(4, 4), nn.Conv2d(1, 24, 1))
        self.block1 = nn.Sequential(*units((1, 4), (4, 8, 3, 2), (8, 8), (8, 24, 3, 2)))
        self.block2 = nn.Sequential(*units((24, 24), (24, 24)))
        self.block3 = nn.Sequential(*units((24, 64, 3, 2), (64, 64), (64, 64, 1)))
        self.block4 = nn.Sequential(*units((64, 64, 3, 2), (64, 64), (64, 64)))
        self.block5 = nn.Sequential(*units((64, 128, 3, 2), (128, 128), (128, 128), (128, 64, 1)))
        self.block_fusion = nn.Sequential(*units((64, 64), (64, 64)), nn.Conv2d(64, 64, 1))
        self.heatmap_head = nn.Sequential(*units((64, 64, 1), (64, 64, 1)), nn.Conv2d(64, 1, 1), nn.Sigmoid())
        self.keypoint_head = nn.Sequential(*units((64, 64, 1), (64, 64, 1), (64, 64, 1)), nn.Conv2d(64, 65, 1))

    @staticmethod
    def load(path: Path) -> XFeat:
        """Reads the published weights; their matcher, which needs both images, is left out."""
        net = XFeat()
        net.load_state_dict({k: v for k, v in read_weights(path).items() if not k.startswith("fine_matcher.")})
        return net.eval()

    @torch.no_grad()
    def forward(self, grey: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Descriptors [1, 64, h, w] (unit), detector probabilities [H, W] and reliability [1, 1, h, w] of grey [1, 1,
        H, W], sides multiples of 32."""
        x = F.instance_norm(grey)
        x3 = self.block3(self.block2(self.block1(x) + self.skip1(x)))
        x4 = self.block4(x3)
        x5 = self.block5(x4)
        size = x3.shape[2:]
        total = x3 + F.interpolate(x4, size, mode="bilinear") + F.interpolate(x5, size, mode="bilinear")
        features = self.block_fusion(total)
        scores = torch.softmax(self.keypoint_head(F.pixel_unshuffle(x, 8)), dim=1)[0, :64]
        return F.normalize(features, dim=1), cells_to_pixels(scores), self.heatmap_head(features)

    def extract(self, image: np.ndarray, count: int) -> Features:
        """As published: the image is resized to multiples of 32, and positions are scaled back."""
        height, width = image.shape
        h, w = height // 32 * 32, width // 32 * 32
        grey = F.interpolate(torch.from_numpy(image).float()[None, None], (h, w), mode="bilinear", align_corners=False)
        dense, detector, reliability = self(grey)
        y, x = local_maxima(detector, RADIUS, THRESHOLD)
        points = torch.stack((x, y), dim=1).float()
        grid = (2 * points / torch.tensor((w - 1.0, h - 1.0)) - 1)[None, :, None]
        sure = F.grid_sample(reliability, grid, mode="bilinear", align_corners=False)[0, 0, :, 0]
        order = (detector[y, x] * sure).argsort(descending=True)[:count]
        drawn = F.grid_sample(dense, grid[:, order], mode="bicubic", align_corners=False)[0, :, :, 0].t()
        scale = torch.tensor((width / w, height / h))
        return Features((points[order] * scale).numpy(), F.normalize(drawn, dim=1).numpy())
