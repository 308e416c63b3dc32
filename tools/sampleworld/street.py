"""A ring road between an inner block and outer rows of houses: the ground and the houses."""

from __future__ import annotations

from dataclasses import dataclass

from .canvas import Canvas, draw_text
from .facade import Style, Window, door, graffiti, paint_wall, paint_window, poster, shop, sign
from .hashrandom import Random
from .scene import Quads, Vector, box


@dataclass(frozen=True)
class Plan:
    """Half lengths in metres, west-east and south-north: of the road's middle line, and its corner radius."""

    half_x: float = 9.5
    half_y: float = 6.5
    radius: float = 3.0
    half_street: float = 3.5
    pavement: float = 1.15


@dataclass(frozen=True)
class Wall:
    """A row of houses: its left end seen from the street, direction to the right, and normal to the street."""

    start: tuple[float, float]
    right: tuple[float, float]
    length: float
    least_setback: float

    @property
    def normal(self) -> tuple[float, float]:
        """Towards the street."""
        return (self.right[1], -self.right[0])


def walls(plan: Plan) -> list[Wall]:
    """The four outer and four inner rows."""
    ox, oy = plan.half_x + plan.half_street, plan.half_y + plan.half_street
    ix, iy = plan.half_x - plan.half_street, plan.half_y - plan.half_street
    return [
        Wall((-ox - 1, oy), (1, 0), 2 * ox + 2, 0.0),
        Wall((ox, oy + 1), (0, -1), 2 * oy + 2, 0.05),
        Wall((ox + 1, -oy), (-1, 0), 2 * ox + 2, 0.0),
        Wall((-ox, -oy - 1), (0, 1), 2 * oy + 2, 0.05),
        Wall((ix, iy), (-1, 0), 2 * ix, 0.0),
        Wall((-ix, iy), (0, -1), 2 * iy, 0.05),
        Wall((-ix, -iy), (1, 0), 2 * ix, 0.0),
        Wall((ix, -iy), (0, 1), 2 * iy, 0.05),
    ]


def trim_paint(style: Style, label: str, tone: float):
    """A painter of plain box faces with worn edges."""
    count = [0]

    def paint(face: str, width: float, height: float) -> Canvas:
        count[0] += 1
        c = style.canvas(f"{label}{count[0]}", max(width, 0.03), max(height, 0.03), tone)
        c.noise(0.12, 0.4, 0.1)
        for _ in range(int(3 + 5 * width * height)):
            r = c.random.uniform(0.006, 0.03)
            c.ellipse(
                c.random.uniform(0, width), c.random.uniform(0, height), 2 * r, r, tone * c.random.uniform(0.6, 1.3)
            )
        c.grain(0.07)
        if min(width, height) > 0.08:
            c.frame(0, 0, width, height, 0.012, tone * 0.72)
        return c

    return paint


