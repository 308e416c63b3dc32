"""hfloc-ros2 between a real hflocd and Fast DDS, beside the sample's true poses. Runs where Sources/Bridges is built
(`tools/check-slow bridges`)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("rosbags")
import numpy as np
from conftest import ROOT, SAMPLE
from drive import read_roles, read_truth
from fakecamera import there_and_back
from service import PATIENCE
from trueodometry import TrueOdometry, matrix, of

sys.path.insert(0, str(ROOT / "Sources/Bridges/Tests"))
PROGRAM = Path(os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release")) / "hfloc-ros2"
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")
BASE_FROM_CAMERA = ([1.2, 0.1, 1.5], [0.5, -0.5, 0.5, -0.5])
TOPICS = ("/hfloc/pose", "/hfloc/camera_pose", "/hfloc/odometry", "/tf", "/diagnostics", "/hfloc/camera_info")


class RosSocket:
    """Stands for the ZeroMQ socket of a test's odometry: what is sent goes to ROS's /odom, with ROS's stamps."""

    def __init__(self, peer, protocol) -> None:
        self.peer, self.protocol = peer, protocol

    def connect(self, address: str) -> None:
        """ROS finds its peers by itself."""

    def send(self, data: bytes) -> None:
        import rospeer

        sent = self.protocol.odometry.Odometry.FromString(data)
        stamp = time.time_ns() - (time.monotonic_ns() - sent.monotonic_ns)
        p, q = sent.position, sent.orientation
        self.peer.publish("/odom", rospeer.odometry(stamp, [p.x, p.y, p.z], [q.x, q.y, q.z, q.w], [0] * 3, [0] * 3))


def placed(transform) -> np.ndarray:
    """Of ROS's Pose or Transform."""
    t = transform.position if hasattr(transform, "position") else transform.translation
    q = transform.orientation if hasattr(transform, "orientation") else transform.rotation
    return matrix([t.x, t.y, t.z], [q.w, q.x, q.y, q.z])


@pytest.fixture
def ros(wire, protocol, tmp_path: Path):
    """A daemon with odometry, the bridge, and a peer that takes all of its topics and gives /odom."""
    import rospeer

    odometry, states = (f"ipc:///tmp/hfloc-{name}-{os.getpid()}" for name in ("odometry", "vehicle"))
    translation, rotation = BASE_FROM_CAMERA
    service = wire(
        f"vehicle: {{base_from_camera: {{translation: {translation}, rotation: {rotation}}}}}\n"
        f"odometry: {odometry}\nvehicle_state: {states}\n"
    )
    peer = rospeer.Peer(rospeer.free_domain())
    kinds = [rospeer.POSE, rospeer.POSE, rospeer.ODOMETRY, rospeer.TF, rospeer.DIAGNOSTICS, rospeer.CAMERA_INFO]
    for topic, kind in zip(TOPICS, kinds, strict=True):
        peer.take(topic, kind)
    peer.give("/odom", rospeer.ODOMETRY)
    command = [PROGRAM, "--localhost", "--domain", str(rospeer.free_domain()), "--max-age", "10000"]
    addresses = {name: service.address(name) for name in ("record", "control")}
    addresses |= {"endpoint": service.address("pose"), "vehicle": states, "odometry": odometry}
    for name, address in addresses.items():
        command += [f"--{name}", address]
    bridge = subprocess.Popen(command, stderr=(tmp_path / "bridge").open("w"))
    peer.wait_matched(*TOPICS, "/odom")
    yield SimpleNamespace(service=service, peer=peer, protocol=protocol, bridge=bridge)
    bridge.kill()
    bridge.wait()
    peer.close()


def test_every_pose_of_a_drive_beside_the_truth(ros, messages) -> None:
    """Each LOCALIZED message of hflocd is on /hfloc/pose, equal to rounding, and where the sample's truth is."""
    poses, sent, end = ros.service.subscribe("pose"), {}, time.monotonic() + PATIENCE
    got = ros.peer.samples["/hfloc/pose"]
    while len(got) < 60 and time.monotonic() < end:
        message = messages.Localization.FromString(poses.recv())
        if message.state == messages.STATE_LOCALIZED:
            sent[message.capture_wall_ns] = message
    assert len(got) >= 60, ros.service.journal()
    ros.peer.wait(lambda: got[-1].stamp_ns >= max(sent))
    # From where both listened on.
    begun = max(min(sent), got[0].stamp_ns)
    stamps = [sample.stamp_ns for sample in got if begun <= sample.stamp_ns <= max(sent)]
    assert len(stamps) >= 30
    assert stamps == sorted(stamp for stamp in sent if stamp >= begun), "a pose was lost, or came twice"
    way = there_and_back([name for name, role in read_roles(SAMPLE).items() if role == "query"][:20])
    truth, camera_from_base = read_truth(SAMPLE), np.linalg.inv(matrix(*BASE_FROM_CAMERA))
    for sample in got:
        message = sent.get(sample.stamp_ns)
        if message is None:
            continue
        found = placed(sample.message.pose.pose)
        assert np.abs(found - of(message.base_pose)).max() < 1e-14
        assert list(sample.message.pose.covariance) == list(message.base_pose.covariance)
        frame = truth[way[message.frame_sequence % len(way)]]
        expected = matrix(frame.position, frame.orientation) @ camera_from_base
        assert np.linalg.norm(found[:3, 3] - expected[:3, 3]) < 0.3
        assert np.linalg.norm((found - expected)[:3, :3]) < 0.05
    ros.peer.wait(lambda: ros.peer.samples["/hfloc/camera_info"])
    camera = ros.peer.samples["/hfloc/camera_info"][-1].message
    assert list(camera.k) == [402.3, 0, 318.6, 0, 401.7, 241.3, 0, 0, 1] and camera.distortion_model == "plumb_bob"
    assert list(camera.d) == [-0.062, 0.011, 0.0004, -0.0003, 0]


def test_odometry_of_ros_makes_a_continuous_pose(ros) -> None:
    """/odom goes to hflocd, whose vehicle comes back at its rate: map to odom to base_link is where the truth is."""
    socket = RosSocket(ros.peer, ros.protocol)
    service = SimpleNamespace(subscribe=ros.service.subscribe, context=SimpleNamespace(socket=lambda kind: socket))
    sender = TrueOdometry(service, ros.protocol, "", matrix(*BASE_FROM_CAMERA))
    try:
        tf, states = ros.peer.samples["/tf"], ros.peer.samples["/hfloc/odometry"]
        ros.peer.wait(lambda: len(tf) >= 200 and len(states) >= 200, "no continuous pose")
    finally:
        sender.stop()
    offset = time.time_ns() - time.monotonic_ns()
    for sample in tf[-100:]:
        (one,) = sample.message.transforms
        assert (one.header.frame_id, one.child_frame_id) == ("map", "odom")
        truth = sender.map_from_base(sample.stamp_ns - offset)
        found = placed(one.transform) @ sender.odom_from_map @ truth
        assert np.linalg.norm(found[:3, 3] - truth[:3, 3]) < 0.5
    stamps = [sample.stamp_ns for sample in tf]
    assert stamps == sorted(set(stamps))
    for sample in states[-100:]:
        truth = sender.map_from_base(sample.stamp_ns - offset)
        assert np.linalg.norm(placed(sample.message.pose.pose)[:3, 3] - truth[:3, 3]) < 0.3
    # What comes is said of the past, never of the future.
    wall = [sample.monotonic_ns + offset for sample in tf]
    assert all(stamp <= arrived for stamp, arrived in zip(stamps, wall, strict=True))
