"""The float network, layer for layer as the article Model states it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet.integer import same_padding

BN_EPSILON = 0.001
LOCAL_CHANNELS = 96
GLOBAL_CHANNELS = 72


@dataclass(frozen=True)
class Block:
    """One inverted residual of the backbone: channels in, expanded, out, and its depthwise convolution's stride."""

    index: int
    channels_in: int
    expanded: int
    channels_out: int
    stride: int

    @property
    def has_expansion(self) -> bool:
        return self.expanded != self.channels_in

    @property
    def is_residual(self) -> bool:
        return self.stride == 1 and self.channels_in == self.channels_out


BLOCKS = (
    Block(2, 24, 24, 16, 1),
    Block(3, 16, 96, 24, 2),
    Block(4, 24, 144, 24, 1),
    Block(5, 24, 144, 72, 2),
    Block(6, 72, 144, 80, 1),
    Block(7, 80, 288, 96, 1),
    Block(8, 96, 576, 48, 2),
    Block(9, 48, 288, 48, 1),
    Block(10, 48, 288, 48, 1),
    Block(11, 48, 288, 48, 1),
    Block(12, 48, 288, 72, 1),
    Block(13, 72, 432, 72, 1),
    Block(14, 72, 432, 72, 1),
)
LAST_LOCAL_BLOCK = 7
# Ours, not the paper's: residual blocks between layers 6 and 7 that widen what a descriptor sees from 75 to 139 pixels
# (Decision 25).
CONTEXT = tuple(Block(i, 80, 144, 80, 1) for i in range(1, 5))
# Ours: a branch at stride 16 that leaves after two context blocks and is added back before the others (Decision 26).
COARSE = (Block(1, 80, 144, 96, 2), Block(2, 96, 192, 96, 1), Block(3, 96, 192, 96, 1), Block(4, 96, 192, 80, 1))
COARSE_AFTER = 2


def standardized(grey: Tensor) -> Tensor:
    """What layer 1 reads, of grey 0...255."""
    return (grey - 128.0) / 128.0


def repeated(coarse: Tensor, height: int, width: int) -> Tensor:
    """Each cell of [..., ceil(h/2), ceil(w/2)] twice in both directions, cut to [..., height, width]."""
    twice = F.interpolate(coarse, scale_factor=2.0, mode="nearest")
    return twice if twice.shape[-2:] == (height, width) else twice[..., :height, :width]


def pad_same(x: Tensor, stride: int, value: float = 0.0) -> Tensor:
    """Pads the last two axes of [..., H, W] for a 3x3 window at `stride`."""
    top, bottom = same_padding(x.shape[-2], stride)
    left, right = same_padding(x.shape[-1], stride)
    return F.pad(x, (left, right, top, bottom), value=value)


def strided_by_choice(y: Tensor) -> Tensor:
    """The outputs at stride 2 among those at stride 1, [..., H, W]: for training on a CPU, where oneDNN's gradient of a
    strided depthwise convolution in bfloat16 takes three times as long as that of all outputs."""
    top, left = (1 - same_padding(side, 2)[0] for side in y.shape[-2:])
    return y[..., top::2, left::2].contiguous(memory_format=torch.channels_last)