class House:
    """One building of a row, painted and with the parts that stand out of its front."""

    def __init__(
        self, quads: Quads, random: Random, wall: Wall, along: float, width: float, bare: bool = False
    ) -> None:
        self.quads, self.random, self.bare = quads, random, bare
        self.style = Style.make(random.fork("style"))
        self.width, self.height = width, random.uniform(5.2, 8.8)
        setback = wall.least_setback + random.choice((0.0, 0.12, 0.25, 0.4))
        self.right: Vector = (*wall.right, 0.0)
        self.normal: Vector = (*wall.normal, 0.0)
        self.origin: Vector = (
            wall.start[0] + wall.right[0] * along - wall.normal[0] * setback,
            wall.start[1] + wall.right[1] * along - wall.normal[1] * setback,
            0.0,
        )
        self.windows: list[Window] = []
        self._front()
        self._parts()

    def _at(self, along: float, up: float, out: float) -> Vector:
        o, r, n = self.origin, self.right, self.normal
        return (o[0] + r[0] * along + n[0] * out, o[1] + r[1] * along + n[1] * out, up)

    def _box(self, along: float, up: float, out: float, size: Vector, label: str, tone: float, faces: str) -> None:
        """A plain box whose front is `out` metres before the wall."""
        paint = trim_paint(self.style, f"{label}{along:.3f},{up:.3f}", tone)
        box(self.quads, self._at(along, up, out), self.right, self.normal, size, paint, faces)

    def _front(self) -> None:
        s = self.style

        def paint(face: str, width: float, height: float) -> Canvas:
            c = s.canvas("wall" + face, width, height, s.tone)
            if self.bare:
                c.grain(0.02)
                self._upper_floors(c)
                return c
            paint_wall(c, s.wall, s.tone)
            if face == "front":
                self._upper_floors(c)
                self._ground_floor(c)
                c.noise(0.05, 1.3)
                c.rect(0, height - 0.25, width, height, 0.1, 0.25)
            return c

        box(self.quads, self.origin, self.right, self.normal, (self.width, self.height, 0.8), paint, "front left right")

    def _upper_floors(self, c: Canvas) -> None:
        random, s = self.random.fork("upper"), self.style
        kind, pitch = random.integer(0, 7), random.uniform(1.15, 1.7)
        wide = min(random.uniform(0.6, 1.05), pitch - (0.95 if kind >= 5 else 0.35))
        wide, tall = max(wide, 0.45), random.uniform(0.95, 1.45)
        count = max(1, int((self.width - 0.3) / pitch))
        first = (self.width - count * pitch) / 2
        base = self.height - (1.2 if self.bare else 3.1)
        if random.chance(0.7):
            band = random.uniform(0.1, 0.22)
            c.rect(0, base - band, self.width, base, s.trim)
            x = 0.0
            step = random.uniform(0.12, 0.4)
            while x < self.width:
                c.rect(x, base - band * 0.8, x + step * 0.45, base - band * 0.2, s.trim * 0.6)
                x += step
        y = base - random.uniform(0.5, 0.7) - tall
        while y > 0.3:
            for i in range(count):
                self.windows.append(Window(first + pitch * i + (pitch - wide) / 2, y, wide, tall))
            y -= tall + random.uniform(0.8, 1.1)
        for w in self.windows:
            if self.bare:
                c.random = random.fork("pane")
            paint_window(c, s, w, kind)
        if self.bare:
            return
        for _ in range(random.integer(1, 3)):  # cables and pipes
            x = random.uniform(0.1, self.width - 0.1)
            c.segment(x, 0, x + random.uniform(-0.3, 0.3), self.height, 0.04, s.tone * random.choice((0.5, 1.4)))

    def _ground_floor(self, c: Canvas) -> None:
        random, s = self.random.fork("ground"), self.style
        bottom, top = self.height - 0.12, self.height - 2.9
        x = random.uniform(0.25, 0.5)
        doors = 0
        while x < self.width - 0.7:
            room = self.width - x - 0.3
            what = random.integer(0, 4)
            if what == 0 and doors == 0 and room > 1.6:
                door(c, s, x + 0.15, x + 1.1, bottom - 2.15, bottom)
                doors, x = 1, x + 1.75
            elif what in (1, 2) and room > 1.8:
                width = min(random.uniform(1.8, 3.2), room)
                shop(c, s, x, x + width, top + random.uniform(0, 0.15), bottom)
                x += width + random.uniform(0.2, 0.4)
            elif what == 3 and room > 1.0:
                w = Window(x + 0.1, bottom - random.uniform(2.0, 2.2), random.uniform(0.7, 0.95), 1.05)
                self.windows.append(w)
                paint_window(c, s, w, random.integer(0, 4))
                x += w.width + 0.45
            else:
                width = min(random.uniform(1.1, 2.0), room)
                self._decorate(c, random, x, width, bottom)
                x += width + 0.15
        for _ in range(random.integer(0, 2)):
            graffiti(c, random.uniform(0, self.width - 1), bottom - random.uniform(0.4, 1.2), random.uniform(0.5, 0.9))

    def _decorate(self, c: Canvas, random: Random, x: float, width: float, bottom: float) -> None:
        for _ in range(random.integer(2, 4)):
            tall = random.uniform(0.45, 0.95)
            y = bottom - random.uniform(1.0, 2.2)
            poster(c, self.style, x + random.uniform(0, max(width - 0.6, 0.01)), y, tall * 0.7, tall)
        if random.chance(0.7):
            sign(c, self.style, x, bottom - 2.65, x + width, bottom - 2.3)

    def _parts(self) -> None:
        random, s = self.random.fork("parts"), self.style
        tall = random.uniform(0.2, 0.4)
        self._box(0, self.height - tall, 0.3, (self.width, tall, 0.3), "cornice", s.trim, "front left right bottom")
        for w in self.windows:
            up = self.height - w.y - w.height
            self._box(
                w.x - 0.1, up - 0.16, 0.13, (w.width + 0.2, 0.09, 0.13), "sill", s.trim, "front left right bottom"
            )
            if not self.bare and random.chance(0.25) and w.height > 0.9:
                self._balcony(w, up)
        if self.bare:
            return
        if random.chance(0.6):
            for x in (0.0, self.width - 0.28):
                self._box(x, 0, 0.1, (0.28, self.height - tall, 0.1), "pilaster", s.trim * 0.9, "front left right")
        for k in range(random.integer(1, 2)):
            self._hanging_sign(random, random.uniform(0.4, self.width - 0.4), k)
        if random.chance(0.55):
            self._awning(random)

    def _balcony(self, w: Window, up: float) -> None:
        style = self.style

        def paint(face: str, width: float, height: float) -> Canvas:
            c = style.canvas(f"balcony{face}{w.x:.2f}{w.y:.2f}", width, height, style.tone * 0.45)
            x = 0.0
            while x < width:
                c.rect(x, 0, x + 0.03, height, style.trim)
                x += 0.11
            c.frame(0, 0, width, height, 0.04, style.trim)
            c.grain(0.1)
            return c

        origin = self._at(w.x - 0.15, up - 0.2, 0.42)
        size = (w.width + 0.3, 0.62, 0.42)
        box(self.quads, origin, self.right, self.normal, size, paint, "front left right bottom")

    def _hanging_sign(self, random: Random, along: float, number: int) -> None:
        style, tall = self.style, random.uniform(0.5, 0.9)

        def paint(face: str, width: float, height: float) -> Canvas:
            c = style.canvas(f"hanging{number}{face}", width, height, 0.3)
            if width > 0.2:
                if number == 0:
                    poster(c, style, 0, 0, width, height)
                else:
                    sign(c, style, 0, 0, width, height)
            c.grain(0.05)
            return c

        size = (0.07, tall, random.uniform(0.45, 0.75))
        up = random.uniform(2.3, 3.6)
        box(
            self.quads,
            self._at(along, up, size[2] + 0.05),
            self.right,
            self.normal,
            size,
            paint,
            "front left right bottom",
        )

    def _awning(self, random: Random) -> None:
        """A slanted striped cloth above the ground floor."""
        s = self.style
        width = min(random.uniform(1.6, 3.0), self.width - 0.2)
        along, up, deep, drop = random.uniform(0.1, self.width - width), 2.55, random.uniform(0.5, 0.8), 0.45
        o = self._at(along, up, 0.02)
        r, n = self.right, self.normal
        c = s.canvas("awning", width, 0.9, 0.85)
        stripe, x, dark = random.uniform(0.12, 0.3), 0.0, random.uniform(0.12, 0.4)
        while x < width:
            c.rect(x, 0, x + stripe, 0.9, dark)
            x += 2 * stripe
        c.rect(0, 0.72, width, 0.9, 0.7)
        draw_text(c, s.font, width * 0.15, 0.75, 0.12, int(width * 0.7 / 0.11), 0.1, 0.2)
        c.noise(0.1, 0.5)
        c.grain(0.06)
        slope = (n[0] * deep, n[1] * deep, -drop)
        along_edge = (r[0] * width, r[1] * width, 0.0)
        number = self.quads.add(o, along_edge, slope, c)
        # The same cloth from below: the second edge reversed turns the front round.
        low = (o[0] + slope[0], o[1] + slope[1], o[2] + slope[2])
        back = (-slope[0], -slope[1], -slope[2])
        self.quads.add_textured(low, along_edge, back, number, (c.columns, c.rows))


