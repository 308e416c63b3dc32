"""Renders a world of places that look alike as a set: a first visit as the map, a second as the queries."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2

from .camera import Camera, Pose
from .drive import wave
from .hashrandom import Random
from .layout import sunlight
from .lookalikes import KINDS, make_lookalike
from .photograph import Shot, develop
from .render import Geometry, Light, Renderer, ShadowMap
from .world import make_sky

STRETCHES = 2
APART = 1000.0  # metres between the stretches of a world, in the coordinates that are written
SPACING = 1.0  # metres between pictures of a visit
MARGIN = 8.0  # metres before the end where a visit ends
SHADOW_CELLS = 1536


@dataclass(frozen=True)
class Place:
    """A picture to be taken."""

    name: str
    role: str
    stretch: int
    visit: int
    pose: Pose
    shot: Shot

    def line(self) -> str:
        """The line of poses.txt."""
        x, y, z = self.pose.centre
        moved = Pose(self.pose.x_axis, self.pose.y_axis, self.pose.z_axis, (x, y + APART * self.stretch, z))
        return f"{self.name} 1 " + " ".join(f"{n:.9f}" for n in (*moved.quaternion(), *moved.translation()))


def places(kind: str, seed: int) -> Iterator[Place]:
    """Every metre of each stretch: first in the middle, then half a metre further, beside it, and not quite ahead."""
    of = KINDS[kind]
    count = int((of.length - MARGIN) / SPACING)
    for stretch in range(STRETCHES):
        for visit, role in enumerate(("map", "query")):
            phase = Random(seed).fork(kind, stretch, visit).uniform()
            for k in range(count):
                along = 1.0 + SPACING * (k + 0.5 * visit)
                lateral, height, yaw, pitch = 0.0, of.height, wave(k, (0.01, 11.0, phase)), 0.0
                shot = Shot()
                if visit:
                    lateral = of.sway * wave(k, (0.7, 19.0, phase), (0.3, 7.3, 0.4))
                    height += wave(k, (0.09, 8.0, phase), (0.03, 2.1, 0.2))
                    yaw = wave(k, (0.09, 13.0, phase), (0.04, 4.1, 0.8))
                    pitch = wave(k, (0.03, 6.0, phase), (0.015, 2.7, 0.1))
                    exposure = 1.4 * math.exp(wave(k, (0.3, 43.0, phase), (0.12, 11.0, 0.3)))
                    shot = Shot(exposure, 1.75 + wave(k, (0.25, 61.0, phase)), 0.3, 1.8)
                pose = Pose.looking((along, lateral, height), math.pi / 2 + yaw, pitch)
                yield Place(f"{role}_{stretch}_{k:03d}.png", role, stretch, visit, pose, shot)


def light_of(kind: str, seed: int, visit: int) -> Light:
    """The sun of two times of day, or lamps that shine more on one wall than on the other."""
    if KINDS[kind].outdoors:
        sky = make_sky(Random(seed).fork("sky", visit), 512, (0.3, 0.55)[visit])
        return (sunlight(200, 55, 0.85, 0.42, sky), sunlight(40, 38, 0.6, 0.5, sky))[visit]
    return (Light((0.0, 0.5, 0.866), 0.35, 0.5), Light((-0.3, -0.33, 0.895), 0.28, 0.44))[visit]


class Visit:
    """A stretch of a world as it is on one visit."""

    def __init__(self, kind: str, seed: int, stretch: int, visit: int) -> None:
        quads = make_lookalike(KINDS[kind], seed, stretch, visit)
        quads.atlas.freeze()
        self.geometry = Geometry(quads)
        self.light = light_of(kind, seed, visit)
        outdoors = KINDS[kind].outdoors
        self.shadows = ShadowMap(self.geometry, self.light, KINDS[kind].length, SHADOW_CELLS) if outdoors else None


def write_set(folder: pathlib.Path, kind: str, seed: int) -> None:
    """Renders what is missing of a set into `folder`: pictures that are there already stay."""
    camera = Camera()
    (folder / "images").mkdir(parents=True, exist_ok=True)
    every = list(places(kind, seed))
    renderer, visit, met = Renderer(camera), None, None
    for place in every:
        path = folder / "images" / place.name
        if path.exists():
            continue
        if met != (place.stretch, place.visit):
            met = (place.stretch, place.visit)
            visit = Visit(kind, seed, *met)
        assert visit is not None
        radiance = renderer.render(visit.geometry, place.pose, visit.light, visit.shadows)
        pixels = develop(radiance, camera, place.shot, Random(seed).fork("noise", place.name))
        unfinished = path.with_suffix(".part.png")
        if not cv2.imwrite(str(unfinished), pixels):
            raise OSError(f"cannot write {unfinished}")
        unfinished.rename(path)
    (folder / "cameras.txt").write_text(camera.line() + "\n")
    (folder / "poses.txt").write_text("".join(place.line() + "\n" for place in every))
    (folder / "split.txt").write_text("".join(f"{place.name} {place.role}\n" for place in every))
