"""hfloc-mavlink beside a real hflocd, computed again here with matrices. Runs where Sources/Bridges is built
(`tools/check-slow bridges`)."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

mavlink = pytest.importorskip("pymavlink.dialects.v20.common")
import numpy as np
from conftest import ROOT
from service import PATIENCE
from trueodometry import matrix, of

PROGRAM = Path(os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release")) / "hfloc-mavlink"
# Rows of north, east, down; columns of east, north, up. And of forward, right, down by forward, left, up.
NED_FROM_ENU = np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]])
FLU_FROM_FRD = np.diag([1, -1, -1])

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def check(got, sent) -> None:
    """An ODOMETRY beside the Localization that it was made of."""
    expected = of(sent.base_pose)
    position = NED_FROM_ENU @ expected[:3, 3]
    # As near as 32 bits are.
    assert np.abs(np.array([got.x, got.y, got.z]) - position).max() <= np.abs(position).max() * 2**-24
    rotation = matrix([0, 0, 0], got.q)[:3, :3]
    assert np.abs(rotation - NED_FROM_ENU @ expected[:3, :3] @ FLU_FROM_FRD).max() < 1e-6
    both = np.kron(np.eye(2), NED_FROM_ENU)
    covariance = both @ np.reshape(sent.base_pose.covariance, (6, 6)) @ both.T
    assert np.allclose(got.pose_covariance, covariance[np.triu_indices(6)], rtol=1e-6, atol=0)
    assert got.reset_counter == sent.reset_counter % 256


def test_odometry_is_the_vehicles_pose(wire, messages) -> None:
    service = wire("vehicle: {base_from_camera: {translation: [1.2, 0.1, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}}\n")
    poses, sent, checked = service.subscribe("pose"), {}, 0
    parser = mavlink.MAVLink(None, 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as autopilot:
        autopilot.bind(("127.0.0.1", 0))
        autopilot.settimeout(0.05)
        link = f"udp:127.0.0.1:{autopilot.getsockname()[1]}"
        command = [PROGRAM, link, "--endpoint", service.address("pose"), "--max-age", "10000"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as bridge:
            end = time.monotonic() + PATIENCE
            while checked < 20 and time.monotonic() < end:
                try:
                    received = parser.parse_buffer(autopilot.recv(4096)) or []
                except TimeoutError:
                    received = []
                while poses.poll(0):
                    message = messages.Localization.FromString(poses.recv())
                    sent[message.capture_monotonic_ns // 1000] = message
                for got in received:
                    if got.get_type() == "ODOMETRY" and got.time_usec in sent:
                        check(got, sent[got.time_usec])
                        assert sent[got.time_usec].state == messages.STATE_LOCALIZED
                        checked += 1
            bridge.kill()
    assert checked == 20, service.journal()
