"""hflocd over its life: reloads, frames that do not fit, memory, and a service manager that does not listen."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from conftest import ROOT
from service import PATIENCE, Desk, first_pose, log, poses, receive


def test_reload(start, round_trip: Path, messages, tmp_path: Path) -> None:
    """SIGHUP takes a good file over and names what waits; a wrong one changes nothing. Frames go on."""
    file = tmp_path / "hflocd.yaml"
    good = "localizer: {keypoints: 600}\nmap_frame: town\n"
    file.write_text("localizer: {keypoints: 900}\n")
    service = start("--config", file, "--frames", round_trip, "--rate", 10, "--loop")
    service.wait_ready()
    assert first_pose(messages, service.endpoint).map_frame == "map"

    file.write_text("localizer: {keypoints: 6}\nspeed: 3\n")
    service.process.send_signal(signal.SIGHUP)
    service.listen_until(lambda: len(service.times("READY=1")) == 2)
    assert service.times("RELOADING=1") and any(line.startswith("MONOTONIC_USEC=") for _, line in service.said)
    assert service.process.poll() is None

    file.write_text(good + "real_time: {lock_memory: true}\n")
    service.process.send_signal(signal.SIGHUP)
    received = receive(messages, service.endpoint, lambda received: sum(m.map_frame == "town" for m in received) >= 10)
    service.listen_until(lambda: len(service.times("READY=1")) == 3)
    frames = [m for m in received if m.capture_monotonic_ns]
    # The images begin again every two seconds: the first pose after that is a jump.
    lost = [m for m in frames if not m.HasField("pose")]
    assert all(m.evidence.failed_gate == messages.GATE_PREDICTION for m in lost), [(m.state, m.reason) for m in lost]
    assert 10 * len(lost) <= len(frames) + 10
    assert [m.sequence for m in frames] == list(range(frames[0].sequence, frames[0].sequence + len(frames)))
    assert frames[-1].evidence.keypoints <= 600
    assert service.stop() == 0
    written = log(service)
    assert "hflocd.yaml:1: field 'localizer.keypoints': 6 is out of range (allowed: 16...8192)" in written
    assert "hflocd.yaml:2: field 'speed': unknown" in written
    assert "real_time.lock_memory: waits for a restart" in written


def test_a_frame_of_another_size_is_a_bad_calibration(start, queries: Path, messages, tmp_path: Path) -> None:
    """The first image is checked at the start, a later one when it comes."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    names = sorted(queries.iterdir())
    # Nine: a picture that is one of the last eight again is none.
    for index in range(9):
        (folder / f"{index:03}.jpg").symlink_to(names[index].resolve())
    header = b"P5 320 240 255\n"
    (folder / "009.pgm").write_bytes(header + bytes(320 * 240))
    service = start("--frames", folder, "--rate", 4, "--loop")
    wanted = {messages.STATE_LOCALIZED, messages.STATE_BAD_CALIBRATION}
    receive(messages, service.endpoint, lambda received: wanted <= {m.state for m in received})
    service.listen_until(
        lambda: any("the frame has 320x240 pixels, the calibration 640x480" in line for _, line in service.said)
    )
    assert service.stop() == 0
    assert "the frame has 320x240 pixels, the calibration 640x480" in log(service)


def test_the_frame_path_allocates_nothing_and_memory_stays(
    start, camera: dict[str, str], messages, control, tmp_path: Path
) -> None:
    """One block per message is ZeroMQ's own. tools/check-slow does the same over 10,000 frames."""
    counter, count = tmp_path / "counter.so", tmp_path / "count"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O2", str(ROOT / "tools/benchmarks/allocations.c"), "-o", str(counter)], check=True
    )
    environment = camera | {
        "LD_PRELOAD": f"{counter}:{camera['LD_PRELOAD']}",
        "COUNT_ALLOCATIONS": f"hfloc-frames:{count}",
    }
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--device", "/dev/fake-camera", "--control", endpoint, **environment)
    first_pose(messages, service.endpoint)
    desk = Desk(control, endpoint)

    def allocated() -> int:
        count.unlink(missing_ok=True)
        service.process.send_signal(signal.SIGUSR2)
        end = time.monotonic() + PATIENCE
        while not (count.exists() and count.read_text().endswith("\n")):
            assert time.monotonic() < end
            time.sleep(0.01)
        return int(count.read_text())

    def status_after(messages_: int):
        end = time.monotonic() + PATIENCE
        while (status := desk.ask(get_status={}).status).messages < messages_:
            assert time.monotonic() < end
            time.sleep(0.2)
        return status

    # Nobody comes or goes meanwhile: a subscription costs ZeroMQ memory too. The status is asked for before the first
    # count and after the second, so that every allocation between the two belongs to a message between the two.
    before = status_after(30)
    allocations = allocated()
    status_after(before.messages + 20)
    later = allocated()
    after = status_after(0)
    frames = after.messages - before.messages
    assert frames >= 10
    assert (after.camera.pixel_format, after.camera.nominal_rate) == ("GREY", 10)
    assert later - allocations <= frames + 2, "the frame thread allocates"
    # The fake camera's pictures are in the same process: 12 MB.
    assert after.resident_bytes < 80e6 + 13e6
    # Pages of the map and of the pictures may still be touched for the first time.
    assert after.resident_bytes < before.resident_bytes + 8e6
    assert service.stop() == 0


def test_a_service_manager_that_does_not_read_holds_nothing_up(start, round_trip: Path, messages) -> None:
    """A Unix socket queues ten datagrams; after them a sender would wait."""
    service = start("--frames", round_trip, "--rate", 10, "--loop", watchdog_s=0.2)
    first_pose(messages, service.endpoint)
    time.sleep(3)  # fed five times a second, so that more than ten datagrams wait
    assert poses(messages, service.endpoint, 3)
    assert service.stop() == 0
