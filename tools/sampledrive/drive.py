"""Drive hflocd along the second drive of a sample set, and compare what it publishes with the truth.

Used by tools/sampledrive/drive-demo and by the end-to-end tests. Needs pyzmq, protobuf and protoc.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from protocol import load

ROOT = Path(__file__).resolve().parents[2]
Quaternion = tuple[float, float, float, float]


@dataclass
class Pose:
    """A camera in the map: its centre (metres) and the rotation from camera to map axes (w, x, y, z)."""

    position: tuple[float, float, float]
    orientation: Quaternion


@dataclass
class Frame:
    """What the daemon said of one frame, with its error if the truth is known."""

    name: str
    state: str
    source: str
    gate: str
    inliers: int
    latency_ms: float
    age_ms: float
    on_map: bool
    pose: Pose | None = None
    error_m: float | None = None
    error_deg: float | None = None
    stages_ms: dict[str, float] | None = None
    skipped: int = 0


def rotate(q: Quaternion, v: tuple[float, float, float]) -> tuple[float, float, float]:
    """The vector v turned by the unit quaternion q."""
    w, x, y, z = q
    u = (y * v[2] - z * v[1], z * v[0] - x * v[2], x * v[1] - y * v[0])
    return tuple(
        v[i] + 2 * (w * u[i] + c) for i, c in enumerate((y * u[2] - z * u[1], z * u[0] - x * u[2], x * u[1] - y * u[0]))
    )


def read_truth(sample: Path) -> dict[str, Pose]:
    """mapFromCamera of every image in poses.txt (which holds cameraFromMap)."""
    truth = {}
    for line in (sample / "poses.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, *numbers = line.split()
        w, x, y, z, *t = map(float, numbers)
        inverse = (w, -x, -y, -z)
        truth[name] = Pose(rotate(inverse, tuple(-c for c in t)), inverse)
    return truth


def read_roles(sample: Path) -> dict[str, str]:
    """NAME -> map, query or off-map, in the order of the drive."""
    lines = (line.split() for line in (sample / "split.txt").read_text().splitlines())
    return {fields[0]: fields[1] for fields in lines if len(fields) == 2 and not fields[0].startswith("#")}


def write_camera_file(sample: Path, path: Path) -> None:
    """The camera of cameras.txt as the daemon's camera file."""
    line = next(x for x in (sample / "cameras.txt").read_text().splitlines() if x.strip() and not x.startswith("#"))
    _, model, width, height, *parameters = line.split()
    path.write_text(f"model: {model}\nwidth: {width}\nheight: {height}\nparameters: [{', '.join(parameters)}]\n")


def messages_module(folder: Path):
    """The Python module of the poses' messages; those of the other .proto files are generated beside it."""
    return load(folder).localization


def angle_between(a: Quaternion, b: Quaternion) -> float:
    """Degrees between two attitudes; exact for small angles too."""
    difference = math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))
    total = math.sqrt(sum((x + y) ** 2 for x, y in zip(a, b)))
    return math.degrees(4 * math.atan2(min(difference, total), max(difference, total)))


def drive(hflocd: Path, sample: Path, map_file: Path, rate: float, extra: list[str] | None = None) -> Iterator[Frame]:
    """Run hflocd over the sample's second drive at `rate` frames a second; yield each message as it comes."""
    import zmq

    truth, roles = read_truth(sample), read_roles(sample)
    names = [name for name, role in roles.items() if role != "map"]
    with tempfile.TemporaryDirectory(prefix="hfloc-drive-") as temporary:
        folder = Path(temporary)
        messages = messages_module(folder)
        frames = folder / "frames"
        frames.mkdir()
        for index, name in enumerate(names):
            (frames / f"{index:06d}{Path(name).suffix}").symlink_to((sample / "images" / name).resolve())
        write_camera_file(sample, folder / "camera.yaml")
        endpoint = f"ipc://{folder}/localization"
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.setsockopt(zmq.RECONNECT_IVL, 5)
        socket.connect(endpoint)
        command = [str(hflocd), "--frames", str(frames), "--rate", str(rate), "--once", "--map", str(map_file)]
        command += ["--camera", str(folder / "camera.yaml"), "--publish", endpoint, *(extra or [])]
        model = os.environ.get("HFLOC_MODEL", str(ROOT / "Sources/Inference/Model/hfnet.safetensors"))
        process = subprocess.Popen(command, env={**os.environ, "HFLOC_MODEL": model})
        try:
            yield from receive(socket, process, messages, names, truth, 1 / rate)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=10)
            socket.close(linger=0)
    if process.returncode:
        raise RuntimeError(f"hflocd ended with exit code {process.returncode}")


