"""The renderer against geometry that is known without it, and against itself."""

from __future__ import annotations

import dataclasses
import math
import pathlib

import numpy as np
import pytest
from sampleworld.camera import Camera, Pose
from sampleworld.canvas import Canvas
from sampleworld.drive import loop_length, loop_point, map_pose, plan_of_length, second_drive
from sampleworld.hashrandom import Random
from sampleworld.layout import Settings, write_sample
from sampleworld.render import Geometry, Light, Renderer
from sampleworld.scene import Atlas, Quads
from sampleworld.street import Plan, add_ground, road_parts
from sampleworld.world import make_world

TINY = Settings(seed=5, width=64, height=48, map_frames=3, frames=5, off_map=2)


@pytest.fixture(scope="module")
def street() -> Geometry:
    """One world, small enough to build once."""
    quads = make_world(11, Plan(), 0)
    quads.atlas.freeze()
    return Geometry(quads)


def test_random_numbers_never_change() -> None:
    """The first output for a known state is that of splitmix64's published test vector."""
    from sampleworld.hashrandom import GOLDEN, mix

    assert mix(1234567 + GOLDEN) == 6457827717110365317
    stream = Random(1)
    one_by_one = Random(1)
    assert [int(v * 2**24) for v in stream.array(3)] == [one_by_one.bits() >> 40 for _ in range(3)]


def test_distortion_is_inverted() -> None:
    """The ray of every pixel projects back to that pixel."""
    camera = Camera()
    x, y = camera.rays(1)
    u, v = camera.project(x.astype(float), y.astype(float))
    columns, rows = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    assert np.abs(u - columns).max() < 1e-3
    assert np.abs(v - rows).max() < 1e-3


def test_dots_are_where_they_project() -> None:
    """Discs on a slanted plane: the centre of their light is the projection of their centre, to 0.1 pixel."""
    camera = Camera()
    quads = Quads(Atlas())
    canvas = Canvas(Random(1), 4.0, 3.0, 200.0, 0.9)
    spots = [(0.5 + 0.6 * i, 0.5 + 0.5 * j) for i in range(6) for j in range(5)]
    for x, y in spots:
        canvas.ellipse(x, y, 0.05, 0.05, 0.02)
    corner, u_edge, v_edge = (-2.0, 4.0, 3.0), (3.8, 1.25, 0.0), (0.0, 0.0, -3.0)
    quads.add(corner, u_edge, v_edge, canvas)
    quads.atlas.freeze()
    pose = Pose.looking((0.1, -0.2, 1.5), 0.05, -0.03, 0.1)
    image = Renderer(camera).render(Geometry(quads), pose, Light((0.0, 0.0, 1.0), 0.0, 1.0), None)
    checked = 0
    for x, y in spots:
        point = np.array([corner[k] + u_edge[k] * x / 4.0 + v_edge[k] * y / 3.0 for k in range(3)])
        px, py, pz = pose.apply(point)
        u, v = camera.project(np.array(px / pz), np.array(py / pz))
        if not (14 < u < camera.width - 14 and 14 < v < camera.height - 14):
            continue
        c, r = round(float(u)), round(float(v))
        patch = image[r - 12 : r + 13, c - 12 : c + 13].astype(float)
        weight = np.clip(patch.max() - patch - 0.05 * (patch.max() - patch.min()), 0, None)
        offsets = np.arange(-12, 13)
        error = math.hypot(
            c + (weight.sum(0) * offsets).sum() / weight.sum() - float(u),
            r + (weight.sum(1) * offsets).sum() / weight.sum() - float(v),
        )
        assert error < 0.1, f"spot {x}, {y}"
        checked += 1
    assert checked >= 20


def test_depth_agrees_between_views(street: Geometry) -> None:
    """Points seen in one view land at the depth that the other view has there, except where something hides them."""
    camera = Camera().resized(320, 240)
    renderer = Renderer(camera, 1)
    first, second = map_pose(Plan(), 2.0), map_pose(Plan(), 2.6)
    near = renderer.depth(street, first).astype(float)
    x, y = renderer.x.astype(float), renderer.y.astype(float)
    seen = np.isfinite(near)
    rays = np.stack([x[seen] * near[seen], y[seen] * near[seen], near[seen]], -1)
    axes = np.array([first.x_axis, first.y_axis, first.z_axis])
    there = second.apply(rays @ axes + np.array(first.centre))
    there = there[there[:, 2] > 0.3]
    u, v = camera.project(there[:, 0] / there[:, 2], there[:, 1] / there[:, 2])
    inside = (u > 1) & (u < 318) & (v > 1) & (v < 238)
    other = renderer.depth(street, second).astype(float)
    found = other[np.rint(v[inside]).astype(int), np.rint(u[inside]).astype(int)]
    ratio = found / there[inside][:, 2]
    assert inside.sum() > 20000
    assert np.mean(np.abs(ratio - 1) < 0.03) > 0.9


