"""The vehicle in the map, and its odometry: computed again here with matrices."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import numpy as np
import zmq
from service import PATIENCE
from trueodometry import TrueOdometry, matrix, of, of_transform


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
