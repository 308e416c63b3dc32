"""Renders both drives and writes them as a folder of images, poses and roles."""

from __future__ import annotations

import hashlib
import math
import pathlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .camera import Camera, Pose
from .drive import Step, loop_length, loop_point, map_pose, plan_of_length, second_drive, second_pose, wave
from .furniture import car, pedestrian, place
from .hashrandom import Random
from .photograph import Shot, box_blur, develop
from .render import Geometry, Light, Renderer, ShadowMap
from .scene import Quads
from .street import Plan
from .world import make_sky, make_world

NATIVE_RATE = 10.0  # frames a second, by which the second drive is described
FIRST_STAMP = 1_000_000_000
SHADOW_CELLS = 1536


@dataclass(frozen=True)
class Settings:
    """What the command's arguments choose."""

    seed: int = 7
    width: int = 640
    height: int = 480
    map_frames: int = 96
    frames: int = 124
    off_map: int = 18
    spacing: float = 0.27
    rate: float = NATIVE_RATE
    quality: int = 68
    scene: str = "street"
    loop: float | None = None
    #: Of the frames of the second drive only each of so many is kept, so that it is long without being fast.
    every: int | None = None


@dataclass(frozen=True)
class Picture:
    """One image with its truth; the pose is absent off the map."""

    name: str
    role: str
    pixels: np.ndarray
    pose: Pose | None
    #: Of the drive's frames.
    frame: int = 0


def sunlight(azimuth: float, elevation: float, direct: float, ambient: float, sky: np.ndarray) -> Light:
    """Light from a sun given by its angles in degrees, azimuth clockwise from north."""
    a, e = math.radians(azimuth), math.radians(elevation)
    sun = (math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e))
    return Light(sun, direct, ambient, sky)


class World:
    """A world as one drive meets it: its geometry, light and shadows, and who moves in it."""

    def __init__(self, seed: int, plan: Plan, drive: int, light: Light, scene: str = "street") -> None:
        self.plan, self.light = plan, light
        self.quads = make_world(seed, plan, drive, scene)
        random = Random(seed).fork("traffic")
        self.movers = []
        for index in range(4):
            made = Quads(self.quads.atlas)
            (car if index == 0 else pedestrian)(made, random.fork(index))
            self.movers.append(made)
        self.quads.atlas.freeze()
        self.still = Geometry(self.quads)
        extent = math.hypot(plan.half_x + 5, plan.half_y + 5) + 1
        self.shadows = ShadowMap(self.still, light, extent, SHADOW_CELLS)

    def with_movers(self, places: list[tuple[int, float, float, float]]) -> Geometry:
        """The geometry with moving things: (which, distance along the loop, metres to the right, height)."""
        if not places:
            return self.still
        everything = Quads(self.quads.atlas)
        everything.extend(self.quads)
        for which, along, lateral, up in places:
            place(everything, self.movers[which], self.plan, along, lateral, up)
        return Geometry(everything)


def traffic(along: float, time: float) -> list[tuple[int, float, float, float]]:
    """Who is in front of the second drive: walkers on and off the road, and a car that comes towards it."""
    places = []
    phase = time % 4.0
    if phase < 1.6:  # a walker crosses
        places.append((1, along + 4.2 - 0.4 * phase, -2.4 + 3.0 * phase, 0.0))
    if time % 5.0 < 2.5:
        places.append((2, along + 3.4 - 0.5 * (time % 5.0), 2.45, 0.12))
        places.append((3, along + 6.0 - 0.3 * (time % 5.0), -2.45, 0.12))
    if 2.0 < time % 6.5 < 3.4:
        places.append((0, along + 9.0 - 4.0 * (time % 6.5 - 2.0), -1.35, 0.0))
    return places


def second_shot(index: float, step: Step) -> Shot:
    """Exposure and tone wander; some frames are spoilt on purpose."""
    exposure = 1.4 * math.exp(wave(index, (0.32, 43.0, 0.0), (0.12, 11.0, 0.3)))
    gamma = 1.75 + wave(index, (0.25, 61.0, 0.4))
    if step.fault == "dark":
        return Shot(0.004, gamma, 0.3, 2.0)
    if step.fault == "blank":
        return Shot(10_000.0, gamma, 0.0, 0.5)
    return Shot(exposure, gamma, 0.3, 1.8)


def map_drive(settings: Settings, plan: Plan, renderer: Renderer) -> Iterator[Picture]:
    """The keyframes round the loop in good light."""
    random = Random(settings.seed).fork("map drive")
    sky = make_sky(random.fork("sky"), 1024, 0.3)
    world = World(settings.seed, plan, 0, sunlight(200, 55, 0.85, 0.42, sky), settings.scene)
    for index in range(settings.map_frames):
        pose = map_pose(plan, loop_length(plan) * index / settings.map_frames)
        radiance = renderer.render(world.still, pose, world.light, world.shadows)
        pixels = develop(radiance, renderer.camera, Shot(), random.fork("noise", index))
        yield Picture(f"map_{index:04d}.jpg", "map", pixels, pose)


