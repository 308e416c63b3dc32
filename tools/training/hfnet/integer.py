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


@dataclass
class IntegerModel:
    """The quantized network."""

    layers: list[IntegerLayer]
    centres: np.ndarray
    projection_weight: np.ndarray
    projection_scale: np.ndarray
    projection_bias: np.ndarray
    vlad_scale: float
    descriptor_dimension: int
    scales: dict[str, tuple[float, int]] = field(default_factory=dict)

    @property
    def global_dimension(self) -> int:
        return len(self.projection_bias)

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
