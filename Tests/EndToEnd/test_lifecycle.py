"""hflocd over its life: restarts at its last place, reloads, requests, another map, and what it says when it is asked."""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE
from drive import read_roles, read_truth
from service import MODEL, Service, receive


@pytest.fixture(scope="session")
def control(messages, tmp_path_factory: pytest.TempPathFactory):
    """The Python modules of requests and answers."""
    import importlib

    folder = Path(messages.__file__).parents[2]
    proto = ROOT / "Sources/Messages"
    names = ["hfloc/v1/status.proto", "hfloc/v1/control.proto"]
    subprocess.run(["protoc", f"--proto_path={proto}", f"--python_out={folder}", *names], check=True)
    importlib.invalidate_caches()
    return importlib.import_module("hfloc.v1.control_pb2")


class Desk:
    """Asks a daemon."""

    def __init__(self, control, endpoint: str) -> None:
        import zmq

        self._control, self._count = control, 0
        self._socket = zmq.Context.instance().socket(zmq.REQ)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.connect(endpoint)

    def ask(self, timeout_s: float = 20, **command):
        """The answer to a request such as `relocalize={}`."""
        self._count += 1
        request = self._control.ControlRequest(request_id=self._count, **command)
        self._socket.send(request.SerializeToString())
        assert self._socket.poll(timeout=int(timeout_s * 1000)), f"no answer to {command}"
        reply = self._control.ControlReply.FromString(self._socket.recv())
        assert reply.request_id == self._count
        return reply


def poses(messages, endpoint: str, seconds: float) -> list[tuple[float, object]]:
    return [(when, m) for when, m in receive(messages, endpoint, seconds) if m.HasField("pose")]


def first_pose(messages, endpoint: str, seconds: float) -> tuple[float, object]:
    """The first message with a pose, and when it came."""
    import zmq

    subscriber = zmq.Context.instance().socket(zmq.SUB)
    subscriber.setsockopt(zmq.SUBSCRIBE, b"")
    subscriber.setsockopt(zmq.RECONNECT_IVL, 5)
    subscriber.connect(endpoint)
    end = time.monotonic() + seconds
    try:
        while subscriber.poll(timeout=max(0, int((end - time.monotonic()) * 1000))):
            message = messages.Localization.FromString(subscriber.recv())
            if message.HasField("pose"):
                return time.monotonic(), message
    finally:
        subscriber.close(linger=0)
    raise AssertionError("no pose")


def position(message) -> tuple[float, float, float]:
    p = message.pose.position
    return p.x, p.y, p.z


def log(service: Service) -> str:
    """What it wrote, once it has ended."""
    return service.process.stderr.read()


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
def test_a_place_that_cannot_be_used_is_ignored_and_named(start, queries: Path, messages, tmp_path: Path, damage: str) -> None:
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
            (folder / "camera.yaml").write_text((tmp_path / "camera.yaml").read_text() + "# another calibration\n")
            service = start("--frames", queries, "--rate", 10, "--loop", "--state", state, "--camera", folder / "camera.yaml")
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


def test_reload(start, queries: Path, messages, tmp_path: Path) -> None:
    """SIGHUP takes a good file over and names what waits; a wrong one changes nothing. Frames go on."""
    file = tmp_path / "hflocd.yaml"
    good = "localizer: {keypoints: 600}\nmap_frame: town\n"
    file.write_text("localizer: {keypoints: 900}\n")
    service = start("--config", file, "--frames", queries, "--rate", 10, "--loop")
    service.wait_ready()
    assert first_pose(messages, service.endpoint, 10)[1].map_frame == "map"

    file.write_text("localizer: {keypoints: 6}\nspeed: 3\n")
    service.process.send_signal(signal.SIGHUP)
    service.listen(2)
    assert service.times("RELOADING=1") and any(line.startswith("MONOTONIC_USEC=") for _, line in service.said)
    assert len(service.times("READY=1")) == 2
    assert service.process.poll() is None

    file.write_text(good + "real_time: {lock_memory: true}\n")
    service.process.send_signal(signal.SIGHUP)
    received = receive(messages, service.endpoint, 6)
    service.listen(0.2)
    assert len(service.times("READY=1")) == 3
    assert received[-1][1].map_frame == "town"
    frames = [m for _, m in received if m.capture_monotonic_ns]
    assert all(m.HasField("pose") for m in frames), [m.state for m in frames]
    assert [m.sequence for m in frames] == list(range(frames[0].sequence, frames[0].sequence + len(frames)))
    assert frames[-1].evidence.keypoints <= 600
    assert service.stop()[0] == 0
    written = log(service)
    assert "hflocd.yaml:1: field 'localizer.keypoints': 6 is out of range (allowed: 50...5000)" in written
    assert "hflocd.yaml:2: field 'speed': unknown" in written
    assert "real_time: waits for a restart" in written


