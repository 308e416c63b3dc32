"""The whole way: images, map, daemon, ZeroMQ, an independent subscriber."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import Frame, drive, read_roles, summarize


@pytest.fixture(scope="module")
def frames(programs: Path, sample_map: Path) -> list[Frame]:
    return list(drive(programs / "hflocd", SAMPLE, sample_map, rate=10))


def test_every_frame_gives_a_message_or_is_counted_as_skipped(frames: list[Frame]) -> None:
    names = [f.name for f in frames]
    assert len(set(names)) == len(names)
    drive = [name for name, role in read_roles(SAMPLE).items() if role != "map"]
    # A subscriber that joins late misses the first; a busy machine skips some.
    first, last = drive.index(names[0]), drive.index(names[-1])
    assert len(frames) + frames[-1].skipped - frames[0].skipped == last + 1 - first
    assert len(frames) >= len(drive) / 2, "too few to say anything"


def test_on_map_frames_are_localized(frames: list[Frame]) -> None:
    s = summarize(frames)
    assert s.within_10cm_1deg >= 0.95 * s.on_map, s
    assert s.worst_error_m < 0.5, s


def test_off_map_frames_are_never_published_as_localized(frames: list[Frame]) -> None:
    s = summarize(frames)
    assert s.off_map >= 10
    assert s.off_map_published == 0, s


def test_relocalized_within_three_frames_after_a_loss(frames: list[Frame]) -> None:
    assert 1 <= summarize(frames).frames_to_recover <= 3


def test_tracking_runs_the_local_branch_only(frames: list[Frame]) -> None:
    tracked = [f for f in frames if f.source == "cached_place"]
    assert len(tracked) > 0.8 * sum(f.on_map for f in frames)
    assert all(f.stages_ms["global_descriptor"] == 0 for f in tracked)
    assert all(f.stages_ms["global_descriptor"] > 0 for f in frames if f.source == "retrieval")


def test_a_pose_is_there_exactly_if_the_state_says_so(frames: list[Frame]) -> None:
    for frame in frames:
        assert (frame.pose is not None) == (frame.state in ("localized", "degraded")), frame


def test_evaluate_prints_the_figures(hfloc, sample_map: Path) -> None:
    done = hfloc("evaluate", SAMPLE, "--map", sample_map, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["localized"] >= 0.95 * report["queries"] > 0
    assert report["median_position_error_m"] < 0.05
    assert report["max_position_error_m"] < 0.5
    assert set(report) == {
        "queries", "localized", "median_position_error_m", "median_rotation_error_deg", "max_position_error_m",
        "max_rotation_error_deg", "recall", "consistency", "latency_ms", "failed", "calibration", "unused",
    }  # fmt: skip
