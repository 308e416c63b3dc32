"""Begins a network with the first layers of MobileNetV2 1.0 trained on ImageNet, which is the global teacher."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hfnet.mobilenet import MEAN, STD, MobileNetV2
from hfnet.model import ConvBN, HFNet

ALL = slice(None)
IMAGENET_LAYERS = 4  # that are given whole


@torch.no_grad()
def begin_with_imagenet(net: HFNet, trained: MobileNetV2) -> None:
    """Gives `net` the layers that fit, with their statistics; all others stay as they are.

    Layers 3 and 4, and layer 5 up to its projection, have the shapes of MobileNetV2 1.0. Of its 32 channels in layers 1
    and 2, the 24 that layer 2 uses most are taken. Layer 1 reads grey in our scale instead of standardized colours.
    """
    stem, second, third, fourth, fifth = (trained.features[i] for i in range(5))
    blocks = {block.block.index: block for block in net.local_blocks}
    kept = most_used(second.conv)
    filters, offset = grey_filters(stem[0].weight)
    net.stem.conv.weight.copy_(filters[kept])
    copy_normalization(net.stem.bn, stem[1], kept)
    net.stem.bn.running_mean.sub_(offset[kept])
    copy(blocks[2].depthwise, second.conv[0], second.conv[1], kept)
    copy(blocks[2].project, second.conv[3], second.conv[4], inputs=kept)
    for ours, theirs in ((blocks[3], third.conv), (blocks[4], fourth.conv), (blocks[5], fifth.conv)):
        copy(ours.expand, theirs[0], theirs[1])
        copy(ours.depthwise, theirs[3], theirs[4])
    for ours, theirs in ((blocks[3], third.conv), (blocks[4], fourth.conv)):
        copy(ours.project, theirs[6], theirs[7])


def most_used(second: nn.Sequential) -> Tensor:
    """The 24 channels, in order, whose filter in layer 2 passes on most: its gain times the norm of its column of the
    projection.
    """
    use = second[1].weight.abs() * second[3].weight.flatten(1).norm(dim=0)
    return use.topk(24).indices.sort().values


def grey_filters(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Filters [N, 1, 3, 3] for `standardized` grey that equal those [N, 3, 3, 3] for standardized colours up to a
    constant, and that constant [N].
    """
    mean, std = (torch.tensor(values)[None, :, None, None] for values in (MEAN, STD))
    constant = (weight * (128 / 255 - mean) / std).sum((1, 2, 3))
    return (weight / std).sum(1, keepdim=True) * (128 / 255), constant


def copy(
    ours: ConvBN, conv: nn.Conv2d, bn: nn.BatchNorm2d, outputs: Tensor | slice = ALL, inputs: Tensor | slice = ALL
) -> None:
    """The chosen channels of a convolution and its batch normalization."""
    ours.conv.weight.copy_(conv.weight[outputs][:, inputs])
    copy_normalization(ours.bn, bn, outputs)


def copy_normalization(ours: nn.BatchNorm2d, theirs: nn.BatchNorm2d, channels: Tensor | slice) -> None:
    """Of the chosen channels; the two may have different epsilons."""
    for name in ("weight", "bias", "running_mean"):
        getattr(ours, name).copy_(getattr(theirs, name)[channels])
    ours.running_var.copy_((theirs.running_var[channels] + theirs.eps - ours.eps).clamp(min=0))
