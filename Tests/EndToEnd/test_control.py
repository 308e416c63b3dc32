"""Asking a running hflocd: status, another place, another map; and asking it nonsense."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket as sockets
import time
from pathlib import Path

import numpy as np
import zmq
from service import MODEL, PATIENCE, Desk, first_pose, poses, receive
from wire import take, take_some


def test_status_and_control(wire, hfloc, protocol, sample_map: Path, tmp_path: Path) -> None:
    service = wire()
    service.wait_localized(protocol)
    control = f"--control={service.address('control')}"
    service.wait_status(protocol, lambda status: status.poses > 5 and status.latencies and status.cpu_share > 0)
    status = service.ask(protocol, get_status={}).status
    assert (
        status.state == protocol.localization.STATE_LOCALIZED and status.protocol_version == 1 and status.daemon_version
    )
    assert status.map.path == str(sample_map) and status.calibration.path.endswith("camera.yaml")
    assert status.resident_bytes > 1e6 and status.poses > 5 and 0 < status.cpu_share < 16
    stages = {protocol.status.Stage.Name(x.stage): x for x in status.latencies}
    total = stages["STAGE_TOTAL"].since_start
    assert 0 < total.p50_ns <= total.p99_ns <= total.max_ns and total.count > 5
    assert status.clock.synchronization != 0
    shown = hfloc("status", control)
    assert shown.returncode == 0 and "localized" in shown.stdout and "MB resident" in shown.stdout, shown.stderr
    decoded = json.loads(hfloc("status", control, "--json").stdout)
    assert decoded["state"] == "STATE_LOCALIZED" and decoded["map"]["path"] == str(sample_map)

    events = service.subscribe("record", topic=b"event")
    # A new subscriber gets the last status at once: then its subscription is in force.
    take_some(service.subscribe("record", topic=b"status"), 1)
    assert hfloc("relocalize", control).returncode == 0
    assert hfloc("reload", control).returncode == 0
    again = tmp_path / "again.hfmap"
    again.write_bytes(sample_map.read_bytes())
    assert hfloc("load-map", str(again), control).returncode == 0
    refused = hfloc("load-map", str(MODEL), control)
    assert refused.returncode == 65 and refused.stderr.count("\n") == 1 and str(MODEL) in refused.stderr
    assert service.ask(protocol, get_status={}).status.map.path == str(again)
    names = ("RELOCALIZATION_ASKED", "CONFIGURATION_RELOADED", "MAP_LOADED", "MAP_REFUSED")
    wanted = {protocol.record.Event.Kind.Value("KIND_" + name) for name in names}
    take(events, lambda got: {protocol.record.Event.FromString(frames[2]).kind for frames in got} >= wanted)

    for wrong, field in (
        ({"load_map": {"path": "relative"}}, "load_map.path"),
        (
            {
                "set_prior": {
                    "position": {"x": 1},
                    "orientation": {"w": 0.5},
                    "position_sigma_m": 1,
                    "rotation_sigma_rad": 1,
                }
            },
            "set_prior.orientation",
        ),
        (
            {"set_prior": {"orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1, "frame": "wheel"}},
            "set_prior.frame",
        ),
    ):
        reply = service.ask(protocol, **wrong)
        assert not reply.ok and field in reply.error, reply.error
    assert hfloc("set-prior", control, "--", 0, 0, 0, 1, 0, 0, 0).returncode == 0
    assert hfloc("shutdown", control).returncode == 0
    assert service.process.wait(timeout=PATIENCE) == 0
    gone = hfloc("status", control, "--timeout", 0.3)
    assert gone.returncode == 69 and gone.stderr.count("\n") == 1


def test_who_asks_a_daemon_that_has_ended_learns_where_to_look(wire, hfloc, protocol, tmp_path: Path) -> None:
    service = wire()
    service.wait_localized(protocol)
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(timeout=PATIENCE)
    ended = ("no answer within 0.3 s: hflocd does not run", "systemctl list-units 'hflocd@*'")
    (tmp_path / "left").touch()
    held = sockets.socket(sockets.AF_UNIX)
    held.bind(f"{tmp_path}/held")
    held.listen(8)
    cases = [
        (service.address("control"), ended),
        (
            "ipc:///run/hfloc/no-such-camera/control",
            ("systemctl status hflocd@no-such-camera", "journalctl --unit hflocd@no-such-camera"),
        ),
        (f"ipc://{tmp_path}/left", ended),
        (f"ipc://{tmp_path}/held", ("hflocd is busy, or hangs",)),
        ("tcp://127.0.0.1:9", ("is hflocd running",)),
    ]
    for endpoint, words in cases:
        done = hfloc("status", f"--control={endpoint}", "--timeout=0.3")
        assert done.returncode == 69 and done.stdout == "" and done.stderr.count("\n") == 1, (endpoint, done.stderr)
        for text in words:
            assert text in done.stderr, (endpoint, done.stderr)
    held.close()


def test_requests(start, round_trip: Path, sample_map: Path, messages, control, tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--frames", round_trip, "--rate", 10, "--loop", "--control", endpoint)
    message = first_pose(messages, service.endpoint)
    desk = Desk(control, endpoint)

    end = time.monotonic() + PATIENCE
    while (status := desk.ask(get_status={}).status).poses < 12 or not (status.latencies and status.cpu_share):
        assert time.monotonic() < end, status
        time.sleep(0.2)
    assert status.state == messages.STATE_LOCALIZED and "localized" in status.reason
    assert status.map.path == str(sample_map) and status.map.id == message.map_id
    assert status.model.id == message.model_id and status.calibration.id == message.calibration_id
    assert status.session_id == message.session_id and status.uptime_ns > 1e9
    assert 10e6 < status.resident_bytes < 200e6
    assert 0 < status.cpu_share < 64
    stages = {entry.stage for entry in status.latencies}
    total = next(entry for entry in status.latencies if entry.stage == 8).since_start
    assert stages >= {1, 2, 5, 6, 7, 8} and total.count >= 2
    assert 0 < total.p50_ns <= total.p99_ns <= total.max_ns
    assert status.place.cached and status.place.keyframe_name

    resets = first_pose(messages, service.endpoint).reset_counter
    assert desk.ask(relocalize={}).ok
    # The drive begins again after its last frame, which counts as well.
    received = receive(messages, service.endpoint, lambda received: received[-1].reset_counter > resets)

    p, q = received[-1].pose.position, received[-1].pose.orientation
    prior = {"position": {"x": p.x, "y": p.y, "z": p.z}, "orientation": {"w": q.w, "x": q.x, "y": q.y, "z": q.z}}
    assert desk.ask(set_prior=prior | {"position_sigma_m": 1, "rotation_sigma_rad": 0.1}).ok
    receive(messages, service.endpoint, lambda received: received[-1].reset_counter > resets + 1)
    refused = desk.ask(set_prior=prior | {"position_sigma_m": -1, "rotation_sigma_rad": 0.1})
    assert not refused.ok and "position_sigma_m" in refused.error

    assert desk.ask(shutdown={}).ok
    assert service.process.wait(timeout=PATIENCE) == 0


def test_another_map_is_taken_without_a_gap_and_a_bad_one_is_refused(
    start, round_trip: Path, sample_map: Path, messages, control, tmp_path: Path
) -> None:
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--frames", round_trip, "--rate", 10, "--loop", "--control", endpoint)
    first_pose(messages, service.endpoint)
    desk = Desk(control, endpoint)
    damaged, text = tmp_path / "damaged.hfmap", tmp_path / "text"
    damaged.write_bytes(sample_map.read_bytes()[:100_000])
    text.write_text("this is no map\n" * 100)
    for path in (damaged, text, tmp_path / "nowhere", MODEL, tmp_path):
        reply = desk.ask(load_map={"path": str(path)})
        assert not reply.ok and str(path) in reply.error, reply.error
        assert reply.status.map.path == str(sample_map)
        assert [p.kind for p in reply.status.problems].count(2) == 1, "BAD_MAP"
        assert reply.status.state in (messages.STATE_LOCALIZED, messages.STATE_DEGRADED)
    other = tmp_path / "other.hfmap"
    shutil.copy(sample_map, other)
    desk._socket.send(control.ControlRequest(request_id=99, load_map={"path": str(other)}).SerializeToString())
    answered: list[int] = []

    def after_the_answer(received: list) -> bool:
        if desk._socket.poll(timeout=0):
            answered.append(len(received))
        return bool(answered) and len(received) >= answered[0] + 10

    received = [m for m in receive(messages, service.endpoint, after_the_answer) if m.capture_monotonic_ns]
    reply = control.ControlReply.FromString(desk._socket.recv())
    assert reply.ok and reply.status.map.path == str(other)
    assert all(p.kind != 2 for p in reply.status.problems)
    assert all(m.HasField("pose") for m in received)
    assert [m.sequence for m in received] == list(range(received[0].sequence, received[0].sequence + len(received)))
    other.unlink()
    assert poses(messages, service.endpoint, 3)
    assert service.stop() == 0


def test_garbage_harms_nobody(wire, protocol) -> None:
    """Random bytes on raw sockets, wrong protocol, floods: the poses go on, and requests are answered."""
    service = wire(
        "vehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n"
        f"odometry: ipc:///tmp/hfloc-garbage-{os.getpid()}\n"
    )
    service.wait_localized(protocol)
    paths = [str(service.folder / name) for name in ("pose", "record", "json", "control")] + [
        f"/tmp/hfloc-garbage-{os.getpid()}"
    ]
    random = np.random.default_rng(4)
    greeting = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01NULL" + bytes(48)
    for round_ in range(40):
        for path in paths:
            raw = sockets.socket(sockets.AF_UNIX)
            raw.settimeout(1)
            try:
                raw.connect(path)
                raw.sendall((greeting if round_ % 2 else b"") + random.bytes(int(random.integers(1, 4000))))
            except OSError:
                pass
            raw.close()
    flood = service.asker(zmq.DEALER)
    flood.sndtimeo = 100
    for index in range(3000):
        try:
            flood.send(random.bytes(200) if index % 3 else b"x" * 100_000)
        except zmq.Again:
            break
    topics = service.subscribe("pose")
    for index in range(1000):
        topics.subscribe(b"%d" % index * 50)
    received = [
        protocol.localization.Localization.FromString(frames[0]) for frames in take_some(service.subscribe("pose"), 8)
    ]
    stamps = [m.sequence for m in received if not m.retained]
    assert len(stamps) >= 4 and stamps == list(range(stamps[0], stamps[0] + len(stamps)))
    assert service.ask(protocol, get_status={}).ok
    assert service.process.poll() is None
