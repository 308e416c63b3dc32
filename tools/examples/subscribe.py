#!/usr/bin/env python3
"""Print what hflocd publishes, and whether to use it: subscribe.py ENDPOINT, as UseIt.md explains.

Needs pyzmq and protobuf, and the module that this makes once (/usr/share/hfloc/proto, if hfloc is installed):
    protoc --proto_path=Sources/Messages --python_out=tools/examples hfloc/v1/localization.proto
"""

import sys
import time
from pathlib import Path

import zmq
from hfloc.v1 import localization_pb2 as hfloc

OPTIONS = {zmq.CONFLATE: 1, zmq.HEARTBEAT_IVL: 2000, zmq.HEARTBEAT_TIMEOUT: 6000, zmq.RCVTIMEO: 3000}
OPTIONS |= {zmq.RECONNECT_IVL: 50, zmq.RECONNECT_IVL_MAX: 1000, zmq.SUBSCRIBE: b""}
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def connect(endpoint: str) -> zmq.Socket:
    socket = zmq.Context.instance().socket(zmq.SUB)
    for option, value in OPTIONS.items():
        socket.setsockopt(option, value)
    socket.connect(endpoint)
    return socket


def verdict(m: hfloc.Localization, age_ms: float) -> str:
    """Whether the pose may be used. Its age is by CLOCK_MONOTONIC, which stands for one machine and boot alone."""
    if m.protocol_version != 1:
        return "not used: of a version that this program does not know"
    if m.state != hfloc.STATE_LOCALIZED:
        return f"not used: {m.reason}"
    return "used" if m.boot_id == BOOT and 0 <= age_ms <= 500 else "not used: stale"


if __name__ == "__main__":
    socket = connect(sys.argv[1])
    while True:
        try:
            m = hfloc.Localization.FromString(socket.recv())
        except zmq.Again:
            print("nothing for 3 s: hflocd is gone, or not there yet", file=sys.stderr, flush=True)
            continue
        words = [f"{m.sequence} state {m.state}"]
        for name, frame, pose in ("pose", m.camera_frame, m.pose), ("base_pose", m.base_frame, m.base_pose):
            p, q = pose.position, pose.orientation
            if m.HasField(name):  # in the map: x y z, w x y z
                words.append(f"{frame} {p.x:.4f} {p.y:.4f} {p.z:.4f} {q.w:.6f} {q.x:.6f} {q.y:.6f} {q.z:.6f}")
        age_ms = (time.monotonic_ns() - m.capture_monotonic_ns) / 1e6
        print(", ".join([*words, f"age {age_ms:.1f} ms", verdict(m, age_ms)]), flush=True)