def receive(socket, process, messages, names: list[str], truth: dict[str, Pose], period: float) -> Iterator[Frame]:
    """Messages until the daemon has ended and nothing more comes."""
    quiet = 0
    while quiet < 2:
        if not socket.poll(timeout=250):
            quiet = quiet + 1 if process.poll() is not None else 0
            continue
        message = messages.Localization.FromString(socket.recv())
        if message.state in (messages.STATE_INITIALIZING, messages.STATE_NO_CAMERA):
            continue
        name = names[message.frame_sequence % len(names)]
        yield to_frame(message, messages, name, truth.get(name))


def to_frame(message, messages, name: str, truth: Pose | None) -> Frame:
    """A message beside the truth of its frame."""
    age = (time.monotonic_ns() - message.capture_monotonic_ns) * 1e-6
    frame = Frame(
        name=name,
        state=messages.State.Name(message.state).removeprefix("STATE_").lower(),
        source=messages.Source.Name(message.evidence.source).removeprefix("SOURCE_").lower(),
        gate=messages.Gate.Name(message.evidence.failed_gate).removeprefix("GATE_").lower(),
        inliers=message.evidence.inliers,
        latency_ms=message.latencies.total_ns * 1e-6,
        age_ms=age,
        on_map=truth is not None,
        skipped=message.frames.skipped + message.frames.dropped,
        stages_ms={
            field.name.removesuffix("_ns"): getattr(message.latencies, field.name) * 1e-6
            for field in message.latencies.DESCRIPTOR.fields
        },
    )
    if message.HasField("pose"):
        p, q = message.pose.position, message.pose.orientation
        frame.pose = Pose((p.x, p.y, p.z), (q.w, q.x, q.y, q.z))
        if truth is not None:
            frame.error_m = math.dist(frame.pose.position, truth.position)
            frame.error_deg = angle_between(frame.pose.orientation, truth.orientation)
    return frame


@dataclass
class Summary:
    """How a drive went."""

    on_map: int
    localized: int
    within_10cm_1deg: int
    off_map: int
    off_map_published: int
    median_error_m: float
    median_error_deg: float
    worst_error_m: float
    frames_to_recover: int
    tracking_ms: float
    cold_ms: float


def summarize(frames: list[Frame]) -> Summary:
    """The figures of a drive; `frames_to_recover` counts the on-map frames from a passage off the map to the first pose
    after it.
    """
    on_map = [f for f in frames if f.on_map]
    published = [f for f in on_map if f.pose]
    off_map = [f for f in frames if not f.on_map]
    recover, waiting, count = 0, False, 0
    for frame in frames:
        if not frame.on_map:
            waiting, count = True, 0
        elif waiting:
            count += 1
            if frame.pose:
                recover, waiting = max(recover, count), False
    if waiting and count:
        recover = max(recover, count + 1)

    def median(values: list[float]) -> float:
        return sorted(values)[len(values) // 2] if values else math.nan

    return Summary(
        on_map=len(on_map),
        localized=len(published),
        within_10cm_1deg=sum(f.error_m <= 0.1 and f.error_deg <= 1 for f in published),
        off_map=len(off_map),
        off_map_published=sum(f.pose is not None for f in off_map),
        median_error_m=median([f.error_m for f in published]),
        median_error_deg=median([f.error_deg for f in published]),
        worst_error_m=max((f.error_m for f in published), default=math.nan),
        frames_to_recover=recover,
        tracking_ms=median([f.latency_ms for f in frames if f.source == "cached_place"]),
        cold_ms=median([f.latency_ms for f in frames if f.source == "retrieval"]),
    )
