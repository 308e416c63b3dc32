"""The last place over restarts: tried first, checked, and ignored where it cannot be used."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import read_roles, read_truth
from service import first_pose, log, poses, position


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder with frames of the second drive far from its first twenty, and their names."""
    folder = tmp_path_factory.mktemp("elsewhere")
    truth = read_truth(SAMPLE)
    queries = [name for name, role in read_roles(SAMPLE).items() if role == "query"]
    start = truth[queries[0]].position
    names = sorted(queries, key=lambda name: -math.dist(truth[name].position, start))[:6]
    assert math.dist(truth[names[-1]].position, start) > 15
    for index, name in enumerate(names):
        (folder / f"{index:03d}.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    return folder, names


def test_killed_and_restarted_it_begins_at_its_last_place(start, queries: Path, messages, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    arguments = ["--frames", queries, "--rate", 10, "--loop", "--state", state]
    first = start(*arguments)
    _, before = first_pose(messages, first.endpoint, 20)
    end = time.monotonic() + 10
    while not (state / "last-place.json").exists():
        assert time.monotonic() < end, "no place was saved while driving"
        time.sleep(0.05)
    first.process.kill()
    first.process.wait()
    began = time.monotonic()
    second = start(*arguments)
    came, after = first_pose(messages, second.endpoint, 20)
    assert came - began < 2, f"first pose {came - began:.2f} s after the restart"
    assert after.session_id != before.session_id
    assert after.evidence.source == messages.SOURCE_CACHED_PLACE, "the place was tried first"
    assert after.latencies.global_descriptor_ns > 0, "and checked against retrieval"
    code, took = second.stop()
    assert (code, took < 1) == (0, True)
    assert "trying the last place" in log(second)
    assert [p.name for p in state.iterdir()] == ["last-place.json"]


def test_a_vehicle_that_was_moved_meanwhile_gets_no_wrong_pose(
    start, queries: Path, elsewhere: tuple[Path, list[str]], messages, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    service = start("--frames", queries, "--rate", 10, "--loop", "--state", state)
    first_pose(messages, service.endpoint, 20)
    assert service.stop()[0] == 0
    folder, names = elsewhere
    service = start("--frames", folder, "--rate", 4, "--loop", "--state", state)
    truth = read_truth(SAMPLE)
    received = poses(messages, service.endpoint, 4)
    assert len(received) >= 4
    for _, message in received:
        name = names[message.frame_sequence % len(names)]
        assert math.dist(position(message), truth[name].position) < 0.5, name
    assert service.stop()[0] == 0


@pytest.mark.parametrize("damage", ["cut", "flipped", "another map", "a folder"])
def test_a_place_that_cannot_be_used_is_ignored_and_named(
    start, queries: Path, messages, tmp_path: Path, damage: str
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    service = start("--frames", queries, "--rate", 10, "--loop", "--state", state)
    first_pose(messages, service.endpoint, 20)
    assert service.stop()[0] == 0
    file = state / "last-place.json"
    text = file.read_text()
    match damage:
        case "cut":
            file.write_text(text[:100])
        case "flipped":
            file.write_text(text.replace('"keyframe":', '"keyframe":1', 1))
        case "another map":
            folder = tmp_path / "other"
            folder.mkdir()
            words = (tmp_path / "camera.yaml").read_text().split("[")
            (folder / "camera.yaml").write_text(
                f"{words[0]}[{float(words[1].split(',')[0]) + 0.01},{words[1].partition(',')[2]}"
            )
            service = start(
                "--frames", queries, "--rate", 10, "--loop", "--state", state, "--camera", folder / "camera.yaml"
            )
        case "a folder":
            file.unlink()
            file.mkdir()
    if damage != "another map":
        service = start("--frames", queries, "--rate", 10, "--loop", "--state", state)
    _, message = first_pose(messages, service.endpoint, 20)
    assert message.evidence.source == messages.SOURCE_RETRIEVAL
    assert service.stop()[0] == 0
    written = log(service)
    assert str(file) in written
    assert {"another map": "another calibration", "a folder": "damaged"}.get(damage, "damaged") in written
