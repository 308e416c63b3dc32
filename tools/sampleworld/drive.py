"""Where the camera goes: along the loop to map it, and along it again, in another way, on the second drive."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .camera import Pose

if TYPE_CHECKING:
    from .street import Plan

HEIGHT = 1.5


def loop_length(plan: Plan) -> float:
    """The length of the road's middle line in metres."""
    return 4 * (plan.half_x + plan.half_y - 2 * plan.radius) + 2 * math.pi * plan.radius


def plan_of_length(plan: Plan, length: float) -> Plan:
    """The same street round a block whose loop has this length, as much longer in x than in y as before."""
    total = (length - 2 * math.pi * plan.radius) / 4 + 2 * plan.radius
    more = (total - plan.half_x - plan.half_y) / 2
    return replace(plan, half_x=plan.half_x + more, half_y=plan.half_y + more)


def loop_point(plan: Plan, along: float) -> tuple[float, float, float]:
    """x, y and heading (clockwise from north) at a distance along the loop, which turns to the right.

    It starts at the south end of the western street, going north.
    """
    along %= loop_length(plan)
    r = plan.radius
    ax, ay = plan.half_x - r, plan.half_y - r
    bend = math.pi / 2 * r
    x, y, heading = -plan.half_x, -ay, 0.0
    for straight in (2 * ay, 2 * ax, 2 * ay, 2 * ax):
        s, c = math.sin(heading), math.cos(heading)
        if along <= straight:
            return x + s * along, y + c * along, heading
        x, y, along = x + s * straight, y + c * straight, along - straight
        # The middle of the bend is to the right of the way.
        mx, my = x + c * r, y - s * r
        if along <= bend:
            h = heading + along / r
            return mx - math.cos(h) * r, my + math.sin(h) * r, h
        heading += math.pi / 2
        x, y, along = mx - math.cos(heading) * r, my + math.sin(heading) * r, along - bend
    raise AssertionError("the loop is closed")


def wave(time: float, *terms: tuple[float, float, float]) -> float:
    """A sum of sines (amplitude, period, phase): smooth jitter."""
    return sum(a * math.sin(2 * math.pi * (time / period + phase)) for a, period, phase in terms)


def beside(plan: Plan, along: float, lateral: float, height: float, yaw: float, pitch: float, roll: float) -> Pose:
    """A pose beside the middle line; lateral is to the right in metres, angles in radians."""
    x, y, heading = loop_point(plan, along)
    centre = (x + math.cos(heading) * lateral, y - math.sin(heading) * lateral, height)
    return Pose.looking(centre, heading + yaw, pitch, roll)


def map_pose(plan: Plan, along: float) -> Pose:
    """The map drive: in the middle, level, almost still."""
    yaw = wave(along, (0.01, 11.0, 0.1))
    return beside(plan, along, wave(along, (0.06, 17.0, 0.3)), HEIGHT, yaw, wave(along, (0.006, 7.0, 0.6)), 0.0)


def second_pose(plan: Plan, along: float) -> Pose:
    """The second drive: up to 0.6 m beside the first, higher and lower, turning and nodding."""
    lateral = wave(along, (0.38, 19.0, 0.15), (0.2, 7.3, 0.4))
    height = HEIGHT + wave(along, (0.09, 8.0, 0.7), (0.03, 2.1, 0.2))
    yaw = wave(along, (0.06, 13.0, 0.35), (0.025, 4.1, 0.8))
    pitch = wave(along, (0.022, 6.0, 0.5), (0.01, 1.7, 0.1))
    roll = wave(along, (0.015, 5.3, 0.25))
    return beside(plan, along, lateral, height, yaw, pitch, roll)


@dataclass(frozen=True)
class Step:
    """One frame of the second drive: where, in which world, and what the camera does wrong."""

    along: float
    speed: float
    mapped: bool
    fault: str = ""


def second_drive(frames: int, off_map: int, length: float, spacing: float, stride: float = 1.0) -> list[Step]:
    """On the map, then a street that is not in it, then on the map again further on.

    A frame is `stride` frames of the native rate after the one before, and `spacing` metres.
    """
    first = (frames - off_map) // 2
    steps: list[Step] = []
    along = 1.3
    for index in range(frames - off_map):
        if index == first and off_map:
            faults = ["dark", "dark"] + [""] * max(off_map - 7, 0) + ["blurred", "blurred", "blank", "blank", "dark"]
            for k, fault in enumerate(faults[:off_map]):
                steps.append(Step(3.0 + 0.45 * k, spacing, False, fault))
            along += 0.24 * length
        speed = spacing * (1 + 0.3 * math.sin(2 * math.pi * stride * index / 37))
        along += speed
        steps.append(Step(along, speed, True))
    return steps
