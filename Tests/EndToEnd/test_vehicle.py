"""The vehicle in the map, and its odometry: computed again here with matrices."""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path

import numpy as np
import zmq
from conftest import SAMPLE
from drive import read_roles, read_truth
from fakecamera import there_and_back
from service import PATIENCE


def matrix(t, q) -> np.ndarray:
    w, x, y, z = q
    result = np.eye(4)
    result[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    result[:3, 3] = t
    return result


def of(pose) -> np.ndarray:
    p, q = pose.position, pose.orientation
    return matrix([p.x, p.y, p.z], [q.w, q.x, q.y, q.z])


def of_transform(transform) -> np.ndarray:
    t, q = transform.translation, transform.rotation
    return matrix([t.x, t.y, t.z], [q.w, q.x, q.y, q.z])


def quaternion(r: np.ndarray) -> np.ndarray:
    """Of a rotation matrix, w first: the eigenvector of Bar-Itzhack's symmetric matrix (2000)."""
    k = np.array([
        [r[0, 0] + r[1, 1] + r[2, 2], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
        [r[2, 1] - r[1, 2], r[0, 0] - r[1, 1] - r[2, 2], r[0, 1] + r[1, 0], r[0, 2] + r[2, 0]],
        [r[0, 2] - r[2, 0], r[0, 1] + r[1, 0], r[1, 1] - r[0, 0] - r[2, 2], r[1, 2] + r[2, 1]],
        [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[1, 2] + r[2, 1], r[2, 2] - r[0, 0] - r[1, 1]],
    ])  # fmt: skip
    return np.linalg.eigh(k)[1][:, 3]


def test_vehicle_and_odometry(wire, protocol) -> None:
    """base_pose and map_from_odom, computed again here with matrices."""
    translation, rotation = [1.2, 0.1, 1.5], [0.5, -0.5, 0.5, -0.5]
    extra = (
        "vehicle: {base_frame: body, odom_frame: wheels, "
        f"base_from_camera: {{translation: {translation}, rotation: {rotation}}}}}\n"
        "odometry: ipc://ODOMETRY\n"
    )
    # The address is the folder's, which only the service knows.
    service = wire(extra.replace("ODOMETRY", f"/tmp/hfloc-odometry-{os.getpid()}"))
    sender = service.context.socket(zmq.PUB)
    sender.linger, sender.reconnect_ivl = 0, 20
    sender.connect(f"ipc:///tmp/hfloc-odometry-{os.getpid()}")
    poses = service.subscribe("pose")

    def odometry(time_ns: int) -> np.ndarray:
        angle = 0.1 * time_ns * 1e-9 % (2 * math.pi)
        return matrix([time_ns * 1e-9 % 1000, 5, 0], [math.cos(angle / 2), 0, 0, math.sin(angle / 2)])

    base_from_camera = matrix(translation, rotation)
    checked, end = 0, time.monotonic() + PATIENCE
    while checked < 20 and time.monotonic() < end:
        now = time.monotonic_ns()
        angle = 0.1 * now * 1e-9 % (2 * math.pi)
        message = protocol.odometry.Odometry(monotonic_ns=now)
        message.position.x, message.position.y = now * 1e-9 % 1000, 5
        message.orientation.w, message.orientation.z = math.cos(angle / 2), math.sin(angle / 2)
        sender.send(message.SerializeToString())
        time.sleep(0.01)
        while poses.poll(0):
            pose = protocol.localization.Localization.FromString(poses.recv())
            if not pose.HasField("pose"):
                assert not pose.HasField("base_pose") and not pose.HasField("map_from_odom")
                continue
            assert pose.base_frame == "body" and pose.odom_frame == "wheels" and len(pose.base_pose.covariance) == 36
            map_from_base = of(pose.pose) @ np.linalg.inv(base_from_camera)
            assert np.allclose(of(pose.base_pose), map_from_base, atol=1e-9)
            if pose.HasField("map_from_odom"):
                t, q = pose.map_from_odom.translation, pose.map_from_odom.rotation
                map_from_odom = matrix([t.x, t.y, t.z], [q.w, q.x, q.y, q.z])
                assert np.allclose(map_from_odom @ odometry(pose.capture_monotonic_ns), map_from_base, atol=2e-3)
                checked += 1
    assert checked >= 20


def test_odometry_of_another_clock_is_named_and_passes(wire, protocol) -> None:
    address = f"ipc:///tmp/hfloc-odometry-{os.getpid()}"
    service = wire(
        "vehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n" + f"odometry: {address}\n"
    )
    sender = service.context.socket(zmq.PUB)
    sender.linger, sender.reconnect_ivl = 0, 20
    sender.connect(address)

    def send(stamp: int) -> None:
        message = protocol.odometry.Odometry(monotonic_ns=stamp)
        message.orientation.w = 1
        sender.send(message.SerializeToString())

    def is_named(status) -> bool:
        send(time.time_ns())
        send(2**64 - 1)
        send(time.time_ns())
        kind = protocol.status.Problem.KIND_BAD_ODOMETRY
        return any(p.kind == kind and "CLOCK_REALTIME stamps?" in p.text for p in status.problems)

    service.wait_status(protocol, is_named)
    poses, end = service.subscribe("pose"), time.monotonic() + PATIENCE
    while not protocol.localization.Localization.FromString(poses.recv()).HasField("map_from_odom"):
        assert time.monotonic() < end
        for _ in range(10):
            send(time.monotonic_ns())
            time.sleep(0.01)


class TrueOdometry:
    """Sends the odometry of a vehicle that drives as the sample's frames show, once it knows when that began."""

    def __init__(self, service, protocol, address: str, base_from_camera: np.ndarray) -> None:
        self.protocol, self.poses = protocol, service.subscribe("pose", conflate=True)
        self.socket = service.context.socket(zmq.PUB)
        self.socket.linger, self.socket.reconnect_ivl = 0, 20
        self.socket.connect(address)
        names = there_and_back([name for name, role in read_roles(SAMPLE).items() if role == "query"][:20])
        truth = read_truth(SAMPLE)
        camera_from_base = np.linalg.inv(base_from_camera)
        self.way = [matrix(truth[name].position, truth[name].orientation) @ camera_from_base for name in names]
        # Elsewhere, and turned.
        half = 0.5**0.5
        self.odom_from_map = matrix([100, -50, 3], [half, 0, 0, half])
        self.begin = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def map_from_base(self, time_ns: int) -> np.ndarray:
        """Between two frames: on the straight line, the rotation nearest to the mean of the two."""
        index = (time_ns - self.begin) / 1e8
        a, b = self.way[int(index) % len(self.way)], self.way[(int(index) + 1) % len(self.way)]
        part = index % 1
        u, _, v = np.linalg.svd((1 - part) * a[:3, :3] + part * b[:3, :3])
        result = np.eye(4)
        result[:3, :3], result[:3, 3] = u @ v, (1 - part) * a[:3, 3] + part * b[:3, 3]
        return result

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            if not self.begin:
                pose = self.protocol.localization.Localization.FromString(self.poses.recv())
                if pose.capture_monotonic_ns:
                    self.begin = pose.capture_monotonic_ns - (pose.frame_sequence % len(self.way)) * 100_000_000
                continue
            now = time.monotonic_ns()
            odom_from_base = self.odom_from_map @ self.map_from_base(now)
            message = self.protocol.odometry.Odometry(monotonic_ns=now)
            message.position.x, message.position.y, message.position.z = odom_from_base[:3, 3]
            q = quaternion(odom_from_base[:3, :3])
            message.orientation.w, message.orientation.x, message.orientation.y, message.orientation.z = q
            self.socket.send(message.SerializeToString())

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()


def test_the_vehicle_between_fixes_and_a_replay_of_it(wire, hfloc, protocol, tmp_path: Path) -> None:
    """VehicleState at the odometry's rate, where the truth is; and the recording of it, equal to the last bit."""
    odometry, states = (f"ipc:///tmp/hfloc-{name}-{os.getpid()}" for name in ("odometry", "vehicle"))
    translation, rotation = [1.2, 0.1, 1.5], [0.5, -0.5, 0.5, -0.5]
    service = wire(
        f"vehicle: {{base_from_camera: {{translation: {translation}, rotation: {rotation}}}}}\n"
        f"odometry: {odometry}\nvehicle_state: {states}\nrecording: {{folder: recordings}}\n"
    )
    sender = TrueOdometry(service, protocol, odometry, matrix(translation, rotation))
    control, checked, told = f"--control={service.address('control')}", 0, 0
    try:
        subscriber, end = service.subscribe(states), time.monotonic() + PATIENCE
        while checked < 300 and time.monotonic() < end:
            state = protocol.vehicle.VehicleState.FromString(subscriber.recv())
            told += 1
            if checked == 100:
                assert hfloc("recording", "start", control).returncode == 0
            if state.condition != protocol.vehicle.VEHICLE_CONDITION_FIXED or not sender.begin:
                assert state.reason
                continue
            truth = sender.map_from_base(state.monotonic_ns)
            found = of(state.pose)
            assert np.linalg.norm(found[:3, 3] - truth[:3, 3]) < 0.3
            expected = truth @ np.linalg.inv(sender.odom_from_map @ truth)
            assert np.linalg.norm((of_transform(state.map_from_odom) - expected)[:3, :3]) < 0.05
            assert state.map_frame == "map" and len(state.map_id) == 64 and len(state.pose.covariance) == 36
            checked += 1
        assert checked >= 300, told
        # Behind a state that is recorded in the middle of it all.
        service.wait_status(protocol, lambda status: status.recording.images >= 45)
    finally:
        sender.stop()
    assert hfloc("recording", "stop", control).returncode == 0
    (file,) = (tmp_path / "recordings").iterdir()
    replayed = hfloc("replay", file)
    assert replayed.returncode == 0 and " 0 differ, 0 are not compared" in replayed.stderr, replayed.stderr
