"""The adversary's own parts: what it does to cameras, poses and pictures, and how it judges an answer."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from integrity import answers, diagram, kinds, maps, pictures, tables
from integrity.programs import Shot
from integrity.sets import Camera, Pose, PosedSet, quaternion

CAMERA = Camera("OPENCV", 8, 6, (10.0, 11.0, 4.0, 3.0, 0.1, 0.0, 0.0, -0.2))
TURN = cv2.Rodrigues(np.array([0.3, -0.2, 0.9]))[0]
POSE = Pose(TURN, np.array([1.0, 2.0, 3.0]))


def answer(position: list[float], rotation: np.ndarray, state: str = "localized", **levels: float) -> dict:
    """What hfloc says, with a deviation of 10 cm and .1 rad about each axis."""
    return {
        "state": state,
        "position": position,
        "orientation": list(quaternion(rotation)),
        "covariance": list((np.eye(6) * 0.01).ravel()),
        "gate": "none",
        "source": "retrieval",
        "inliers": 100,
        "in_view": 200,
        "level_m": levels.get("level_m"),
        "level_deg": levels.get("level_deg"),
    }


def shot(truth: Pose | None = POSE) -> Shot:
    """A frame with this truth."""
    return Shot("frame", np.zeros((6, 8), np.uint8), CAMERA, truth)


def test_cameras_are_changed_where_they_should_be() -> None:
    assert CAMERA.with_focal(2).parameters == (20, 22, 4, 3, 0.1, 0, 0, -0.2)
    assert CAMERA.with_centre(1, -1).parameters == (10, 11, 5, 2, 0.1, 0, 0, -0.2)
    assert CAMERA.with_wrong_sign().parameters == (10, 11, 4, 3, -0.1, 0, 0, 0.2)
    assert CAMERA.colmap_line() == "OPENCV 8 6 10 11 4.5 3.5 0.1 0 0 -0.2"
    assert CAMERA.is_distorted and not Camera("SIMPLE_PINHOLE", 8, 6, (9.0, 4.0, 3.0)).is_distorted


def test_a_pose_survives_its_row() -> None:
    again = Pose.parsed(POSE.row().split())
    assert np.allclose(again.rotation, POSE.rotation) and np.allclose(again.centre, POSE.centre)


def test_wrong_poses_are_what_a_reader_of_such_files_gets() -> None:
    random = np.random.default_rng(1)
    # The rows of a file with world-from-camera poses, read as camera from world.
    row = f"{' '.join(map(str, quaternion(TURN.T)))} 1 2 3"
    assert np.allclose(Pose.parsed(row.split()).centre, maps.inverted(POSE, random).centre)
    w, x, y, z = quaternion(TURN)
    row = f"{x} {y} {z} {w} {' '.join(map(str, -TURN @ POSE.centre))}"
    found = maps.scalar_last(POSE, random)
    assert np.allclose(Pose.parsed(row.split()).centre, found.centre)
    assert np.allclose(Pose.parsed(row.split()).rotation, found.rotation)
    shifts = [maps.moved(0.3)(POSE, random).centre - POSE.centre for _ in range(300)]
    assert np.std(shifts) == pytest.approx(0.3, rel=0.1)


def test_errors_are_those_of_position_and_rotation() -> None:
    off = cv2.Rodrigues(np.array([0, 0, math.radians(4)]))[0] @ TURN.T
    row = answers.judged(answer([1.0, 2.0, 3.3], off), shot())
    assert row["error_m"] == pytest.approx(0.3) and row["error_deg"] == pytest.approx(4)
    assert row["nees_m"] == pytest.approx(9) and row["nees_deg"] == pytest.approx(math.radians(4) ** 2 / 0.01)
    assert row["sigma_m"] == pytest.approx(0.1)
    assert not answers.is_wrong(row)


def test_a_pose_is_wrong_by_metres_by_degrees_or_where_there_is_none() -> None:
    right = TURN.T
    turned = cv2.Rodrigues(np.array([0, math.radians(6), 0]))[0] @ right
    assert answers.is_wrong(answers.judged(answer([1.0, 2.0, 3.6], right), shot()))
    assert answers.is_wrong(answers.judged(answer([1.0, 2.0, 3.0], turned), shot()))
    assert answers.is_wrong(answers.judged(answer([1.0, 2.0, 3.0], right), shot(None)))
    lost = answer([1.0, 2.0, 3.0], right) | {"position": None, "state": "lost"}
    assert not answers.is_wrong(answers.judged(lost, shot(None)))


def test_a_degraded_pose_that_says_so_is_counted_apart() -> None:
    honest = answer([1.0, 2.0, 3.6], TURN.T, "degraded", level_m=0.7, level_deg=2.0)
    rows = [answers.judged(a, shot()) for a in (honest, honest | {"level_m": 0.5}, honest | {"state": "localized"})]
    found = tables.figures(rows)
    assert (found["wrong"], found["covered"], found["withheld"]) == (2, 1, 0)
    assert tables.consistency(rows)["beyond_level"] == 1


def test_pictures_keep_their_size_and_are_the_same_again() -> None:
    image = np.random.default_rng(2).integers(0, 255, (48, 64)).astype(np.uint8)
    assert np.array_equal(pictures.rolled(pictures.rolled(image, 0.25), 0.75), image)
    assert np.array_equal(pictures.mirrored(pictures.mirrored(image)), image)
    assert np.array_equal(pictures.torn(image, image), image)
    for name in ("noise", "moved"):
        function = {"noise": lambda r: pictures.noisy(image, 40, r), "moved": lambda r: pictures.moved(image, r)}[name]
        first, again = (function(kinds.seed(name, "a")) for _ in range(2))
        assert first.shape == image.shape and np.array_equal(first, again)
        assert not np.array_equal(first, image)


def test_every_kind_has_a_name_of_its_own_and_can_be_chosen() -> None:
    names = [k.name for k in kinds.all_kinds()]
    assert len(set(names)) == len(names)
    assert [k.name for k in kinds.chosen("drive")] == ["drive"]
    assert [k.name for k in kinds.chosen("focal")] == [n for n in names if n.startswith("focal")]
    with pytest.raises(SystemExit, match="no kind begins with 'nothing'"):
        kinds.chosen("nothing")


def test_a_drive_is_frozen_restarted_and_thinned_as_its_kind_says(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    frames = range(60)
    for i in frames:
        cv2.imwrite(str(tmp_path / f"images/{i:03}.png"), np.full((6, 8), i, np.uint8))
    (tmp_path / "cameras.txt").write_text(f"1 {CAMERA.line()}\n")
    (tmp_path / "poses.txt").write_text("".join(f"{i:03}.png 1 {POSE.row()}\n" for i in frames))
    (tmp_path / "split.txt").write_text("".join(f"{i:03}.png query\n" for i in frames))
    subject = kinds.Subject(PosedSet(tmp_path), [], None)
    by_name = {k.name: k for k in kinds.all_kinds()}
    frozen = [int(s.pixels[0, 0]) for s in by_name["drive-frozen"].shots(subject)]
    # Half of so short a drive is a cycle.
    assert frozen[:18] == list(range(18)) and set(frozen[18:30]) == {17} and frozen[30] == 30
    restart = [(int(s.pixels[0, 0]), s.before) for s in by_name["drive-restart"].shots(subject)]
    assert [i for i, event in restart if event] == [36] and len(restart) == 60 - 8 - 4
    short = kinds.Subject(PosedSet(tmp_path), [], 5)
    assert [s.before for s in by_name["drive-kill"].shots(short)] == [""] * 5 + ["kill"] + [""] * 3
    stale = [int(s.pixels[0, 0]) for s in by_name["drive-stale"].shots(subject)]
    assert stale[12:15] == [12, 7, 14]


def test_the_diagram_counts_what_misleads(tmp_path: Path) -> None:
    rows = [answers.judged(answer([1.0, 2.0, 3.0 + e], TURN.T), shot()) for e in (0.01, 0.3, 0.6)]
    counts = diagram.draw(tmp_path / "d.png", {"clean": rows})
    assert counts == {"published": 3, "misleading": 1, "is_sigma": True}
    assert cv2.imread(str(tmp_path / "d.png")) is not None
