"""hflocd as a service: the service manager's protocol, the watchdog, a camera that comes and goes, its exit codes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE
from drive import messages_module, read_roles, write_camera_file

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"


class Service:
    """A running hflocd with a service manager that listens to it."""

    def __init__(self, program: Path, folder: Path, *arguments: object, watchdog_s: float = 1, **environment: str) -> None:
        self.endpoint = f"ipc://{folder}/localization"
        self.said: list[tuple[float, str]] = []
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = environment.pop("address", f"{folder}/notify")
        self._manager.bind("\0" + address[1:] if address[0] == "@" else address)
        self._manager.settimeout(0.05)
        environment = {"HFLOC_MODEL": str(MODEL), "NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(watchdog_s * 1e6))} | environment
        command = [str(program), *map(str, arguments), "--publish", self.endpoint]
        self.process = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE, text=True)

    def listen(self, seconds: float) -> None:
        """Take in what the daemon tells its manager for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                text = self._manager.recv(4096).decode()
            except TimeoutError:
                continue
            self.said += [(time.monotonic(), line) for line in text.splitlines()]

    def times(self, line: str) -> list[float]:
        return [when for when, what in self.said if what == line]

    def wait_ready(self) -> None:
        end = time.monotonic() + 20
        while not self.times("READY=1"):
            assert time.monotonic() < end and self.process.poll() is None, self.said
            self.listen(0.1)

    def stop(self) -> tuple[int, float]:
        """Ask it to end; its exit code, and the seconds it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=5)
        took = time.monotonic() - start
        self.listen(0.1)
        return code, took

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._manager.close()


@pytest.fixture
def start(programs: Path, sample_map: Path, tmp_path: Path) -> Iterator:
    """Starts a Service on the sample's map and camera."""
    started: list[Service] = []
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")

    def run(*arguments: object, **options) -> Service:
        files = ["--map", sample_map, "--camera", tmp_path / "camera.yaml"]
        started.append(Service(programs / "hflocd", tmp_path, *files, *arguments, **options))
        return started[-1]

    yield run
    for service in started:
        service.close()


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first twenty frames of the second drive, which all are on the map."""
    folder = tmp_path_factory.mktemp("frames")
    names = [name for name, role in read_roles(SAMPLE).items() if role == "query"][:20]
    for index, name in enumerate(names):
        (folder / f"{index:03d}.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    return folder


@pytest.fixture(scope="module")
def camera(queries: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program that shall see a camera at /dev/fake-camera, which shows these frames to and fro."""
    cv2 = pytest.importorskip("cv2")
    folder = tmp_path_factory.mktemp("camera")
    library, frames = folder / "camera.so", folder / "frames.grey"
    source = ROOT / "Tests/CFakeCamera"
    build = ["cc", "-shared", "-fPIC", "-O2", f"-I{source}/include", str(source / "camera.c"), "-o", str(library)]
    subprocess.run(build, check=True)
    images = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in sorted(queries.iterdir())]
    frames.write_bytes(b"".join(image.tobytes() for image in images + images[::-1]))
    height, width = images[0].shape
    return {
        "LD_PRELOAD": str(library),
        "FAKE_CAMERA": "/dev/fake-camera",
        "FAKE_CAMERA_SIZE": f"{width}x{height}",
        "FAKE_CAMERA_FRAMES": str(frames),
        "FAKE_CAMERA_RATE": "10",
    }


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory):
    return sys.modules.get("hfloc.v1.localization_pb2") or messages_module(tmp_path_factory.mktemp("messages"))


def receive(messages, endpoint: str, seconds: float) -> list[tuple[float, object]]:
    """What is published for so long, each message with the time at which it came."""
    import zmq

    subscriber = zmq.Context.instance().socket(zmq.SUB)
    subscriber.setsockopt(zmq.SUBSCRIBE, b"")
    subscriber.setsockopt(zmq.RECONNECT_IVL, 5)
    subscriber.connect(endpoint)
    received, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if subscriber.poll(timeout=int(left * 1000)):
            received.append((time.monotonic(), messages.Localization.FromString(subscriber.recv())))
    subscriber.close(linger=0)
    return received


@pytest.mark.parametrize("abstract", [False, True])
def test_tells_the_service_manager(start, queries: Path, abstract: bool) -> None:
    options = {"address": f"@hfloc-test-{os.getpid()}"} if abstract else {}
    service = start("--frames", queries, "--rate", 10, "--loop", **options)
    service.wait_ready()
    service.listen(3)
    assert len(service.times("READY=1")) == 1
    statuses = [what for _, what in service.said if what.startswith("STATUS=")]
    assert any("localized" in status and "frames/s" in status for status in statuses), statuses
    meals = service.times("WATCHDOG=1")
    assert 4 <= len(meals) <= 8, meals
    assert max(b - a for a, b in zip(meals, meals[1:])) < 0.9
    code, took = service.stop()
    assert code == 0
    assert took < 1
    assert service.times("STOPPING=1")