def add_houses(quads: Quads, random: Random, plan: Plan, scene: str = "street") -> None:
    """Fill the eight rows with houses of different widths; in the scene `houses` with one house again and again, in
    `windows` with one bare front each, whose windows are alike."""
    for row, wall in enumerate(walls(plan)):
        if scene == "windows":
            House(quads, random.fork("house", row), wall, 0.0, wall.length, bare=True)
            continue
        if scene == "houses":
            count = max(1, round(wall.length / 4.5))
            for k in range(count):
                House(quads, random.fork("house"), wall, wall.length * k / count, wall.length / count)
            continue
        r = random.fork("row", row)
        count = max(1, round(wall.length / r.uniform(4.0, 5.2)))
        shares = [r.uniform(0.75, 1.25) for _ in range(count)]
        along = 0.0
        for k, share in enumerate(shares):
            width = wall.length * share / sum(shares)
            House(quads, random.fork("house", row, k), wall, along, width)
            along += width


def add_ground(quads: Quads, random: Random, plan: Plan, worn: bool = True) -> None:
    """The road, and two rings of pavement 12 cm higher with their kerbs; without what makes one part differ from the
    next, if they are not worn."""
    ox, oy = plan.half_x + plan.half_street, plan.half_y + plan.half_street
    rx, ry = ox - plan.pavement, oy - plan.pavement
    for k, (x0, y0, x1, y1) in enumerate(road_parts(plan, rx, ry)):
        c = Canvas(random.fork("road", *([k] if k else [])), x1 - x0, y1 - y0, 80.0, 0.3)
        paint_road(c, plan, -x0, y1, worn)
        quads.add((x0, y1, 0.0), (x1 - x0, 0.0, 0.0), (0.0, y0 - y1, 0.0), c)
    p, up = plan.pavement, 0.12
    # Reaches 1.5 m under the houses, which may stand back.
    deep = p + 1.5
    for k, wall in enumerate(walls(plan)):
        n, r = wall.normal, wall.right
        outer = k < 4
        # An outer strip lies between the corners of the road, an inner one round the inner block.
        length = wall.length - 2 - 2 * p if outer and k % 2 else wall.length + (0 if outer else 2 * p * (1 - k % 2))
        first = (wall.length - length) / 2
        strip = Canvas(random.fork("pavement", k), length, deep, 80.0, 0.45)
        if worn:
            paint_pavement(strip)
        else:
            strip.grain(0.02)
        x = wall.start[0] + r[0] * first - n[0] * 1.5
        y = wall.start[1] + r[1] * first - n[1] * 1.5
        quads.add((x, y, up), (r[0] * length, r[1] * length, 0.0), (n[0] * deep, n[1] * deep, 0.0), strip)
        kerb = Canvas(random.fork("kerb", k), length, up, 80.0, 0.5)
        position = 0.0
        while position < length:
            kerb.rect(position, 0, position + 0.015, up, 0.25)
            position += kerb.random.uniform(0.5, 0.9) if worn else 0.75
        if worn:
            kerb.noise(0.2, 0.3, 0.05)
            kerb.grain(0.1)
        start = (x + n[0] * deep, y + n[1] * deep, up)
        quads.add(start, (r[0] * length, r[1] * length, 0.0), (0.0, 0.0, -up), kerb)
        if not outer and k % 2 == 0:
            for side in (0, 1):
                end = Canvas(random.fork("kerb end", k, side), deep, up, 80.0, 0.5)
                end.noise(0.2, 0.3, 0.05)
                if side == 0:
                    quads.add((x, y, up), (n[0] * deep, n[1] * deep, 0.0), (0.0, 0.0, -up), end)
                else:
                    corner = (start[0] + r[0] * length, start[1] + r[1] * length, up)
                    quads.add(corner, (-n[0] * deep, -n[1] * deep, 0.0), (0.0, 0.0, -up), end)


