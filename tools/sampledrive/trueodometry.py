"""The odometry of a vehicle that drives as the sample's frames show, and rigid motions as matrices."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import zmq
from drive import read_roles, read_truth
from fakecamera import there_and_back

SAMPLE = Path(__file__).resolve().parents[2] / "Tests/Sample"


def matrix(t, q) -> np.ndarray:
    """Of a translation and a quaternion, w first."""
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


class TrueDrive:
    """Where a vehicle is that drives as frames of the sample show, over and over, to and fro."""

    def __init__(self, names: list[str], rate: float, base_from_camera: np.ndarray) -> None:
        truth, camera_from_base = read_truth(SAMPLE), np.linalg.inv(base_from_camera)
        self.way = [matrix(truth[name].position, truth[name].orientation) @ camera_from_base for name in names]
        self.period_ns = 1e9 / rate
        # Elsewhere, and turned.
        half = 0.5**0.5
        self.odom_from_map = matrix([100, -50, 3], [half, 0, 0, half])
        self.begin = 0

    def start(self, pose) -> None:
        """When it began, by a message of one of its frames."""
        self.begin = pose.capture_monotonic_ns - int(pose.frame_sequence % len(self.way) * self.period_ns)

    def map_from_base(self, time_ns: int) -> np.ndarray:
        """Between two frames: on the straight line, the rotation nearest to the mean of the two."""
        index = (time_ns - self.begin) / self.period_ns
        a, b = self.way[int(index) % len(self.way)], self.way[(int(index) + 1) % len(self.way)]
        part = index % 1
        u, _, v = np.linalg.svd((1 - part) * a[:3, :3] + part * b[:3, :3])
        result = np.eye(4)
        result[:3, :3], result[:3, 3] = u @ v, (1 - part) * a[:3, 3] + part * b[:3, 3]
        return result

    def odometry(self, odometry, time_ns: int) -> bytes:
        """The message of this time; `odometry` is the module of its class."""
        odom_from_base = self.odom_from_map @ self.map_from_base(time_ns)
        message = odometry.Odometry(monotonic_ns=time_ns)
        message.position.x, message.position.y, message.position.z = odom_from_base[:3, 3]
        q = quaternion(odom_from_base[:3, :3])
        message.orientation.w, message.orientation.x, message.orientation.y, message.orientation.z = q
        return message.SerializeToString()


class TrueOdometry(TrueDrive):
    """Sends the odometry of a vehicle that drives as the first frames of the second drive, once it knows when that
    began."""

    def __init__(self, service, protocol, address: str, base_from_camera: np.ndarray) -> None:
        names = there_and_back([name for name, role in read_roles(SAMPLE).items() if role == "query"][:20])
        super().__init__(names, 10, base_from_camera)
        self.protocol, self.poses = protocol, service.subscribe("pose", conflate=True)
        self.socket = service.context.socket(zmq.PUB)
        self.socket.linger, self.socket.reconnect_ivl = 0, 20
        self.socket.connect(address)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            if self.begin:
                self.socket.send(self.odometry(self.protocol.odometry, time.monotonic_ns()))
                continue
            pose = self.protocol.localization.Localization.FromString(self.poses.recv())
            if pose.capture_monotonic_ns:
                self.start(pose)

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()
