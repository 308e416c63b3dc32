"""A grey picture in metres on which facades, signs and roads are painted; values are albedo in [0, 1]."""

from __future__ import annotations

import math

import numpy as np

from .hashrandom import Random


def value_noise(random: Random, height: int, width: int, cell: float) -> np.ndarray:
    """Smooth noise in [-1, 1] with features of `cell` pixels."""
    cell = max(cell, 1.0)
    rows, columns = int(height / cell) + 2, int(width / cell) + 2
    lattice = random.array(rows, columns) * 2 - 1
    y = np.arange(height, dtype=np.float32) / np.float32(cell)
    x = np.arange(width, dtype=np.float32) / np.float32(cell)
    yi, xi = y.astype(np.int64), x.astype(np.int64)
    fy, fx = y - yi, x - xi
    fy, fx = fy * fy * (3 - 2 * fy), fx * fx * (3 - 2 * fx)
    top = lattice[yi] * (1 - fy)[:, None] + lattice[yi + 1] * fy[:, None]
    return top[:, xi] * (1 - fx) + top[:, xi + 1] * fx


class Canvas:
    """`width` by `height` metres at `density` pixels a metre; x goes right, y down from the top edge."""

    def __init__(self, random: Random, width: float, height: float, density: float, tone: float) -> None:
        self.random = random
        self.width, self.height, self.density = width, height, density
        self.columns = max(2, round(width * density))
        self.rows = max(2, round(height * density))
        self.pixels = np.full((self.rows, self.columns), tone, np.float32)
        self.mask: np.ndarray | None = None

    def _span(self, low: float, high: float, limit: int) -> slice:
        start = min(max(round(low * self.density), 0), limit)
        return slice(start, min(max(round(high * self.density), start), limit))

    def view(self, x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
        """The pixels of a rectangle."""
        return self.pixels[self._span(y0, y1, self.rows), self._span(x0, x1, self.columns)]

    def rect(self, x0: float, y0: float, x1: float, y1: float, tone: float, alpha: float = 1.0) -> None:
        """Fill a rectangle."""
        area = self.view(x0, y0, x1, y1)
        area += (tone - area) * np.float32(alpha)

    def frame(self, x0: float, y0: float, x1: float, y1: float, line: float, tone: float) -> None:
        """Draw the border of a rectangle, inside it."""
        self.rect(x0, y0, x1, y0 + line, tone)
        self.rect(x0, y1 - line, x1, y1, tone)
        self.rect(x0, y0, x0 + line, y1, tone)
        self.rect(x1 - line, y0, x1, y1, tone)

    def _grid(self, x0: float, y0: float, x1: float, y1: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ys, xs = self._span(y0, y1, self.rows), self._span(x0, x1, self.columns)
        y = (np.arange(ys.start, ys.stop, dtype=np.float32) + np.float32(0.5)) / np.float32(self.density)
        x = (np.arange(xs.start, xs.stop, dtype=np.float32) + np.float32(0.5)) / np.float32(self.density)
        return self.pixels[ys, xs], x[None, :], y[:, None]

    def segment(self, x0: float, y0: float, x1: float, y1: float, line: float, tone: float, alpha: float = 1.0) -> None:
        """Draw a line with round ends."""
        half = line / 2 + 1.0 / self.density
        area, x, y = self._grid(min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half)
        if area.size == 0:
            return
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        distance = np.sqrt((x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2)
        cover = np.clip((line / 2 - distance) * self.density + 0.5, 0, 1) * np.float32(alpha)
        area += (np.float32(tone) - area) * cover

    def ellipse(self, x: float, y: float, rx: float, ry: float, tone: float, alpha: float = 1.0) -> None:
        """Fill an ellipse."""
        area, gx, gy = self._grid(x - rx, y - ry, x + rx, y + ry)
        if area.size == 0:
            return
        radius = np.sqrt(((gx - x) / rx) ** 2 + ((gy - y) / ry) ** 2)
        cover = np.clip((1 - radius) * min(rx, ry) * self.density + 0.5, 0, 1) * np.float32(alpha)
        area += (np.float32(tone) - area) * cover

    def scribble(self, x: float, y: float, size: float, line: float, tone: float, strokes: int) -> None:
        """Draw one long bent stroke, as a painter of walls does."""
        random = self.random
        heading = random.uniform(0, 2 * math.pi)
        turn = 0.0
        for _ in range(strokes):
            turn = 0.6 * turn + random.uniform(-0.9, 0.9)
            heading += turn
            step = size * random.uniform(0.08, 0.2)
            nx, ny = x + step * math.cos(heading), y + step * math.sin(heading)
            self.segment(x, y, nx, ny, line, tone)
            x, y = nx, ny

    def noise(self, strength: float, *cells: float) -> None:
        """Multiply by smooth noise with features of each of the cells (metres)."""
        for cell in cells:
            field = value_noise(self.random, self.rows, self.columns, cell * self.density)
            self.pixels *= 1 + np.float32(strength) * field

    def grain(self, strength: float) -> None:
        """Multiply by noise of one pixel."""
        self.pixels *= 1 + np.float32(strength) * (self.random.array(self.rows, self.columns) * 2 - 1)

    def bytes(self) -> np.ndarray:
        """The picture as 8-bit albedo: tones are painted as the eye judges them, which spreads the dark ones."""
        tone = np.clip(self.pixels, 0.03, 0.98)
        return (tone * (np.float32(0.25) + np.float32(0.75) * tone) * 255 + 0.5).astype(np.uint8)


Glyph = list[tuple[float, float, float, float]]


def make_font(random: Random, count: int = 18) -> list[Glyph]:
    """Signs that look like letters: three to five strokes between the nodes of a 3 by 4 grid."""
    font = []
    for _ in range(count):
        glyph: Glyph = []
        x, y = random.integer(0, 2), random.integer(0, 3)
        for _ in range(random.integer(3, 5)):
            if random.chance(0.3):
                x, y = random.integer(0, 2), random.integer(0, 3)
            nx, ny = (random.integer(0, 2), y) if random.chance(0.45) else (x, random.integer(0, 3))
            if random.chance(0.25):
                nx, ny = random.integer(0, 2), random.integer(0, 3)
            glyph.append((x / 2, y / 3, nx / 2, ny / 3))
            x, y = nx, ny
        font.append(glyph)
    return font


def draw_text(
    canvas: Canvas, font: list[Glyph], x: float, y: float, size: float, length: int, tone: float, weight: float = 0.16
) -> None:
    """Write `length` random glyphs of height `size` from (x, y), the top left corner."""
    for _ in range(length):
        for gx0, gy0, gx1, gy1 in canvas.random.choice(font):
            canvas.segment(
                x + gx0 * size * 0.55,
                y + gy0 * size,
                x + gx1 * size * 0.55,
                y + gy1 * size,
                size * weight,
                tone,
            )
        x += size * 0.85
