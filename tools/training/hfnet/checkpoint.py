"""Checkpoints of training: written atomically, read back to resume, to evaluate or to export."""

from __future__ import annotations

from pathlib import Path

import torch

from hfnet.model import HFNet
from hfnet.widen import take_over


def save(path: Path, state: dict[str, object]) -> None:
    """Writes a checkpoint so that a crash leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.rename(path)


def load(path: Path) -> dict:
    if not path.exists():
        raise SystemExit(
            f"error: {path}: no such checkpoint (tools/training/train writes one into its --output folder)"
        )
    return torch.load(path, map_location="cpu", weights_only=True)


def load_network(path: Path) -> tuple[HFNet, dict[str, object]]:
    """The averaged network of a checkpoint, in evaluation mode, and its provenance. Of a narrower network's, too."""
    state = load(path)
    net = HFNet(state["descriptor_dimension"])
    take_over(net, state["average"])
    return net.eval(), dict(state["provenance"])