def test_the_loop_closes_and_turns_right() -> None:
    """No jump anywhere along the loop, and one whole turn to the right."""
    plan, steps = Plan(), 2000
    points = [loop_point(plan, loop_length(plan) * k / steps) for k in range(steps + 1)]
    for a, b in zip(points, points[1:]):
        assert math.dist(a[:2], b[:2]) <= 1.001 * loop_length(plan) / steps
    assert math.dist(points[0][:2], points[-1][:2]) < 1e-9


def test_pose_and_quaternion_agree() -> None:
    """The quaternion turns the world's axes as the matrix does, for headings all round."""
    for k in range(24):
        pose = Pose.looking((1.0, 2.0, 3.0), k * math.pi / 12, 0.1, -0.2)
        w, x, y, z = pose.quaternion()
        assert w >= 0
        assert math.isclose(w * w + x * x + y * y + z * z, 1, abs_tol=1e-12)
        third = (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))
        assert third == pytest.approx(pose.z_axis, abs=1e-12)
        rotated = pose.rotate(np.array(pose.centre))
        assert tuple(-rotated) == pytest.approx(pose.translation(), abs=1e-12)


def test_off_map_frames_lie_between_frames_on_the_map() -> None:
    """The drive leaves the map once and comes back."""
    steps = second_drive(60, 15, 58.0, 0.27)
    flags = [s.mapped for s in steps]
    assert len(steps) == 60
    assert flags.count(False) == 15
    assert flags[0]
    assert flags[-1]
    assert sum(a != b for a, b in zip(flags, flags[1:])) == 2


@pytest.mark.slow
def test_same_arguments_same_pixels(tmp_path: pathlib.Path) -> None:
    """Two runs agree in every pixel and every line."""
    first, _ = write_sample(tmp_path / "a", TINY)
    again, _ = write_sample(tmp_path / "b", TINY)
    assert first == again
    for name in ("cameras.txt", "poses.txt", "split.txt", "timestamps.txt"):
        assert (tmp_path / "a" / name).read_text() == (tmp_path / "b" / name).read_text()
    split = dict(line.split() for line in (tmp_path / "a/split.txt").read_text().splitlines() if line[0] != "#")
    posed = {line.split()[0] for line in (tmp_path / "a/poses.txt").read_text().splitlines() if line[0] != "#"}
    assert sorted(split.values()) == ["map"] * 3 + ["off-map"] * 2 + ["query"] * 3
    assert posed == {name for name, role in split.items() if role != "off-map"}


def test_a_road_is_painted_as_long_as_it_is() -> None:
    """Four times the loop takes four times the texels, not sixteen times; the road lies where it did."""

    def ground(plan: Plan) -> Quads:
        quads = Quads(Atlas())
        add_ground(quads, Random(3), plan)
        return quads

    short, long = Plan(), plan_of_length(Plan(), 4 * loop_length(Plan()))
    texels = [sum(w * h for w, h in ground(plan).size) for plan in (short, long)]
    assert texels[1] < 5 * texels[0]
    wide = 2 * (long.half_street - long.pavement)
    for along in np.arange(0, loop_length(long), 0.5):
        x, y, _ = loop_point(long, along)
        rx, ry = long.half_x + wide / 2, long.half_y + wide / 2
        assert sum(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in road_parts(long, rx, ry)) == 1


def test_every_so_many_frames_are_those_of_the_whole_drive(tmp_path: pathlib.Path) -> None:
    """A thinned second drive has the frames, poses and stamps of the whole one."""
    write_sample(tmp_path / "all", TINY)
    write_sample(tmp_path / "thinned", dataclasses.replace(TINY, every=2))

    def lines(folder: str, name: str) -> list[str]:
        return (tmp_path / folder / name).read_text().splitlines()

    for name in ("poses.txt", "split.txt", "timestamps.txt"):
        kept = [line for line in lines("all", name) if line.split()[0] not in ("drive_0001.jpg", "drive_0003.jpg")]
        assert lines("thinned", name) == kept
    for path in (tmp_path / "thinned/images").iterdir():
        assert path.read_bytes() == (tmp_path / "all/images" / path.name).read_bytes()
    assert "| drive_*.jpg (2) | query |" in (tmp_path / "thinned/README.md").read_text()
