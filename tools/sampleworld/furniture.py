"""What stands in a street: cars, trees, poles, columns with posters, planters, bins, crates; and who walks there."""

from __future__ import annotations

import math

from .canvas import Canvas, draw_text
from .drive import loop_length, loop_point
from .facade import Style, poster, sign
from .hashrandom import Random
from .scene import Quads, Vector, box
from .street import Plan, trim_paint

RIGHT: Vector = (1.0, 0.0, 0.0)
NORMAL: Vector = (0.0, -1.0, 0.0)


def car(quads: Quads, random: Random) -> None:
    """A small car along x, its middle at the origin: 2.9 m long, 1.25 m wide."""
    style = Style.make(random.fork("style"))
    body = random.choice((0.12, 0.25, 0.5, 0.75, 0.9))

    def lower(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("lower" + face, width, height, body)
        c.rect(0, height - 0.16, width, height, 0.08)
        c.rect(0, 0.12, width, 0.15, body * 0.6)
        if face in ("front", "back"):
            for x in (0.5, width - 0.5):
                c.ellipse(x, height - 0.26, 0.26, 0.26, 0.05)
                c.ellipse(x, height - 0.26, 0.16, 0.16, 0.6)
                for k in range(6):
                    a = k * math.pi / 3 + random.uniform(0, 0.2)
                    c.segment(x, height - 0.26, x + 0.15 * math.cos(a), height - 0.26 + 0.15 * math.sin(a), 0.03, 0.2)
            for x in (width * 0.36, width * 0.66):
                c.rect(x, 0, x + 0.012, height - 0.16, body * 0.35)
                c.rect(x + 0.06, 0.16, x + 0.18, 0.19, 0.1)
            if random.chance(0.6):
                sign(c, style, width * 0.39, 0.18, width * 0.64, 0.4)
        elif face != "top":
            for x in (0.08, width - 0.3):
                c.rect(x, 0.08, x + 0.22, 0.24, 0.92)
                c.frame(x, 0.08, x + 0.22, 0.24, 0.02, 0.2)
            c.rect(width / 2 - 0.24, height - 0.32, width / 2 + 0.24, height - 0.21, 0.9)
            draw_text(c, style.font, width / 2 - 0.21, height - 0.305, 0.08, 6, 0.08, 0.2)
            for k in range(4):
                c.rect(width / 2 - 0.25, 0.08 + 0.04 * k, width / 2 + 0.25, 0.1 + 0.04 * k, 0.15)
        c.noise(0.06, 0.8)
        c.grain(0.03)
        return c

    def upper(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("upper" + face, width, height, body)
        if face != "top":
            c.rect(0.06, 0.06, width - 0.06, height - 0.04, 0.1)
            c.rect(0.06, 0.06, width * random.uniform(0.3, 0.5), height * 0.6, 0.2)
            if face in ("front", "back"):
                c.rect(width / 2 - 0.04, 0, width / 2 + 0.04, height, body)
            poster(c, style, width - 0.3, height - 0.24, 0.14, 0.16)
        c.noise(0.06, 0.5)
        return c

    faces = "front back left right top"
    box(quads, (-1.45, -0.625, 0.1), RIGHT, NORMAL, (2.9, 0.62, 1.25), lower, faces)
    box(quads, (-0.85, -0.54, 0.72), RIGHT, NORMAL, (1.6, 0.45, 1.08), upper, faces)


def lorry(quads: Quads, random: Random) -> None:
    """A lorry along x, its middle at the origin: 4 m long, 2.6 m high, its walls full of print."""
    style = Style.make(random.fork("style"))

    def wall(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("lorry" + face, width, height, 0.7)
        for k in range(int(6 * width)):
            tall = random.uniform(0.3, 0.8)
            poster(c, style, random.uniform(0, width - 0.3), random.uniform(0, height - tall), tall * 0.7, tall)
            if k % 3 == 0:
                x, y = random.uniform(0, width * 0.7), random.uniform(0, height - 0.4)
                sign(c, style, x, y, x + width * 0.3, y + 0.35)
        c.grain(0.04)
        return c

    box(quads, (-2.0, -0.7, 0.35), RIGHT, NORMAL, (4.0, 2.25, 1.4), wall, "front back left right top")


def leaves(random: Random, width: float, height: float) -> Canvas:
    """A crown: leaves where the mask is set, nothing between them."""
    shape = Canvas(random.fork("shape"), width, height, 72.0, 0.0)
    c = Canvas(random.fork("tone"), width, height, 72.0, 0.2)
    for _ in range(int(420 * width * height / 4)):
        angle, radius = random.uniform(0, 2 * math.pi), math.sqrt(random.uniform())
        x = width / 2 * (1 + 0.93 * radius * math.cos(angle))
        y = height / 2 * (1 + 0.93 * radius * math.sin(angle))
        rx, ry = random.uniform(0.02, 0.075), random.uniform(0.02, 0.06)
        shape.ellipse(x, y, rx, ry, 1.0)
        c.ellipse(x, y, rx, ry, random.uniform(0.12, 0.5))
    c.mask = shape.pixels > 0.5
    return c


def tree(quads: Quads, random: Random) -> None:
    """A trunk and a crown of three crossed planes."""
    style = Style.make(random.fork("style"))
    tall, size = random.uniform(1.9, 2.4), random.uniform(1.3, 1.8)

    def bark(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("bark" + face, width, height, 0.25)
        for _ in range(60):
            x, y = random.uniform(0, width), random.uniform(0, height)
            c.segment(
                x, y, x + random.uniform(-0.03, 0.03), y + random.uniform(0.05, 0.3), 0.015, random.uniform(0.1, 0.45)
            )
        c.grain(0.15)
        return c

    box(quads, (-0.08, -0.08, 0.0), RIGHT, NORMAL, (0.16, tall + 0.5, 0.16), bark, "front back left right")
    crossed(quads, random, size, size * 1.2, tall - 0.2)


def crossed(quads: Quads, random: Random, width: float, height: float, up: float) -> None:
    """Three vertical planes of leaves through one axis."""
    for k in range(3):
        angle = k * math.pi / 3 + 0.3
        r = (math.cos(angle), math.sin(angle), 0.0)
        corner = (-r[0] * width / 2, -r[1] * width / 2, up + height)
        quads.add(corner, (r[0] * width, r[1] * width, 0.0), (0.0, 0.0, -height), leaves(random.fork(k), width, height))


def planter(quads: Quads, random: Random) -> None:
    """A tub with a bush."""
    style = Style.make(random.fork("style"))

    def paint(face: str, width: float, height: float) -> Canvas:
        c = trim_paint(style, "tub" + face, 0.4)(face, width, height)
        if face != "top":
            sign(c, style, 0.08, 0.1, width - 0.08, 0.32)
        return c

    box(quads, (-0.35, -0.25, 0.0), RIGHT, NORMAL, (0.7, 0.45, 0.5), paint, "front back left right top")
    crossed(quads, random, 0.75, 0.7, 0.4)


def column(quads: Quads, random: Random) -> None:
    """An eight-sided column with posters all round."""
    style, radius, tall = Style.make(random.fork("style")), 0.36, 2.3
    side = 2 * radius * math.tan(math.pi / 8)
    for k in range(8):
        angle = k * math.pi / 4
        n = (math.cos(angle), math.sin(angle))
        r = (-n[1], n[0])
        c = style.canvas(f"side{k}", side, tall, 0.5)
        y = 0.25
        while y < tall - 0.35:
            height = random.uniform(0.3, 0.7)
            poster(c, style, 0.01, y, side - 0.02, min(height, tall - 0.2 - y))
            y += height + 0.02
        c.rect(0, 0, side, 0.2, 0.2)
        c.rect(0, tall - 0.18, side, tall, 0.15)
        c.grain(0.06)
        corner = (n[0] * radius - r[0] * side / 2, n[1] * radius - r[1] * side / 2, tall)
        quads.add(corner, (r[0] * side, r[1] * side, 0.0), (0.0, 0.0, -tall), c)


def pole(quads: Quads, random: Random) -> None:
    """A pole with a traffic sign and stickers."""
    style = Style.make(random.fork("style"))

    def stickers(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("pole" + face, width, height, 0.5)
        for _ in range(14):
            y = random.uniform(0.3, height - 0.3)
            c.rect(0, y, width, y + random.uniform(0.03, 0.15), random.uniform(0.1, 0.9))
        c.grain(0.1)
        return c

    def plate(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("plate" + face, width, height, 0.9)
        c.frame(0, 0, width, height, 0.05, 0.2)
        if face in ("front", "back"):
            c.ellipse(width / 2, height / 2, width * 0.36, height * 0.3, 0.2)
            draw_text(c, style.font, width * 0.28, height * 0.38, height * 0.22, 2, 0.9, 0.2)
        return c

    box(quads, (-0.05, -0.05, 0.0), RIGHT, NORMAL, (0.1, 2.9, 0.1), stickers, "front back left right")
    size = random.uniform(0.45, 0.65)
    box(quads, (-size / 2, -0.07, 2.0), RIGHT, NORMAL, (size, size * 1.2, 0.03), plate, "front back left right")


def clutter(quads: Quads, random: Random) -> None:
    """A bin or a stack of crates."""
    style = Style.make(random.fork("style"))
    up = 0.0
    for k in range(random.integer(1, 3)):
        tone = random.choice((0.2, 0.35, 0.6, 0.75))

        def paint(face: str, width: float, height: float, tone: float = tone, k: int = k) -> Canvas:
            c = trim_paint(style, f"crate{k}{face}", tone)(face, width, height)
            y = 0.04
            while y < height - 0.05:
                c.rect(0.02, y, width - 0.02, y + 0.012, tone * 0.4)
                y += 0.1
            if face != "top":
                poster(c, style, width * 0.2, height * 0.2, width * 0.5, height * 0.55)
            return c

        width, height = random.uniform(0.4, 0.6), random.uniform(0.3, 0.5)
        shift = random.uniform(-0.06, 0.06)
        origin = (-width / 2 + shift, -0.22, up)
        box(quads, origin, RIGHT, NORMAL, (width, height, 0.44), paint, "front back left right top")
        up += height


KERB = (tree, planter, column, pole, clutter, pole, tree, planter)


def place(quads: Quads, made: Quads, plan: Plan, along: float, lateral: float, up: float) -> None:
    """Put an object beside the loop, its x axis along the street; lateral is to the right of the way."""
    x, y, heading = loop_point(plan, along)
    c, s = math.cos(heading), math.sin(heading)
    # The street's direction is (s, c), its right side (c, -s).
    quads.extend(made, (x + c * lateral, y - s * lateral, up), (s, c))


def add_furniture(quads: Quads, random: Random, plan: Plan, drive: int, scene: str = "street") -> None:
    """Line both pavements, and park cars: those of a drive stand in other places than those of another. In the scene
    `moved` large lorries stand there instead, all of them moved."""
    length, count = loop_length(plan), 0
    for side in (-1, 1):
        r = random.fork("side", side)
        along = r.uniform(0, 1.5)
        while along < length - 1:
            made = Quads(quads.atlas)
            r.choice(KERB)(made, r.fork("thing", count))
            place(quads, made, plan, along, side * r.uniform(2.65, 2.85), 0.12)
            along += r.uniform(1.7, 3.6) * (1.0 if side < 0 else 1.5)
            count += 1
    if scene == "moved":
        # Every one stands 2.2 m further on than in the drive before.
        for k in range(6):
            made = Quads(quads.atlas)
            lorry(made, random.fork("lorry", k))
            side = -1 if k % 2 else 1
            place(quads, made, plan, length * (k + 0.3) / 6 + 2.2 * drive, side * 1.85, 0.0)
        return
    straight_x, straight_y = 2 * (plan.half_x - plan.radius), 2 * (plan.half_y - plan.radius)
    bend = math.pi / 2 * plan.radius
    starts = (0.0, straight_y + bend, straight_y + straight_x + 2 * bend, 2 * straight_y + straight_x + 3 * bend)
    for k, (start, room) in enumerate(zip(starts, (straight_y, straight_x, straight_y, straight_x))):
        for slot in range(max(1, int(room / 5))):
            r = random.fork("car", k, slot)
            moved = (k + slot) % 3 == 2
            if moved:
                r = r.fork("drive", drive)
            side = -1 if r.chance(0.65) else 1
            if r.chance(0.85):
                made = Quads(quads.atlas)
                car(made, r.fork("car"))
                place(quads, made, plan, start + 1.6 + 4.6 * slot + r.uniform(0, 0.8), side * 1.95, 0.0)


def pedestrian(quads: Quads, random: Random) -> None:
    """A walker about 1.75 m tall, facing along x."""
    style = Style.make(random.fork("style"))
    coat, legs = random.uniform(0.1, 0.8), random.uniform(0.1, 0.4)

    def cloth(label: str, tone: float):
        def paint(face: str, width: float, height: float) -> Canvas:
            c = style.canvas(label + face, width, height, tone)
            if label == "coat":
                c.rect(0, height * 0.45, width, height * 0.52, tone * 0.4)
                c.rect(width * 0.48, 0, width * 0.52, height, tone * 0.5)
                c.rect(0, 0, width * 0.18, height, tone * 0.7)
                c.rect(width * 0.82, 0, width, height, tone * 0.7)
            elif label == "head":
                c.rect(0, 0, width, height * (0.35 if face == "right" else 0.75), 0.12)
            c.noise(0.06, 0.3, 0.1)
            c.grain(0.04)
            return c

        return paint

    faces = "front back left right top"
    for y in (-0.2, 0.04):
        shift = 0.12 if y < 0 else -0.12
        box(quads, (-0.08 + shift, y, 0.0), RIGHT, NORMAL, (0.16, 0.85, 0.16), cloth(f"leg{y}", legs), faces)
    box(quads, (-0.14, -0.24, 0.85), RIGHT, NORMAL, (0.28, 0.6, 0.48), cloth("coat", coat), faces)
    box(quads, (-0.1, -0.09, 1.5), RIGHT, NORMAL, (0.2, 0.25, 0.18), cloth("head", 0.55), faces)
