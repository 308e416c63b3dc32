"""A running hflocd with every endpoint, and what its users do with them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import zmq
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE


class Wire:
    """A running hflocd with every endpoint, and a client for each."""

    def __init__(
        self, program: Path, folder: Path, sample_map: Path, frames: Path, extra: str = "", **environment: str
    ) -> None:
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

    def subscribe(
        self,
        address: str,
        conflate: bool = False,
        topic: bytes = b"",
        timeout: int = PATIENCE * 1000,
        **options: object,
    ) -> zmq.Socket:
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
        socket.linger, socket.rcvtimeo, socket.reconnect_ivl = 0, PATIENCE * 1000, 20
        socket.connect(self.address("control"))
        return socket

    def ask(self, protocol, socket: zmq.Socket | None = None, **command: object):
        """Ask as a REQ socket does, and check that the answer is to this request."""
        own = socket or self.asker()
        self.number += 1
        own.send(protocol.control.ControlRequest(request_id=self.number, **command).SerializeToString())
        reply = protocol.control.ControlReply.FromString(own.recv())
        assert reply.request_id == self.number
        if not socket:
            own.close()
        return reply

    def wait_localized(self, protocol) -> None:
        subscriber = self.subscribe("pose")
        end = time.monotonic() + PATIENCE
        while (
            protocol.localization.Localization.FromString(subscriber.recv()).state
            != protocol.localization.STATE_LOCALIZED
        ):
            assert time.monotonic() < end
        subscriber.close()

    def wait_status(self, protocol, condition: Callable[[object], bool]) -> None:
        """Ask for the status until the condition holds of it."""
        asker, end = self.asker(), time.monotonic() + PATIENCE
        while not condition(status := self.ask(protocol, asker, get_status={}).status):
            assert time.monotonic() < end, status
            time.sleep(0.1)
        asker.close()

    def close(self) -> None:
        self.context.destroy(linger=0)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def drain(socket: zmq.Socket) -> list[list[bytes]]:
    """All that has come."""
    got = []
    while socket.poll(0):
        got.append(socket.recv_multipart())
    return got


def take(socket: zmq.Socket, until: Callable[[list[list[bytes]]], bool]) -> list[list[bytes]]:
    """All that comes until the condition holds of what came."""
    end, got = time.monotonic() + PATIENCE, []
    while not got or not until(got):
        left = end - time.monotonic()
        assert left > 0, f"{len(got)} messages came"
        if socket.poll(int(left * 1000)):
            got.append(socket.recv_multipart())
    return got


def take_some(socket: zmq.Socket, number: int) -> list[list[bytes]]:
    """The next so many messages."""
    return take(socket, lambda got: len(got) >= number)
