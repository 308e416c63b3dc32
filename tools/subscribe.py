#!/usr/bin/env python3
"""Print one line per message that hflocd publishes: `tools/subscribe.py ipc:///run/hfloc/cam0/localization`.

Needs pyzmq and protobuf, and the generated module once:
    protoc --proto_path=Sources/Messages --python_out=tools hfloc/v1/localization.proto
"""

import argparse
import sys

import zmq
from hfloc.v1.localization_pb2 import Localization, State

parser = argparse.ArgumentParser(description="Print one line per message that hflocd publishes.")
parser.add_argument("endpoint", help="as in the daemon's configuration, such as ipc:///run/hfloc/cam0/localization")
parser.add_argument("--count", type=int, default=0, help="stop after this many messages (default: never)")
arguments = parser.parse_args()

socket = zmq.Context().socket(zmq.SUB)
socket.setsockopt(zmq.CONFLATE, 1)  # before connect: only the newest message is kept
socket.setsockopt(zmq.SUBSCRIBE, b"")
socket.connect(arguments.endpoint)
received = 0
while not arguments.count or received < arguments.count:
    message = Localization.FromString(socket.recv())
    received += 1
    line = f"{message.sequence} {State.Name(message.state)[6:]} {message.capture_wall_ns / 1e9:.3f}"
    if message.HasField("pose"):
        p, q = message.pose.position, message.pose.orientation
        line += f" {p.x:.4f} {p.y:.4f} {p.z:.4f} {q.w:.6f} {q.x:.6f} {q.y:.6f} {q.z:.6f}"
    print(line, f"inliers {message.evidence.inliers} latency {message.latencies.total_ns / 1e6:.1f} ms")
    sys.stdout.flush()
