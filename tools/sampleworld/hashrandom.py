"""Random numbers that are the same on every machine, for ever.

A counter goes through the finalizer of splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
generators", OOPSLA 2014). Only integer arithmetic is involved, so neither NumPy's version nor the CPU changes a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(value: int) -> int:
    """Scramble one 64-bit integer."""
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def mix_array(values: np.ndarray) -> np.ndarray:
    """Scramble an array of uint64 (wrapping multiplication)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class Random:
    """A stream of numbers; `fork` gives an independent stream that does not depend on how much was drawn."""

    def __init__(self, seed: int) -> None:
        self.seed = mix(seed + GOLDEN)
        self.counter = 0

    def fork(self, *labels: int | str) -> Random:
        """An independent stream named by the labels."""
        value = self.seed
        for label in labels:
            for byte in str(label).encode() + b"/":
                value = mix((value ^ byte) + GOLDEN)
        return Random(value)

    def bits(self) -> int:
        """The next 64 bits."""
        self.counter += 1
        return mix(self.seed + self.counter * GOLDEN)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        return low + (high - low) * ((self.bits() >> 11) * 2.0**-53)

    def integer(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + self.bits() % (high - low + 1)

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.uniform() < probability

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.integer(0, len(items) - 1)]

    def array(self, *shape: int) -> np.ndarray:
        """Numbers in [0, 1) as float32."""
        count = int(np.prod(shape))
        counters = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN)
        values = mix_array(counters + np.uint64((self.seed + self.counter * GOLDEN) & MASK))
        self.counter += count
        return ((values >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)).reshape(shape)

    def normal(self, *shape: int) -> np.ndarray:
        """Nearly normal numbers (mean 0, variance 1; a sum of four uniform ones) as float32."""
        total = self.array(*shape)
        for _ in range(3):
            total += self.array(*shape)
        return (total - np.float32(2.0)) * np.float32(1.7320508)
