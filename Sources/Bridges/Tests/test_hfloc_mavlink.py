"""hfloc-mavlink between a daemon that says what the test wants and an autopilot's end that is pymavlink."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pty
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

mavlink = pytest.importorskip("pymavlink.dialects.v20.common")
import zmq

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools/sampledrive"))
PATIENCE = 60
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
EAST_TO_NORTH = math.sqrt(0.5)


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory):
    from drive import messages_module

    module = messages_module(tmp_path_factory.mktemp("messages"))
    module.VehicleState = importlib.import_module("hfloc.v1.vehicle_pb2").VehicleState
    return module


@pytest.fixture(scope="session")
def program() -> Path:
    """The bridge; HFLOC_BRIDGES names another folder of it."""
    folder = os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release")
    return Path(folder) / "hfloc-mavlink"


class Daemon:
    """The endpoint of poses as hflocd binds it."""

    def __init__(self, messages, endpoint: str, session: int = 1) -> None:
        self.messages, self.session = messages, session
        self.socket = zmq.Context.instance().socket(zmq.XPUB)
        self.socket.linger = 0
        self.socket.bind(endpoint)

    def localization(self, age: float = 0, resets: int = 0, **fields: object):
        message = self.messages.Localization(
            session_id=self.session, boot_id=BOOT, reset_counter=resets, state=self.messages.STATE_LOCALIZED
        )
        message.capture_monotonic_ns = time.monotonic_ns() - int(age * 1e9)
        self.fill(message.base_pose)
        for name, value in fields.items():
            setattr(message, name, value)
        return message

    def vehicle(self, condition: int):
        message = self.messages.VehicleState(session_id=self.session, boot_id=BOOT, condition=condition)
        message.monotonic_ns = time.monotonic_ns()
        self.fill(message.pose)
        message.linear_velocity.x, message.angular_velocity.z = 2, 0.5
        return message

    @staticmethod
    def fill(pose) -> None:
        """3 m east, 5 m north, 7 m up; looks east, level."""
        pose.position.x, pose.position.y, pose.position.z = 3, 5, 7
        pose.orientation.w = 1
        # Distinct on the diagonal, and 6 between east and up.
        pose.covariance.extend([[1, 2, 3, 4, 5, 6][i // 6] if i % 7 == 0 else 0 for i in range(36)])
        pose.covariance[2] = pose.covariance[12] = 0.5

    def say(self, message) -> None:
        self.socket.send(message.SerializeToString())

    def say_pose(self) -> None:
        self.say(self.localization())

    def close(self) -> None:
        self.socket.close(linger=0)


class Bridge:
    """A running hfloc-mavlink, and the autopilot's end of its link."""

    def __init__(self, program: Path, folder: Path, link: str, read: Callable[[], bytes], *arguments: str) -> None:
        self.read, self.parser = read, mavlink.MAVLink(None, 1, 1)
        self.parser.robust_parsing = True
        self.journal = folder / "journal"
        self.process = subprocess.Popen(
            [program, link, "--endpoint", f"ipc://{folder}/pose", *arguments], stderr=self.journal.open("w")
        )

    def listen(self, seconds: float) -> list:
        """What comes in so long."""
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            found += self.parser.parse_buffer(self.read()) or []
        return found

    def wait(self, kind: str, say: Callable[[], None], where: Callable[[object], bool] = lambda _: True):
        """The first such message, while something is said every 10 ms."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.journal.read_text()
            say()
            for message in self.listen(0.01):
                if message.get_type() == kind and where(message):
                    return message
        raise AssertionError(f"no {kind}: {self.journal.read_text()}")


@pytest.fixture
def udp(program: Path, tmp_path: Path) -> Iterator:
    """Starts a bridge that sends to a socket of ours."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    end.settimeout(0.005)
    bridges: list[Bridge] = []

    def read() -> bytes:
        try:
            data, bridges[0].peer = end.recvfrom(4096)
            return data
        except TimeoutError:
            return b""

    def run(*arguments: str) -> Bridge:
        bridges.append(Bridge(program, tmp_path, f"udp:127.0.0.1:{end.getsockname()[1]}", read, *arguments))
        bridges[0].socket = end
        return bridges[0]

    yield run
    for bridge in bridges:
        bridge.process.kill()
        bridge.process.wait()
    end.close()


