"""The example subscribers, in every language: which poses they use, what they do when the daemon is gone, and comes
back."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq
from conftest import ROOT
from service import PATIENCE

SWIFT = Path(os.environ.get("HFLOC_EXAMPLES", ROOT / ".build-examples/release")) / "subscribe"
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
LANGUAGES = ("c++", "c", "python", "swift")


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([str(ROOT / "tools/examples/build"), str(folder)], check=True)
    return folder


class Reader:
    """A running example, and the lines that it prints."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.errors = folder / "errors"
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.errors.open("w"), text=True, env=environment
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()

    def read(self, say: Callable[[], object], until: Callable[[str], bool]) -> str:
        """The first line for which it holds, while something is said every 10 ms."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.errors.read_text()
            say()
            time.sleep(0.01)
            while not self.lines.empty():
                if until(line := self.lines.get()):
                    return line
        raise AssertionError(self.errors.read_text())


@pytest.fixture(params=LANGUAGES)
def reader(request, examples: Path, messages, tmp_path: Path) -> Iterator:
    commands = {
        "c++": [examples / "subscribe"],
        "c": [examples / "subscribe-c"],
        "python": [sys.executable, ROOT / "tools/examples/subscribe.py"],
        "swift": [SWIFT],
    }
    if request.param == "swift" and not SWIFT.exists():
        pytest.skip(f"{SWIFT} is not built (tools/check-slow bridges)")
    environment = os.environ | {"PYTHONPATH": str(Path(messages.__file__).parents[2])}
    started: list[Reader] = []

    def run(endpoint: str) -> Reader:
        started.append(Reader([*map(str, commands[request.param]), endpoint], environment, tmp_path))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.wait()


class Publisher:
    """The poses' endpoint as hflocd binds it."""

    def __init__(self, messages, endpoint: str) -> None:
        self.messages, self.sequence = messages, 0
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.socket.bind(endpoint)

    def say(self, age: float = 0, **fields: object) -> None:
        self.sequence += 1
        values = {"session_id": 1, "protocol_version": 1, "boot_id": BOOT} | fields
        values.setdefault("state", self.messages.STATE_LOCALIZED)
        message = self.messages.Localization(sequence=self.sequence, **values)
        message.capture_monotonic_ns = time.monotonic_ns() - int(age * 1e9)
        message.camera_frame, message.base_frame = "camera", "base_link"
        for pose, x in ((message.pose, 1.5), (message.base_pose, 2.5)):
            pose.position.x, pose.orientation.w = x, 1
            pose.covariance.extend([0.25] * 36)
        self.socket.send(message.SerializeToString())

    def close(self) -> None:
        self.context.destroy(linger=0)


def numbers(line: str) -> dict[str, list[float]]:
    """Of each frame that a line names."""
    parts = [part.split() for part in line.split(", ")[1:]]
    return {part[0]: [float(word) for word in part[1:]] for part in parts if len(part) == 8}


def test_each_language_uses_the_same_poses(reader, messages, tmp_path: Path) -> None:
    """Localized ones of this machine and boot that are half a second old at most; of all else it says why not."""
    publisher = Publisher(messages, f"ipc://{tmp_path}/pose")
    try:
        program = reader(f"ipc://{tmp_path}/pose")
        shown = numbers(program.read(publisher.say, lambda line: line.endswith(", used\n")))
        assert shown["camera"] == [1.5, 0, 0, 1, 0, 0, 0] and shown["base_link"] == [2.5, 0, 0, 1, 0, 0, 0]
        wrong = {
            "stale": [{"age": 0.7}, {"age": -60}, {"boot_id": "another"}],
            "not localized": [{"state": state, "reason": "not localized here"} for state in (messages.STATE_LOST, 99)],
            "version": [{"protocol_version": 0}, {"protocol_version": 2}],
        }
        for words, cases in wrong.items():
            for case in cases:
                mark = publisher.sequence
                line = program.read(
                    lambda case=case: publisher.say(**case), lambda line, mark=mark: int(line.split()[0]) > mark
                )
                assert "not used: " in line and words in line, (case, line)
        program.read(publisher.say, lambda line: line.endswith(", used\n"))
    finally:
        publisher.close()


def test_each_language_outlives_the_daemon(reader, messages, tmp_path: Path) -> None:
    """Started before it; silence is said; when it comes again, so do poses."""
    program = reader(f"ipc://{tmp_path}/pose")
    for _ in range(2):
        publisher = Publisher(messages, f"ipc://{tmp_path}/pose")
        program.read(publisher.say, lambda line: line.endswith(", used\n"))
        publisher.close()
        end, said = time.monotonic() + PATIENCE, program.errors.read_text().count("nothing for 3 s")
        while program.errors.read_text().count("nothing for 3 s") == said:
            assert time.monotonic() < end
            time.sleep(0.1)


def test_each_language_reads_the_newest_after_a_stall(reader, messages, tmp_path: Path) -> None:
    """ZMQ_CONFLATE: of what came while the program was stopped, the newest and no more than one or two before it."""
    publisher = Publisher(messages, f"ipc://{tmp_path}/pose")
    try:
        program = reader(f"ipc://{tmp_path}/pose")
        program.read(publisher.say, lambda line: line.endswith(", used\n"))
        program.process.send_signal(19)
        before = publisher.sequence
        for _ in range(300):
            publisher.say()
            time.sleep(0.002)
        program.process.send_signal(18)
        lines: list[str] = []
        program.read(publisher.say, lambda line: lines.append(line) is None and int(line.split()[0]) > before + 300)
        stalled = [line for line in lines if before < int(line.split()[0]) <= before + 300]
        # What the system's buffers hold comes too; a queue would be hundreds.
        assert len(stalled) < 100, len(stalled)
    finally:
        publisher.close()


def test_each_language_uses_poses_of_a_real_daemon(reader, wire, protocol) -> None:
    service = wire()
    service.wait_localized(protocol)
    program = reader(service.address("pose"))
    lines = [program.lines.get(timeout=PATIENCE) for _ in range(5)]
    assert sum(line.endswith(", used\n") for line in lines) >= 3, lines
