"""What several of these networks share."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor


def read_weights(path: Path) -> dict[str, Tensor]:
    if not path.exists():
        raise SystemExit(f"error: {path}: no such weights")
    return torch.load(path, map_location="cpu", weights_only=True)


def local_maxima(scores: Tensor, radius: int, threshold: float, border: int = 0) -> tuple[Tensor, Tensor]:
    """Rows and columns of the maxima of a score map [H, W] in a square window."""
    size = 2 * radius + 1
    mask = (scores == F.max_pool2d(scores[None, None], size, 1, radius)[0, 0]) & (scores > threshold)
    if border:
        mask[:border], mask[-border:], mask[:, :border], mask[:, -border:] = False, False, False, False
    y, x = mask.nonzero(as_tuple=True)
    return y, x


def cells_to_pixels(cells: Tensor) -> Tensor:
    """Probabilities [64, h, w] of the pixels of 8x8 cells as an image [8h, 8w]."""
    return F.pixel_shuffle(cells[None], 8)[0, 0]


def padded(image: Tensor, multiple: int) -> Tensor:
    """[B, C, H, W] extended at the right and bottom to multiples."""
    height, width = image.shape[-2:]
    return F.pad(image, (0, -width % multiple, 0, -height % multiple), mode="replicate")
