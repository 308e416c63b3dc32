"""The first layers of a network, no longer trained: their normalization folded into the convolutions, and no gradient.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.model import ConvBN, HFNet, InvertedResidual, pad_same, standardized
from hfnet.quantize import fold_batch_norm


class FoldedConv(nn.Module):
    """A ConvBN in evaluation mode as one convolution with bias."""

    def __init__(self, layer: ConvBN) -> None:
        super().__init__()
        weight, self.bias = fold_batch_norm(layer.conv.weight, layer.bn)
        self.weight = weight.to(memory_format=torch.channels_last)
        self.padded = layer.conv.kernel_size[0] == 3
        self.stride, self.groups, self.linear = layer.stride, layer.conv.groups, layer.linear

    def forward(self, x: Tensor) -> Tensor:
        x = pad_same(x, self.stride) if self.padded else x
        y = F.conv2d(x, self.weight, self.bias, self.stride, groups=self.groups)
        return y if self.linear else y.clamp_(0, 6)


class FrozenLayers:
    """Layers 1 to `last` of `net` as they are now. Layer 3 alone, at half the image's size, takes a third of a step
    when it is trained.
    """

    def __init__(self, net: HFNet, last: int) -> None:
        self.last = last
        with torch.no_grad():
            self.stem = FoldedConv(net.stem)
            self.blocks = [self.folded(block) for block in net.local_blocks if block.block.index <= last]

    @staticmethod
    def folded(block: InvertedResidual) -> tuple[list[FoldedConv], bool]:
        parts = ([block.expand] if block.block.has_expansion else []) + [block.depthwise, block.project]
        return [FoldedConv(part) for part in parts], block.block.is_residual

    @torch.no_grad()
    def __call__(self, grey: Tensor) -> Tensor:
        """The output of layer `last` for grey images [B, 1, H, W]."""
        x = self.stem(standardized(grey))
        for parts, is_residual in self.blocks:
            y = x
            for part in parts:
                y = part(y)
            x = x + y if is_residual else y
        return x


def frozen_modules(net: HFNet, last: int) -> list[nn.Module]:
    """The modules of `net` that FrozenLayers stands for."""
    return [net.stem, *(block for block in net.local_blocks if block.block.index <= last)] if last else []
