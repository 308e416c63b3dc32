"""What retrieval is measured on: which answers are right, and what a camera sees."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from hfnet.retrieval_sets import Collection, View, lookalikes, scenes, sequence
from sampleworld import lookalikeset


def write(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for i in range(count):
        cv2.imwrite(str(folder / f"{i:02d}.png"), np.full((48, 64), 10 * i + 60, np.uint8))


def test_of_a_sequence_the_two_frames_on_either_side_are_right(tmp_path: Path) -> None:
    write(tmp_path / "street" / "images", 6)
    found = sequence(tmp_path, "street")
    assert found.alone
    assert np.flatnonzero(found.relevant[2]).tolist() == [0, 1, 3, 4]


def test_of_scenes_the_same_folder_is_right_but_not_the_picture_itself(tmp_path: Path) -> None:
    write(tmp_path / "a", 3), write(tmp_path / "b", 2), write(tmp_path / "wxbs", 2)
    found = scenes(tmp_path)
    assert found.relevant.sum(1).tolist() == [2, 2, 2, 1, 1]


def test_of_places_that_look_alike_those_within_two_metres_on_the_same_storey_are_right(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("hfnet.retrieval_sets.write_set", without_pictures)
    found = lookalikes(tmp_path, "corridor", 11)
    assert found.relevant.any(1).all()
    for query, right in zip(found.queries, found.relevant):
        answers = [found.answers[i].name for i in np.flatnonzero(right)]
        assert 2 <= len(answers) <= 4
        assert {name.split("_")[1] for name in answers} == {query.name.split("_")[1]}


def without_pictures(folder: Path, kind: str, seed: int) -> None:
    every = list(lookalikeset.places(kind, seed))
    (folder / "poses.txt").write_text("".join(place.line() + "\n" for place in every))
    (folder / "split.txt").write_text("".join(f"{place.name} {place.role}\n" for place in every))


def test_a_dark_camera_sees_the_second_visit_in_the_dark_and_the_same_each_time(tmp_path: Path) -> None:
    write(tmp_path / "a", 1)
    path, dark = tmp_path / "a" / "00.png", View(32, dark=True)
    seen = dark.seen(path, "queries")
    assert seen.shape == (24, 32)
    assert abs(float(seen.mean()) - 12) < 1
    assert np.array_equal(seen, dark.seen(path, "queries"))
    assert np.array_equal(dark.seen(path, "answers"), View(32).seen(path, "queries"))


def test_a_camera_of_which_the_program_refuses_the_pictures_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.zeros((97, 320), np.uint8))
    wide = Collection("wide", [path], [path], [[0]])
    assert not View(160).fits(wide)
    assert View(320).fits(wide)
