"""The last place over restarts: tried first, checked, and ignored where it cannot be used."""

from __future__ import annotations

import math
import subprocess
import time
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import read_roles, read_truth
from service import PATIENCE, first_pose, log, poses, position
from wire import drain


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder with frames of the second drive far from its first twenty, and their names."""
    folder = tmp_path_factory.mktemp("elsewhere")
    truth = read_truth(SAMPLE)
    queries = [name for name, role in read_roles(SAMPLE).items() if role == "query"]
    start = truth[queries[0]].position
    names = sorted(queries, key=lambda name: -math.dist(truth[name].position, start))[:12]
    assert math.dist(truth[names[-1]].position, start) > 15
    for index, name in enumerate(names):
        (folder / f"{index:03d}.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    return folder, names


def test_killed_and_restarted_it_begins_at_its_last_place(start, round_trip: Path, messages, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    arguments = ["--frames", round_trip, "--rate", 10, "--loop", "--state", state]
    first = start(*arguments)
    before = first_pose(messages, first.endpoint)
    end = time.monotonic() + PATIENCE
    while not (state / "last-place.json").exists():
        assert time.monotonic() < end, "no place was saved while driving"
        time.sleep(0.05)
    first.process.kill()
    first.process.wait()
    second = start(*arguments)
    after = first_pose(messages, second.endpoint)
    assert after.session_id != before.session_id
    assert after.evidence.source == messages.SOURCE_CACHED_PLACE, "the place is a claim"
    assert after.latencies.global_descriptor_ns > 0, "which retrieval must bear out"
    assert second.stop() == 0
    assert "trying the last place" in log(second)
    assert [p.name for p in state.iterdir()] == ["last-place.json"]


def test_a_vehicle_that_was_moved_meanwhile_gets_no_wrong_pose(
    start, round_trip: Path, elsewhere: tuple[Path, list[str]], messages, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    service = start("--frames", round_trip, "--rate", 10, "--loop", "--state", state)
    first_pose(messages, service.endpoint)
    assert service.stop() == 0
    folder, names = elsewhere
    service = start("--frames", folder, "--rate", 4, "--loop", "--state", state)
    truth = read_truth(SAMPLE)
    for message in poses(messages, service.endpoint, 8):
        name = names[message.frame_sequence % len(names)]
        assert math.dist(position(message), truth[name].position) < 0.5, name
    assert service.stop() == 0


@pytest.mark.parametrize("damage", ["cut", "flipped", "another map", "a folder"])
def test_a_place_that_cannot_be_used_is_ignored_and_named(
    start, round_trip: Path, messages, tmp_path: Path, damage: str
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    service = start("--frames", round_trip, "--rate", 10, "--loop", "--state", state)
    first_pose(messages, service.endpoint)
    assert service.stop() == 0
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
                "--frames", round_trip, "--rate", 10, "--loop", "--state", state, "--camera", folder / "camera.yaml"
            )
        case "a folder":
            file.unlink()
            file.mkdir()
    if damage != "another map":
        service = start("--frames", round_trip, "--rate", 10, "--loop", "--state", state)
    message = first_pose(messages, service.endpoint)
    assert message.evidence.source == messages.SOURCE_RETRIEVAL
    assert service.stop() == 0
    written = log(service)
    assert str(file) in written
    assert {"another map": "another calibration", "a folder": "damaged"}.get(damage, "damaged") in written


def test_a_restored_place_is_told_of_once(wire, protocol, queries: Path, tmp_path: Path) -> None:
    """As an event and in the status; a place that was found otherwise is not. The vehicle stands still."""
    frames = tmp_path / "still"
    frames.mkdir()
    (frames / "0.jpg").symlink_to(min(queries.iterdir()).resolve())
    restored, started = protocol.record.Event.KIND_PLACE_RESTORED, protocol.record.Event.KIND_STARTED
    state = tmp_path / "state"
    state.mkdir()
    still = "localizer:\n  gates:\n    maximum_repetitions: 1000000\n"
    service = wire(f"state: {state}\n{still}", frames=frames)
    events = service.subscribe("record", topic=b"event")

    def kinds(seconds: float) -> list[int]:
        """Of the events that came until now, and for so long."""
        time.sleep(seconds)
        return [protocol.record.Event.FromString(frames[2]).kind for frames in drain(events)]

    service.wait_localized(protocol)
    assert restored not in kinds(0.5)
    assert not service.ask(protocol, get_status={}).status.place.restore_confirmed
    for _ in range(5):
        service.process.terminate()
        assert service.process.wait(timeout=PATIENCE) == 0
        kinds(0.1)
        service.process = subprocess.Popen([*service.process.args], stderr=subprocess.DEVNULL)
        service.wait_localized(protocol)
        # The message may come before the frame loop has told the main thread of it.
        end = time.monotonic() + PATIENCE
        while not (place := service.ask(protocol, get_status={}).status.place).restore_confirmed:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert not place.restored
        told = kinds(1.5)
        # A subscriber that came too late for the first event may have missed the other one as well.
        if started in told:
            break
    assert told.count(restored) == 1


def test_a_stated_place_is_not_called_restored(wire, protocol, tmp_path: Path) -> None:
    """Pictures of nothing: what is stated stays unconfirmed for some frames."""
    cv2 = pytest.importorskip("cv2")
    import numpy as np

    frames = tmp_path / "nothing"
    frames.mkdir()
    for index in range(4):
        noise = np.random.default_rng(index).integers(0, 255, (480, 640), dtype=np.uint8)
        cv2.imwrite(str(frames / f"{index}.png"), cv2.GaussianBlur(noise, (0, 0), 3))
    service = wire(frames=frames)
    subscriber = service.subscribe("pose", timeout=60000)
    prior = {"position": {"x": 1}, "orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1}
    for _ in range(3):
        assert service.ask(protocol, set_prior=prior).ok
        for _ in range(3):
            message = protocol.localization.Localization.FromString(subscriber.recv())
            assert message.state == protocol.localization.STATE_LOST
            assert not service.ask(protocol, get_status={}).status.place.restored


@pytest.mark.parametrize("where", ["missing", "a file", "read-only", "full"])
def test_a_state_folder_that_cannot_be_used_stops_nothing(wire, protocol, tmp_path: Path, where: str) -> None:
    """As a field and as $STATE_DIRECTORY: it is said, and everything else goes on."""
    state, mounted = tmp_path / "state", None
    match where:
        case "a file":
            state.write_text("mine")
        case "read-only":
            state = Path("/proc")
        case "full":
            state.mkdir()
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "tmpfs", state], check=False)
            if mounted.returncode:
                pytest.skip("mounts a file system")
    try:
        kept = protocol.status.Problem.KIND_PLACE_NOT_KEPT
        localized = protocol.localization.STATE_LOCALIZED
        for field in (True, False):
            service = wire(f"state: {state}\n") if field else wire(STATE_DIRECTORY=str(state))
            service.wait_status(
                protocol, lambda status: status.state == localized and kept in [p.kind for p in status.problems]
            )
            status = service.ask(protocol, get_status={}).status
            assert str(state) in next(p for p in status.problems if p.kind == kept).text
            assert service.ask(protocol, reload={}).ok
            service.process.terminate()
            assert service.process.wait(timeout=PATIENCE) == 0
            assert service.journal().count("the last place is not kept") in (1, 2), "once, and once after the reload"
    finally:
        if mounted is not None:
            subprocess.run(["umount", state], check=True)