def test_a_hung_loop_starves_the_watchdog(start, camera: dict[str, str]) -> None:
    service = start("--device", "/dev/fake-camera", **camera, FAKE_CAMERA_FAULT="hang@15")
    service.wait_ready()
    service.listen(4)
    meals = service.times("WATCHDOG=1")
    assert meals, "it was fed before"
    ready = service.times("READY=1")[0]
    assert max(meals) - ready < 2.6, "fed although no frame was finished"
    code, took = service.stop()
    assert code == 70
    assert took < 1.5


def test_a_camera_that_waits_for_frames_feeds_the_watchdog(start, camera: dict[str, str]) -> None:
    service = start("--device", "/dev/fake-camera", **camera, FAKE_CAMERA_FAULT="silence@5")
    service.wait_ready()
    service.listen(4)
    assert time.monotonic() - max(service.times("WATCHDOG=1")) < 1


def test_localizes_a_camera_and_survives_its_loss(start, camera: dict[str, str], messages) -> None:
    service = start("--device", "/dev/fake-camera", **camera, FAKE_CAMERA_FORMAT="YUYV", FAKE_CAMERA_FAULT="unplug@20", FAKE_CAMERA_AWAY="1500")
    received = receive(messages, service.endpoint, 7)
    states = [message.state for _, message in received]
    gone = states.index(messages.STATE_NO_CAMERA)
    assert states[:gone].count(messages.STATE_LOCALIZED) >= 15
    assert not any(m.HasField("pose") for _, m in received if m.state == messages.STATE_NO_CAMERA)
    back = next(i for i in range(gone, len(states)) if states[i] == messages.STATE_LOCALIZED)
    # 1.5 s away, then at most a second.
    assert received[back][0] - received[gone][0] < 2.6
    assert received[-1][1].frames.reopened == 1
    assert states[back:].count(messages.STATE_LOCALIZED) >= 0.9 * (len(states) - back)
    service.wait_ready()
    assert service.stop()[0] == 0


def test_messages_account_for_every_frame(start, queries: Path, messages) -> None:
    service = start("--frames", queries, "--rate", 10, "--loop")
    received = [message for _, message in receive(messages, service.endpoint, 4)]
    frames = [m for m in received if m.capture_monotonic_ns]
    assert [m.sequence for m in received] == list(range(received[0].sequence, received[0].sequence + len(received)))
    for a, b in zip(frames, frames[1:]):
        missed = (b.frames.skipped + b.frames.dropped) - (a.frames.skipped + a.frames.dropped)
        assert b.frame_sequence == a.frame_sequence + 1 + missed
    last = frames[-1]
    assert abs(last.capture_wall_ns * 1e-9 - time.time()) < 2
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


def test_two_daemons_do_not_share_an_endpoint(start, queries: Path) -> None:
    first = start("--frames", queries, "--rate", 10, "--loop")
    first.wait_ready()
    command = [*first.process.args, "--check"]
    assert subprocess.run(command, env=os.environ | {"HFLOC_MODEL": str(MODEL)}, check=False).returncode == 0
    second = subprocess.run(command[:-1], env=os.environ | {"HFLOC_MODEL": str(MODEL)}, check=False, capture_output=True, text=True)
    assert second.returncode == 69
    assert "in use" in second.stderr and second.stderr.count("\n") == 1
    assert first.process.poll() is None


def test_exit_codes(programs: Path, sample_map: Path, queries: Path, tmp_path: Path) -> None:
    """Each wrong input: one line that names it, and its code."""
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    good = {"map": sample_map, "camera.calibration": tmp_path / "camera.yaml", "camera.folder": queries, "publish": f"ipc://{tmp_path}/x"}
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
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == code, (change, done.returncode, done.stderr)
        assert done.stderr.count("\n") == (code != 0), done.stderr
        assert naming in done.stderr, (naming, done.stderr)
    missing_directory = [*command[:1], "--config", str(configuration), "--publish", "ipc:///no/such/folder/x"]
    configuration.write_text("\n".join(lines[:-1]) + "\n")
    done = subprocess.run(missing_directory, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 69 and "/no/such/folder" in done.stderr, done.stderr


def test_listeners(start, hfloc, queries: Path, messages) -> None:
    """`hfloc listen` and the Python subscriber print what is published."""
    service = start("--frames", queries, "--rate", 10, "--loop")
    service.wait_ready()
    text = hfloc("listen", service.endpoint, "--count", 3, "--timeout", 10)
    assert text.returncode == 0 and len(text.stdout.splitlines()) == 3 and "localized" in text.stdout
    lines = hfloc("listen", service.endpoint, "--count", 3, "--timeout", 10, "--json").stdout.splitlines()
    decoded = [json.loads(line) for line in lines]
    assert all(d["state"] == "STATE_LOCALIZED" and len(d["pose"]["covariance"]) == 36 for d in decoded)
    path = f"{Path(messages.__file__).parents[2]}"
    command = [sys.executable, str(ROOT / "tools/subscribe.py"), service.endpoint, "--count", "3"]
    python = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=20, check=False)
    assert python.returncode == 0, python.stderr
    assert len(python.stdout.splitlines()) == 3 and "LOCALIZED" in python.stdout
    nobody = hfloc("listen", "ipc:///tmp/hfloc-nobody", "--timeout", 0.2)
    assert nobody.returncode == 69 and nobody.stderr.count("\n") == 1
