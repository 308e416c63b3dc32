"""A running hflocd, with a service manager that listens to it, and what others may ask of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
# How long a test waits for what must come: seconds. Generous, since a busy machine is no fault of the program's; how
# fast it is, the benchmarks say.
PATIENCE = 60


class Service:
    """A running hflocd with a service manager that listens to it."""

    def __init__(
        self, program: Path, folder: Path, *arguments: object, watchdog_s: float = 1, **environment: str
    ) -> None:
        self.endpoint = f"ipc://{folder}/localization"
        self.said: list[tuple[float, str]] = []
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = environment.pop("address", f"{folder}/notify")
        Path(address).unlink(missing_ok=True)
        self._manager.bind("\0" + address[1:] if address[0] == "@" else address)
        self._manager.settimeout(0.05)
        environment = {
            "HFLOC_MODEL": str(MODEL),
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": str(int(watchdog_s * 1e6)),
        } | environment
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
        self.listen_until(lambda: bool(self.times("READY=1")))

    def listen_until(self, condition: Callable[[], bool]) -> None:
        """Take in what the daemon tells its manager until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end and self.process.poll() is None, self.said
            self.listen(0.1)

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        self.listen(0.1)
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._manager.close()


def receive(messages, endpoint: str, until: Callable[[list], bool]) -> list:
    """The messages that are published until the condition holds of those that came."""
    import zmq

    subscriber = zmq.Context.instance().socket(zmq.SUB)
    subscriber.setsockopt(zmq.SUBSCRIBE, b"")
    subscriber.setsockopt(zmq.RECONNECT_IVL, 5)
    subscriber.connect(endpoint)
    received, end = [], time.monotonic() + PATIENCE
    try:
        while not received or not until(received):
            left = end - time.monotonic()
            assert left > 0, [(m.sequence, m.state) for m in received]
            if subscriber.poll(timeout=int(left * 1000)):
                received.append(messages.Localization.FromString(subscriber.recv()))
    finally:
        subscriber.close(linger=0)
    return received


def receive_frames(messages, endpoint: str, count: int) -> list:
    """The messages up to the one of so many frames."""
    return receive(messages, endpoint, lambda received: sum(m.capture_monotonic_ns > 0 for m in received) >= count)


def count(received: list, state: int) -> int:
    """How many of the messages have this state."""
    return sum(m.state == state for m in received)


class Desk:
    """Asks a daemon."""

    def __init__(self, control, endpoint: str) -> None:
        import zmq

        self._control, self._count = control, 0
        self._socket = zmq.Context.instance().socket(zmq.REQ)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.connect(endpoint)

    def ask(self, **command):
        """The answer to a request such as `relocalize={}`."""
        self._count += 1
        request = self._control.ControlRequest(request_id=self._count, **command)
        self._socket.send(request.SerializeToString())
        assert self._socket.poll(timeout=PATIENCE * 1000), f"no answer to {command}"
        reply = self._control.ControlReply.FromString(self._socket.recv())
        assert reply.request_id == self._count
        return reply


def poses(messages, endpoint: str, number: int) -> list:
    """The next so many messages with a pose."""
    received = receive(messages, endpoint, lambda received: sum(m.HasField("pose") for m in received) >= number)
    return [m for m in received if m.HasField("pose")]


def first_pose(messages, endpoint: str):
    """The first message with a pose."""
    return poses(messages, endpoint, 1)[0]


def position(message) -> tuple[float, float, float]:
    p = message.pose.position
    return p.x, p.y, p.z


def log(service: Service) -> str:
    """What it wrote, once it has ended."""
    return service.process.stderr.read()


def default_signals() -> None:
    """Whoever runs the tests may ignore them, as nohup does."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
