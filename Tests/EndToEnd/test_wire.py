"""The wire as its users see it: every endpoint of a running hflocd, read by other programs' libraries; keys, floods and garbage."""

from __future__ import annotations

import importlib
import json
import math
import os
import re
import socket as sockets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zmq
from conftest import ROOT, SAMPLE
from drive import messages_module, read_roles, write_camera_file
from service import MODEL



@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory):
    """The Python modules of the .proto files."""
    localization = sys.modules.get("hfloc.v1.localization_pb2") or messages_module(tmp_path_factory.mktemp("messages"))

    class Messages:
        pass

    Messages.localization = localization
    for name in ("status", "control", "record", "odometry"):
        setattr(Messages, name, importlib.import_module(f"hfloc.v1.{name}_pb2"))
    return Messages


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first twenty frames of the second drive, which all are on the map."""
    folder = tmp_path_factory.mktemp("frames")
    names = [name for name, role in read_roles(SAMPLE).items() if role == "query"][:20]
    for index, name in enumerate(names):
        (folder / f"{index:03d}.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    return folder


class Wire:
    """A running hflocd with every endpoint, and a client for each."""

    def __init__(self, program: Path, folder: Path, sample_map: Path, frames: Path, extra: str = "", **environment: str) -> None:
        self.folder = folder
        write_camera_file(SAMPLE, folder / "camera.yaml")
        (folder / "configuration.yaml").write_text(
            f"map: {sample_map}\nmodel: {MODEL}\npublish: ipc://{folder}/pose\nrecord: ipc://{folder}/record\n"
            f"json: ipc://{folder}/json\ncontrol: ipc://{folder}/control\n"
            f"camera: {{folder: {frames}, rate: 10, loop: true, calibration: camera.yaml}}\n{extra}"
        )
        self.process = subprocess.Popen(
            [str(program), "--config", str(folder / "configuration.yaml")],
            env=os.environ | environment,
            stderr=(folder / "journal").open("w"),
            text=True,
        )
        self.context = zmq.Context()
        self.number = 0

    def journal(self) -> str:
        return (self.folder / "journal").read_text()

    def address(self, name: str) -> str:
        return f"ipc://{self.folder}/{name}"

    def subscribe(self, address: str, conflate: bool = False, topic: bytes = b"", timeout: int = 5000, **options: object) -> zmq.Socket:
        subscriber = self.context.socket(zmq.SUB)
        if conflate:
            subscriber.setsockopt(zmq.CONFLATE, 1)
        subscriber.linger, subscriber.rcvtimeo, subscriber.reconnect_ivl = 0, timeout, 20
        for name, value in options.items():
            setattr(subscriber, name, value)
        subscriber.subscribe(topic)
        subscriber.connect(address if "://" in address else self.address(address))
        return subscriber

    def asker(self, kind: int = zmq.REQ) -> zmq.Socket:
        socket = self.context.socket(kind)
        socket.linger, socket.rcvtimeo, socket.reconnect_ivl = 0, 5000, 20
        socket.connect(self.address("control"))
        return socket

    def ask(self, messages, socket: zmq.Socket | None = None, **command: object):
        """Ask as a REQ socket does, and check that the answer is to this request."""
        own = socket or self.asker()
        self.number += 1
        own.send(messages.control.ControlRequest(request_id=self.number, **command).SerializeToString())
        reply = messages.control.ControlReply.FromString(own.recv())
        assert reply.request_id == self.number
        if not socket:
            own.close()
        return reply

    def wait_localized(self, messages, timeout: float = 20) -> None:
        subscriber = self.subscribe("pose")
        end = time.monotonic() + timeout
        while messages.localization.Localization.FromString(subscriber.recv()).state != messages.localization.STATE_LOCALIZED:
            assert time.monotonic() < end
        subscriber.close()

    def close(self) -> None:
        self.context.destroy(linger=0)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@pytest.fixture
def wire(programs: Path, sample_map: Path, queries: Path, tmp_path: Path) -> Iterator:
    """Starts a Wire, with these lines added to its configuration."""
    started: list[Wire] = []

    def run(extra: str = "", frames: Path = queries, **environment: str) -> Wire:
        started.append(Wire(programs / "hflocd", tmp_path, sample_map, frames, extra, **environment))
        return started[-1]

    yield run
    for service in started:
        service.close()


def drain(socket: zmq.Socket, seconds: float) -> list[list[bytes]]:
    """All that comes for so long."""
    end, got = time.monotonic() + seconds, []
    while (left := end - time.monotonic()) > 0:
        if socket.poll(int(left * 1000)):
            got.append(socket.recv_multipart())
    return got


def test_record_and_json_say_the_same(wire, messages) -> None:
    from google.protobuf import json_format

    service = wire()
    service.wait_localized(messages)
    record, text = service.subscribe("record"), service.subscribe("json")
    time.sleep(0.3)
    recorded = drain(record, 3)
    spoken = drain(text, 0.5)
    types = {
        b"localization": messages.localization.Localization,
        b"status": messages.status.Status,
        b"camera_info": messages.record.CameraInfo,
        b"event": messages.record.Event,
    }
    by_key = {}
    numbers: dict[bytes, list[int]] = {}
    for topic, header, payload in recorded:
        head = messages.record.RecordHeader.FromString(header)
        assert head.encoding == "protobuf" and head.schema == types[topic].DESCRIPTOR.full_name and head.boot_id and head.session_id
        numbers.setdefault(topic, []).append(head.sequence)
        message = types[topic].FromString(payload)
        if topic == b"localization":
            assert not message.retained
            by_key[message.sequence] = message
    assert {b"localization", b"status", b"camera_info"} <= numbers.keys()
    sequence = numbers[b"localization"]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence))) and len(sequence) >= 5
    assert 2 <= len(numbers[b"status"]) <= 8
    compared = 0
    for topic, header, payload in spoken:
        head = json_format.Parse(header, messages.record.RecordHeader())
        assert head.encoding == "json" and head.schema == types[topic].DESCRIPTOR.full_name
        message = json_format.Parse(payload, types[topic]())
        # The other way round as well: google.protobuf's own JSON of the message is ours.
        assert json_format.MessageToDict(message, preserving_proto_field_name=True) == json.loads(payload)
        if topic == b"localization" and message.sequence in by_key:
            assert message == by_key[message.sequence]
            compared += 1
    assert compared >= 3


def test_golden_files(messages) -> None:
    """The committed bytes of each message, read by google.protobuf: no unknown field, and the committed JSON is its own."""
    from google.protobuf import json_format
    from google.protobuf.unknown_fields import UnknownFieldSet

    folder = ROOT / "Tests/PublishingTests/Golden"
    types = {
        "Localization": messages.localization.Localization,
        "Status": messages.status.Status,
        "ControlReply": messages.control.ControlReply,
        "CameraInfo": messages.record.CameraInfo,
        "Event": messages.record.Event,
    }
    assert {path.stem for path in folder.glob("*.pb")} == types.keys()
    for name, kind in types.items():
        data = (folder / f"{name}.pb").read_bytes()
        message = kind.FromString(data)
        assert not UnknownFieldSet(message)
        assert kind.FromString(message.SerializeToString()) == message
        written = json_format.MessageToDict(message, preserving_proto_field_name=True)
        assert len(written) == len(kind.DESCRIPTOR.fields) - (name == "ControlReply"), name
        path = folder / f"{name}.json"
        assert path.exists() == (name != "ControlReply")
        if path.exists():
            assert written == json.loads(path.read_text())


def test_late_joiners(wire, messages, tmp_path: Path) -> None:
    """While no frames come, who subscribes gets the last message at once, also with CONFLATE."""
    frames = tmp_path / "few"
    frames.mkdir()
    name = next(name for name, role in read_roles(SAMPLE).items() if role == "query")
    (frames / "0.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    service = wire(frames=frames)
    configuration = service.folder / "configuration.yaml"
    service.close()
    configuration.write_text(configuration.read_text().replace("loop: true", "loop: false"))
    service.process = subprocess.Popen([*service.process.args], stderr=subprocess.DEVNULL)
    service.context = zmq.Context()
    time.sleep(2.5)  # its one frame is long done: a message a second says so
    waits = []
    for conflate in (True, False, True, False):
        start = time.monotonic()
        subscriber = service.subscribe("pose", conflate=conflate)
        message = messages.localization.Localization.FromString(subscriber.recv())
        waits.append(time.monotonic() - start)
        assert message.state == messages.localization.STATE_NO_CAMERA
        subscriber.close()
    # A heartbeat alone would take half a second on average.
    assert sorted(waits)[2] < 0.35, waits


def test_status_and_control(wire, hfloc, messages, sample_map: Path, tmp_path: Path) -> None:
    service = wire()
    service.wait_localized(messages)
    control = f"--control={service.address('control')}"
    time.sleep(1.5)
    status = service.ask(messages, get_status={}).status
    assert status.state == messages.localization.STATE_LOCALIZED and status.protocol_version == 1 and status.daemon_version
    assert status.map.path == str(sample_map) and status.calibration.path.endswith("camera.yaml")
    assert status.resident_bytes > 1e6 and status.poses > 5 and 0 < status.cpu_share < 16
    stages = {messages.status.Stage.Name(x.stage): x for x in status.latencies}
    total = stages["STAGE_TOTAL"].since_start
    assert 0 < total.p50_ns <= total.p99_ns <= total.max_ns and total.count > 5
    assert status.clock.synchronization != 0
    shown = hfloc("status", control)
    assert shown.returncode == 0 and "localized" in shown.stdout and "MB resident" in shown.stdout, shown.stderr
    decoded = json.loads(hfloc("status", control, "--json").stdout)
    assert decoded["state"] == "STATE_LOCALIZED" and decoded["map"]["path"] == str(sample_map)

    events = service.subscribe("record", topic=b"event")
    time.sleep(0.2)
    assert hfloc("relocalize", control).returncode == 0
    assert hfloc("reload", control).returncode == 0
    again = tmp_path / "again.hfmap"
    again.write_bytes(sample_map.read_bytes())
    assert hfloc("load-map", str(again), control).returncode == 0
    refused = hfloc("load-map", str(MODEL), control)
    assert refused.returncode == 65 and refused.stderr.count("\n") == 1 and str(MODEL) in refused.stderr
    assert service.ask(messages, get_status={}).status.map.path == str(again)
    kinds = {messages.record.Event.FromString(frames[2]).kind for frames in drain(events, 1)}
    wanted = ("RELOCALIZATION_ASKED", "CONFIGURATION_RELOADED", "MAP_LOADED", "MAP_REFUSED")
    assert kinds >= {messages.record.Event.Kind.Value("KIND_" + name) for name in wanted}

    for wrong, field in (
        ({"load_map": {"path": "relative"}}, "load_map.path"),
        ({"set_prior": {"position": {"x": 1}, "orientation": {"w": 0.5}, "position_sigma_m": 1, "rotation_sigma_rad": 1}}, "set_prior.orientation"),
        ({"set_prior": {"orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1, "frame": "wheel"}}, "set_prior.frame"),
    ):
        reply = service.ask(messages, **wrong)
        assert not reply.ok and field in reply.error, reply.error
    assert hfloc("set-prior", control, "--", 0, 0, 0, 1, 0, 0, 0).returncode == 0
    assert hfloc("shutdown", control).returncode == 0
    assert service.process.wait(timeout=3) == 0
    gone = hfloc("status", control, "--timeout", 0.3)
    assert gone.returncode == 69 and gone.stderr.count("\n") == 1


def test_vehicle_and_odometry(wire, messages) -> None:
    """base_pose and map_from_odom, computed again here with matrices."""
    translation, rotation = [1.2, 0.1, 1.5], [0.5, -0.5, 0.5, -0.5]
    extra = (
        f"vehicle: {{base_frame: body, odom_frame: wheels, base_from_camera: {{translation: {translation}, rotation: {rotation}}}}}\n"
        "odometry: ipc://ODOMETRY\n"
    )
    # The address is the folder's, which only the service knows.
    service = wire(extra.replace("ODOMETRY", f"/tmp/hfloc-odometry-{os.getpid()}"))
    sender = service.context.socket(zmq.PUB)
    sender.linger, sender.reconnect_ivl = 0, 20
    sender.connect(f"ipc:///tmp/hfloc-odometry-{os.getpid()}")
    poses = service.subscribe("pose")

    def matrix(t, q) -> np.ndarray:
        w, x, y, z = q
        result = np.eye(4)
        result[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
        result[:3, 3] = t
        return result

    def of(pose) -> np.ndarray:
        p, q = pose.position, pose.orientation
        return matrix([p.x, p.y, p.z], [q.w, q.x, q.y, q.z])

    def odometry(time_ns: int) -> np.ndarray:
        angle = 0.1 * time_ns * 1e-9 % (2 * math.pi)
        return matrix([time_ns * 1e-9 % 1000, 5, 0], [math.cos(angle / 2), 0, 0, math.sin(angle / 2)])

    base_from_camera = matrix(translation, rotation)
    checked, end = 0, time.monotonic() + 15
    while checked < 20 and time.monotonic() < end:
        now = time.monotonic_ns()
        angle = 0.1 * now * 1e-9 % (2 * math.pi)
        message = messages.odometry.Odometry(monotonic_ns=now)
        message.position.x, message.position.y = now * 1e-9 % 1000, 5
        message.orientation.w, message.orientation.z = math.cos(angle / 2), math.sin(angle / 2)
        sender.send(message.SerializeToString())
        time.sleep(0.01)
        while poses.poll(0):
            pose = messages.localization.Localization.FromString(poses.recv())
            if not pose.HasField("pose"):
                assert not pose.HasField("base_pose") and not pose.HasField("map_from_odom")
                continue
            assert pose.base_frame == "body" and pose.odom_frame == "wheels" and len(pose.base_pose.covariance) == 36
            map_from_base = of(pose.pose) @ np.linalg.inv(base_from_camera)
            assert np.allclose(of(pose.base_pose), map_from_base, atol=1e-9)
            if pose.HasField("map_from_odom"):
                t, q = pose.map_from_odom.translation, pose.map_from_odom.rotation
                map_from_odom = matrix([t.x, t.y, t.z], [q.w, q.x, q.y, q.z])
                assert np.allclose(map_from_odom @ odometry(pose.capture_monotonic_ns), map_from_base, atol=2e-3)
                checked += 1
    assert checked >= 20


def test_keys(wire, hfloc, messages, tmp_path: Path) -> None:
    """Beyond this machine: the right key is let in; a wrong one, none, and plain text are not."""
    for name in ("daemon", "friend", "stranger"):
        made = hfloc("keys", "generate", tmp_path / name)
        assert made.returncode == 0 and re.fullmatch(r"\S{40}\n", made.stdout), made.stderr
    assert (tmp_path / "daemon.secret").stat().st_mode & 0o777 == 0o600
    assert hfloc("keys", "generate", tmp_path / "daemon").returncode == 73, "an existing key is never replaced"
    (tmp_path / "clients").write_text(f"; who may listen\n{(tmp_path / 'friend.public').read_text().strip()} planner\n")
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = wire("security: {secret_key: daemon.secret, allow: clients}\n")
    service.close()
    configuration = tmp_path / "configuration.yaml"
    configuration.write_text(configuration.read_text().replace(f"publish: ipc://{tmp_path}/pose", f"publish: ['ipc://{tmp_path}/pose', 'tcp://0.0.0.0:{port}']"))
    service.process = subprocess.Popen([*service.process.args], stderr=subprocess.DEVNULL)
    service.context = zmq.Context()
    service.wait_localized(messages)  # ipc needs no key

    def key(name: str) -> bytes:
        return (tmp_path / name).read_text().split()[0].encode()

    def heard(secret: str | None, server: str = "daemon.public") -> bool:
        options = {} if secret is None else {"curve_secretkey": key(secret), "curve_publickey": zmq.curve_public(key(secret)), "curve_serverkey": key(server)}
        subscriber = service.subscribe(f"tcp://127.0.0.1:{port}", timeout=1500, **options)
        try:
            return bool(messages.localization.Localization.FromString(subscriber.recv()).sequence)
        except zmq.Again:
            return False
        finally:
            subscriber.close()

    assert heard("friend.secret")
    assert not heard("stranger.secret")
    assert not heard(None)
    assert not heard("friend.secret", "stranger.public")
    listen = ("listen", f"tcp://127.0.0.1:{port}", "--count", 2, "--timeout", 3, "--server-key", tmp_path / "daemon.public", "--key")
    assert hfloc(*listen, tmp_path / "friend.secret").returncode == 0
    assert hfloc(*listen, tmp_path / "stranger.secret").returncode == 69


def test_addresses_are_refused_with_their_line(programs: Path, sample_map: Path, queries: Path, tmp_path: Path) -> None:
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    lines = [f"map: {sample_map}", f"model: {MODEL}", f"publish: ipc://{tmp_path}/x", f"camera: {{folder: {queries}, calibration: camera.yaml}}"]
    cases = [
        (["record: tcp://0.0.0.0:5557"], 5, "record"),
        (["", "control: tcp://127.0.0.1:5557"], 6, "control"),
        (["odometry: ipc:///run/x"], 5, "odometry"),
        (["vehicle:", "  base_from_camera: {translation: [0, 0, 0], rotation: [2, 0, 0, 0]}"], 6, "vehicle.base_from_camera.rotation"),
        (["vehicle:", "  base_from_camera: {translation: [0, 0], rotation: [1, 0, 0, 0]}"], 6, "vehicle.base_from_camera.translation"),
    ]
    for extra, line, field in cases:
        (tmp_path / "c.yaml").write_text("\n".join(lines + extra) + "\n")
        done = subprocess.run([str(programs / "hflocd"), "--check", "--config", str(tmp_path / "c.yaml")], capture_output=True, text=True, check=False)
        assert done.returncode == 78 and f"c.yaml:{line}: field '{field}'" in done.stderr, done.stderr


def test_garbage_harms_nobody(wire, messages) -> None:
    """Random bytes on raw sockets, wrong messages, floods: the poses go on, and requests are answered."""
    service = wire("vehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n" f"odometry: ipc:///tmp/hfloc-garbage-{os.getpid()}\n")
    service.wait_localized(messages)
    paths = [str(service.folder / name) for name in ("pose", "record", "json", "control")] + [f"/tmp/hfloc-garbage-{os.getpid()}"]
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
    received = [messages.localization.Localization.FromString(frames[0]) for frames in drain(service.subscribe("pose"), 4)]
    stamps = [m.sequence for m in received if not m.retained]
    assert len(stamps) >= 4 and stamps == list(range(stamps[0], stamps[0] + len(stamps)))
    assert service.ask(messages, get_status={}).ok
    assert service.process.poll() is None


def test_a_stalled_subscriber_reads_a_fresh_pose(wire, messages) -> None:
    """With the documented options, after 3 s of other work: less than two frames old, and nothing stale behind it."""
    service = wire()
    service.wait_localized(messages)
    sys.path.insert(0, str(ROOT / "tools"))
    subscriber = importlib.import_module("subscribe").connect(service.address("pose"))
    subscriber.recv()
    # Who never stalls knows which message is the newest.
    reference = service.subscribe("pose")
    reference.recv()
    for stall in (0.5, 3.0, 1.7):
        time.sleep(stall)
        newest = messages.localization.Localization.FromString(drain(reference, 0.05 + stall / 100)[-1][0]).sequence
        for index in range(3):
            message = messages.localization.Localization.FromString(subscriber.recv())
            # A frame may have come between the two readings.
            assert newest - 1 <= message.sequence - index, (newest, message.sequence, index)
            age = time.monotonic() - message.capture_monotonic_ns * 1e-9
            assert age < 2 * 0.1 + message.latencies.total_ns * 1e-9, age
    subscriber.close()


def test_subscriber_in_cpp(wire, messages, tmp_path: Path) -> None:
    subprocess.run([str(ROOT / "tools/subscribers/build"), str(tmp_path / "cpp")], check=True)
    service = wire()
    service.wait_localized(messages)
    done = subprocess.run([str(tmp_path / "cpp/subscribe"), service.address("pose"), "5"], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 5 and all(words[1] == "LOCALIZED" and len(words) >= 12 for words in lines)
    assert all(float(words[words.index("age") + 1]) < 500 for words in lines)


def test_a_step_of_the_wall_clock_disturbs_no_pose(wire, messages, tmp_path: Path) -> None:
    """An hour's jump of CLOCK_REALTIME: capture_wall_ns follows, and nothing else notices."""
    source = tmp_path / "step.c"
    source.write_text(
        "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <time.h>\n#include <unistd.h>\n"
        "int clock_gettime(clockid_t clock, struct timespec *time) {\n"
        "  static int (*real)(clockid_t, struct timespec *);\n"
        '  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");\n'
        f'  int result = real(clock, time);\n  if (clock == CLOCK_REALTIME && access("{tmp_path}/stepped", 0) == 0) time->tv_sec += 3600;\n'
        "  return result;\n}\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", str(source), "-o", str(tmp_path / "step.so"), "-ldl"], check=True)
    service = wire(LD_PRELOAD=str(tmp_path / "step.so"))
    service.wait_localized(messages)
    poses, record = service.subscribe("pose"), service.subscribe("record", topic=b"event")
    before = [messages.localization.Localization.FromString(f[0]) for f in drain(poses, 2.5)]
    (tmp_path / "stepped").touch()
    after = [messages.localization.Localization.FromString(f[0]) for f in drain(poses, 2.5)][1:]
    assert all(m.state == messages.localization.STATE_LOCALIZED for m in before + after)
    offsets = [m.capture_wall_ns - m.capture_monotonic_ns for m in before + after]
    assert abs(offsets[-1] - offsets[0] - 3600e9) < 1e8
    assert max(offsets[: len(before)]) - min(offsets[: len(before)]) < 1e7 and max(offsets[len(before) :]) - min(offsets[len(before) :]) < 1e7
    assert [m.reset_counter for m in before + after] == [before[0].reset_counter] * (len(before) + len(after)) or after[0].reset_counter == before[-1].reset_counter
    # The same picture has the same pose, on either side of the step.
    places: dict[int, list[np.ndarray]] = {}
    for m in before + after:
        places.setdefault(m.frame_sequence % 20, []).append(np.array([m.pose.position.x, m.pose.position.y, m.pose.position.z]))
    assert max(np.linalg.norm(p - q[0]) for q in places.values() for p in q) < 0.2
    kinds = [messages.record.Event.FromString(f[2]).kind for f in drain(record, 0.5)]
    assert messages.record.Event.KIND_CLOCK_STEPPED in kinds
