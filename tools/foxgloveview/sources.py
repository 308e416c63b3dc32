"""Where messages come from: a running hflocd, or its recordings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import zmq


@dataclass
class Message:
    """One message of hfloc, or one of its pictures."""

    topic: str
    schema: str
    payload: bytes
    #: Since 1970.
    ns: int
    #: As a recording has it; None of hfloc's own messages.
    definition: bytes | None = None


def live(
    protocol,
    record: str,
    vehicle: str | None,
    timeout_ms: int = 500,
    wants_pictures: Callable[[], bool] = lambda: False,
) -> Iterator[Message | None]:
    """What a daemon says, in order; None each time that nothing came for so long. It makes pictures for who asks for
    them by their topic, and only then."""
    pictures = False
    poller, sockets = zmq.Poller(), {}
    for name, address in (("record", record), ("vehicle", vehicle)):
        if address:
            socket = zmq.Context.instance().socket(zmq.SUB)
            # The daemon may come later, go without a word, and come back.
            options = {zmq.SUBSCRIBE: b"", zmq.HEARTBEAT_IVL: 2000, zmq.HEARTBEAT_TIMEOUT: 6000, zmq.LINGER: 0}
            options |= {zmq.RECONNECT_IVL: 50, zmq.RECONNECT_IVL_MAX: 1000}
            if name == "vehicle":
                options[zmq.CONFLATE] = 1
            for option, value in options.items():
                socket.setsockopt(option, value)
            socket.connect(address)
            sockets[socket] = name
            poller.register(socket, zmq.POLLIN)
    while True:
        if record and wants_pictures() != pictures:
            pictures = not pictures
            recorder = next(socket for socket, name in sockets.items() if name == "record")
            recorder.setsockopt(zmq.SUBSCRIBE if pictures else zmq.UNSUBSCRIBE, b"preview")
        ready = poller.poll(timeout_ms)
        if not ready:
            yield None
        for socket, _ in ready:
            frames = socket.recv_multipart()
            if sockets[socket] == "vehicle":
                yield Message("/vehicle_state", "hfloc.v1.VehicleState", frames[0], time.time_ns())
            elif len(frames) == 3:
                header = protocol.record.RecordHeader.FromString(frames[1])
                yield Message(f"/{frames[0].decode()}", header.schema, frames[2], time.time_ns())


def recorded(files: list[Path]) -> Iterator[Message]:
    """What recordings hold, in the order of time, each file by itself."""
    from mcap.reader import make_reader

    for path in files:
        with path.open("rb") as stream:
            for schema, channel, message in make_reader(stream).iter_messages():
                if schema is not None and channel.message_encoding == "protobuf":
                    yield Message(channel.topic, schema.name, message.data, message.log_time, schema.data)


def paced(messages: Iterator[Message], rate: float) -> Iterator[Message]:
    """As fast as they were recorded, times the rate; 0 is as fast as it goes."""
    first: tuple[int, float] | None = None
    for message in messages:
        first = first or (message.ns, time.monotonic())
        if rate > 0:
            wait = (message.ns - first[0]) * 1e-9 / rate - (time.monotonic() - first[1])
            # A gap between two files is no reason to wait.
            if wait > 5:
                first = (message.ns, time.monotonic())
            elif wait > 0:
                time.sleep(wait)
        yield message
