"""hfloc-ros2 between a daemon that says what the test wants and Fast DDS, whose bytes rosbags encodes and decodes."""

from __future__ import annotations

import importlib
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("rosbags")
import zmq
from rospeer import (
    CAMERA_INFO,
    DIAGNOSTICS,
    GRAPH,
    ODOMETRY,
    PATIENCE,
    POSE,
    ROOT,
    STORES,
    TF,
    Peer,
    free_domain,
    header,
    make,
    odometry,
    pose,
)

sys.path.insert(0, str(ROOT / "tools/sampledrive"))
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
QUARTER = [0.5, 0.1, -0.7, 0.5]  # w, x, y, z: each number another, so that none can stand for another
COVARIANCE = [1e-3 * (1 + i // 6) * (1 + i % 6) + (0.1 * (i // 6 + 1) if i % 7 == 0 else 0) for i in range(36)]
SECOND = 10**9


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory):
    from drive import messages_module

    module = messages_module(tmp_path_factory.mktemp("messages"))
    for name in ("vehicle", "record", "status", "control", "odometry"):
        setattr(module, name, importlib.import_module(f"hfloc.v1.{name}_pb2"))
    return module


@pytest.fixture(scope="session")
def program() -> Path:
    """The bridge; HFLOC_BRIDGES names another folder of it."""
    return Path(os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release")) / "hfloc-ros2"


def norm(q: list[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in q))
    return [x / length for x in q]


class Daemon:
    """Endpoints as hflocd binds them, and messages as it fills them."""

    def __init__(self, messages, folder: Path, session: int = 1, odom: bool = False) -> None:
        self.messages, self.session, self.odom, self.sequence = messages, session, odom, 0
        self.context = zmq.Context()
        self.sockets = {}
        for name, kind in {
            "localization": zmq.XPUB, "vehicle": zmq.XPUB, "record": zmq.XPUB, "control": zmq.ROUTER,
            "odometry": zmq.SUB,
        }.items():  # fmt: skip
            self.sockets[name] = socket = self.context.socket(kind)
            socket.linger = 0
            socket.bind(f"ipc://{folder}/{name}")
        self.sockets["odometry"].subscribe(b"")

    def fill(self, target) -> None:
        target.position.x, target.position.y, target.position.z = 3, 5, 7
        w, x, y, z = norm(QUARTER)
        target.orientation.w, target.orientation.x, target.orientation.y, target.orientation.z = w, x, y, z
        target.covariance.extend(COVARIANCE)

    def localization(self, state: int | None = None, age: float = 0, **fields: object):
        self.sequence += 1
        message = self.messages.Localization(
            session_id=self.session, boot_id=BOOT, sequence=self.sequence, map_frame="map", camera_frame="camera",
            base_frame="base_link", odom_frame="odom" if self.odom else "",
            state=self.messages.STATE_LOCALIZED if state is None else state,
        )  # fmt: skip
        message.capture_monotonic_ns = time.monotonic_ns() - int(age * SECOND)
        message.capture_wall_ns = time.time_ns() - int(age * SECOND)
        if message.state in (self.messages.STATE_LOCALIZED, self.messages.STATE_DEGRADED):
            self.fill(message.base_pose)
            self.fill(message.pose)
            message.pose.position.x = 4
            if self.odom:
                message.map_from_odom.translation.x, message.map_from_odom.rotation.w = 11, 1
        for name, value in fields.items():
            setattr(message, name, value)
        return message

    def vehicle(self, condition: str, **fields: object):
        self.sequence += 1
        message = self.messages.vehicle.VehicleState(
            session_id=self.session, boot_id=BOOT, sequence=self.sequence, map_frame="map", base_frame="base_link",
            odom_frame="odom",
        )  # fmt: skip
        message.condition = self.messages.vehicle.VehicleCondition.Value(f"VEHICLE_CONDITION_{condition}")
        message.monotonic_ns, message.wall_ns = time.monotonic_ns(), time.time_ns()
        if condition != "LOST":
            self.fill(message.pose)
            message.map_from_odom.translation.x, message.map_from_odom.rotation.w = 12, 1
            message.linear_velocity.x, message.linear_velocity.y, message.linear_velocity.z = 2, 0.1, 0.2
            message.angular_velocity.x, message.angular_velocity.y, message.angular_velocity.z = 0.3, 0.4, 0.5
        for name, value in fields.items():
            setattr(message, name, value)
        return message

    def say(self, message, endpoint: str = "localization"):
        self.sockets[endpoint].send(message.SerializeToString())
        return message

    def say_record(self, topic: str, message) -> None:
        record = self.messages.record.RecordHeader(boot_id=BOOT, session_id=self.session)
        frames = [topic.encode(), record.SerializeToString(), message.SerializeToString()]
        self.sockets["record"].send_multipart(frames)

    def close(self) -> None:
        self.context.destroy(linger=0)


class World:
    """A bridge, a daemon and a peer, with what they need."""

    def __init__(self, program: Path, folder: Path, messages) -> None:
        self.program, self.folder, self.messages = program, folder, messages
        self.domain = free_domain()
        self.peers: list[Peer] = []
        self.daemons: list[Daemon] = []
        self.bridges: list[subprocess.Popen] = []
        self.journal = folder / "journal"

    def bridge(self, *arguments: str, **environment: str) -> subprocess.Popen:
        names = ["localization", "vehicle", "record", "control", "odometry"]
        options = ["endpoint", "vehicle", "record", "control", "odometry"]
        command = [str(self.program), "--localhost", "--domain", str(self.domain), *arguments]
        for option, name in zip(options, names, strict=True):
            command += [f"--{option}", f"ipc://{self.folder}/{name}"]
        process = subprocess.Popen(command, stderr=self.journal.open("a"), env=os.environ | environment)
        self.bridges.append(process)
        return process

    def daemon(self, session: int = 1, odom: bool = False) -> Daemon:
        self.daemons.append(Daemon(self.messages, self.folder, session, odom))
        return self.daemons[-1]

    def peer(self, *topics: tuple[str, str], release: str = "jazzy") -> Peer:
        self.peers.append(Peer(self.domain, release))
        for topic, kind in topics:
            self.peers[-1].take(topic, kind)
        return self.peers[-1]

    def until(self, peer: Peer, topic: str, say: Callable[[], object], where: Callable = lambda _: True):
        """The first sample, of those that come from now on, for which it holds, while something is said every 10 ms."""
        before, end = len(peer.samples[topic]), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.bridges[-1].poll() is None, self.journal.read_text()
            say()
            time.sleep(0.01)
            with peer.changed:
                for sample in peer.samples[topic][before:]:
                    if where(sample.message):
                        return sample
            assert not peer.errors, peer.errors
        raise AssertionError(f"nothing on {topic}: {self.journal.read_text()}")

    def close(self) -> None:
        for bridge in self.bridges:
            bridge.kill()
            bridge.wait()
        for one in self.peers + self.daemons:
            one.close()


@pytest.fixture
def world(program: Path, tmp_path: Path, messages) -> Iterator[World]:
    made = World(program, tmp_path, messages)
    yield made
    made.close()


def of(message) -> tuple[list[float], list[float]]:
    """Position, and attitude as x, y, z, w."""
    p, q = message.position, message.orientation
    return [p.x, p.y, p.z], [q.x, q.y, q.z, q.w]


def expected() -> list[float]:
    w, x, y, z = norm(QUARTER)
    return [x, y, z, w]


def test_pose_and_transform_of_a_vehicle(world: World) -> None:
    """Stamps of capture, positions, quaternions as x, y, z, w, covariances in the map's axes."""
    peer = world.peer(("/hfloc/pose", POSE), ("/hfloc/camera_pose", POSE), ("/tf", TF))
    world.bridge()
    daemon = world.daemon()
    sent = {}

    def say() -> None:
        message = daemon.say(daemon.localization())
        sent[message.capture_wall_ns] = message

    got = world.until(peer, "/hfloc/pose", say)
    assert got.stamp_ns in sent and got.message.header.frame_id == "map"
    position, attitude = of(got.message.pose.pose)
    assert position == [3, 5, 7] and attitude == pytest.approx(expected(), abs=1e-15)
    assert list(got.message.pose.covariance) == COVARIANCE
    camera = world.until(peer, "/hfloc/camera_pose", say)
    assert of(camera.message.pose.pose)[0] == [4, 5, 7]
    transform = world.until(peer, "/tf", say)
    (one,) = transform.message.transforms
    assert (one.header.frame_id, one.child_frame_id) == ("map", "base_link")
    assert transform.stamp_ns in sent
    t, q = one.transform.translation, one.transform.rotation
    assert [t.x, t.y, t.z] == [3, 5, 7] and [q.x, q.y, q.z, q.w] == pytest.approx(expected(), abs=1e-15)


def test_names_are_ros_names(world: World) -> None:
    peer = world.peer(("/car/localizer/camera_pose", POSE), ("/fix", POSE), ("/tf", TF))
    world.bridge(
        "--namespace", "/car", "--node", "localizer", "--remap", "~/pose:=/fix", "--map-frame", "world",
        "--base-frame", "/chassis",
    )  # fmt: skip
    daemon = world.daemon()

    def say() -> None:
        daemon.say(daemon.localization())

    assert world.until(peer, "/fix", say).message.header.frame_id == "world"
    assert world.until(peer, "/car/localizer/camera_pose", say)
    assert world.until(peer, "/tf", say).message.transforms[0].child_frame_id == "chassis"


def test_transform_goes_to_odom_where_odometry_is(world: World) -> None:
    """From fixes alone, and from the vehicle's state where it comes: then only from that."""
    peer = world.peer(("/tf", TF), ("/hfloc/odometry", ODOMETRY))
    world.bridge()
    daemon = world.daemon(odom=True)
    fix = world.until(peer, "/tf", lambda: daemon.say(daemon.localization())).message.transforms[0]
    assert (fix.header.frame_id, fix.child_frame_id, fix.transform.translation.x) == ("map", "odom", 11)

    def say() -> None:
        daemon.say(daemon.localization())
        daemon.say(daemon.vehicle("FIXED"), "vehicle")

    world.until(peer, "/tf", say, lambda m: m.transforms[0].transform.translation.x == 12)
    before = len(peer.samples["/tf"])
    state = world.until(peer, "/hfloc/odometry", say).message
    assert (state.header.frame_id, state.child_frame_id) == ("map", "base_link")
    assert of(state.pose.pose)[0] == [3, 5, 7] and list(state.pose.covariance) == COVARIANCE
    v, w = state.twist.twist.linear, state.twist.twist.angular
    assert [v.x, v.y, v.z, w.x, w.y, w.z] == [2, 0.1, 0.2, 0.3, 0.4, 0.5]
    # The daemon did not say how well it knows them: as good as not at all, and no filter takes that for certainty.
    assert [state.twist.covariance[i] for i in range(36)] == [1e9 if i % 7 == 0 else 0 for i in range(36)]
    world.until(peer, "/tf", say)
    late = [s.message.transforms[0].transform.translation.x for s in peer.samples["/tf"][before:]]
    assert set(late) == {12}
    stamps = [s.stamp_ns for s in peer.samples["/tf"]]
    assert stamps == sorted(set(stamps)), "a transform was said twice, or out of order"


@pytest.mark.parametrize("coast", [0, 2])
def test_transform_while_odometry_alone_carries_the_pose(world: World, coast: int) -> None:
    peer = world.peer(("/tf", TF), ("/hfloc/odometry", ODOMETRY))
    world.bridge("--tf-coast", str(coast))
    daemon = world.daemon(odom=True)
    world.until(peer, "/tf", lambda: daemon.say(daemon.vehicle("FIXED"), "vehicle"))
    before, age = len(peer.samples["/tf"]), 0.6
    for age in (0.6, 1.9, 2.1, 30):
        daemon.say(daemon.vehicle("COASTING", fix_age_ns=int(age * SECOND)), "vehicle")
        time.sleep(0.05)
    last = daemon.vehicle("COASTING", fix_age_ns=40 * SECOND)
    world.until(peer, "/hfloc/odometry", lambda: daemon.say(last, "vehicle"))
    assert len(peer.samples["/tf"]) - before == (2 if coast else 0)


def test_nothing_claims_a_pose_while_the_camera_is_lost(world: World) -> None:
    """Ten seconds of LOST, at 30 Hz, and the vehicle's state with it: nothing but diagnostics."""
    topics = [("/hfloc/pose", POSE), ("/hfloc/camera_pose", POSE), ("/hfloc/odometry", ODOMETRY), ("/tf", TF)]
    peer = world.peer(*topics, ("/diagnostics", DIAGNOSTICS))
    world.bridge()
    daemon = world.daemon(odom=True)

    def say() -> None:
        daemon.say(daemon.localization())
        daemon.say(daemon.vehicle("FIXED"), "vehicle")

    for topic, _ in topics:
        world.until(peer, topic, say)
    lost = daemon.say(daemon.localization(state=daemon.messages.STATE_LOST, reason="nothing is recognized"))
    begun, end = lost.capture_wall_ns, time.monotonic() + 10
    while time.monotonic() < end:
        daemon.say(daemon.localization(state=daemon.messages.STATE_LOST, reason="nothing is recognized"))
        daemon.say(daemon.vehicle("LOST"), "vehicle")
        time.sleep(1 / 30)
    for topic, _ in topics:
        assert all(sample.stamp_ns < begun for sample in peer.samples[topic]), topic
    told = peer.samples["/diagnostics"][-1].message.status
    assert {s.name: s.level for s in told}["hfloc cam0: localization"] == 2
    # And it comes back.
    world.until(peer, "/tf", say, lambda m: m.transforms[0].header.stamp.sec * SECOND > begun)


def test_nothing_is_published_of_a_pose_that_may_not_be_used(world: World) -> None:
    peer = world.peer(("/hfloc/pose", POSE), ("/tf", TF))
    world.bridge()
    daemon = world.daemon()
    good = world.until(peer, "/tf", lambda: daemon.say(daemon.localization()))
    degraded, wall = daemon.messages.STATE_DEGRADED, time.time_ns() + 20 * SECOND
    time.sleep(0.5)
    before = {topic: len(peer.samples[topic]) for topic in ("/hfloc/pose", "/tf")}
    for fields in ({"age": 1}, {"state": degraded}, {"boot_id": "another"}, {"capture_wall_ns": wall}):
        daemon.say(daemon.localization(**fields))
    again = daemon.localization()
    again.sequence = 1
    daemon.say(again)
    broken = daemon.localization()
    broken.base_pose.orientation.w = 9
    daemon.say(broken)
    time.sleep(0.5)
    assert before == {topic: len(peer.samples[topic]) for topic in before}
    assert world.until(peer, "/tf", lambda: daemon.say(daemon.localization())).stamp_ns > good.stamp_ns


def test_every_state_and_gate_in_words(world: World) -> None:
    peer = world.peer(("/diagnostics", DIAGNOSTICS))
    world.bridge("--camera", "left")
    daemon, messages = world.daemon(), world.messages
    states, gates = messages.State.items(), list(messages.Gate.items())
    assert len(states) >= 11 and len(gates) >= 16
    for number, (state, value) in enumerate(states):
        gate, code = gates[number % len(gates)]
        reason = f"because of {gate}"

        def say(value: int = value, code: int = code, reason: str = reason) -> None:
            message = daemon.localization(state=value, reason=reason)
            message.evidence.failed_gate = code
            message.evidence.inliers = 42
            daemon.say(message)

        def status(message, name: str = state.removeprefix("STATE_")):
            found = [s for s in message.status if s.name == "hfloc left: localization"]
            return found and found[0].message.startswith(name) and found[0]

        found = status(world.until(peer, "/diagnostics", say, status).message)
        values = {pair.key: pair.value for pair in found.values}
        assert found.hardware_id == "left" and reason in found.message
        assert (values["state"], values["gate"], values["inliers"]) == (
            state.removeprefix("STATE_"), gate.removeprefix("GATE_"), "42")  # fmt: skip
        usual = {"LOCALIZED": 0, "DEGRADED": 1, "INITIALIZING": 1}
        assert found.level == usual.get(state.removeprefix("STATE_"), 2)
    for gate, code in gates:
        record = messages.status.Status(daemon_version="9", boot_id=BOOT)
        record.problems.add(text="the clock is wrong")
        record.gates.add(gate=code, withheld=3, degraded=4)

        def told(message, gate: str = gate.removeprefix("GATE_")) -> bool:
            (found,) = [s for s in message.status if s.name == "hfloc left: daemon"]
            values = {pair.key: pair.value for pair in found.values}
            return found.message == "the clock is wrong" and values.get(f"gate {gate}") == "3 withheld, 4 degraded"

        # A change of state brings diagnostics at once.
        flip = [messages.STATE_LOST, messages.STATE_LOCALIZED]

        def speak(record=record, flip: list[int] = flip) -> None:
            daemon.say_record("status", record)
            flip.reverse()
            daemon.say(daemon.localization(state=flip[0]))

        world.until(peer, "/diagnostics", speak, told)


@pytest.mark.parametrize(
    ("model", "parameters", "name", "d", "focal"),
    [
        ("SIMPLE_PINHOLE", [400, 320, 240], "plumb_bob", [0, 0, 0, 0, 0], (400, 400)),
        ("RADIAL", [400, 320, 240, 0.1, 0.2], "plumb_bob", [0.1, 0.2, 0, 0, 0], (400, 400)),
        ("OPENCV", [400, 401, 320, 240, 0.1, 0.2, 0.3, 0.4], "plumb_bob", [0.1, 0.2, 0.3, 0.4, 0], (400, 401)),
        (
            "FULL_OPENCV",
            [400, 401, 320, 240, *range(1, 9)],
            "rational_polynomial",
            [1, 2, 3, 4, 5, 6, 7, 8],
            (400, 401),
        ),
        ("OPENCV_FISHEYE", [400, 401, 320, 240, 1, 2, 3, 4], "equidistant", [1, 2, 3, 4], (400, 401)),
        ("RADIAL_FISHEYE", [400, 320, 240, 1, 2], "equidistant", [1, 2, 0, 0], (400, 400)),
    ],
)
def test_camera_info(world: World, model, parameters, name, d, focal) -> None:
    peer = world.peer(("/hfloc/camera_info", CAMERA_INFO))
    world.bridge()
    daemon = world.daemon()
    info = world.messages.record.CameraInfo(camera_frame="camera", model=model, width=640, height=480)
    info.parameters.extend(parameters)

    def say() -> None:
        daemon.say(daemon.localization())
        daemon.say_record("camera_info", info)

    got = world.until(peer, "/hfloc/camera_info", say).message
    assert (got.width, got.height, got.distortion_model, list(got.d)) == (640, 480, name, d)
    assert got.header.frame_id == "camera"
    assert list(got.k) == [focal[0], 0, 320, 0, focal[1], 240, 0, 0, 1]
    assert list(got.p) == [focal[0], 0, 320, 0, 0, focal[1], 240, 0, 0, 0, 1, 0]
    assert list(got.r) == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def control_request(daemon: Daemon):
    """What came at the control endpoint, answered."""
    if not daemon.sockets["control"].poll(10):
        return None
    who, *_, body = daemon.sockets["control"].recv_multipart()
    request = daemon.messages.control.ControlRequest.FromString(body)
    reply = daemon.messages.control.ControlReply(request_id=request.request_id, ok=True)
    daemon.sockets["control"].send_multipart([who, reply.SerializeToString()])
    return request


def wait_journal(world: World, words: str) -> None:
    end = time.monotonic() + PATIENCE
    while words not in world.journal.read_text():
        assert time.monotonic() < end, world.journal.read_text()
        time.sleep(0.05)


def test_initial_pose_becomes_a_prior(world: World) -> None:
    peer = world.peer(("/hfloc/pose", POSE))
    peer.give("/initialpose", POSE)
    world.bridge()
    daemon = world.daemon()
    world.until(peer, "/hfloc/pose", lambda: daemon.say(daemon.localization()))
    peer.wait_matched("/initialpose")
    covariance = [0.0] * 36
    covariance[0] = covariance[7] = 0.25
    covariance[35] = 0.04
    w, x, y, z = norm(QUARTER)
    stated = make(POSE, header=header(time.time_ns(), "map"), pose=pose([1, 2, 3.5], [x, y, z, w], covariance))
    request, end = None, time.monotonic() + PATIENCE
    while request is None and time.monotonic() < end:
        peer.publish("/initialpose", stated)
        request = control_request(daemon)
    prior = request.set_prior
    assert (prior.position.x, prior.position.y, prior.position.z) == (1, 2, 3.5)
    q = prior.orientation
    assert [q.w, q.x, q.y, q.z] == pytest.approx([w, x, y, z], abs=1e-15)
    assert (prior.position_sigma_m, prior.frame) == (0.5, "base_link")
    assert prior.rotation_sigma_rad == pytest.approx(0.2)
    while control_request(daemon):
        pass
    wait_journal(world, "initialpose: taken")
    elsewhere = make(POSE, header=header(time.time_ns(), "odom"), pose=pose([1, 2, 3], [0, 0, 0, 1], covariance))
    peer.publish("/initialpose", elsewhere)
    wait_journal(world, "it is in the frame 'odom', not 'map'")
    assert control_request(daemon) is None


@pytest.mark.parametrize("quality", ["reliable volatile 10", "best_effort volatile 5"])
def test_odometry_reaches_the_daemon(world: World, quality: str) -> None:
    """From both kinds of publishers; ROS's stamp becomes that of CLOCK_MONOTONIC."""
    peer = world.peer(("/hfloc/pose", POSE))
    peer.give("/odom", ODOMETRY, quality)
    world.bridge()
    daemon = world.daemon(odom=True)
    world.until(peer, "/hfloc/pose", lambda: daemon.say(daemon.localization()))
    peer.wait_matched("/odom")
    w, x, y, z = norm(QUARTER)
    twist = [0.01 * i for i in range(36)]
    got, end = None, time.monotonic() + PATIENCE
    while got is None and time.monotonic() < end:
        wall, monotonic = time.time_ns(), time.monotonic_ns()
        sent = odometry(wall, [1, 2, 3], [x, y, z, w], [4, 5, 6], [7, 8, 9], covariance=([-1.0] + [0.0] * 35, twist))
        peer.publish("/odom", sent)
        if daemon.sockets["odometry"].poll(100):
            got = world.messages.odometry.Odometry.FromString(daemon.sockets["odometry"].recv())
    assert abs(got.monotonic_ns - monotonic) < SECOND, "another clock's stamp"
    assert (got.position.x, got.position.y, got.position.z) == (1, 2, 3)
    q = got.orientation
    assert [q.w, q.x, q.y, q.z] == pytest.approx([w, x, y, z], abs=1e-15)
    assert (got.linear_velocity.y, got.angular_velocity.z) == (5, 9)
    assert not got.covariance, "ROS's -1 means: not known"
    assert list(got.velocity_covariance) == twist
    for frames, words in ((("odom2", "base_link"), "--odom-frame"), (("odom", "wheels"), "--base-frame")):
        peer.publish("/odom", odometry(time.time_ns(), [0] * 3, [0, 0, 0, 1], [0] * 3, [0] * 3, frames))
        wait_journal(world, words)
    peer.publish("/odom", odometry(5 * SECOND, [0] * 3, [0, 0, 0, 1], [0] * 3, [0] * 3))
    wait_journal(world, "use_sim_time")


@pytest.mark.parametrize("release", ["humble", "jazzy"])
def test_node_is_in_the_graph(world: World, release: str) -> None:
    """As rmw_fastrtps builds it: endpoints and their USER_DATA joined with ros_discovery_info by Gid."""
    peer = world.peer(release=release)
    peer.take("ros_discovery_info", GRAPH, "reliable transient_local 1", prefix="")
    world.bridge("--release", release, "--namespace", "/car")
    peer.wait(lambda: peer.samples["ros_discovery_info"], "no ros_discovery_info")
    info = peer.samples["ros_discovery_info"][-1].message
    (node,) = info.node_entities_info_seq
    assert (node.node_namespace, node.node_name) == ("/car", "hfloc")
    size = {"humble": 24, "jazzy": 16}[release]

    def gid(entry) -> str:
        data = bytes(entry.data)
        assert len(data) == size and not any(data[16:])
        return data[:16].hex()

    written, read = [gid(g) for g in node.writer_gid_seq], [gid(g) for g in node.reader_gid_seq]
    peer.wait(lambda: all(g in peer.endpoints for g in written + read), "an endpoint was not discovered")
    assert peer.participants[gid(info.gid)] == "enclave=/;"
    assert sorted(peer.endpoints[g][1] for g in written) == [
        "rt/car/hfloc/camera_info", "rt/car/hfloc/camera_pose", "rt/car/hfloc/odometry", "rt/car/hfloc/pose",
        "rt/diagnostics", "rt/tf",
    ]  # fmt: skip
    assert sorted(peer.endpoints[g][1] for g in read) == ["rt/car/initialpose", "rt/car/odom"]
    for kind, topic, name, *user in (peer.endpoints[g] for g in written + read):
        package, _, short = name.removesuffix("_").split("::")[0], None, name.removesuffix("_").split("::")[-1]
        expected_hash = STORES[release].hash_rihs01(f"{package}/msg/{short}")
        assert user == [f"typehash={expected_hash};"], (kind, topic)


def test_who_starts_when_does_not_matter(world: World) -> None:
    """Bridge before the daemon, killed during it, started again after it; the daemon started again, twice."""
    peer = world.peer(("/hfloc/pose", POSE), ("/tf", TF))
    bridge = world.bridge()
    time.sleep(1)
    for session in (1, 2, 3):
        daemon = world.daemon(session)
        begun = time.monotonic()
        first = world.until(peer, "/hfloc/pose", lambda daemon=daemon: daemon.say(daemon.localization()))
        # Two seconds are promised; how long it took is what the line below says.
        print(f"session {session}: {time.monotonic() - begun:.2f} s")
        assert time.time_ns() - first.stamp_ns < PATIENCE * SECOND
        if session == 2:
            bridge.send_signal(signal.SIGKILL)
            bridge.wait()
            bridge = world.bridge()
            before = time.time_ns()
            begun = time.monotonic()
            again = world.until(peer, "/hfloc/pose", lambda daemon=daemon: daemon.say(daemon.localization()))
            print(f"bridge again: {time.monotonic() - begun:.2f} s")
            assert again.stamp_ns > before, "a stale pose"
        daemon.close()
        world.daemons.remove(daemon)
        gone, count = time.time_ns(), len(peer.samples["/tf"])
        time.sleep(1)
        assert all(s.stamp_ns < gone for s in peer.samples["/tf"][count:])


def test_stalled_bridge_passes_no_stale_pose_on(world: World) -> None:
    peer = world.peer(("/hfloc/pose", POSE))
    bridge = world.bridge()
    daemon = world.daemon()
    world.until(peer, "/hfloc/pose", lambda: daemon.say(daemon.localization()))
    bridge.send_signal(signal.SIGSTOP)
    for _ in range(20):
        daemon.say(daemon.localization())
        time.sleep(0.1)
    resumed, before = time.time_ns(), len(peer.samples["/hfloc/pose"])
    bridge.send_signal(signal.SIGCONT)
    world.until(peer, "/hfloc/pose", lambda: daemon.say(daemon.localization()))
    stamps = [s.stamp_ns for s in peer.samples["/hfloc/pose"][before:]]
    assert min(stamps) > resumed - 0.6 * SECOND


def test_daemon_without_extrinsics(world: World) -> None:
    """The camera's pose alone, and words for what is missing."""
    peer = world.peer(("/hfloc/camera_pose", POSE), ("/hfloc/pose", POSE), ("/tf", TF))
    world.bridge("--tf", "camera")
    daemon = world.daemon()

    def say() -> None:
        message = daemon.localization(base_frame="")
        message.ClearField("base_pose")
        daemon.say(message)

    world.until(peer, "/hfloc/camera_pose", say)
    (one,) = world.until(peer, "/tf", say).message.transforms
    assert (one.header.frame_id, one.child_frame_id, one.transform.translation.x) == ("map", "camera", 4)
    wait_journal(world, "vehicle.base_from_camera")
    assert not peer.samples["/hfloc/pose"]


def test_missing_interface_is_waited_for(world: World) -> None:
    absent = '<General><Interfaces><NetworkInterface name="nowhere0"/></Interfaces></General>'
    command = [world.program, "--domain", str(world.domain), "--endpoint", f"ipc://{world.folder}/localization"]
    process = subprocess.Popen(command, stderr=world.journal.open("a"), env=os.environ | {"CYCLONEDDS_URI": absent})
    world.bridges.append(process)
    wait_journal(world, "waiting for it")
    time.sleep(2.5)
    assert process.poll() is None
    assert world.journal.read_text().count("waiting for it") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--namespace", "car"], "/robot1"),
        (["--node", "hf-loc"], "hf-loc"),
        (["--remap", "odom=/x"], "FROM:=TO"),
        (["--remap", "odom:=/a b"], "not a name of a topic"),
        (["--domain", "300"], "0 to 232"),
        (["--max-age", "0"], "1 to 10000"),
        (["--tf", "both"], "both"),
        (["--endpoint", "nonsense"], "nonsense"),
        (["--camera", "a/b"], "cam0"),
    ],
)
def test_what_cannot_be_is_refused(program: Path, arguments: list[str], words: str) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 64 and words in done.stderr, done.stderr


