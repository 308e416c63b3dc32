"""Places that look alike: corridors, car parks and rows of houses made of parts that repeat.

Each kind of world is built of few parts, painted once and set up again and again. What tells a place from its
neighbours is small: a sign, a poster, an extinguisher, the number of a bay. It stays; parked cars, crates and the light
are others when the camera comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .canvas import Canvas, draw_text
from .facade import Style, door, poster, sign
from .furniture import NORMAL, RIGHT, car, clutter, column, planter, pole, tree
from .hashrandom import Random
from .scene import Atlas, Quads, box
from .street import House, Wall, trim_paint

MODULE = 3.0  # metres after which a corridor's wall repeats
HALL, AISLE, BAY = 2.6, 3.2, 2.5  # height of a car park's ceiling, half of its aisle's width, width of a bay
PLOT = 5.0  # width of a house in a row


@dataclass(frozen=True)
class Kind:
    """A kind of world: how it is built, its length in metres, where the camera is, and its light."""

    build: Callable[[Quads, Random, Random, Random, float], None]
    length: float
    height: float
    sway: float  # how far beside the middle the camera comes again, metres
    outdoors: bool


def wall(quads: Quads, canvas: Canvas, x: float, y: float, up: float, left: bool) -> None:
    """Hang a picture along x with its top at `up`: on the left hand of who goes along x, or on the right."""
    if left:
        quads.add((x, y, up), (canvas.width, 0.0, 0.0), (0.0, 0.0, -canvas.height), canvas)
    else:
        quads.add((x + canvas.width, y, up), (-canvas.width, 0.0, 0.0), (0.0, 0.0, -canvas.height), canvas)


def plate(quads: Quads, canvas: Canvas, x: float, y: float, up: float, left: bool) -> None:
    """Hang a picture a centimetre before a wall."""
    wall(quads, canvas, x, y - 0.01 if left else y + 0.01, up, left)


def floor_and_ceiling(quads: Quads, floor: Canvas, ceiling: Canvas, up: float) -> None:
    """From x = 0 along x, round y = 0."""
    deep = floor.height / 2
    quads.add((0.0, deep, 0.0), (floor.width, 0.0, 0.0), (0.0, -2 * deep, 0.0), floor)
    quads.add((0.0, -deep, up), (floor.width, 0.0, 0.0), (0.0, 2 * deep, 0.0), ceiling)


def some(quads: Quads, random: Random, makers: Sequence[Callable[[Quads, Random], None]]) -> list[Quads]:
    """One of each, to be set up again and again."""
    made = [Quads(quads.atlas) for _ in makers]
    for k, maker in enumerate(makers):
        maker(made[k], random.fork(k))
    return made


def hang(quads: Quads, random: Random, x: float, y: float, left: bool) -> None:
    """Perhaps a poster or a board of notices on a corridor's wall."""
    if random.chance(0.5):
        return
    style = Style.make(random.fork("style"))
    c = style.canvas("picture", random.uniform(0.4, 0.85), random.uniform(0.5, 1.0), random.uniform(0.5, 0.9))
    if random.chance(0.35):
        for k in range(6):
            across, down = c.width / 3, c.height / 2
            poster(c, style, (k % 3) * across + 0.02, (k // 3) * down + 0.02, across * 0.8, down * 0.85)
    else:
        poster(c, style, 0, 0, c.width, c.height)
    plate(quads, c, x, y, random.uniform(1.75, 2.1), left)


def corridor(quads: Quads, parts: Random, place: Random, visit: Random, length: float) -> None:
    """A corridor of an office or a hotel along x: doors on both sides, tiles, lamps."""
    style = Style.make(parts.fork("style"))
    half, tall = 1.05, 2.6
    side = style.canvas("side", MODULE, tall, 0.72)
    side.noise(0.05, 1.0, 0.3)
    side.rect(0, tall - 0.95, MODULE, tall - 0.88, 0.45)
    side.rect(0, tall - 0.12, MODULE, tall, 0.3)
    door(side, style, 1.0, 1.95, tall - 2.1, tall)
    side.rect(2.3, 1.15, 2.42, 1.3, 0.92)
    side.grain(0.05)
    floor = style.canvas("floor", MODULE, 2 * half, 0.5)
    for i in range(6):
        for j in range(4):
            floor.rect(i * 0.5, j * 0.5, i * 0.5 + 0.49, j * 0.5 + 0.49, 0.5 * floor.random.uniform(0.85, 1.15))
    floor.grain(0.08)
    ceiling = style.canvas("ceiling", MODULE, 2 * half, 0.8)
    for i in range(6):
        ceiling.rect(i * 0.5, 0, i * 0.5 + 0.015, 2 * half, 0.55)
    ceiling.rect(0.9, half - 0.15, 2.1, half + 0.15, 0.98)
    ceiling.grain(0.03)
    module = Quads(quads.atlas)
    floor_and_ceiling(module, floor, ceiling, tall)
    wall(module, side, 0.0, half, tall, True)
    wall(module, side, 0.0, -half, tall, False)
    things = some(quads, parts.fork("things"), (clutter, clutter, planter))
    for k in range(int(length / MODULE)):
        x = k * MODULE
        quads.extend(module, (x, 0.0, 0.0))
        for left in (False, True):
            y = half if left else -half
            own = place.fork("module", k, int(left))
            number = style.canvas(f"number{own.seed}", 0.3, 0.18, 0.9)
            draw_text(number, style.font, 0.03, 0.04, 0.1, 3, 0.1)
            plate(quads, number, x + 2.12, y, 1.8, left)
            for along in (0.08, 2.5):
                hang(quads, own.fork("picture", along), x + along, y, left)
            what = own.integer(0, 9)
            if what == 0:
                cabinet = trim_paint(style, f"cabinet{k}{left}", 0.25)
                at = (x + 0.3, y - 0.14 if left else y, 0.9)
                box(quads, at, RIGHT, NORMAL, (0.3, 0.6, 0.14), cabinet, "front back left right top")
            elif what < 3:
                quads.extend(own.choice(things), (x + 0.45, 0.78 if left else -0.78, 0.0))
            again = visit.fork("module", k, int(left))
            if again.chance(0.08):
                quads.extend(again.choice(things), (x + 0.4, 0.75 if left else -0.75, 0.0))
    end = style.canvas("end", 2 * half, tall, 0.7)
    door(end, style, half - 0.5, half + 0.5, tall - 2.1, tall)
    end.grain(0.05)
    quads.add((length, half, tall), (0, -2 * half, 0), (0, 0, -tall), end)


def car_park(quads: Quads, parts: Random, place: Random, visit: Random, length: float) -> None:
    """A storey of a car park along x: columns, numbered bays on both sides, and whoever parks there."""
    style = Style.make(parts.fork("style"))
    deep = AISLE + 4.6
    floor = style.canvas("floor", 2 * BAY, 2 * deep, 0.42, 64.0)
    for k in range(3):
        for y in (0.0, 2 * deep - 4.6):
            floor.rect(k * BAY - 0.05, y, k * BAY + 0.05, y + 4.6, 0.85)
    floor.noise(0.1, 2.0, 0.5)
    floor.grain(0.1)
    ceiling = style.canvas("ceiling", 2 * BAY, 2 * deep, 0.6, 64.0)
    ceiling.rect(0, 0, 0.4, 2 * deep, 0.4)
    ceiling.rect(1.5, deep - 0.1, 3.5, deep + 0.1, 0.98)
    ceiling.grain(0.06)
    back = style.canvas("back", 2 * BAY, HALL, 0.55, 64.0)
    back.rect(0, HALL - 0.7, 2 * BAY, HALL - 0.5, 0.25)
    back.rect(0, 0, 0.03, HALL, 0.35)
    back.noise(0.06, 1.0)
    back.grain(0.05)
    cars = some(quads, parts.fork("cars"), [car] * 7)

    def paint(face: str, width: float, height: float) -> Canvas:
        c = style.canvas("pillar" + face, width, height, 0.62)
        for k in range(6):
            c.rect(0, height - 1.0 + 0.16 * k, width, height - 0.92 + 0.16 * k, 0.15)
        c.grain(0.05)
        return c

    module = Quads(quads.atlas)
    floor_and_ceiling(module, floor, ceiling, HALL)
    wall(module, back, 0.0, deep, HALL, True)
    wall(module, back, 0.0, -deep, HALL, False)
    for y in (-AISLE - 0.1, AISLE + 0.1):
        box(module, (-0.2, y - 0.2, 0.0), RIGHT, NORMAL, (0.4, HALL, 0.4), paint, "front back left right")
    for k in range(int(length / (2 * BAY))):
        x = 2 * BAY * k
        quads.extend(module, (x, 0.0, 0.0))
        for left in (False, True):
            side = 1.0 if left else -1.0
            own = place.fork("pillar", k, int(left))
            number = style.canvas(f"number{own.seed}", 0.36, 0.3, 0.9)
            draw_text(number, style.font, 0.05, 0.06, 0.18, 2, 0.1)
            corner = (x - 0.21, side * (AISLE + 0.1) + 0.18, 1.9)
            quads.add(corner, (0, -0.36, 0), (0, 0, -0.3), number)
            if own.chance(0.3):
                own_style = Style.make(own.fork("style"))
                board = own_style.canvas("board", own.uniform(0.6, 1.4), own.uniform(0.5, 0.9), 0.8)
                sign(board, own_style, 0, 0, board.width, board.height)
                plate(quads, board, x + own.uniform(0.6, 3.0), side * deep, own.uniform(1.5, 2.3), left)
            for bay in range(2):
                who = place.fork("car", k, int(left), bay)
                if who.chance(0.5):  # the others come and go
                    who = visit.fork("car", k, int(left), bay)
                if who.chance(0.62):
                    heading = (0.0, 1.0 if who.chance(0.5) else -1.0)
                    y = side * (AISLE + 2.0 + who.uniform(-0.2, 0.3))
                    quads.extend(who.choice(cars), (x + BAY * (bay + 0.5) + who.uniform(-0.2, 0.2), y, 0.0), heading)
    for x, turn in ((length, -1.0), (0.0, 1.0)):
        end = style.canvas(f"end{turn}", 2 * deep, HALL, 0.55, 64.0)
        end.grain(0.06)
        quads.add((x, -turn * deep, HALL), (0, 2 * turn * deep, 0), (0, 0, -HALL), end)


def row(quads: Quads, parts: Random, place: Random, visit: Random, length: float) -> None:
    """A street along x between two rows of the same two houses."""
    style = Style.make(parts.fork("style"))
    houses = []
    for k in range(2):
        made = Quads(quads.atlas)
        House(made, parts.fork("house", k), Wall((0.0, 0.0), (1, 0), PLOT, 0.0), 0.0, PLOT)
        houses.append(made)
    ground = style.canvas("ground", 2 * PLOT, 11.0, 0.32, 64.0)
    for y in (0.0, 9.0):
        ground.rect(0, y, 2 * PLOT, y + 2.0, 0.5)
        for k in range(20):
            ground.rect(k * 0.5, y, k * 0.5 + 0.01, y + 2.0, 0.3)
    for k in range(4):
        ground.rect(2.5 * k, 5.45, 2.5 * k + 1.2, 5.55, 0.85)
    ground.noise(0.08, 2.0, 0.4)
    ground.grain(0.12)
    road = Quads(quads.atlas)
    road.add((0.0, 5.5, 0.0), (2 * PLOT, 0.0, 0.0), (0.0, -11.0, 0.0), ground)
    cars = some(quads, parts.fork("cars"), [car] * 7)
    things = some(quads, parts.fork("things"), (tree, pole, planter, clutter, column, tree))
    for k in range(int(length / PLOT)):
        x = PLOT * k
        if k % 2 == 0:
            quads.extend(road, (x, 0.0, 0.0))
        for left in (False, True):
            side = 1.0 if left else -1.0
            own = place.fork("house", k, int(left))
            heading, shift = ((1.0, 0.0), x) if left else ((-1.0, 0.0), x + PLOT)
            quads.extend(houses[(k + left) % 2], (shift, side * 5.5, 0.0), heading)
            number = style.canvas(f"number{own.seed}", 0.3, 0.2, 0.9)
            draw_text(number, style.font, 0.04, 0.04, 0.12, 2, 0.1)
            plate(quads, number, x + 2.3, side * (5.5 - 0.03), 2.0, left)
            if own.chance(0.3):
                own_style = Style.make(own.fork("style"))
                board = own_style.canvas("board", own.uniform(0.5, 1.6), own.uniform(0.4, 0.8), 0.8)
                sign(board, own_style, 0, 0, board.width, board.height)
                plate(quads, board, x + own.uniform(0.5, 3.0), side * (5.5 - 0.06), own.uniform(2.4, 3.4), left)
            if own.chance(0.55):
                quads.extend(own.choice(things), (x + own.uniform(0.5, 4.5), side * 4.1, 0.0))
            who = visit.fork("car", k, int(left))
            if who.chance(0.55):
                quads.extend(who.choice(cars), (x + who.uniform(1.6, 3.4), side * 2.6, 0.0))


KINDS = {
    "corridor": Kind(corridor, 36.0, 1.35, 0.3, False),
    "car-park": Kind(car_park, 50.0, 1.4, 0.9, False),
    "row": Kind(row, 60.0, 1.5, 0.8, True),
}


def make_lookalike(kind: Kind, seed: int, stretch: int, visit: int) -> Quads:
    """One storey or street (`stretch`) of a world (`seed`), whose parts all its stretches share, as it is on a
    visit."""
    parts = Random(seed).fork("lookalike")
    quads = Quads(Atlas())
    kind.build(quads, parts, parts.fork("stretch", stretch), parts.fork("visit", stretch, visit), kind.length)
    return quads
