#!/usr/bin/env python3
"""Print one line per pose that hflocd publishes: `tools/examples/subscribe.py ipc:///run/hfloc/cam0/localization`.

Needs pyzmq and protobuf, and the generated module once:
    protoc --proto_path=Sources/Messages --python_out=tools/examples hfloc/v1/localization.proto
(/usr/share/hfloc/proto instead of Sources/Messages, if hfloc is installed). tools/examples/subscribe.cpp is the same in
C++.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import zmq
from hfloc.v1.localization_pb2 import Localization, State


def key(path: Path) -> bytes:
    """A key as `hfloc keys generate` writes it: 40 characters of Z85."""
    return path.read_text().split()[0].encode()


def connect(endpoint: str, server: Path | None = None, secret: Path | None = None) -> zmq.Socket:
    """A subscriber that reads the newest pose, and no stale one."""
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.setsockopt(zmq.CONFLATE, 1)  # before connect: only the newest message is kept
    socket.setsockopt(zmq.SUBSCRIBE, b"")
    # A daemon that went without a word (power, cable) is noticed, and connected to again when it is back.
    socket.setsockopt(zmq.HEARTBEAT_IVL, 2000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 6000)
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
    # Each frame gives a message, and without frames each second: silence means that the daemon is gone.
    socket.setsockopt(zmq.RCVTIMEO, 3000)
    if server and secret:
        socket.curve_serverkey = key(server)
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_public(key(secret)), key(secret)
    socket.connect(endpoint)
    return socket


def numbers(p, q) -> str:
    """A position and an attitude: x y z, w x y z."""
    return f"{p.x:.4f} {p.y:.4f} {p.z:.4f} {q.w:.6f} {q.x:.6f} {q.y:.6f} {q.z:.6f}"


def line(message: Localization) -> str:
    """A message for people."""
    words = [str(message.sequence), State.Name(message.state)[6:], f"{message.capture_wall_ns / 1e9:.3f}"]
    if message.HasField("pose"):  # absent unless the gates let it pass: never use a pose that is not there
        words.append(numbers(message.pose.position, message.pose.orientation))
    if message.HasField("base_pose"):  # the vehicle, if the configuration says where the camera sits on it
        words.append(f"{message.base_frame} {numbers(message.base_pose.position, message.base_pose.orientation)}")
    if message.HasField("map_from_odom"):
        # With odometry: what a transform tree gets, in place of the two above (REP-105).
        words.append(
            f"{message.odom_frame} {numbers(message.map_from_odom.translation, message.map_from_odom.rotation)}"
        )
    words.append(f"inliers {message.evidence.inliers} latency {message.latencies.total_ns / 1e6:.1f} ms")
    if message.capture_monotonic_ns:  # this machine's CLOCK_MONOTONIC: the pose's age, here and now
        words.append(f"age {(time.monotonic_ns() - message.capture_monotonic_ns) / 1e6:.1f} ms")
    return " ".join(words + ["retained"] * message.retained)


def main() -> None:
    """Read the command line; print until told to stop."""
    parser = argparse.ArgumentParser(description="Print one line per pose that hflocd publishes.")
    parser.add_argument("endpoint", help="as in the daemon's configuration, such as ipc:///run/hfloc/cam0/localization")
    parser.add_argument("--count", type=int, default=0, help="stop after this many messages (default: never)")
    parser.add_argument("--server-key", type=Path, help="the daemon's public key, for an endpoint beyond this machine")
    parser.add_argument("--key", type=Path, help="this program's secret key")
    arguments = parser.parse_args()
    if bool(arguments.server_key) != bool(arguments.key):
        parser.error("--server-key and --key: give both")
    socket = connect(arguments.endpoint, arguments.server_key, arguments.key)
    received = 0
    while not arguments.count or received < arguments.count:
        try:
            message = Localization.FromString(socket.recv())
        except zmq.Again:
            print("nothing for 3 s: the daemon is gone, or not there yet", file=sys.stderr)
            continue
        received += 1
        print(line(message), flush=True)


if __name__ == "__main__":
    main()
