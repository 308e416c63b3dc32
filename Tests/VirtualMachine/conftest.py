"""What the tests with a real V4L2 device need: kernel, programs, the sample's map, and a guest in which hflocd runs."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "Tests/Sample"
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
ARM64_PROGRAMS = ROOT / ".build-arm64/static/aarch64-unknown-linux-gnu/release"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools/sampledrive")]

from drive import messages_module, write_camera_file
from vm import AMD64, ARM64, SMALL, Architecture, Guest, Kernel, Machine, RunningMachine, fetch_kernel, small_map_file

# Everything is slower by this factor than the figures in the tests were chosen for: a loaded machine without hardware
# acceleration.
PATIENCE = float(os.environ.get("HFLOC_VM_PATIENCE", "4"))


@pytest.fixture(scope="session")
def architecture() -> Architecture:
    """Of the machines: HFLOC_VM_ARCH, amd64 (default) or arm64."""
    kinds = {kind.name: kind for kind in (AMD64, ARM64)}
    return kinds[os.environ.get("HFLOC_VM_ARCH", "amd64")]


@pytest.fixture(scope="session")
def native_programs() -> Path:
    """The folder of hfloc and hflocd for this machine."""
    show = ["swift", "build", "-c", "release", "--show-bin-path"]
    return Path(subprocess.run(show, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip())


@pytest.fixture(scope="session")
def programs(architecture: Architecture, native_programs: Path) -> Path:
    """The folder of hfloc and hflocd for the machine; HFLOC_BIN names another."""
    if "HFLOC_BIN" in os.environ:
        return Path(os.environ["HFLOC_BIN"])
    return native_programs if architecture is AMD64 else ARM64_PROGRAMS


@pytest.fixture(scope="session")
def cache() -> Path:
    folder = ROOT / ".build/vm"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def kernel(cache: Path, architecture: Architecture) -> Kernel:
    return fetch_kernel(cache, architecture)


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory):
    return sys.modules.get("hfloc.v1.localization_pb2") or messages_module(tmp_path_factory.mktemp("messages"))


@pytest.fixture(scope="session")
def sample_map(native_programs: Path, cache: Path) -> Path:
    """The map of the sample's first drive, from small images; built once."""
    path = small_map_file(cache, MODEL)
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        build = [str(native_programs / "hfloc"), "map", "build", str(SAMPLE), "--output", str(unfinished), *SMALL]
        subprocess.run(build, env=os.environ | {"HFLOC_MODEL": str(MODEL)}, check=True)
        unfinished.rename(path)
    return path


def program(architecture: Architecture, name: str) -> Path:
    """An installed program; the test is skipped without it."""
    found = architecture.program(name)
    if found is None:
        pytest.skip(f"{name} is not installed: tools/setup vm")
    return found


# hflocd publishes on the guest's loopback, as it insists; BusyBox carries that to the guest's network card, and qemu
# from there to here.
NETWORK = """
ip addr add 10.0.2.15/24 dev eth0 && ip link set eth0 up
nc -ll -p 5557 -e nc 127.0.0.1 5556 2>/dev/null &
"""


def daemon_guest(
    kernel: Kernel, programs: Path, sample_map: Path, script: str, modules: list[str], shares: list[str]
) -> Guest:
    """A guest with hflocd, v4l2-ctl and a network card, and map and model where they are here, so that a recording
    names what its replay opens; the script runs when all is there.
    """
    guest = Guest(kernel, NETWORK + script, modules=[*modules, "virtio_pci", "virtio_net"], shares=shares)
    guest.add_program(programs / "hflocd")
    guest.add_program(program(kernel.architecture, "v4l2-ctl"))
    for file in (sample_map, MODEL):
        guest.add_file(file, str(file))
    return guest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Heard:
    """A message and when it came here; the guest's clock is in the message."""

    when: float
    message: object


class Listener:
    """Subscribes, from outside the machine, to what hflocd publishes in it."""

    def __init__(self, messages, port: int) -> None:
        import zmq

        self._messages = messages
        self._socket = zmq.Context.instance().socket(zmq.SUB)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._socket.setsockopt(zmq.RECONNECT_IVL, 500)
        self._socket.connect(f"tcp://127.0.0.1:{port}")
        self.heard: list[Heard] = []

    def listen(self, running: RunningMachine, is_enough: Callable[[list[Heard]], bool]) -> None:
        """Take in messages until they are enough, or the guest has ended."""
        while not is_enough(self.heard) and running.read_available():
            while self._socket.poll(timeout=20):
                self.heard.append(Heard(time.monotonic(), self._messages.Localization.FromString(self._socket.recv())))

    def close(self) -> None:
        self._socket.close(linger=0)


def marks(console: str) -> dict[str, int]:
    """The instants that the guest's script has marked, `MARK name seconds`: nanoseconds of its CLOCK_MONOTONIC."""
    return {
        name: int(float(seconds) * 1e9)
        for name, seconds in re.findall(r"^MARK (\S+) ([0-9.]+)$", console, re.MULTILINE)
    }


__all__ = [
    "MODEL",
    "PATIENCE",
    "ROOT",
    "SAMPLE",
    "Listener",
    "Machine",
    "daemon_guest",
    "free_port",
    "marks",
    "program",
    "write_camera_file",
]
