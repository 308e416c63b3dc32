"""Recordings: what hflocd and hfloc write, what other programs read of it, and replays equal to the last bit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
import zmq
from conftest import SAMPLE
from service import PATIENCE
from test_camera import write_frames

mcap_reader = pytest.importorskip("mcap.reader")
decoders = pytest.importorskip("mcap_protobuf.decoder")

TOPICS = {"/recording", "/localizer_state", "/frame", "/localization", "/status", "/camera_info", "/event"}
VEHICLE = "vehicle: {base_from_camera: {translation: [1.2, 0.1, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}}\n"


def decoded(path: Path) -> dict[str, list]:
    """Every message of a file, taken apart by PyPI's mcap by the file's own schemas, by topic."""
    found: dict[str, list] = {}
    with path.open("rb") as stream:
        reader = mcap_reader.make_reader(stream, validate_crcs=True, decoder_factories=[decoders.DecoderFactory()])
        for _, channel, _, message in reader.iter_decoded_messages():
            found.setdefault(channel.topic, []).append(message)
        summary = reader.get_summary()
        assert summary.statistics.message_count == sum(map(len, found.values()))
        assert {c.topic for c in summary.channels.values()} >= set(found)
    return found


def recorded(service, protocol, condition) -> None:
    """Wait until the recording holds enough."""
    service.wait_status(protocol, lambda status: condition(status.recording))


class Sender:
    """Sends what a vehicle sends, until it is stopped."""

    def __init__(self, context: zmq.Context, protocol, addresses: dict[str, str]) -> None:
        self.protocol, self.sockets = protocol, {}
        for name, address in addresses.items():
            self.sockets[name] = context.socket(zmq.PUB)
            self.sockets[name].linger, self.sockets[name].reconnect_ivl = 0, 20
            self.sockets[name].connect(address)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            now = time.monotonic_ns()
            odometry = self.protocol.odometry.Odometry(monotonic_ns=now)
            odometry.position.x, odometry.orientation.w = now * 1e-9 % 1000, 1
            self.sockets["odometry"].send(odometry.SerializeToString())
            position = self.protocol.sensors.Position(
                monotonic_ns=now, latitude_deg=48.1, longitude_deg=11.6, height_m=520, covariance=[1, 0, 0] * 3
            )
            self.sockets["position"].send(position.SerializeToString())
            imu = self.protocol.sensors.Imu(monotonic_ns=now)
            imu.linear_acceleration.z = 9.81
            self.sockets["imu"].send(imu.SerializeToString())

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()
        for socket in self.sockets.values():
            socket.close()


@pytest.mark.parametrize("how", ["at the start", "on request"])
def test_a_replay_gives_the_same_poses_to_the_last_bit(wire, hfloc, protocol, tmp_path: Path, how: str) -> None:
    names = ("odometry", "position", "imu")
    sockets = {name: f"ipc:///tmp/hfloc-recording-{os.getpid()}-{name}" for name in names}
    at_start = how == "at the start"
    service = wire(
        VEHICLE
        + "".join(f"{name}: {address}\n" for name, address in sockets.items())
        + f"recording: {{folder: recordings, at_start: {str(at_start).lower()}, file_time: 3}}\n"
    )
    control = f"--control={service.address('control')}"
    sender = Sender(service.context, protocol, sockets)
    try:
        if not at_start:
            service.wait_localized(protocol)
            assert hfloc("recording", "start", control).returncode == 0
        recorded(service, protocol, lambda recording: recording.images >= 15)
        # Commands, and what follows from them, belong to the recording.
        assert service.ask(protocol, relocalize={}).ok
        prior = {"orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1}
        assert service.ask(protocol, set_prior=prior).ok
        recorded(service, protocol, lambda recording: recording.images >= 30 and recording.files >= 2)
        assert service.ask(protocol, reload={}).ok
        recorded(service, protocol, lambda recording: recording.images >= 45)
    finally:
        sender.stop()
    stopped = hfloc("recording", "stop", control)
    assert stopped.returncode == 0 and ", 0 dropped" in stopped.stdout, stopped.stderr
    files = sorted((tmp_path / "recordings").iterdir())
    assert len(files) >= 3

    replayed = hfloc("replay", *files)
    answers = replayed.stderr.splitlines()[-1]
    count = int(answers.split()[1])
    assert replayed.returncode == 0 and count >= 45, replayed.stderr
    assert f"{count} frames: {count} answers equal the recording's, 0 differ, 0 are not compared" in answers, answers
    assert replayed.stdout.count("\n") == count and "DIFFERS" not in replayed.stdout
    # A later file stands alone.
    last = hfloc("replay", files[-1], "--json")
    assert last.returncode == 0 and " 0 differ, 0 are not compared" in last.stderr, last.stderr
    assert any("map_from_odom" in json.loads(line) for line in last.stdout.splitlines())

    everything: dict[str, list] = {}
    for file in files:
        for topic, messages in decoded(file).items():
            everything.setdefault(topic, []).extend(messages)
    assert set(everything) >= TOPICS | {"/camera/compressed", "/command", "/odometry", "/position", "/imu"}
    assert len(everything["/frame"]) == len(everything["/camera/compressed"]) == count
    assert everything["/position"][0].latitude_deg == 48.1 and everything["/imu"][0].linear_acceleration.z == 9.81
    assert everything["/camera/compressed"][0].format == "jpeg"
    info = hfloc("recording", "info", files[0])
    assert info.returncode == 0 and "/camera/compressed" in info.stdout and "whole" in info.stdout, info.stderr
    assert json.loads(hfloc("recording", "info", files[0], "--json").stdout)["whole"] is True


@pytest.mark.parametrize("pixels", ["MJPG", "YUYV"])
def test_a_cameras_recording_is_replayed(
    start, hfloc, camera: dict[str, str], queries: Path, protocol, tmp_path: Path, pixels: str
) -> None:
    """A part of twice the size, halved: the images are the camera's, and the poses those of the part."""
    write_frames(queries, tmp_path / "frames.bin", 2, pixels == "MJPG")
    fields = "size: [1280, 960]\n  crop: [128, 96, 1088, 800]\n  reduction: 2"
    (tmp_path / "configuration.yaml").write_text(
        f"camera:\n  device: /dev/fake-camera\n  {fields}\nrecording: {{folder: recordings, at_start: true}}\n"
    )
    environment = {
        "FAKE_CAMERA_SIZE": "1280x960",
        "FAKE_CAMERA_FRAMES": str(tmp_path / "frames.bin"),
        "FAKE_CAMERA_FORMAT": pixels,
    }
    service = start("--config", tmp_path / "configuration.yaml", **(camera | environment))
    service.wait_ready()
    file = next((tmp_path / "recordings").iterdir())
    end = time.monotonic() + PATIENCE
    while file.stat().st_size < (2_000_000 if pixels == "MJPG" else 8_000_000):
        assert time.monotonic() < end
        service.listen(0.2)
    assert service.stop() == 0
    replayed = hfloc("replay", file, "--quiet")
    assert replayed.returncode == 0 and " 0 differ, 0 are not compared" in replayed.stderr, replayed.stderr
    topics = decoded(file)
    image = topics["/camera/compressed" if pixels == "MJPG" else "/camera/raw"][0]
    if pixels == "MJPG":
        assert image.format == "jpeg" and image.data[:2] == b"\xff\xd8" and topics["/frame"][0].view.reduction == 2
    else:
        assert (image.width, image.height, image.encoding) == (544, 400, "mono8")


