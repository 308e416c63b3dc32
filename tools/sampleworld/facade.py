"""Paints the fronts of buildings: walls, windows, shops, signs, posters and what people write on walls."""

from __future__ import annotations

from dataclasses import dataclass

from .canvas import Canvas, Glyph, draw_text, make_font
from .hashrandom import Random

DENSITY = 96.0
WALLS = ("brick", "plaster", "blocks", "planks", "tiles", "panels", "plaster", "brick")


@dataclass
class Window:
    """Where a window is, in metres from the top left corner of the front."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Style:
    """What makes one building differ from its neighbours."""

    random: Random
    font: list[Glyph]
    wall: str
    tone: float
    trim: float
    dark: float

    @staticmethod
    def make(random: Random) -> Style:
        """Draw a style."""
        tone = random.uniform(0.26, 0.82)
        return Style(
            random,
            make_font(random.fork("font")),
            random.choice(WALLS),
            tone,
            random.uniform(0.62, 0.9) if tone < 0.5 else random.choice((0.2, 0.88, 0.35)),
            random.uniform(0.06, 0.2),
        )

    def canvas(self, label: int | str, width: float, height: float, tone: float, density: float = DENSITY) -> Canvas:
        """A canvas with its own random numbers."""
        return Canvas(self.random.fork("canvas", label), width, height, density, tone)


def paint_wall(c: Canvas, kind: str, tone: float) -> None:
    """The wall's material over the whole canvas."""
    random = c.random
    if kind == "brick":
        _courses(c, random.uniform(0.075, 0.11), random.uniform(0.22, 0.32), 0.012, tone, 0.16, 0.72)
    elif kind == "blocks":
        _courses(c, random.uniform(0.3, 0.5), random.uniform(0.5, 0.95), 0.02, tone, 0.13, 0.6)
    elif kind == "tiles":
        size = random.uniform(0.18, 0.28)
        _courses(c, size, size, 0.014, tone, 0.2, 1.25, shifted=False)
    elif kind == "panels":
        _courses(c, random.uniform(0.9, 1.4), random.uniform(0.8, 1.3), 0.03, tone, 0.09, 0.5, shifted=False)
    elif kind == "planks":
        _courses(c, random.uniform(0.14, 0.22), random.uniform(1.5, 2.6), 0.014, tone, 0.14, 0.55)
    else:
        _plaster(c, tone)
    c.noise(0.10, 2.1, 0.7)
    c.noise(0.07, 0.22, 0.09)
    c.grain(0.06)


def _courses(
    c: Canvas, height: float, width: float, joint: float, tone: float, spread: float, joint_tone: float, shifted=True
) -> None:
    c.pixels[:] = tone * joint_tone
    y, row = 0.0, 0
    while y < c.height:
        x = -width * (0.5 if shifted and row % 2 else 0.0) - (c.random.uniform(0, 0.3) * width if shifted else 0)
        while x < c.width:
            shade = tone * (1 + spread * (c.random.uniform(-1, 1) + (c.random.uniform(-1.5, 0.6) ** 3) * 0.4))
            c.rect(x, y, x + width - joint, y + height - joint, shade)
            x += width
        y += height
        row += 1


def _plaster(c: Canvas, tone: float) -> None:
    random = c.random
    for _ in range(int(c.width * c.height * 0.25)):  # repairs
        x, y = random.uniform(0, c.width), random.uniform(0, c.height)
        c.rect(x, y, x + random.uniform(0.15, 0.9), y + random.uniform(0.1, 0.6), tone * random.uniform(0.8, 1.2), 0.7)
    for _ in range(int(c.width * c.height * 0.3)):  # cracks
        x, y = random.uniform(0, c.width), random.uniform(0, c.height)
        c.scribble(x, y, random.uniform(0.4, 1.2), 0.012, tone * 0.5, random.integer(4, 9))
    for _ in range(int(c.width * c.height * 1.2)):  # where it fell off
        x, y, r = random.uniform(0, c.width), random.uniform(0, c.height), random.uniform(0.015, 0.07)
        c.ellipse(x, y, r * random.uniform(0.7, 2), r, tone * random.choice((0.62, 0.7, 1.25)))


