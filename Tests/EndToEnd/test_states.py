"""Every state that hflocd names, as a subscriber that was there first sees it: what arrives, in which words, and how it
ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
import zmq
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE

EXTENSIONS = ("pose", "record", "json", "control")


class Watch:
    """An hflocd, and subscribers with the documented options that wait for it since long before it starts."""

    def __init__(
        self, program: Path, folder: Path, protocol, configuration: dict[str, object], **environment: str
    ) -> None:
        self.protocol, self.folder = protocol, folder
        self.poses, self.statuses, self.events, self.spoken, self.answers = [], [], [], [], []
        self._context, self._stop = zmq.Context(), threading.Event()
        addresses = {name: f"ipc://{folder}/{name}" for name in EXTENSIONS}
        fields = {
            "publish": addresses["pose"],
            "record": addresses["record"],
            "json": addresses["json"],
            "control": addresses["control"],
        }
        lines = [f"{key}: {value}\n" for key, value in (fields | configuration).items()]
        (folder / "states.yaml").write_text("".join(lines))
        self._listener = threading.Thread(target=self._listen, args=(addresses,))
        self._listener.start()
        time.sleep(2.5)  # the subscribers now pause a whole second between two attempts to connect
        command = [program, "--config", folder / "states.yaml"]
        self.process = subprocess.Popen(command, env=os.environ | environment, stderr=(folder / "journal").open("w"))

    def _subscriber(self, address: str, conflate: bool = False) -> zmq.Socket:
        socket = self._context.socket(zmq.SUB)
        socket.linger, socket.conflate = 0, conflate
        socket.reconnect_ivl, socket.reconnect_ivl_max = 50, 1000
        socket.subscribe(b"")
        socket.connect(address)
        return socket

    def _listen(self, addresses: dict[str, str]) -> None:
        pose = self._subscriber(addresses["pose"], conflate=True)
        record, text = self._subscriber(addresses["record"]), self._subscriber(addresses["json"])
        asker = self._context.socket(zmq.DEALER)
        asker.linger, asker.immediate, asker.reconnect_ivl, asker.sndtimeo = 0, 1, 50, 0
        asker.connect(addresses["control"])
        poller = zmq.Poller()
        for socket in (pose, record, text, asker):
            poller.register(socket, zmq.POLLIN)
        asked = 0.0
        while not self._stop.is_set():
            if not self.answers and time.monotonic() > asked + 0.5:
                asked = time.monotonic()
                with contextlib.suppress(zmq.Again):
                    asker.send(self.protocol.control.ControlRequest(request_id=1, get_status={}).SerializeToString())
            for socket, _ in poller.poll(50):
                frames = socket.recv_multipart()
                if socket is pose:
                    self.poses.append(self.protocol.localization.Localization.FromString(frames[0]))
                elif socket is asker:
                    self.answers.append(self.protocol.control.ControlReply.FromString(frames[0]))
                elif socket is text:
                    self.spoken.append((frames[0], json.loads(frames[2])))
                elif frames[0] == b"status":
                    self.statuses.append(self.protocol.status.Status.FromString(frames[2]))
                elif frames[0] == b"event":
                    self.events.append(self.protocol.record.Event.FromString(frames[2]))
        for socket in (pose, record, text, asker):
            socket.close()

    def wait_for(self, condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, (
                [m.state for m in self.poses[-20:]],
                [s.reason for s in self.statuses[-3:]],
                self.journal(),
            )
            time.sleep(0.02)

    def journal(self) -> str:
        return (self.folder / "journal").read_text()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._stop.set()
        self._listener.join()
        self._context.destroy(linger=0)


@pytest.fixture
def watch(programs: Path, protocol, sample_map: Path, round_trip: Path, tmp_path: Path):
    """Starts a Watch; what is given replaces fields of a good configuration."""
    started: list[Watch] = []
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")

    def run(changes: dict[str, object], **environment: str) -> Watch:
        good = {
            "map": sample_map,
            "model": MODEL,
            "camera": f"{{folder: {round_trip}, rate: 10, loop: true, calibration: camera.yaml}}",
        }
        started.append(Watch(programs / "hflocd", tmp_path, protocol, good | changes, **environment))
        return started[-1]

    yield run
    for one in started:
        one.close()


def folder_with_damage(sample_map: Path, tmp_path: Path) -> dict[str, Path]:
    cut = tmp_path / "cut.hfmap"
    cut.write_bytes(sample_map.read_bytes()[:100_000])
    small = tmp_path / "small.yaml"
    small.write_text(
        (tmp_path / "camera.yaml").read_text().replace("width: 640", "width: 320").replace("height: 480", "height: 240")
    )
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((tmp_path / "camera.yaml").read_text().replace("width: 640", "width: -640"))
    return {"cut": cut, "small": small, "wrong": wrong, "map": sample_map}


# What is changed in a good configuration, the state, the kind of the problem, the exit code, and what the words name.
STARTS = {
    "damaged map": ({"map": "{cut}"}, "STATE_BAD_MAP", "KIND_BAD_MAP", 65, "cut.hfmap"),
    "missing map": ({"map": "nowhere.hfmap"}, "STATE_BAD_MAP", "KIND_BAD_MAP", 66, "nowhere.hfmap"),
    "missing model": ({"model": "nowhere.safetensors"}, "STATE_BAD_MODEL", "KIND_BAD_MODEL", 66, "nowhere.safetensors"),
    "map as a model": ({"model": "{map}"}, "STATE_BAD_MODEL", "KIND_BAD_MODEL", 65, "sample.hfmap"),
    "camera file of another size": (
        {"camera": "{{folder: {frames}, calibration: small.yaml}}"},
        "STATE_BAD_CALIBRATION", "KIND_BAD_CALIBRATION", 65, "320x240"),
    "wrong camera file": (
        {"camera": "{{folder: {frames}, calibration: wrong.yaml}}"},
        "STATE_BAD_CALIBRATION", "KIND_BAD_CALIBRATION", 78, "wrong.yaml:2"),
    "no folder of images": (
        {"camera": "{{folder: /no/such, calibration: camera.yaml}}"},
        "STATE_FAULT", "KIND_BAD_CONFIGURATION", 66, "/no/such"),
    "no camera, but a file": (
        {"camera": "{{device: /dev/null, calibration: camera.yaml}}"},
        "STATE_FAULT", "KIND_BAD_CONFIGURATION", 78, "/dev/null"),
    "no such CPU": ({"real_time": "{{cpus: [1000]}}"}, "STATE_FAULT", "KIND_BAD_CONFIGURATION", 71, "real_time.cpus"),
}  # fmt: skip


@pytest.mark.parametrize("case", STARTS)
def test_what_cannot_start_says_so_before_it_ends(
    watch, protocol, sample_map: Path, queries: Path, tmp_path: Path, case: str
) -> None:
    changes, state, kind, code, naming = STARTS[case]
    paths = folder_with_damage(sample_map, tmp_path)
    service = watch({key: value.format(frames=queries, **paths) for key, value in changes.items()})
    assert service.process.wait(timeout=PATIENCE) == code, service.journal()
    service.wait_for(lambda: service.poses and service.statuses and service.answers and service.spoken)
    state, kind = protocol.localization.State.Value(state), protocol.status.Problem.Kind.Value(kind)

    assert {m.state for m in service.poses} == {state} and service.poses[0].session_id
    assert all(not m.HasField("pose") and not m.capture_monotonic_ns and m.publish_monotonic_ns for m in service.poses)
    for status in [service.statuses[-1], service.answers[-1].status]:
        assert status.state == state and naming in status.reason and str(code) in status.reason
        assert [problem.kind for problem in status.problems] == [kind] and naming in status.problems[0].text
        assert status.session_id == service.poses[0].session_id and status.protocol_version == 1
    assert any(topic == b"status" and naming in message["reason"] for topic, message in service.spoken)
    lines = service.journal().splitlines()
    assert len([line for line in lines if naming in line]) == 1, lines


def test_a_signal_ends_the_last_word(watch, tmp_path: Path) -> None:
    service = watch({"map": "nowhere.hfmap"})
    service.wait_for(lambda: "nowhere" in service.journal())
    service.process.terminate()
    assert service.process.wait(timeout=PATIENCE) == 66


def test_hfloc_status_of_a_daemon_that_cannot_start(watch, hfloc, tmp_path: Path) -> None:
    service = watch({"map": "nowhere.hfmap"})
    service.wait_for(lambda: (tmp_path / "control").exists())
    shown = hfloc("status", f"--control=ipc://{tmp_path}/control")
    assert shown.returncode == 1 and "bad map" in shown.stdout and "nowhere.hfmap" in shown.stdout, shown
    refused = hfloc("relocalize", f"--control=ipc://{tmp_path}/control", "--timeout", 0.3)
    assert refused.returncode in (65, 69) and "nowhere.hfmap" in refused.stderr or "no answer" in refused.stderr


def test_no_camera_then_localized(watch, camera: dict[str, str], protocol) -> None:
    """A camera that is unplugged after a while, and comes back: each state is named, and why."""
    fault = {"FAKE_CAMERA_FAULT": "unplug@15", "FAKE_CAMERA_AWAY": "2500"}
    service = watch({"camera": "{device: /dev/fake-camera, calibration: camera.yaml}"}, **camera, **fault)
    localization, seen = protocol.localization, lambda: [m.state for m in service.poses]
    service.wait_for(lambda: localization.STATE_NO_CAMERA in seen())
    service.wait_for(lambda: any(s.state == localization.STATE_NO_CAMERA for s in service.statuses))
    status = next(s for s in service.statuses if s.state == localization.STATE_NO_CAMERA)
    assert "no camera: /dev/fake-camera" in status.reason and protocol.status.Problem.KIND_NO_CAMERA in [
        p.kind for p in status.problems
    ]
    assert not status.camera.connected and status.camera.problem
    gone = seen().index(localization.STATE_NO_CAMERA)
    service.wait_for(lambda: localization.STATE_LOCALIZED in seen()[gone:])
    assert localization.STATE_LOCALIZED in seen()[:gone]
    service.wait_for(lambda: protocol.record.Event.KIND_CAMERA_FOUND in [event.kind for event in service.events])
    kinds = [event.kind for event in service.events]
    assert kinds.index(protocol.record.Event.KIND_CAMERA_LOST) < kinds.index(protocol.record.Event.KIND_CAMERA_FOUND)


def test_no_camera_from_the_start(watch, protocol) -> None:
    service = watch({"camera": "{device: /dev/no-such-camera, calibration: camera.yaml}"})
    state = protocol.localization.STATE_NO_CAMERA
    service.wait_for(
        lambda: (
            service.statuses
            and service.statuses[-1].state == state
            and service.poses
            and service.poses[-1].state == state
        )
    )
    assert "is the camera plugged in?" in service.statuses[-1].reason
    assert service.process.poll() is None


def test_a_camera_of_another_size(watch, camera: dict[str, str], protocol, tmp_path: Path) -> None:
    """There at the start, hflocd ends; one that comes later is named, and hflocd waits for the right one."""
    small = camera | {"FAKE_CAMERA_SIZE": "320x240"}
    del small["FAKE_CAMERA_FRAMES"]
    fields = {"camera": "{device: /dev/fake-camera, calibration: camera.yaml}"}
    service = watch(fields, **small)
    assert service.process.wait(timeout=PATIENCE) == 65, service.journal()
    service.wait_for(lambda: service.poses and service.statuses)
    assert service.poses[-1].state == protocol.localization.STATE_BAD_CALIBRATION
    assert "delivers 320x240 pixels where 640x480 are configured" in service.statuses[-1].reason
    service.close()
    late = watch(fields, **small, FAKE_CAMERA_LATE="1500")
    state = protocol.localization.STATE_BAD_CALIBRATION
    late.wait_for(lambda: any(s.state == state for s in late.statuses))
    assert late.poses[-1].state == state and late.process.poll() is None
    status = next(s for s in late.statuses if s.state == state)
    assert "delivers 320x240 pixels" in status.reason and [p.kind for p in status.problems if p.kind != 5] == [
        protocol.status.Problem.KIND_BAD_CALIBRATION
    ]
    assert protocol.localization.STATE_NO_CAMERA in [m.state for m in late.poses]


def test_lost_and_tracking(watch, queries: Path, protocol, tmp_path: Path) -> None:
    """Frames of the map, then pictures of nothing, and again: tracked, lost with its gate, found by retrieval."""
    cv2 = pytest.importorskip("cv2")
    import numpy as np

    frames = tmp_path / "mixed"
    frames.mkdir()
    names = sorted(queries.iterdir())
    for index in range(8):
        shutil.copy(names[index].resolve(), frames / f"{index:03d}.jpg")
        noise = np.random.default_rng(index).integers(0, 255, (480, 640), dtype=np.uint8)
        cv2.imwrite(str(frames / f"{index + 8:03d}.png"), cv2.GaussianBlur(noise, (0, 0), 3))
    service = watch({"camera": f"{{folder: {frames}, rate: 5, loop: true, calibration: camera.yaml}}"})
    localization = protocol.localization
    service.wait_for(lambda: len([m for m in service.poses if m.state == localization.STATE_LOST]) >= 8)
    service.wait_for(lambda: service.poses[-1].state == localization.STATE_LOCALIZED)
    for message in service.poses:
        if not message.capture_monotonic_ns:
            continue
        on_the_map = message.frame_sequence % 16 < 8
        assert (
            (message.state in (localization.STATE_LOCALIZED, localization.STATE_DEGRADED))
            == on_the_map
            == message.HasField("pose")
        )
        if not on_the_map:
            assert message.state == localization.STATE_LOST and message.evidence.failed_gate != localization.GATE_NONE
    sources = {m.evidence.source for m in service.poses if m.HasField("pose")}
    assert sources == {localization.SOURCE_CACHED_PLACE, localization.SOURCE_RETRIEVAL}
    lost = [s for s in service.statuses if s.state == localization.STATE_LOST]
    assert (
        lost
        and "lost: no pose passed the gate" in lost[0].reason
        and protocol.status.Problem.KIND_LOST in [p.kind for p in lost[0].problems]
    )