@pytest.fixture
def daemon(messages, tmp_path: Path) -> Iterator:
    started: list[Daemon] = []

    def run(session: int = 1) -> Daemon:
        started.append(Daemon(messages, f"ipc://{tmp_path}/pose", session))
        return started[-1]

    yield run
    for one in started:
        one.close()


def test_pose_in_the_autopilots_axes(udp, daemon) -> None:
    bridge, source = udp(), daemon()
    sent = source.localization(resets=258)
    got = bridge.wait("ODOMETRY", lambda: source.say(source.localization(resets=258)))
    assert got.get_srcSystem() == 1 and got.get_srcComponent() == 197
    assert (got.x, got.y, got.z) == (5, 3, -7)
    assert got.q == pytest.approx([EAST_TO_NORTH, 0, 0, EAST_TO_NORTH], abs=1e-7)
    assert (got.frame_id, got.child_frame_id) == (mavlink.MAV_FRAME_LOCAL_FRD, mavlink.MAV_FRAME_BODY_FRD)
    assert (got.reset_counter, got.estimator_type, got.quality) == (2, mavlink.MAV_ESTIMATOR_TYPE_VISION, 100)
    assert math.isnan(got.vx) and math.isnan(got.velocity_covariance[0])
    # North and east change places; what was between east and up is between east and down, with another sign.
    rows = [got.pose_covariance[i] for i in (0, 6, 11, 15, 18, 20)]
    assert rows == [2, 1, 3, 5, 4, 6]
    assert got.pose_covariance[7] == -0.5
    assert 0 <= got.time_usec - sent.capture_monotonic_ns // 1000 < PATIENCE * 1e6


def test_vehicle_state_with_its_velocity(udp, daemon) -> None:
    bridge, source = udp("--vehicle", "--frame", "ned", "--global"), daemon()
    coasting = source.messages.VehicleState.DESCRIPTOR.fields_by_name["condition"].enum_type.values_by_name
    number = coasting["VEHICLE_CONDITION_COASTING"].number
    got = bridge.wait("ODOMETRY", lambda: source.say(source.vehicle(number)))
    assert (got.frame_id, got.quality) == (mavlink.MAV_FRAME_LOCAL_NED, 50)
    assert (got.vx, got.vy, got.vz) == (2, 0, 0)
    assert (got.rollspeed, got.pitchspeed, got.yawspeed) == (0, 0, -0.5)
    placed = bridge.wait("GLOBAL_VISION_POSITION_ESTIMATE", lambda: source.say(source.vehicle(number)))
    assert (placed.x, placed.y, placed.z) == (5, 3, -7)
    assert placed.yaw == pytest.approx(math.pi / 2)


def test_nothing_is_sent_of_a_pose_that_may_not_be_used(udp, daemon) -> None:
    bridge, source = udp(), daemon()
    bridge.wait("ODOMETRY", source.say_pose)
    lost, degraded = source.messages.STATE_LOST, source.messages.STATE_DEGRADED
    for fields in ({"age": 1}, {"state": lost}, {"state": degraded}, {"boot_id": "another"}):
        bridge.listen(0.1)
        source.say(source.localization(**fields))
        assert "ODOMETRY" not in {message.get_type() for message in bridge.listen(0.2)}, fields
    bridge.wait("HEARTBEAT", lambda: None)
    bridge.wait("HEARTBEAT", lambda: None)
    assert "another machine" in bridge.journal.read_text()
    assert bridge.journal.read_text().count("\n") <= 4


def test_heartbeat_and_status(udp, daemon) -> None:
    bridge, source = udp(), daemon()
    idle = bridge.wait("HEARTBEAT", lambda: None)
    assert (idle.type, idle.autopilot) == (mavlink.MAV_TYPE_ONBOARD_CONTROLLER, mavlink.MAV_AUTOPILOT_INVALID)
    assert idle.system_status == mavlink.MAV_STATE_STANDBY
    bridge.wait("HEARTBEAT", source.say_pose, lambda m: m.system_status == mavlink.MAV_STATE_ACTIVE)
    status = bridge.wait("ESTIMATOR_STATUS", source.say_pose, lambda m: m.flags > 0)
    assert status.flags & mavlink.ESTIMATOR_ATTITUDE and status.flags & mavlink.ESTIMATOR_POS_HORIZ_REL
    assert status.pos_horiz_accuracy == pytest.approx(math.sqrt(3))
    bridge.wait("ESTIMATOR_STATUS", lambda: None, lambda m: m.flags == 0)