def paint_window(c: Canvas, s: Style, w: Window, kind: int) -> None:
    """One window; `kind` is the same for a whole building, what is behind the panes is not."""
    random, (x0, y0, x1, y1) = c.random, (w.x, w.y, w.x + w.width, w.y + w.height)
    line = 0.05 + 0.03 * (kind % 3)
    c.rect(x0 - line, y0 - line, x1 + line, y1 + line, s.trim)
    c.frame(x0 - line, y0 - line, x1 + line, y1 + line, 0.012, s.trim * 0.55)
    c.rect(x0, y0, x1, y1, s.dark)
    columns, rows = (1, 2, 2, 3, 2)[kind % 5], (2, 1, 3, 2, 2)[kind % 5]
    for i in range(columns):
        for j in range(rows):
            px, py = x0 + w.width * i / columns, y0 + w.height * j / rows
            shade = s.dark * random.uniform(0.6, 2.6)
            c.rect(px, py, px + w.width / columns, py + w.height / rows, shade)
            c.rect(px, py, px + w.width / columns * random.uniform(0.2, 0.8), py + w.height / rows, shade * 1.35)
    inside = random.integer(0, 5)
    if inside == 0:  # blind
        end = y0 + w.height * random.uniform(0.3, 0.95)
        y = y0
        while y < end:
            c.rect(x0, y, x1, y + 0.035, random.uniform(0.5, 0.62))
            y += 0.05
    elif inside == 1:  # curtains
        for side in (0, 1):
            for k in range(5):
                x = x0 + 0.045 * k if side == 0 else x1 - 0.045 * (k + 1)
                c.rect(x, y0, x + 0.03, y1 - 0.05 * k * random.uniform(0, 1), random.uniform(0.45, 0.75))
    elif inside == 2:  # plants or things on the sill
        for _ in range(random.integer(3, 8)):
            x, r = random.uniform(x0 + 0.1, x1 - 0.1), random.uniform(0.04, 0.13)
            c.ellipse(x, y1 - r, r, r * random.uniform(0.8, 2), random.uniform(0.2, 0.7))
    elif inside == 3:  # a paper in the pane
        x, y = random.uniform(x0, x1 - 0.3), random.uniform(y0, y1 - 0.4)
        poster(c, s, x, y, random.uniform(0.25, 0.4), random.uniform(0.25, 0.45))
    bar = 0.03
    for i in range(1, columns):
        x = x0 + w.width * i / columns
        c.rect(x - bar / 2, y0, x + bar / 2, y1, s.trim)
    for j in range(1, rows):
        y = y0 + w.height * j / rows
        c.rect(x0, y - bar / 2, x1, y + bar / 2, s.trim)
    if kind >= 5:  # shutters
        for x in (x0 - line - 0.34, x1 + line):
            tone = s.tone * random.uniform(0.5, 0.65)
            c.rect(x, y0 - line, x + 0.34, y1 + line, tone)
            c.frame(x, y0 - line, x + 0.34, y1 + line, 0.03, tone * 1.4)
            y = y0
            while y < y1 - 0.05:
                c.rect(x + 0.05, y, x + 0.29, y + 0.025, tone * 0.5)
                y += 0.075
    for _ in range(3):  # streaks below
        x = random.uniform(x0, x1)
        c.rect(x, y1 + line, x + random.uniform(0.02, 0.08), y1 + random.uniform(0.3, 1.2), 0.1, 0.15)


def poster(c: Canvas, s: Style, x: float, y: float, width: float, height: float) -> None:
    """A sheet of paper with shapes and lines of glyphs."""
    random = c.random
    base = random.choice((0.85, 0.75, 0.3, 0.15, 0.55))
    ink = 0.1 if base > 0.5 else 0.88
    c.rect(x, y, x + width, y + height, base)
    for _ in range(random.integer(2, 5)):
        shape = random.integer(0, 2)
        cx, cy = x + random.uniform(0.15, 0.85) * width, y + random.uniform(0.15, 0.7) * height
        r = random.uniform(0.08, 0.22) * min(width, height)
        tone = random.uniform(0.1, 0.9)
        if shape == 0:
            c.ellipse(cx, cy, r, r * random.uniform(0.6, 1.4), tone)
        elif shape == 1:
            x1, y1 = min(cx + 2 * r, x + width), min(cy + 1.3 * r, y + height)
            c.rect(cx - r, cy - r, x1, y1, tone)
        else:
            c.segment(cx, cy, x + random.uniform(0.1, 0.9) * width, y + random.uniform(0.1, 0.9) * height, r / 2, tone)
    size = height * random.uniform(0.09, 0.16)
    draw_text(c, s.font, x + width * 0.08, y + height * 0.06, size, max(1, int(width * 0.9 / size / 0.85)), ink, 0.2)
    line, row = size * 0.45, y + height * 0.7
    while row < y + height * 0.93:
        draw_text(c, s.font, x + width * 0.1, row, line, max(1, int(width * 0.8 / line / 0.85)), ink)
        row += line * 1.5
    c.frame(x, y, x + width, y + height, 0.012, ink)


