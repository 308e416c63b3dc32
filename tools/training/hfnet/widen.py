"""Takes over the weights of an earlier network, which may have been narrower."""

from __future__ import annotations

import torch
from torch import Tensor

from hfnet.model import HFNet, InvertedResidual

NEW_BLOCKS = ("context_blocks.", "coarse_blocks.")
# What earlier networks had after layer 14: layers 15 to 18 and their head (Decision 48).
FORMER = ("vlad.", *(f"global_blocks.{i}." for i in range(7, 11)))


@torch.no_grad()
def take_over(net: HFNet, earlier: dict[str, Tensor]) -> None:
    """Loads the state `earlier` into `net`, which may have context and coarse blocks that it lacked and whose layers
    may have more channels, so that it computes the same at first.

    A new channel keeps its random weights and every older channel ignores it (weight zero), in the spirit of Net2Net
    (Chen et al., ICLR 2016): training alone decides what new channels are for. A new block that is added to something
    adds zero.
    """
    own = net.state_dict()
    earlier = {name: value for name, value in earlier.items() if not name.startswith(FORMER)}
    odd = {name for name in own.keys() ^ earlier.keys() if name in earlier or not name.startswith(NEW_BLOCKS)}
    if odd:
        raise ValueError(f"not the same network: {sorted(odd)[:4]} are in one of the two only")
    for name, module in net.named_modules():
        if isinstance(module, InvertedResidual) and module.is_added and f"{name}.project.bn.weight" not in earlier:
            own[f"{name}.project.bn.weight"].zero_()
            own[f"{name}.project.bn.bias"].zero_()
    for name, old in earlier.items():
        new = own[name]
        if new.dim() != old.dim() or any(n < o for n, o in zip(new.shape, old.shape)):
            raise ValueError(f"{name} was {tuple(old.shape)}, which does not fit into {tuple(new.shape)}")
        if new.dim() >= 2:
            new[: old.shape[0]] = 0
        new[tuple(slice(n) for n in old.shape)] = old
    net.load_state_dict(own)
