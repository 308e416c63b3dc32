"""The quantized network's data and the arithmetic that both export and simulation use (no PyTorch needed)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class IntegerLayer:
    """One quantized layer: what the model file holds of it."""

    name: str
    operation: str
    inputs: list[str]
    stride: int
    channels_in: int
    channels_out: int
    output_type: str
    scale: float
    zero_point: int
    multiplier: np.ndarray
    weight: np.ndarray | None = None
    bias: np.ndarray | None = None
    shift: np.ndarray | None = None


CLUSTERS = 32
# What the global descriptor gathers: the layer whose output are the memberships' logits, of cells and of keypoints.
CELLS, KEYPOINTS = "vlad.cells", "vlad.keypoints"
# The last layer of the global branch, whose cells those are.
GLOBAL_FEATURES = "layer14.add"
# Most keypoints, the best, whose descriptors it gathers.
PLACE_KEYPOINTS = 1000
# A membership of 1 as an integer.
WHOLE = 127
DESCRIPTOR_SCALE = 256
# Integers that no layer writes, their scale and zero point: the image, and the local descriptors.
INPUT_SCALES = {"image": (1 / 128, 0), "keypoints": (1 / DESCRIPTOR_SCALE, 0)}


@dataclass
class PlaceHead:
    """The float constants of the global head: centres [32, C] by the layer of their memberships, and the projection."""

    centres: dict[str, np.ndarray]
    weight: np.ndarray
    scale: np.ndarray
    bias: np.ndarray
    vlad_scale: float


@dataclass
class IntegerModel:
    """The quantized network. Without `head`, the layers of memberships are missing, too."""

    layers: list[IntegerLayer]
    descriptor_dimension: int
    scales: dict[str, tuple[float, int]] = field(default_factory=dict)
    head: PlaceHead | None = None

    @property
    def place_head(self) -> PlaceHead:
        """The head of a model that has one."""
        if self.head is None:
            raise ValueError("a model without a head for the global descriptor")
        return self.head

    def layer(self, name: str) -> IntegerLayer:
        return next(layer for layer in self.layers if layer.name == name)


def same_padding(size: int, stride: int) -> tuple[int, int]:
    """Cells to add before and after one side of `size` for a 3x3 window (TensorFlow's SAME)."""
    if stride == 2 and size % 2 == 0:
        return 0, 1
    return 1, 1


def affine(low: float, high: float) -> tuple[float, int]:
    """Scale and zero point for [low, high] (low <= 0 < high) in int8."""
    scale = float(np.float32((high - low) / 255))
    return scale, int(np.clip(round(-128 - low / scale), -128, 127))


def requantization(m: np.ndarray, output_type: str) -> tuple[np.ndarray, np.ndarray]:
    """(shift, multiplier) with multiplier / 2^15 / 2^shift close to each m (0 < m < 1)."""
    if np.any(m >= 1) or np.any(m <= 0):
        raise ValueError(f"requantization factor out of (0, 1): {m.min()} to {m.max()}")
    least = 2**14 if output_type == "int16" else 2**11
    shift = np.zeros(m.shape, np.int64)
    multiplier = np.rint(m * 2.0**15)
    while np.any(multiplier < least):
        shift = np.where(multiplier < least, shift + 1, shift)
        multiplier = np.rint(m * 2.0 ** (15 + shift))
    return shift.astype(np.uint8), np.minimum(multiplier, 2**15 - 1).astype(np.int16)