def road_parts(plan: Plan, rx: float, ry: float) -> list[tuple[float, float, float, float]]:
    """What the road is painted on, as x0, y0, x1, y1: one sheet under the whole block, or, of a block that would take
    more than twice their area, four streets: what is painted then grows with the loop's length, not with its square."""
    wide = 2 * (plan.half_street - plan.pavement)
    ix, iy = rx - wide, ry - wide
    streets = [(-rx, iy, rx, ry), (-rx, -ry, rx, -iy), (-rx, -iy, -ix, iy), (ix, -iy, rx, iy)]
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in streets)
    return streets if 4 * rx * ry > 2 * area else [(-rx, -ry, rx, ry)]


def paint_road(c: Canvas, plan: Plan, rx: float, ry: float, worn: bool = True) -> None:
    """Asphalt with repairs, cracks, covers and markings; (0, 0) of the plan is at (rx, ry) of the canvas."""
    if worn:
        _paint_wear(c)
    _paint_dashes(c, plan, rx, ry)
    if not worn:
        c.grain(0.02)
        return
    random = c.random
    mx, my = plan.half_x, plan.half_y
    half = plan.half_street - plan.pavement
    for cx, cy, vertical in ((-3.5, my, True), (mx, 1.0, False), (2.8, -my, True)):  # crossings
        for k in range(7):
            t = -half + 0.15 + k * (2 * half / 7)
            if vertical:
                c.rect(rx + cx, ry - cy + t, rx + cx + 1.6, ry - cy + t + 0.34, 0.85, 0.9)
            else:
                c.rect(rx + cx + t, ry - cy, rx + cx + t + 0.34, ry - cy + 1.6, 0.85, 0.9)
    for _ in range(9):
        x, y = random.choice((-1, 1)) * mx + rx, ry + random.uniform(-my, my)
        if random.chance(0.5):
            x, y = rx + random.uniform(-mx, mx), ry + random.choice((-1, 1)) * my
        x, y = x + random.uniform(-1, 1), y + random.uniform(-1, 1)
        c.ellipse(x, y, 0.34, 0.34, 0.14)
        c.ellipse(x, y, 0.29, 0.29, 0.42)
        for k in range(-2, 3):
            c.rect(x - 0.2, y + 0.09 * k - 0.02, x + 0.2, y + 0.09 * k + 0.02, 0.16)
    c.noise(0.1, 3.0, 0.8)
    c.noise(0.08, 0.15, 0.05)
    c.grain(0.14)


