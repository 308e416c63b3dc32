"""Runs of hflocd along the sample's drive from a camera, for benchmarks that run it in turns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/sampledrive"))
from drive import read_roles, write_camera_file  # noqa: E402
from fakecamera import fake_camera, noisy, read_images, there_and_back  # noqa: E402

SAMPLE = ROOT / "Tests/Sample"
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
# How the camera sits on the vehicle: metres; w, x, y, z.
BASE_FROM_CAMERA = ([1.2, 0.1, 1.5], [0.5, -0.5, 0.5, -0.5])


def programs() -> Path:
    """The folder of hfloc and hflocd; HFLOC_BIN names another."""
    # Taken out of the environment, for hflocd names variables of this prefix that it does not know.
    if folder := os.environ.pop("HFLOC_BIN", None):
        return Path(folder)
    shown = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Path(shown.stdout.strip())


def bridges() -> Path:
    """The folder of the programs of Sources/Bridges; HFLOC_BRIDGES names another."""
    return Path(os.environ.pop("HFLOC_BRIDGES", ROOT / ".build-bridges/release"))


def sample_map(program: Path, given: Path | None, folder: Path) -> Path:
    """The given map, or one that is built here."""
    path = (given or folder / "sample.hfmap").resolve()
    if not given:
        command = [program, "map", "build", SAMPLE, "--output", path, "--model", MODEL]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return path


def drive_names() -> list[str]:
    """The images that the camera shows over and over."""
    return there_and_back([name for name, role in read_roles(SAMPLE).items() if role == "query"])


def environment_of(folder: Path, pixels: str, rate: float) -> dict[str, str]:
    """The environment in which /dev/fake-camera shows the sample's second drive in these pixels, to and fro."""
    names = drive_names()
    camera = fake_camera(folder, noisy(read_images(SAMPLE / "images", names)), rate)
    if pixels == "MJPG":
        encoded = [(SAMPLE / "images" / name).read_bytes() for name in names]
        frames = folder / "frames.jpeg"
        frames.write_bytes(b"".join(len(image).to_bytes(4, "little") + image for image in encoded))
        camera["FAKE_CAMERA_FRAMES"] = str(frames)
    return {**camera, "FAKE_CAMERA_FORMAT": pixels}


class Turn:
    """One run of hflocd with the endpoints `pose`, `control` and `record` in a folder, more by `extra` lines of its
    configuration; `prefix` is a command that starts it."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        map_file: Path,
        environment: dict[str, str],
        extra: str = "",
        prefix: tuple = (),
    ) -> None:
        import zmq

        self.folder, self.context = folder, zmq.Context()
        write_camera_file(SAMPLE, folder / "camera.yaml")
        (folder / "hflocd.yaml").write_text(
            f"map: {map_file}\nmodel: {MODEL}\npublish: ipc://{folder}/pose\ncontrol: ipc://{folder}/control\n"
            f"record: ipc://{folder}/record\ncamera: {{device: /dev/fake-camera, calibration: camera.yaml}}\n{extra}"
        )
        self.process = subprocess.Popen(
            [*prefix, str(program), "--config", str(folder / "hflocd.yaml")],
            env=os.environ | environment,
            stderr=(folder / "journal").open("w"),
        )
        self.poses = self.subscribe("pose")
        self.desk = self.context.socket(zmq.REQ)
        self.desk.linger = 0
        self.desk.connect(f"ipc://{folder}/control")

    def subscribe(self, endpoint: str, topic: bytes = b"", room: int = 1000):
        """A socket that gets what an endpoint says; of what it does not take, `room` messages are kept."""
        import zmq

        socket = self.context.socket(zmq.SUB)
        socket.rcvhwm, socket.reconnect_ivl = room, 5
        socket.subscribe(topic)
        socket.connect(f"ipc://{self.folder}/{endpoint}")
        return socket

    def next(self, messages):
        """The next message of the poses."""
        if not self.poses.poll(timeout=20000):
            raise RuntimeError(f"no message; hflocd ended with {self.process.poll()}")
        return messages.Localization.FromString(self.poses.recv())

    def wait_pose(self, messages):
        """The first message that has a pose."""
        while not (message := self.next(messages)).HasField("pose"):
            pass
        return message

    def status(self, control):
        """Its status."""
        self.desk.send(control.ControlRequest(request_id=1, get_status={}).SerializeToString())
        if not self.desk.poll(timeout=5000):
            raise RuntimeError("no answer to get_status")
        return control.ControlReply.FromString(self.desk.recv()).status

    def thread_ns(self) -> int:
        """Processor time of the frames' thread so far."""
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            if (task / "comm").read_text().strip() == "hfloc-frames":
                return int((task / "schedstat").read_text().split()[0])
        raise RuntimeError("hflocd has no thread hfloc-frames")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.context.destroy(linger=0)
