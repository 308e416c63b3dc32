"""A running hflocd, with a service manager that listens to it, and what others may ask of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from conftest import ROOT

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"


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
