"""Programs that listen to hflocd's poses, each with what stands at its other end and notes which poses come out."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/EndToEnd"), str(ROOT / "Sources/Bridges/Tests")]


class FarEnd:
    """A program that is started and killed, and the poses that come out of it: when each was there, and when it was
    captured, CLOCK_MONOTONIC in nanoseconds."""

    def __init__(self, name: str, command: list, **environment: str) -> None:
        self.name, self.command = name, list(map(str, command))
        self.environment = os.environ | environment
        self.process: subprocess.Popen | None = None
        self.samples: list[tuple[int, int]] = []
        self.stopped = threading.Event()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.started()

    def started(self) -> None:
        """The program has been started, again or for the first time."""

    def note(self, captured: int | None) -> None:
        """A pose has come; None: it is not known which."""
        if captured is not None:
            self.samples.append((time.monotonic_ns(), captured))

    def first_after(self, since: int) -> int | None:
        """When the first pose came that was captured after an instant."""
        return next((arrival for arrival, captured in self.poses() if captured >= since), None)

    def arrived_between(self, begin: int, end: int) -> bool:
        return any(begin < arrival < end for arrival, _ in self.poses())

    def oldest(self) -> int:
        """The greatest age with which a pose came."""
        return max((arrival - captured for arrival, captured in self.poses()), default=0)

    def poses(self) -> list[tuple[int, int]]:
        return list(self.samples)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        self.stopped.set()
        self.kill()

    def watch(self, body) -> None:
        """Runs on a thread of its own."""
        threading.Thread(target=body, daemon=True).start()


class SubscriberEnd(FarEnd):
    """An example subscriber: of a pose that it uses it prints the age."""

    def __init__(self, language: str, command: list, python_path: Path) -> None:
        super().__init__(f"subscriber, {language}", command, PYTHONPATH=str(python_path))

    def started(self) -> None:
        output = self.process.stdout

        def read() -> None:
            for line in output:
                if line.endswith(", used\n"):
                    age_ms = float(line.rsplit("age ", 1)[1].split()[0])
                    self.note(time.monotonic_ns() - int(age_ms * 1e6))

        self.watch(read)


class RosEnd(FarEnd):
    """hfloc-ros2, and a subscriber of Fast DDS."""

    def __init__(self, program: Path, endpoint: str, captured: dict[int, int]) -> None:
        import rospeer

        domain = rospeer.free_domain()
        command = [program, "--localhost", "--domain", domain, "--endpoint", endpoint, "--no-odometry"]
        super().__init__("hfloc-ros2", command)
        self.captured, self.peer = captured, rospeer.Peer(domain)
        self.peer.take("/hfloc/pose", rospeer.POSE)

    def poses(self) -> list[tuple[int, int]]:
        with self.peer.changed:
            samples = list(self.peer.samples["/hfloc/pose"])
        return [(sample.monotonic_ns, self.captured[sample.stamp_ns]) for sample in samples]

    def close(self) -> None:
        super().close()
        self.peer.close()


class MAVLinkEnd(FarEnd):
    """hfloc-mavlink, and an autopilot's socket."""

    def __init__(self, program: Path, endpoint: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        link = f"udp:127.0.0.1:{self.socket.getsockname()[1]}"
        super().__init__("hfloc-mavlink", [program, link, "--endpoint", endpoint])
        self.socket.settimeout(0.5)
        self.watch(self.read)

    def read(self) -> None:
        from pymavlink.dialects.v20 import common

        parser = common.MAVLink(None, 1, 1)
        parser.robust_parsing = True
        while not self.stopped.is_set():
            try:
                data = self.socket.recv(4096)
            except TimeoutError:
                continue
            for message in parser.parse_buffer(data) or []:
                if message.get_type() == "ODOMETRY":
                    self.note(message.time_usec * 1000)


class PageEnd(FarEnd):
    """hfloc-view, and its page in a browser that was opened once."""

    def __init__(self, program: Path, record: str, port: int, captured: dict[int, int]) -> None:
        super().__init__("hfloc-view, page", [program, record, "--listen", f"127.0.0.1:{port}"])
        self.address, self.captured, self.browser = f"http://127.0.0.1:{port}/", captured, None

    def started(self) -> None:
        if not self.browser:
            self.watch(self.read)

    def read(self) -> None:
        from browser import Browser

        self.browser = Browser(1280, 860)
        self.open_page()
        last = None
        while not self.stopped.is_set():
            number = self.browser.evaluate("window.hflocView?.map.last?.n ?? null")
            if number is not None and number != last:
                self.note(self.captured.get(int(number)))
            last = number
            time.sleep(0.02)
        self.browser.close()

    def open_page(self) -> None:
        """As soon as the program answers."""
        while not self.stopped.is_set():
            self.browser.open(self.address)
            if self.browser.evaluate("location.protocol") == "http:":
                return
            time.sleep(0.1)


class FoxgloveEnd(FarEnd):
    """tools/foxglove, and a client that connects again and again."""

    def __init__(self, record: str, port: int, captured: dict[int, int]) -> None:
        command = [sys.executable, "-m", "foxgloveview", "--record", record, "--port", port]
        super().__init__("tools/foxglove", command, PYTHONPATH=str(ROOT / "tools"))
        self.address, self.captured = f"ws://127.0.0.1:{port}", captured
        self.watch(lambda: asyncio.run(self.listen()))

    async def listen(self) -> None:
        import websockets

        while not self.stopped.is_set():
            try:
                async with websockets.connect(self.address, subprotocols=["foxglove.sdk.v1"], max_size=None) as server:
                    await self.take(server)
            except (OSError, websockets.WebSocketException):
                await asyncio.sleep(0.05)

    async def take(self, server) -> None:
        """The poses, a message's first field being its stamp: that of capture by the wall clock."""
        from google.protobuf.timestamp_pb2 import Timestamp

        while not self.stopped.is_set():
            try:
                frame = await asyncio.wait_for(server.recv(), 0.5)
            except TimeoutError:
                continue
            if isinstance(frame, bytes):
                if frame[0] == 1:
                    stamp = Timestamp.FromString(frame[15 : 15 + frame[14]])
                    self.note(self.captured.get(stamp.ToNanoseconds()))
                continue
            message = json.loads(frame)
            wanted = [c["id"] for c in message.get("channels", []) if c["topic"] == "/pose"]
            if message["op"] == "advertise" and wanted:
                subscriptions = [{"id": number, "channelId": number} for number in wanted]
                await server.send(json.dumps({"op": "subscribe", "subscriptions": subscriptions}))