def drive_again(settings: Settings, plan: Plan, renderer: Renderer) -> Iterator[Picture]:
    """The second drive, with its passage off the map."""
    random = Random(settings.seed).fork("second drive")
    sky = make_sky(random.fork("sky"), 1024, 0.55)
    light = sunlight(118, 40, 0.75, 0.46, sky)
    here = World(settings.seed, plan, 1, light, settings.scene)
    # Frames of the native rate from one frame to the next.
    stride = NATIVE_RATE / settings.rate
    steps = second_drive(settings.frames, settings.off_map, loop_length(plan), settings.spacing, stride)
    elsewhere = World(settings.seed + 1000, plan, 1, light) if settings.off_map else here
    for index, step in list(enumerate(steps))[:: settings.every or 1]:
        world = here if step.mapped else elsewhere
        geometry = world.with_movers(traffic(step.along, 0.1 * stride * index))
        # Motion blur: the mean of three moments of the exposure, in one frame of four (a longer exposure).
        share = 0.08 / stride if index % 4 == 3 else 0.0
        moments = (-share, 0.0, share) if share else (0.0,)
        radiance = np.zeros((renderer.camera.height, renderer.camera.width), np.float32)
        for moment in moments:
            pose = second_pose(plan, step.along + 0.5 * moment * step.speed)
            radiance += renderer.render(geometry, pose, world.light, world.shadows)
        radiance *= np.float32(1 / len(moments))
        pixels = develop(radiance, renderer.camera, second_shot(stride * index, step), random.fork("noise", index))
        if step.fault == "blurred":
            pixels = box_blur(pixels, max(1, settings.width // 50))
        pose = second_pose(plan, step.along)
        role = "query" if step.mapped else "off-map"
        yield Picture(f"drive_{index:04d}.jpg", role, pixels, pose if step.mapped else None, index)


def write_sample(output: pathlib.Path, settings: Settings) -> tuple[str, int]:
    """Render everything into `output`; give the hash of all pixels and the bytes written."""
    plan = plan_of_length(Plan(), settings.loop) if settings.loop else Plan()
    camera = Camera().resized(settings.width, settings.height)
    renderer = Renderer(camera)
    (output / "images").mkdir(parents=True, exist_ok=True)
    digest, size, roles = hashlib.sha256(), 0, Counter()
    poses = ["# NAME CAMERA_ID QW QX QY QZ TX TY TZ (camera from world; camera x right, y down, z forward; world z up)"]
    split = ["# NAME map|query|off-map"]
    stamps = ["# NAME NANOSECONDS (second drive)"]
    total = settings.map_frames + -(-settings.frames // (settings.every or 1))
    for drive in (map_drive, drive_again):
        for picture in drive(settings, plan, renderer):
            digest.update(picture.pixels.tobytes())
            path = output / "images" / picture.name
            if not cv2.imwrite(str(path), picture.pixels, [cv2.IMWRITE_JPEG_QUALITY, settings.quality]):
                raise OSError(f"cannot write {path}")
            size += path.stat().st_size
            split.append(f"{picture.name} {picture.role}")
            roles[picture.role] += 1
            if picture.pose is not None:
                numbers = (*picture.pose.quaternion(), *picture.pose.translation())
                poses.append(f"{picture.name} 1 " + " ".join(f"{n:.9f}" for n in numbers))
            if picture.role != "map":
                stamps.append(f"{picture.name} {FIRST_STAMP + round(1e9 / settings.rate * picture.frame)}")
            show_progress(len(split) - 1, total)
    cameras = "# CAMERA_ID MODEL WIDTH HEIGHT PARAMS (COLMAP models; the centre of the top-left pixel is (0,0) here)\n"
    (output / "cameras.txt").write_text(cameras + camera.line() + "\n")
    for name, lines in (("poses.txt", poses), ("split.txt", split), ("timestamps.txt", stamps)):
        (output / name).write_text("\n".join(lines) + "\n")
    (output / "README.md").write_text(describe(settings, plan, roles, digest.hexdigest()))
    return digest.hexdigest(), size


def show_progress(done: int, total: int) -> None:
    """A bar on a terminal, nothing in a log."""
    if sys.stderr.isatty():
        filled = 40 * done // total
        end = "\n" if done == total else ""
        print(f"\rsample: [{'#' * filled}{'.' * (40 - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)


def describe(settings: Settings, plan: Plan, roles: Counter[str], digest: str) -> str:
    """The README of the folder, which has so many images of each role."""
    x, y, _ = loop_point(plan, 0.0)
    given = {name: value for name, value in vars(settings).items() if value is not None}
    if settings.rate == NATIVE_RATE:
        del given["rate"]
    flags = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in given.items())
    spacing = f"{loop_length(plan) / settings.map_frames:.2f}"
    return f"""# The sample world

A made-up street loop of {loop_length(plan):.1f} m with exact truth, rendered from code alone. It was made with

    tools/sample --output DIR \\
        {flags}

| images | role in split.txt | what |
|---|---|---|
| map_*.jpg ({roles["map"]}) | map | a drive round the loop in good light, every {spacing} m |
| drive_*.jpg ({roles["query"]}) | query | a second drive, {settings.rate:g} frames/s: up to 0.6 m beside the \
first, other sun and shadows, wandering exposure and tone, vignetting, noise, motion blur in every fourth frame, other \
parked cars, walkers and a car that move |
| drive_*.jpg ({roles["off-map"]}) | off-map | between two parts of it: another street (not in the map), and dark, \
blurred and blank frames; they have no pose |

- cameras.txt: `ID MODEL WIDTH HEIGHT PARAMS`, COLMAP's OPENCV model (fx fy cx cy k1 k2 p1 p2); the centre of the
  top-left pixel is (0, 0).
- poses.txt: `NAME CAMERA_ID QW QX QY QZ TX TY TZ`, camera from world, Hamilton quaternion, metres. Camera: x right,
  y down, z forward. World: z up, y north; the loop's middle is the origin and it starts at ({x:.1f}, {y:.1f}).
- timestamps.txt: `NAME NANOSECONDS` of the second drive. A pose is that of the middle of the exposure.

SHA-256 of all pixels before JPEG: {digest}
"""