def test_a_killed_daemons_recording_is_read_and_repaired(wire, hfloc, protocol, tmp_path: Path) -> None:
    service = wire("recording: {folder: recordings, at_start: true}\n")
    recorded(service, protocol, lambda recording: recording.images >= 20 and recording.written_bytes > 500_000)
    service.process.send_signal(signal.SIGKILL)
    service.process.wait()
    file = next((tmp_path / "recordings").iterdir())
    cut = hfloc("recording", "info", file)
    assert cut.returncode == 2 and "repair" in cut.stdout
    before = hfloc("replay", file, "--quiet")
    assert before.returncode == 0 and " 0 differ" in before.stderr, before.stderr
    mended = hfloc("recording", "repair", file)
    assert mended.returncode == 0 and "messages kept" in mended.stdout, mended.stderr
    assert hfloc("recording", "info", file).returncode == 0
    assert set(decoded(file)) >= TOPICS - {"/status"}
    assert "nothing to repair" in hfloc("recording", "repair", file).stdout


def test_a_disk_that_fills_ends_the_recording_alone(wire, hfloc, protocol, tmp_path: Path) -> None:
    """The files may not be larger than a megabyte: the system then refuses what comes."""
    service = wire("recording: {folder: recordings}\n")
    service.wait_localized(protocol)
    control = f"--control={service.address('control')}"
    subprocess.run(["prlimit", f"--pid={service.process.pid}", "--fsize=1000000"], check=True)
    assert hfloc("recording", "start", control).returncode == 0
    recorded(service, protocol, lambda recording: not recording.active)
    status = service.ask(protocol, get_status={}).status
    assert "cannot be written" in status.recording.problem
    assert any(problem.text == status.recording.problem for problem in status.problems)
    assert "the recording has ended" in service.journal()
    service.wait_localized(protocol)
    file = next((tmp_path / "recordings").iterdir())
    assert file.stat().st_size <= 1_000_000
    shown = hfloc("recording", "info", file)
    assert "/camera/compressed" in shown.stdout
    # What was recorded before is good.
    assert " 0 differ" in hfloc("replay", file, "--quiet").stderr


