"""Puts a world together: ground, houses, what stands in the street, and a sky."""

from __future__ import annotations

import numpy as np

from .canvas import value_noise
from .furniture import add_furniture
from .hashrandom import Random
from .scene import Atlas, Quads
from .street import Plan, add_ground, add_houses


def make_sky(random: Random, size: int, cloudiness: float) -> np.ndarray:
    """A square of clouds, radiance around 1."""
    field = np.zeros((size, size), np.float32)
    weight, cell = 1.0, size / 6
    for _ in range(5):
        field += np.float32(weight) * value_noise(random, size, size, cell)
        weight, cell = weight * 0.55, cell / 2.1
    cloud = np.clip(field * 0.8 + np.float32(cloudiness), 0, 1)
    return np.float32(0.78) + np.float32(0.3) * cloud


SCENES = ("street", "houses", "windows", "moved")


def make_world(seed: int, plan: Plan, drive: int, scene: str = "street") -> Quads:
    """The whole block; `drive` chooses what is parked where, the rest stays.

    The scenes that repeat themselves, of one `house` or of `windows`, have nothing else: no furniture, no worn ground.
    """
    random = Random(seed)
    quads = Quads(Atlas())
    repeats = scene in ("houses", "windows")
    add_ground(quads, random.fork("ground"), plan, worn=not repeats)
    add_houses(quads, random.fork("houses"), plan, scene)
    if not repeats:
        add_furniture(quads, random.fork("furniture"), plan, drive, scene)
    return quads