class ConvBN(nn.Module):
    """Convolution without bias, batch normalization, and ReLU6 unless `linear`."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        linear: bool = False,
    ) -> None:
        super().__init__()
        self.stride = stride
        self.linear = linear
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(channels_out, eps=BN_EPSILON, momentum=0.03)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.conv.kernel_size[0]
        if kernel == 3 and self.stride == 1:
            y = F.conv2d(x, self.conv.weight, None, 1, 1, groups=self.conv.groups)
        elif kernel == 3 and self.conv.groups > 1 and torch.is_grad_enabled() and x.device.type == "cpu":
            y = strided_by_choice(F.conv2d(x, self.conv.weight, None, 1, 1, groups=self.conv.groups))
        elif kernel == 3:
            y = F.conv2d(pad_same(x, self.stride), self.conv.weight, None, self.stride, groups=self.conv.groups)
        else:
            y = self.conv(x)
        y = self.bn(y)
        return y if self.linear else F.relu6(y)


class InvertedResidual(nn.Module):
    """MobileNetV2's block: expand 1x1, depthwise 3x3, project 1x1 (linear), and the residual sum where shapes allow it.

    `is_added` says whether its projection is added to something, here or by the network."""

    def __init__(self, block: Block, is_added: bool = False) -> None:
        super().__init__()
        self.block = block
        self.is_added = is_added or block.is_residual
        if block.has_expansion:
            self.expand = ConvBN(block.channels_in, block.expanded)
        self.depthwise = ConvBN(block.expanded, block.expanded, 3, block.stride, groups=block.expanded)
        self.project = ConvBN(block.expanded, block.channels_out, linear=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand(x) if self.block.has_expansion else x
        y = self.project(self.depthwise(y))
        return x + y if self.block.is_residual else y


class Head(nn.Module):
    """A local head: 3x3 with batch normalization and ReLU6, then a linear 1x1 with bias."""

    def __init__(self, hidden: int, channels_out: int) -> None:
        super().__init__()
        self.hidden = ConvBN(LOCAL_CHANNELS, hidden, 3)
        self.out = nn.Conv2d(hidden, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.hidden(x))


class HFNet(nn.Module):
    """HF-Net up to layer 14, with its local heads. Input: [B, 1, H, W], grey 0...255 with H and W multiples of 8.

    What makes a global descriptor of layer 14 and of the local descriptors is fitted to the quantized network
    (hfnet.place_head)."""

    def __init__(
        self,
        descriptor_dimension: int = 128,
        blocks: tuple[Block, ...] = BLOCKS,
        context: tuple[Block, ...] = CONTEXT,
        coarse: tuple[Block, ...] = COARSE,
    ) -> None:
        super().__init__()
        self.descriptor_dimension = descriptor_dimension
        self.stem = ConvBN(1, 24, 3, 2)
        self.local_blocks = nn.ModuleList(InvertedResidual(b) for b in blocks if b.index <= LAST_LOCAL_BLOCK)
        self.context_blocks = nn.ModuleList(InvertedResidual(b) for b in context)
        self.coarse_blocks = nn.ModuleList(InvertedResidual(b, is_added=b == coarse[-1]) for b in coarse)
        self.global_blocks = nn.ModuleList(InvertedResidual(b) for b in blocks if b.index > LAST_LOCAL_BLOCK)
        self.detector = Head(128, 65)
        self.descriptor = Head(256, descriptor_dimension)

    def trunk(self, grey: Tensor) -> Tensor:
        """Layer 7's output [B, 96, H/8, W/8]."""
        return self.trunk_after(1, self.stem(standardized(grey)))

    def trunk_after(self, layer: int, x: Tensor) -> Tensor:
        """Layer 7's output from that of an earlier layer."""
        rest = (block for block in self.local_blocks[:-1] if block.block.index > layer)
        for block in (*rest, *self.context_blocks[:COARSE_AFTER]):
            x = block(x)
        coarse = x
        for block in self.coarse_blocks:
            coarse = block(coarse)
        if self.coarse_blocks:
            x = x + repeated(coarse, *x.shape[-2:])
        for block in (*self.context_blocks[COARSE_AFTER:], self.local_blocks[-1]):
            x = block(x)
        return x

    def local(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Detector logits [B, 65, h, w] and the raw descriptor map [B, D, h, w] from layer 7."""
        return self.detector(features), self.descriptor(features)

    def global_features(self, features: Tensor) -> Tensor:
        """Layer 14's output [B, 72, H/16, W/16] from layer 7."""
        for block in self.global_blocks:
            features = block(features)
        return features

    def forward(self, grey: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Detector logits, raw descriptor map and layer 14."""
        features = self.trunk(grey)
        logits, descriptors = self.local(features)
        return logits, descriptors, self.global_features(features)
