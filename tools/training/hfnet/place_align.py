"""Fits layers 8 to 14 of an earlier network onto a later trunk.

While the local branch trains, layer 7 moves, and the global branch behind it no longer fits. Most of the movement is
linear: the least-squares map from the new layer 7 to the old one is folded into layer 8's expansion, which starts the
global branch far closer to its old state (mAP .66 without, on a trunk 2000 steps later).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from hfnet.model import LOCAL_CHANNELS, HFNet

SHARE_OF_CELLS = 3
RIDGE = 1e-5


@torch.no_grad()
def linear_map(net: HFNet, earlier: HFNet, images: list[np.ndarray]) -> tuple[Tensor, Tensor, float]:
    """L [96, 96] and b [96] with `earlier's layer 7 ~ L net's layer 7 + b`, and the share of variance that it explains.
    """

    def cells(of: HFNet) -> Tensor:
        maps = (of.trunk(torch.from_numpy(image).float()[None, None])[0].flatten(1).T for image in images)
        return torch.cat([m[::SHARE_OF_CELLS] for m in maps]).double()

    x, y = cells(net), cells(earlier)
    mean_x, mean_y = x.mean(0), y.mean(0)
    x, y = x - mean_x, y - mean_y
    ridge = RIDGE * x.square().sum() / LOCAL_CHANNELS * torch.eye(LOCAL_CHANNELS, dtype=torch.float64)
    solved = torch.linalg.solve(x.T @ x + ridge, x.T @ y)
    explained = 1 - (y - x @ solved).square().sum() / y.square().sum()
    return solved.T, mean_y - solved.T @ mean_x, float(explained)


@torch.no_grad()
def take_global_branch(net: HFNet, earlier: HFNet, images: list[np.ndarray]) -> float:
    """Gives `net` (in evaluation mode) the global branch of `earlier`; returns the share of layer 7 that the map
    explains.
    """
    matrix, offset, explained = linear_map(net, earlier, images)
    net.global_blocks.load_state_dict(earlier.global_blocks.state_dict())
    expand = net.global_blocks[0].expand
    weight = expand.conv.weight[:, :, 0, 0].double()
    expand.conv.weight.copy_((weight @ matrix)[:, :, None, None])
    expand.bn.running_mean.sub_((weight @ offset).to(expand.bn.running_mean.dtype))
    return explained