def _paint_wear(c: Canvas) -> None:
    """Repairs, cracks and stains, as many a square metre on every road."""
    random = c.random
    area = c.width * c.height
    for _ in range(round(0.143 * area)):
        x, y = random.uniform(0, c.width), random.uniform(0, c.height)
        w, h = random.uniform(0.4, 2.2), random.uniform(0.4, 1.6)
        c.rect(x, y, x + w, y + h, random.uniform(0.22, 0.4), 0.8)
        c.frame(x, y, x + w, y + h, 0.03, 0.16)
    for _ in range(round(0.31 * area)):
        c.scribble(
            random.uniform(0, c.width),
            random.uniform(0, c.height),
            random.uniform(0.5, 2),
            0.02,
            0.13,
            random.integer(4, 9),
        )
    for _ in range(round(1.6687 * area)):
        r = random.uniform(0.01, 0.06)
        c.ellipse(
            random.uniform(0, c.width),
            random.uniform(0, c.height),
            r * random.uniform(1, 2),
            r,
            random.choice((0.15, 0.5, 0.2)),
        )


def _paint_dashes(c: Canvas, plan: Plan, rx: float, ry: float) -> None:
    """Along the middle line."""
    mx, my = plan.half_x, plan.half_y
    for sign_y in (-1, 1):
        x = -mx + 2.5
        while x < mx - 2.5:
            c.rect(rx + x, ry + sign_y * my - 0.06, rx + x + 0.8, ry + sign_y * my + 0.06, 0.82, 0.85)
            x += 1.7
    for sign_x in (-1, 1):
        y = -my + 2.5
        while y < my - 2.5:
            c.rect(rx + sign_x * mx - 0.06, ry + y, rx + sign_x * mx + 0.06, ry + y + 0.8, 0.82, 0.85)
            y += 1.7


def paint_pavement(c: Canvas) -> None:
    """Slabs with stains and drains."""
    random = c.random
    size = random.uniform(0.35, 0.55)
    y = 0.0
    while y < c.height:
        x = -random.uniform(0, size)
        while x < c.width:
            c.rect(x, y, x + size, y + size, 0.45 * random.uniform(0.8, 1.15))
            c.frame(x, y, x + size, y + size, 0.012, 0.22)
            x += size
        y += size
    for _ in range(int(c.width * 7)):
        r = random.uniform(0.01, 0.07)
        c.ellipse(
            random.uniform(0, c.width),
            random.uniform(0, c.height),
            r * random.uniform(1, 2),
            r,
            random.choice((0.2, 0.7, 0.25)),
        )
    for _ in range(int(c.width / 4)):
        x, y = random.uniform(0, c.width), c.height - 0.5
        c.rect(x, y, x + 0.4, y + 0.3, 0.15)
        for k in range(5):
            c.rect(x + 0.03 + 0.075 * k, y + 0.03, x + 0.065 + 0.075 * k, y + 0.27, 0.5)
    c.noise(0.12, 1.5, 0.4)
    c.noise(0.07, 0.08)
    c.grain(0.1)