def test_domain_of_the_environment(program: Path) -> None:
    environment = os.environ | {"ROS_DOMAIN_ID": "left"}
    done = subprocess.run([program], capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment)
    assert done.returncode == 64 and "ROS_DOMAIN_ID" in done.stderr


def test_endpoint_of_another_program(world: World) -> None:
    """It ends, and says which option it is."""
    bridge = world.bridge()
    with zmq.Context() as context, context.socket(zmq.XPUB) as other:
        other.linger = 0
        other.bind(f"ipc://{world.folder}/localization")
        end = time.monotonic() + PATIENCE
        while bridge.poll() is None and time.monotonic() < end:
            other.send(b"\xff\xff")
            time.sleep(0.02)
    assert bridge.poll() == 65 and "--endpoint" in world.journal.read_text()


@pytest.mark.parametrize("file", ["tools/examples/ros2/hfloc.launch.py", "Sources/hfloc/hfloc.docc/ROS2.md"])
def test_options_that_texts_name_exist(program: Path, file: str) -> None:
    shown = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    text = (ROOT / file).read_text()
    compile(text, file, "exec") if file.endswith(".py") else None
    of_swift = {"--package-path", "--scratch-path", "--product"}
    named = set(re.findall(r"--[a-z][a-z-]+", text)) - of_swift
    assert len(named) >= 5
    assert not {option for option in named if not re.search(rf"{option}\b", shown)}
