"""hflocd as a service: the service manager's protocol, the watchdog, a camera that comes and goes, its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE, count, first_pose, receive, receive_frames


@pytest.mark.parametrize("abstract", [False, True])
def test_tells_the_service_manager(start, round_trip: Path, abstract: bool) -> None:
    options = {"address": f"@hfloc-test-{os.getpid()}"} if abstract else {}
    service = start("--frames", round_trip, "--rate", 10, "--loop", **options)
    service.wait_ready()

    def is_told() -> bool:
        statuses = [what for _, what in service.said if what.startswith("STATUS=")]
        localized = any("localized" in status and "frames/s" in status for status in statuses)
        return localized and len(service.times("WATCHDOG=1")) >= 4

    service.listen_until(is_told)
    assert len(service.times("READY=1")) == 1
    assert service.stop() == 0
    assert service.times("STOPPING=1")


def test_a_hung_loop_starves_the_watchdog(start, camera: dict[str, str]) -> None:
    service = start("--device", "/dev/fake-camera", **camera, FAKE_CAMERA_FAULT="hang@15")
    # Fed twice a second, then no more.
    service.listen_until(lambda: bool(meals := service.times("WATCHDOG=1")) and time.monotonic() > meals[-1] + 3)
    assert service.stop() == 70


def test_a_camera_that_waits_for_frames_feeds_the_watchdog(start, camera: dict[str, str]) -> None:
    service = start("--device", "/dev/fake-camera", **camera, FAKE_CAMERA_FAULT="silence@5")
    service.wait_ready()
    # The camera is silent after its fifth frame, half a second from the start.
    service.listen_until(lambda: len(service.times("WATCHDOG=1")) >= 8)


def test_localizes_a_camera_and_survives_its_loss(start, camera: dict[str, str], messages) -> None:
    service = start(
        "--device",
        "/dev/fake-camera",
        **camera,
        FAKE_CAMERA_FORMAT="YUYV",
        FAKE_CAMERA_FAULT="unplug@20",
        FAKE_CAMERA_AWAY="1500",
    )
    first_pose(messages, service.endpoint)
    received = receive(messages, service.endpoint, lambda received: received[-1].state == messages.STATE_NO_CAMERA)
    received += receive(messages, service.endpoint, lambda received: count(received, messages.STATE_LOCALIZED) >= 10)
    assert not any(m.HasField("pose") for m in received if m.state == messages.STATE_NO_CAMERA)
    assert received[-1].frames.reopened == 1
    service.wait_ready()
    assert service.stop() == 0


def test_messages_account_for_every_frame(start, round_trip: Path, messages) -> None:
    service = start("--frames", round_trip, "--rate", 10, "--loop")
    received = receive_frames(messages, service.endpoint, 20)
    frames = [m for m in received if m.capture_monotonic_ns]
    assert [m.sequence for m in received] == list(range(received[0].sequence, received[0].sequence + len(received)))
    for a, b in zip(frames, frames[1:]):
        missed = (b.frames.skipped + b.frames.dropped) - (a.frames.skipped + a.frames.dropped)
        assert b.frame_sequence == a.frame_sequence + 1 + missed
    last = frames[-1]
    assert abs(last.capture_wall_ns * 1e-9 - time.time()) < PATIENCE
    assert last.publish_monotonic_ns >= last.capture_monotonic_ns
    assert last.latencies.total_ns == last.publish_monotonic_ns - last.capture_monotonic_ns
    assert last.map_id and last.model_id and len(last.calibration_id) == 64 and last.boot_id
    assert len({m.session_id for m in received}) == 1
    for message in frames:
        if message.HasField("pose"):
            covariance = message.pose.covariance
            assert len(covariance) == 36
            assert all(covariance[6 * i + j] == covariance[6 * j + i] for i in range(6) for j in range(6))
            assert all(0 < covariance[7 * i] < 1 for i in range(6))
            q = message.pose.orientation
            assert abs(q.w**2 + q.x**2 + q.y**2 + q.z**2 - 1) < 1e-9


def test_two_daemons_do_not_share_an_endpoint(start, round_trip: Path) -> None:
    first = start("--frames", round_trip, "--rate", 10, "--loop")
    first.wait_ready()
    command = [*first.process.args, "--check"]
    assert subprocess.run(command, env=os.environ | {"HFLOC_MODEL": str(MODEL)}, check=False).returncode == 0
    second = subprocess.run(
        command[:-1], env=os.environ | {"HFLOC_MODEL": str(MODEL)}, check=False, capture_output=True, text=True
    )
    assert second.returncode == 69
    assert "in use" in second.stderr and second.stderr.count("\n") == 1
    assert first.process.poll() is None


def test_exit_codes(programs: Path, sample_map: Path, queries: Path, tmp_path: Path) -> None:
    """Each wrong input: one line that names it, and its code."""
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    good = {
        "map": sample_map,
        "camera.calibration": tmp_path / "camera.yaml",
        "camera.folder": queries,
        "publish": f"ipc://{tmp_path}/x",
    }
    small, text = tmp_path / "small.yaml", tmp_path / "text"
    small.write_text("model: PINHOLE\nwidth: 320\nheight: 240\nparameters: [200, 200, 160, 120]\n")
    text.write_text("not a map, not a model, not a camera: at all\n" * 20)
    cases = [
        ({}, 0, ""),
        ({"map": tmp_path / "no.map"}, 66, "no.map"),
        ({"map": text}, 65, str(text)),
        ({"map": MODEL}, 65, str(MODEL)),
        ({"model": tmp_path / "no.model"}, 66, "no.model"),
        ({"model": sample_map}, 65, str(sample_map)),
        ({"camera.calibration": tmp_path / "no.yaml"}, 66, "no.yaml"),
        ({"camera.calibration": text}, 78, str(text)),
        ({"camera.calibration": small}, 65, "320x240"),
        ({"camera.folder": tmp_path / "no"}, 66, "/no"),
        ({"camera.folder": tmp_path}, 66, "no images"),
        ({"publish": "tcp://0.0.0.0:5556"}, 78, "0.0.0.0"),
        ({"camera.rate": "-1"}, 78, "configuration.yaml:7: field 'camera.rate': -1 is out of range"),
        ({"camera.colour": "red"}, 78, "configuration.yaml:7: field 'camera.colour': unknown"),
    ]
    for change, code, naming in cases:
        fields = good | {"model": MODEL} | change
        lines = [f"{key}: {value}" for key, value in fields.items() if "." not in key] + ["camera:"]
        lines += [f"  {key[7:]}: {value}" for key, value in fields.items() if key.startswith("camera.")]
        configuration = tmp_path / "configuration.yaml"
        configuration.write_text("\n".join(lines) + "\n")
        command = [str(programs / "hflocd"), "--check", "--config", str(configuration)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == code, (change, done.returncode, done.stderr)
        assert done.stderr.count("\n") == (code != 0), done.stderr
        assert naming in done.stderr, (naming, done.stderr)
    missing_directory = [*command[:1], "--config", str(configuration), "--publish", "ipc:///no/such/folder/x"]
    configuration.write_text("\n".join(lines[:-1]) + "\n")
    done = subprocess.run(missing_directory, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 69 and "/no/such/folder" in done.stderr, done.stderr


def test_listeners(start, hfloc, round_trip: Path, messages) -> None:
    """`hfloc listen` and the Python subscriber print what is published."""
    service = start("--frames", round_trip, "--rate", 10, "--loop")
    first_pose(messages, service.endpoint)
    text = hfloc("listen", service.endpoint, "--count", 3, "--timeout", PATIENCE)
    assert text.returncode == 0 and len(text.stdout.splitlines()) == 3 and "localized" in text.stdout
    lines = hfloc("listen", service.endpoint, "--count", 3, "--timeout", PATIENCE, "--json").stdout.splitlines()
    decoded = [json.loads(line) for line in lines]
    assert all(d["state"] == "STATE_LOCALIZED" and len(d["pose"]["covariance"]) == 36 for d in decoded)
    path = f"{Path(messages.__file__).parents[2]}"
    command = [sys.executable, str(ROOT / "tools/examples/subscribe.py"), service.endpoint]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True) as python:
        patience = threading.Timer(PATIENCE, python.kill)
        patience.start()
        printed = [python.stdout.readline() for _ in range(3)]
        patience.cancel()
        python.kill()
    assert all("camera" in line for line in printed) and "used" in printed[-1], printed
    nobody = hfloc("listen", "ipc:///tmp/hfloc-nobody", "--timeout", 0.2)
    assert nobody.returncode == 69 and nobody.stderr.count("\n") == 1
