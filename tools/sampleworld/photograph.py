"""From radiance to pixels: vignetting, exposure, tone curve, noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .camera import Camera
from .hashrandom import Random


@dataclass(frozen=True)
class Shot:
    """How one picture is taken. Noise is in grey levels: the read noise, and its share that grows with light."""

    exposure: float = 1.45
    gamma: float = 1.8
    vignetting: float = 0.08
    noise: float = 0.6
    contrast: float = 1.0


def falloff(camera: Camera, amount: float) -> np.ndarray:
    """Darkening towards the corners, `amount` at the corner itself."""
    x = (np.arange(camera.width, dtype=np.float32) - np.float32(camera.cx)) / np.float32(camera.width / 2)
    y = (np.arange(camera.height, dtype=np.float32) - np.float32(camera.cy)) / np.float32(camera.width / 2)
    r2 = x[None, :] ** 2 + y[:, None] ** 2
    return 1 - np.float32(amount) * r2 / np.float32(1.5625)


def develop(radiance: np.ndarray, camera: Camera, shot: Shot, random: Random) -> np.ndarray:
    """Give the 8-bit picture."""
    table = np.array([255 * math.pow(i / 4095, 1 / shot.gamma) for i in range(4096)], np.float32)
    light = radiance * falloff(camera, shot.vignetting) * np.float32(shot.exposure)
    grey = table[np.clip(light * 4095, 0, 4095).astype(np.int32)]
    grey = (grey - 128) * np.float32(shot.contrast) + 128
    if shot.noise > 0:
        grey = grey + random.normal(*grey.shape) * np.float32(shot.noise) * (np.float32(0.7) + grey * np.float32(0.003))
    return np.clip(grey + np.float32(0.5), 0, 255).astype(np.uint8)


def box_blur(image: np.ndarray, radius: int) -> np.ndarray:
    """A strong blur (two box filters), as by a camera out of focus."""
    result = image.astype(np.float32)
    for axis in (0, 1, 0, 1):
        total = np.zeros_like(result)
        for shift in range(-radius, radius + 1):
            index = np.clip(np.arange(result.shape[axis]) + shift, 0, result.shape[axis] - 1)
            total += np.take(result, index, axis)
        result = total / np.float32(2 * radius + 1)
    return (result + np.float32(0.5)).astype(np.uint8)
