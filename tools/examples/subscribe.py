#!/usr/bin/env python3
"""Print what hflocd publishes, and whether to use it: subscribe.py ENDPOINT [COUNT], as UseIt.md explains.

Needs pyzmq and protobuf, and the module that this makes once (/usr/share/hfloc/proto, if hfloc is installed):
    protoc --proto_path=Sources/Messages --python_out=tools/examples hfloc/v1/localization.proto
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import zmq
from hfloc.v1 import localization_pb2 as hfloc

OPTIONS = {zmq.CONFLATE: 1, zmq.HEARTBEAT_IVL: 2000, zmq.HEARTBEAT_TIMEOUT: 6000, zmq.RCVTIMEO: 3000}
OPTIONS |= {zmq.RECONNECT_IVL: 50, zmq.RECONNECT_IVL_MAX: 1000, zmq.SUBSCRIBE: b""}
MAXIMUM_AGE_NS = 500_000_000
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def connect(endpoint: str) -> zmq.Socket:
    """A socket that has the newest message, and comes back when hflocd does."""
    socket = zmq.Context.instance().socket(zmq.SUB)
    for option, value in OPTIONS.items():
        socket.setsockopt(option, value)  # all before connect, or CONFLATE has no effect
    socket.connect(endpoint)
    return socket


def verdict(message: hfloc.Localization, now: int) -> str:
    """Whether the pose may be used; now is CLOCK_MONOTONIC, which stands for one machine and boot alone."""
    if not message.session_id or message.state not in hfloc.State.values():
        return "not used: of a version that this program does not know"
    if message.state != hfloc.STATE_LOCALIZED:
        return f"not used: {message.reason}"
    if message.boot_id != BOOT or not 0 <= now - message.capture_monotonic_ns <= MAXIMUM_AGE_NS:
        return "not used: stale"
    return "used"


def line(message: hfloc.Localization, now: int) -> str:
    """The camera, the vehicle and the odometry's frame in the map: x y z, w x y z."""
    m, words = message, [f"{message.sequence} state {message.state}"]
    parts = [(m.HasField("pose"), m.camera_frame, m.pose.position, m.pose.orientation)]
    parts.append((m.HasField("base_pose"), m.base_frame, m.base_pose.position, m.base_pose.orientation))
    odom = m.map_from_odom
    parts.append((m.HasField("map_from_odom"), m.odom_frame, odom.translation, odom.rotation))
    for is_there, frame, p, q in parts:
        if is_there:  # absent, if the gates did not let it pass
            words.append(f"{frame} {p.x:.4f} {p.y:.4f} {p.z:.4f} {q.w:.6f} {q.x:.6f} {q.y:.6f} {q.z:.6f}")
    return ", ".join([*words, f"age {(now - m.capture_monotonic_ns) / 1e6:.1f} ms", verdict(m, now)])


if __name__ == "__main__":
    socket, left = connect(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else -1
    while left:
        try:
            received = hfloc.Localization.FromString(socket.recv())
        except zmq.Again:
            print("nothing for 3 s: hflocd is gone, or not there yet", file=sys.stderr, flush=True)
            continue
        print(line(received, time.monotonic_ns()), flush=True)
        left -= 1