def test_requests(start, queries: Path, sample_map: Path, messages, control, tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--frames", queries, "--rate", 10, "--loop", "--control", endpoint)
    _, message = first_pose(messages, service.endpoint, 20)
    desk = Desk(control, endpoint)

    end = time.monotonic() + 20
    while (status := desk.ask(get_status={}).status).poses < 12 or not status.latencies:
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

    resets = first_pose(messages, service.endpoint, 5)[1].reset_counter
    assert desk.ask(relocalize={}).ok
    received = poses(messages, service.endpoint, 1.5)
    # The drive begins again after its last frame, which counts as well.
    assert received[-1][1].reset_counter > resets

    p, q = received[-1][1].pose.position, received[-1][1].pose.orientation
    prior = {"position": {"x": p.x, "y": p.y, "z": p.z}, "orientation": {"w": q.w, "x": q.x, "y": q.y, "z": q.z}}
    assert desk.ask(set_prior=prior | {"position_sigma_m": 1, "rotation_sigma_rad": 0.1}).ok
    received = poses(messages, service.endpoint, 1.5)
    assert received[-1][1].reset_counter > resets + 1
    refused = desk.ask(set_prior=prior | {"position_sigma_m": -1, "rotation_sigma_rad": 0.1})
    assert not refused.ok and "position_sigma_m" in refused.error

    assert desk.ask(shutdown={}).ok
    assert service.process.wait(timeout=3) == 0


def test_another_map_is_taken_without_a_gap_and_a_bad_one_is_refused(
    start, queries: Path, sample_map: Path, messages, control, tmp_path: Path
) -> None:
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--frames", queries, "--rate", 10, "--loop", "--control", endpoint)
    first_pose(messages, service.endpoint, 20)
    desk = Desk(control, endpoint)
    damaged, text = tmp_path / "damaged.hfmap", tmp_path / "text"
    damaged.write_bytes(sample_map.read_bytes()[:100_000])
    text.write_text("this is no map\n" * 100)
    for path in (damaged, text, tmp_path / "nowhere", MODEL, tmp_path):
        reply = desk.ask(load_map={"path": str(path)})
        assert not reply.ok and str(path) in reply.error, reply.error
        assert reply.status.map.path == str(sample_map)
        assert [p.kind for p in reply.status.problems].count(2) == 1, "BAD_MAP"
        assert reply.status.state == messages.STATE_LOCALIZED
    other = tmp_path / "other.hfmap"
    shutil.copy(sample_map, other)
    desk._socket.send(control.ControlRequest(request_id=99, load_map={"path": str(other)}).SerializeToString())
    received = [m for _, m in receive(messages, service.endpoint, 4) if m.capture_monotonic_ns]
    assert desk._socket.poll(timeout=20_000)
    reply = control.ControlReply.FromString(desk._socket.recv())
    assert reply.ok and reply.status.map.path == str(other)
    assert all(p.kind != 2 for p in reply.status.problems)
    assert all(m.HasField("pose") for m in received)
    assert [m.sequence for m in received] == list(range(received[0].sequence, received[0].sequence + len(received)))
    other.unlink()
    assert poses(messages, service.endpoint, 1.5)
    assert service.stop()[0] == 0


def test_a_frame_of_another_size_is_a_bad_calibration(start, queries: Path, messages, tmp_path: Path) -> None:
    """The first image is checked at the start, a later one when it comes."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    names = sorted(queries.iterdir())
    (folder / "000.jpg").symlink_to(names[0].resolve())
    header = b"P5 320 240 255\n"
    (folder / "001.pgm").write_bytes(header + bytes(320 * 240))
    service = start("--frames", folder, "--rate", 4, "--loop")
    states = {m.state for _, m in receive(messages, service.endpoint, 3)}
    assert {messages.STATE_LOCALIZED, messages.STATE_BAD_CALIBRATION} <= states
    assert service.stop()[0] == 0
    assert "the frame has 320x240 pixels, the calibration 640x480" in log(service)


def test_the_frame_path_allocates_nothing_and_memory_stays(
    start, camera: dict[str, str], messages, control, tmp_path: Path
) -> None:
    """One block per message is ZeroMQ's own. tools/check-slow does the same over 10,000 frames."""
    counter, count = tmp_path / "counter.so", tmp_path / "count"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", str(ROOT / "tools/allocations.c"), "-o", str(counter)], check=True)
    environment = camera | {"LD_PRELOAD": f"{counter}:{camera['LD_PRELOAD']}", "COUNT_ALLOCATIONS": f"hfloc-frames:{count}"}
    endpoint = f"ipc://{tmp_path}/control"
    service = start("--device", "/dev/fake-camera", "--control", endpoint, **environment)
    first_pose(messages, service.endpoint, 20)
    desk = Desk(control, endpoint)

    def snapshot() -> tuple[int, object]:
        count.unlink(missing_ok=True)
        service.process.send_signal(signal.SIGUSR2)
        end = time.monotonic() + 5
        while not (count.exists() and count.read_text().endswith("\n")):
            assert time.monotonic() < end
            time.sleep(0.01)
        return int(count.read_text()), desk.ask(get_status={}).status

    # Nobody comes or goes meanwhile: a subscription costs ZeroMQ memory too.
    time.sleep(3)
    allocations, before = snapshot()
    end = time.monotonic() + 20
    while desk.ask(get_status={}).status.messages < before.messages + 20:
        assert time.monotonic() < end
        time.sleep(0.2)
    later, after = snapshot()
    frames = after.messages - before.messages
    assert frames >= 10
    assert (after.camera.pixel_format, after.camera.nominal_rate) == ("GREY", 10)
    assert later - allocations <= frames + 2, "the frame thread allocates"
    # The fake camera's pictures are in the same process: 12 MB.
    assert after.resident_bytes < 80e6 + 13e6
    # Pages of the map and of the pictures may still be touched for the first time.
    assert after.resident_bytes < before.resident_bytes + 8e6
    assert service.stop()[0] == 0


def test_a_service_manager_that_does_not_read_holds_nothing_up(start, queries: Path, messages) -> None:
    """A Unix socket queues ten datagrams; after them a sender would wait."""
    service = start("--frames", queries, "--rate", 10, "--loop", watchdog_s=0.2)
    first_pose(messages, service.endpoint, 20)
    time.sleep(3)
    assert poses(messages, service.endpoint, 1.5)
    code, took = service.stop()
    assert (code, took < 1) == (0, True)


def test_all_mistakes_of_a_configuration_at_once(programs: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("map: x\nspeed: 3\ncamera:\n  rate: fast\n  device: /dev/video0\nreal_time: {priority: 100}\n")
    done = subprocess.run([programs / "hflocd", "--check", "--config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 78
    lines = done.stderr.splitlines()
    assert [line.split("field '")[1].split("'")[0] for line in lines] == ["speed", "camera.rate", "real_time.priority"]
    assert all(line.startswith(f"hflocd: {file}:") and "allowed" in line for line in lines)


def test_environment_between_file_and_options(programs: Path, queries: Path, sample_map: Path, tmp_path: Path) -> None:
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    file = tmp_path / "hflocd.yaml"
    file.write_text(f"map: nowhere\npublish: ipc://{tmp_path}/a\ncamera: {{calibration: nowhere.yaml, folder: {queries}}}\n")
    environment = os.environ | {"HFLOC_CONFIG": str(file), "HFLOC_MODEL": str(MODEL), "HFLOC_MAP": str(tmp_path / "neither")}
    command = [programs / "hflocd", "--check", "--camera", tmp_path / "camera.yaml"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 66 and str(tmp_path / "neither") in done.stderr
    done = subprocess.run([*command, "--map", sample_map], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(command, env=environment | {"HFLOC_RATE": "fast"}, capture_output=True, text=True, check=False)
    assert done.returncode == 78 and "HFLOC_RATE" in done.stderr


class TestDoctor:
    """`hfloc doctor` on things broken on purpose."""

    @pytest.fixture
    def configuration(self, queries: Path, sample_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
        from drive import write_camera_file

        monkeypatch.delenv("HFLOC_MODEL", raising=False)
        write_camera_file(SAMPLE, tmp_path / "camera.yaml")
        return {
            "map": sample_map, "model": MODEL, "publish": f"ipc://{tmp_path}/x",
            "camera": f"{{folder: {queries}, calibration: {tmp_path}/camera.yaml}}",
        }  # fmt: skip

    def examine(self, hfloc, tmp_path: Path, fields: dict) -> tuple[int, dict[str, dict]]:
        import json

        file = tmp_path / "hflocd.yaml"
        file.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
        done = hfloc("doctor", file, "--json")
        assert done.stderr == "", done.stderr
        report = json.loads(done.stdout)
        assert report["ok"] == (done.returncode == 0)
        return done.returncode, {check["check"]: check for check in report["checks"]}

    def test_all_is_well(self, hfloc, tmp_path: Path, configuration: dict) -> None:
        code, checks = self.examine(hfloc, tmp_path, configuration)
        assert code == 0, checks
        expected = {"configuration", "model", "map", "calibration", "camera", "endpoint", "state", "clock", "cpu", "memory lock", "priority", "cpus"}
        assert set(checks) == expected
        assert all(check["verdict"] != "failed" for check in checks.values())
        text = hfloc("doctor", tmp_path / "hflocd.yaml").stdout
        assert "hflocd can run" in text

    @pytest.mark.parametrize(
        ("change", "check", "code", "naming"),
        [
            ({"map": "nowhere"}, "map", 66, "nowhere"),
            ({"map": MODEL}, "map", 65, str(MODEL)),
            ({"model": "nowhere"}, "model", 66, "nowhere"),
            ({"publish": "ipc:///no/such/folder/x"}, "endpoint", 69, "/no/such/folder"),
            ({"publish": "tcp://0.0.0.0:1"}, "configuration", 78, "0.0.0.0"),
            ({"state": "/no/such/folder"}, "state", 66, "/no/such/folder"),
            ({"speed": 3}, "configuration", 78, "speed"),
            ({"real_time": "{cpus: [999]}"}, "cpus", 71, "999"),
            ({"camera": "{device: /dev/null, calibration: CAMERA}"}, "camera", 78, "/dev/null"),
            ({"camera": "{device: /etc/passwd, calibration: CAMERA}"}, "camera", 78, "not a device"),
            ({"camera": "{folder: /no/such, calibration: CAMERA}"}, "camera", 66, "/no/such"),
            ({"camera": "{device: /dev/video0, calibration: nowhere.yaml}"}, "calibration", 66, "nowhere.yaml"),
        ],
    )
    def test_what_is_broken_is_named(
        self, hfloc, tmp_path: Path, configuration: dict, change: dict, check: str, code: int, naming: str
    ) -> None:
        change = {key: str(value).replace("CAMERA", f"{tmp_path}/camera.yaml") for key, value in change.items()}
        found, checks = self.examine(hfloc, tmp_path, configuration | change)
        assert found == code, checks
        assert checks[check]["verdict"] == "failed"
        assert naming in "\n".join(checks[check]["found"])

    def test_a_camera_that_is_not_there_is_a_warning_with_advice(self, hfloc, tmp_path: Path, configuration: dict) -> None:
        camera = f"{{device: /dev/no-such-camera, calibration: {tmp_path}/camera.yaml}}"
        code, checks = self.examine(hfloc, tmp_path, configuration | {"camera": camera})
        assert code == 0
        assert checks["camera"]["verdict"] == "warning" and "plug" in checks["camera"]["cure"]