def sign(c: Canvas, s: Style, x0: float, y0: float, x1: float, y1: float) -> None:
    """A board with large glyphs."""
    random = c.random
    base = random.choice((0.12, 0.2, 0.8, 0.9, 0.4))
    ink = 0.9 if base < 0.5 else 0.1
    c.rect(x0, y0, x1, y1, base)
    c.frame(x0, y0, x1, y1, 0.025, ink * 0.8)
    size = (y1 - y0) * random.uniform(0.5, 0.68)
    count = max(1, min(int((x1 - x0 - 0.2) / (size * 0.85)), random.integer(4, 11)))
    room = (x1 - x0) - count * size * 0.85
    start = x0 + room * random.uniform(0.2, 0.6)
    draw_text(c, s.font, start, y0 + ((y1 - y0) - size) / 2, size, count, ink, random.uniform(0.12, 0.24))
    if start - x0 > size:
        c.ellipse(x0 + size * 0.55, (y0 + y1) / 2, size * 0.4, size * 0.4, ink)
        c.ellipse(x0 + size * 0.55, (y0 + y1) / 2, size * 0.2, size * 0.28, random.uniform(0.2, 0.7))


def shop(c: Canvas, s: Style, x0: float, x1: float, top: float, bottom: float) -> None:
    """A shop's window with goods, prices and its board above."""
    random = c.random
    sign(c, s, x0, top, x1, top + 0.55)
    y0 = top + 0.6
    c.rect(x0, y0, x1, bottom - 0.35, s.dark)
    shelf = y0 + random.uniform(0.5, 0.8)
    while shelf < bottom - 0.4:
        x = x0 + 0.08
        while x < x1 - 0.15:
            width, tall = random.uniform(0.07, 0.28), random.uniform(0.12, 0.42)
            tone = random.uniform(0.15, 0.75)
            c.rect(x, shelf - tall, x + width, shelf, tone)
            if random.chance(0.6):
                c.rect(x, shelf - tall * 0.7, x + width, shelf - tall * 0.35, random.uniform(0.1, 0.95))
            x += width + random.uniform(0.01, 0.12)
        c.rect(x0, shelf, x1, shelf + 0.025, 0.55)
        shelf += random.uniform(0.5, 0.7)
    panes = random.integer(2, 4)
    for i in range(panes + 1):
        x = x0 + (x1 - x0) * i / panes
        c.rect(x - 0.03, y0, x + 0.03, bottom, s.trim)
    c.rect(x0, bottom - 0.38, x1, bottom, s.trim * 0.7)
    poster(c, s, x0 + 0.2, y0 + 0.15, 0.4, 0.5)
    if random.chance(0.7):
        poster(c, s, x1 - 0.75, y0 + 0.3, 0.5, 0.35)


def door(c: Canvas, s: Style, x0: float, x1: float, top: float, bottom: float) -> None:
    """A door with panels, a number and a handle."""
    random = c.random
    tone = random.choice((0.15, 0.25, 0.45, 0.65))
    c.rect(x0 - 0.1, top - 0.1, x1 + 0.1, bottom, s.trim)
    c.rect(x0, top, x1, bottom, tone)
    rows, columns = random.integer(2, 4), random.integer(1, 2)
    for i in range(columns):
        for j in range(rows):
            px0 = x0 + (x1 - x0) * (i + 0.14) / columns
            px1 = x0 + (x1 - x0) * (i + 0.86) / columns
            py0 = top + (bottom - top) * (j + 0.12) / rows
            py1 = top + (bottom - top) * (j + 0.88) / rows
            c.rect(px0, py0, px1, py1, tone * (0.4 if j == 0 else 0.8))
            c.frame(px0, py0, px1, py1, 0.02, tone * 1.5 + 0.05)
    c.ellipse(x1 - 0.1, (top + bottom) / 2, 0.035, 0.035, 0.9)
    c.rect(x1 + 0.16, top + 0.5, x1 + 0.44, top + 0.7, 0.85)
    draw_text(c, s.font, x1 + 0.18, top + 0.53, 0.13, 2, 0.1, 0.22)


def graffiti(c: Canvas, x: float, y: float, size: float) -> None:
    """A tag: a few bent strokes and a fat outline."""
    random = c.random
    tone = random.choice((0.08, 0.9, 0.15))
    for k in range(random.integer(2, 4)):
        c.scribble(
            x + k * size * 0.3, y + random.uniform(-0.1, 0.1) * size, size, size * 0.07, tone, random.integer(6, 12)
        )
