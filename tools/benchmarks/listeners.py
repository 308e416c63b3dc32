"""All that may listen to hflocd, for benchmarks: the bridges, the view with its page, Foxglove with a client that takes
every topic, and the example subscribers."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/EndToEnd"), str(ROOT / "Sources/Bridges/Tests")]


class Listeners:
    """Programs that were started, and what stands at their other ends."""

    def __init__(self, bridges: Path, examples: Path, python_path: str) -> None:
        self.bridges, self.examples = bridges, examples
        self.environment = os.environ | {"PYTHONPATH": python_path}
        self.processes: dict[str, subprocess.Popen] = {}
        self.browser = self.peer = None
        self.foxglove: FoxgloveClient | None = None
        # The autopilot's end; what comes stays in its buffer, and is dropped.
        self.autopilot = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.autopilot.bind(("127.0.0.1", 0))

    def start(self, folder: Path) -> None:
        """Everything, on the endpoints in a folder; returns when each has connected its own other end."""
        endpoints = {name: f"ipc://{folder}/{name}" for name in ("record", "control", "odometry", "vehicle")}
        self._start_ros(endpoints, f"ipc://{folder}/pose")
        link = f"udp:127.0.0.1:{self.autopilot.getsockname()[1]}"
        self._run("hfloc-mavlink", [self.bridges / "hfloc-mavlink", link, "--endpoint", f"ipc://{folder}/pose"])
        self._start_view(endpoints)
        self._start_foxglove(endpoints)
        for name in ("subscribe", "subscribe-c", "subscribe-swift"):
            self._run(name, [self.examples / name, f"ipc://{folder}/pose"])
        self._run("subscribe.py", [sys.executable, ROOT / "tools/examples/subscribe.py", f"ipc://{folder}/pose"])

    def check(self) -> None:
        """All of them still run, and the two that show pictures have got one."""
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        if ended:
            raise RuntimeError(f"ended: {ended}")
        if not self.browser.evaluate("Boolean(hflocView.camera.preview)"):
            raise RuntimeError("the page has no picture")
        if not self.peer.samples["/hfloc/pose"]:
            raise RuntimeError("hfloc-ros2 published no pose")
        if self.foxglove.count == 0:
            raise RuntimeError("tools/foxglove sent nothing")

    def close(self) -> None:
        if self.foxglove:
            self.foxglove.close()
        for process in self.processes.values():
            process.kill()
            process.wait()
        for one in (self.browser, self.peer, self.autopilot):
            if one:
                one.close()

    def _run(self, name: str, command: list, stderr: int = subprocess.DEVNULL) -> subprocess.Popen:
        self.processes[name] = subprocess.Popen(
            list(map(str, command)), env=self.environment, stdout=subprocess.DEVNULL, stderr=stderr, text=True
        )
        return self.processes[name]

    def _start_ros(self, endpoints: dict[str, str], poses: str) -> None:
        import rospeer

        domain = rospeer.free_domain()
        self.peer = rospeer.Peer(domain)
        for topic, kind in (
            ("/hfloc/pose", rospeer.POSE), ("/hfloc/odometry", rospeer.ODOMETRY), ("/tf", rospeer.TF),
            ("/diagnostics", rospeer.DIAGNOSTICS),
        ):  # fmt: skip
            self.peer.take(topic, kind)
        command = [self.bridges / "hfloc-ros2", "--localhost", "--domain", domain, "--endpoint", poses]
        for name, address in endpoints.items():
            command += [f"--{name}", address]
        self._run("hfloc-ros2", command)
        self.peer.wait_matched("/hfloc/pose")

    def _start_view(self, endpoints: dict[str, str]) -> None:
        from browser import Browser

        command = [self.bridges / "hfloc-view", endpoints["record"], "--control", endpoints["control"]]
        view = self._run("hfloc-view", [*command, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE)
        self.browser = Browser(1280, 860)
        self.browser.open(re.search(r"http://\S+", view.stderr.readline()).group())

    def _start_foxglove(self, endpoints: dict[str, str]) -> None:
        command = [sys.executable, "-m", "foxgloveview", "--record", endpoints["record"], "--port", "0"]
        self.environment["PYTHONPATH"] += f":{ROOT / 'tools'}"
        server = self._run("foxglove", [*command, "--vehicle", endpoints["vehicle"]], stderr=subprocess.PIPE)
        self.foxglove = FoxgloveClient(server.stderr.readline().strip())


class FoxgloveClient:
    """Subscribes to every channel of a server of Foxglove's, on a thread of its own."""

    def __init__(self, address: str) -> None:
        self.address, self.count = address, 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)
        self.thread.start()

    async def _listen(self) -> None:
        import websockets

        async with websockets.connect(self.address, subprotocols=["foxglove.sdk.v1"], max_size=None) as server:
            while not self.stopped.is_set():
                try:
                    frame = await asyncio.wait_for(server.recv(), 0.5)
                except TimeoutError:
                    continue
                if isinstance(frame, bytes):
                    self.count += frame[0] == 1
                    continue
                message = json.loads(frame)
                if message["op"] == "advertise":
                    fresh = [{"id": channel["id"], "channelId": channel["id"]} for channel in message["channels"]]
                    await server.send(json.dumps({"op": "subscribe", "subscriptions": fresh}))

    def close(self) -> None:
        self.stopped.set()
        self.thread.join()
