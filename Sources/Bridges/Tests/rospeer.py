"""The other side of hfloc-ros2: a Fast DDS program that carries bytes, which rosbags encodes and decodes here."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rosbags.typesys import Stores, get_typestore

FOLDER = Path(__file__).resolve().parent / "fastdds-peer"
ROOT = FOLDER.parents[3]
# How long a test waits for what must come, seconds: generous, since a busy machine is no fault of the program's.
PATIENCE = 60
# The messages of both releases are equal but for those of the graph.
STORES = {"humble": get_typestore(Stores.ROS2_HUMBLE), "jazzy": get_typestore(Stores.ROS2_JAZZY)}
STORE = STORES["jazzy"]
POSE = "geometry_msgs/msg/PoseWithCovarianceStamped"
ODOMETRY = "nav_msgs/msg/Odometry"
TF = "tf2_msgs/msg/TFMessage"
DIAGNOSTICS = "diagnostic_msgs/msg/DiagnosticArray"
CAMERA_INFO = "sensor_msgs/msg/CameraInfo"
GRAPH = "rmw_dds_common/msg/ParticipantEntitiesInfo"


def free_domain() -> int:
    """A domain that no other run of the tests has; above 100 its ports would be those of outgoing connections."""
    return 10 + os.getpid() % 90


def program() -> Path:
    """Fast DDS's side, built once."""
    source, target = FOLDER / "peer.cpp", ROOT / ".build-bridges/fastdds-peer"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        target.parent.mkdir(exist_ok=True)
        options = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-lfastrtps", "-lfastcdr"]
        subprocess.run(["g++", source, *options[:-2], "-o", target, *options[-2:]], check=True)
    return target


@dataclass
class Sample:
    """What came on a topic."""

    monotonic_ns: int
    data: bytes
    message: object

    @property
    def stamp_ns(self) -> int:
        """Of the message's header."""
        header = self.message.transforms[0].header if hasattr(self.message, "transforms") else self.message.header
        return header.stamp.sec * 10**9 + header.stamp.nanosec


def decode(data: bytes, kind: str, release: str = "jazzy"):
    """A message, which rosbags must encode to the same bytes again but for padding behind."""
    message = STORES[release].deserialize_cdr(data, kind)
    again = bytes(STORES[release].serialize_cdr(message, kind))
    shared = min(len(data), len(again))
    # The first four bytes say how it is encoded: little-endian CDR; the last two of them, how much is padding.
    assert data[:2] == again[:2] == b"\0\1"
    assert again[4:shared] == data[4:shared] and not any(data[shared:]) and not any(again[shared:]), kind
    return message


class Peer:
    """A running peer, and what it received."""

    def __init__(self, domain: int, release: str = "jazzy") -> None:
        environment = os.environ | {"FASTRTPS_DEFAULT_PROFILES_FILE": str(FOLDER / "loopback.xml")}
        self.release = release
        self.process = subprocess.Popen(
            [program(), str(domain)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.kinds: dict[str, str] = {}
        self.samples: dict[str, list[Sample]] = defaultdict(list)
        self.matched: dict[str, int] = defaultdict(int)
        self.participants: dict[str, str] = {}
        self.endpoints: dict[str, list[str]] = {}
        self.errors: list[str] = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            verb, *words = line.rstrip("\n").split(" ")
            with self.changed:
                try:
                    self._note(verb, words)
                except Exception as error:
                    self.errors.append(f"{line[:200]}: {error!r}")
                self.changed.notify_all()

    def _note(self, verb: str, words: list[str]) -> None:
        if verb == "sample":
            topic, data = words[0], bytes.fromhex(words[2])
            message = decode(data, self.kinds[topic], self.release)
            self.samples[topic.removeprefix("rt")].append(Sample(int(words[1]), data, message))
        elif verb == "matched":
            self.matched[words[0].removeprefix("rt")] = int(words[1])
        elif verb == "participant":
            self.participants[words[0]] = " ".join(words[1:])
        elif verb == "endpoint":
            self.endpoints[words[0]] = words[1:]
        elif verb == "error":
            self.errors.append(" ".join(words))

    def _say(self, *words: object) -> None:
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def take(self, topic: str, kind: str, quality: str = "reliable volatile 10", prefix: str = "rt") -> None:
        """Subscribe, by default with ROS's default quality."""
        self.kinds[prefix + topic] = kind
        self._say("take", prefix + topic, wire_name(kind), quality)

    def give(self, topic: str, kind: str, quality: str = "reliable volatile 10") -> None:
        """Get ready to publish."""
        self.kinds["rt" + topic] = kind
        self._say("give", "rt" + topic, wire_name(kind), quality)

    def publish(self, topic: str, message) -> None:
        data = bytes(STORE.serialize_cdr(message, self.kinds["rt" + topic]))
        self._say("publish", "rt" + topic, data.hex())

    def wait(self, condition, what: str = "") -> None:
        """Until the condition holds of what came."""
        end = time.monotonic() + PATIENCE
        with self.changed:
            while not condition():
                assert not self.errors, self.errors
                left = end - time.monotonic()
                assert left > 0 and self.process.poll() is None, what or "nothing came"
                self.changed.wait(min(left, 0.1))
        assert not self.errors, self.errors

    def wait_matched(self, *topics: str) -> None:
        self.wait(lambda: all(self.matched[topic] > 0 for topic in topics), f"no match: {topics}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.join()


def wire_name(kind: str) -> str:
    """The type's name as DDS has it."""
    package, _, name = kind.split("/")
    return f"{package}::msg::dds_::{name}_"


def make(kind: str, **fields: object):
    """A message of rosbags."""
    return STORE.types[kind](**fields)


def header(stamp_ns: int, frame: str):
    stamp = make("builtin_interfaces/msg/Time", sec=stamp_ns // 10**9, nanosec=stamp_ns % 10**9)
    return make("std_msgs/msg/Header", stamp=stamp, frame_id=frame)


def pose(position, orientation, covariance):
    """PoseWithCovariance; the orientation is x, y, z, w."""
    import numpy as np

    point = make("geometry_msgs/msg/Point", x=position[0], y=position[1], z=position[2])
    x, y, z, w = orientation
    turn = make("geometry_msgs/msg/Quaternion", x=x, y=y, z=z, w=w)
    placed = make("geometry_msgs/msg/Pose", position=point, orientation=turn)
    return make("geometry_msgs/msg/PoseWithCovariance", pose=placed, covariance=np.array(covariance, dtype=float))


def odometry(stamp_ns: int, position, orientation, velocity, rates, frames=("odom", "base_link"), covariance=None):
    """nav_msgs/Odometry; covariances are those of the pose and of the velocity, or zero."""
    import numpy as np

    def vector(v):
        return make("geometry_msgs/msg/Vector3", x=v[0], y=v[1], z=v[2])

    of_pose, of_twist = covariance or ([0.0] * 36, [0.0] * 36)
    twist = make("geometry_msgs/msg/Twist", linear=vector(velocity), angular=vector(rates))
    return make(
        ODOMETRY,
        header=header(stamp_ns, frames[0]),
        child_frame_id=frames[1],
        pose=pose(position, orientation, of_pose),
        twist=make("geometry_msgs/msg/TwistWithCovariance", twist=twist, covariance=np.array(of_twist, dtype=float)),
    )
