"""Worlds whose places look alike: the same pixels each time, one stretch unlike another, rendering that resumes."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from sampleworld import lookalikeset
from sampleworld.camera import Camera, Pose
from sampleworld.lookalikes import KINDS, make_lookalike
from sampleworld.render import Geometry, Light, Renderer

LIGHT = Light((0.0, 0.5, 0.866), 0.35, 0.5)


def seen(kind: str, stretch: int, visit: int, along: float) -> np.ndarray:
    quads = make_lookalike(KINDS[kind], 5, stretch, visit)
    quads.atlas.freeze()
    pose = Pose.looking((along, 0.0, KINDS[kind].height), math.pi / 2)
    return Renderer(Camera().resized(80, 60), 1).render(Geometry(quads), pose, LIGHT, None)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_world_is_the_same_each_time_and_its_stretches_and_visits_differ(kind: str) -> None:
    first = seen(kind, 0, 0, 10.0)
    assert np.array_equal(first, seen(kind, 0, 0, 10.0))
    assert np.isfinite(first).all() and first.std() > 0.05
    assert not np.array_equal(first, seen(kind, 1, 0, 10.0))
    assert not np.array_equal(first, seen(kind, 0, 1, 10.0))


def test_both_visits_pass_every_place_within_the_distance_that_is_right() -> None:
    for kind in KINDS:
        places = list(lookalikeset.places(kind, 3))
        assert len({place.name for place in places}) == len(places)
        by_role = {r: [p for p in places if p.role == r] for r in ("map", "query")}
        for query in by_role["query"]:
            same = [p.pose.centre for p in by_role["map"] if p.stretch == query.stretch]
            assert min(math.dist(query.pose.centre, centre) for centre in same) < 1.6


def test_an_interrupted_set_is_gone_on_with_and_ends_the_same(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(lookalikeset, "Camera", lambda: Camera().resized(40, 30))
    every = list(lookalikeset.places("corridor", 3))
    monkeypatch.setattr(lookalikeset, "places", lambda kind, seed: iter(every[:2] + every[28:30]))
    lookalikeset.write_set(tmp_path, "corridor", 3)
    images = sorted((tmp_path / "images").iterdir())
    assert len(images) == 4
    pixels = cv2.imread(str(images[1]), cv2.IMREAD_GRAYSCALE)
    images[1].unlink()
    kept = images[0].stat().st_mtime_ns
    lookalikeset.write_set(tmp_path, "corridor", 3)
    assert np.array_equal(cv2.imread(str(images[1]), cv2.IMREAD_GRAYSCALE), pixels)
    assert images[0].stat().st_mtime_ns == kept
    assert len((tmp_path / "poses.txt").read_text().splitlines()) == 4