def test_record_without_a_map_then_extract_and_import(
    hfloc, programs: Path, queries: Path, sample_map: Path, tmp_path: Path
) -> None:
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    camera = tmp_path / "camera.yaml"
    made = hfloc("record", tmp_path / "made", "--frames", queries, "--rate", 20, "--camera", camera)
    assert made.returncode == 0 and made.stdout.endswith(", 0 dropped\n"), made.stderr
    file = next((tmp_path / "made").iterdir())
    topics = decoded(file)
    count = len(topics["/camera/compressed"])
    assert count >= 3 and topics["/recording"][0].cause == 5
    out = tmp_path / "out"
    assert hfloc("recording", "extract", file, "--output", out).returncode == 0
    images = sorted(path.name for path in (out / "images").glob("*.jpg"))
    assert len(images) == count and (out / "camera.yaml").read_bytes() == camera.read_bytes()
    assert len((out / "images/timestamps.txt").read_text().splitlines()) == count
    assert hfloc("recording", "extract", file, "--output", out).returncode == 73
    again = hfloc("recording", "import", out / "images", "--output", tmp_path / "again", "--camera", camera)
    assert again.returncode == 0 and f"{count} images" in again.stdout, again.stderr
    copied = decoded(next((tmp_path / "again").iterdir()))
    assert [m.data for m in copied["/camera/compressed"]] == [m.data for m in topics["/camera/compressed"]]
    stamps = [m.capture_monotonic_ns for m in topics["/frame"]]
    assert [m.capture_monotonic_ns for m in copied["/frame"]] == stamps
    # A recording without a daemon is localized in any map.
    replayed = hfloc("replay", file, "--map", sample_map, "--json")
    states = [json.loads(line)["state"] for line in replayed.stdout.splitlines()]
    assert replayed.returncode == 0 and states.count("STATE_LOCALIZED") > count // 2, replayed.stderr
    assert f"{count} frames: 0 answers equal" in replayed.stderr
    missing = hfloc("recording", "import", tmp_path / "none.mp4", "--output", tmp_path / "video")
    assert missing.returncode == 66
    if shutil.which("ffmpeg") is None:
        (tmp_path / "film.mp4").write_bytes(b"no film")
        refused = hfloc("recording", "import", tmp_path / "film.mp4", "--output", tmp_path / "video")
        assert refused.returncode == 69 and "ffmpeg" in refused.stderr


def test_what_is_no_recording_is_refused(hfloc, tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_text("no recording")
    for command in (["recording", "info"], ["recording", "repair"], ["replay"]):
        refused = hfloc(*command, tmp_path / "a.mcap")
        assert refused.returncode == 65 and "is no MCAP file" in refused.stderr
    assert hfloc("replay", tmp_path / "none.mcap").returncode == 66
    assert hfloc("record", tmp_path / "out").returncode == 64