def test_time_is_told(udp) -> None:
    bridge = udp()
    bridge.wait("HEARTBEAT", lambda: None)
    question = mavlink.MAVLink_timesync_message(0, 77).pack(mavlink.MAVLink(None, 1, 1))
    before = time.monotonic_ns()
    answer = bridge.wait("TIMESYNC", lambda: bridge.socket.sendto(question, bridge.peer))
    assert answer.ts1 == 77
    assert before < answer.tc1 < time.monotonic_ns()


def test_daemon_comes_later_and_comes_back(udp, daemon) -> None:
    """Within two seconds of its first message; and the reset counter moves, as it may be anywhere."""
    bridge = udp()
    bridge.wait("HEARTBEAT", lambda: None)
    for session in (1, 2, 3):
        source = daemon(session)
        got = bridge.wait("ODOMETRY", source.say_pose)
        assert got.reset_counter == session - 1
        source.close()
        rest = [m for m in bridge.listen(1) if m.get_type() == "ODOMETRY"]
        assert all(m.time_usec < time.monotonic_ns() // 1000 for m in rest)
        assert "ODOMETRY" not in {message.get_type() for message in bridge.listen(0.5)}


def test_autopilot_that_sends_first(program: Path, daemon, tmp_path: Path) -> None:
    """udpin: frames go to where the autopilot sends from."""
    source = daemon()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.settimeout(0.005)
        end.connect(("127.0.0.1", port))
        hello = mavlink.MAVLink_heartbeat_message(2, 3, 0, 0, 4, 3).pack(mavlink.MAVLink(None, 1, 1))

        def read() -> bytes:
            try:
                return end.recv(4096)
            except (TimeoutError, ConnectionRefusedError):
                return b""

        def say() -> None:
            with contextlib.suppress(ConnectionRefusedError):
                end.send(hello)
            source.say_pose()

        bridge = Bridge(program, tmp_path, f"udpin:127.0.0.1:{port}", read)
        try:
            assert bridge.wait("ODOMETRY", say).x == 5
        finally:
            bridge.process.kill()
            bridge.process.wait()


@pytest.mark.parametrize("speed", [57600, 921600])
def test_serial_port(program: Path, daemon, tmp_path: Path, speed: int) -> None:
    """A pseudo terminal stands for it; when it is gone, so is the program, with the cause."""
    source = daemon()
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)

    def read() -> bytes:
        try:
            return os.read(ours, 4096)
        except BlockingIOError:
            time.sleep(0.005)
            return b""

    bridge = Bridge(program, tmp_path, f"serial:{os.ttyname(theirs)}:{speed}", read)
    try:
        assert bridge.wait("ODOMETRY", source.say_pose).x == 5
        assert ("carries 18 poses a second" in bridge.journal.read_text()) == (speed == 57600)
        question = mavlink.MAVLink_timesync_message(0, 78).pack(mavlink.MAVLink(None, 1, 1))
        assert bridge.wait("TIMESYNC", lambda: os.write(ours, question)).ts1 == 78
        os.close(theirs)
        os.close(ours)
        assert bridge.process.wait(timeout=PATIENCE) == 69
        assert "the serial port is gone" in bridge.journal.read_text()
    finally:
        bridge.process.kill()
        bridge.process.wait()


@pytest.mark.parametrize(
    ("link", "status", "words"),
    [
        ("somewhere", 64, "udp:HOST:PORT"),
        ("udp:127.0.0.1:0", 64, "udp:HOST:PORT"),
        ("serial:/dev/null:1234", 64, "not a speed"),
        ("serial:/dev/null:57600", 69, "not a serial port"),
        ("serial:/dev/absent:57600", 66, "/dev/absent"),
        ("udpin:192.0.2.1:14550", 69, "cannot listen there"),
    ],
)
def test_links_that_cannot_be(program: Path, link: str, status: int, words: str) -> None:
    done = subprocess.run([program, link], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == status and words in done.stderr, done.stderr
