"""The command line of tools/foxglove."""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import time
from pathlib import Path

import foxglove
from foxglove.websocket import ServerListener
from sampledrive.protocol import load

from .sources import live, paced, recorded
from .view import View


class Listener(ServerListener):
    """Notes who subscribes, so that what is said once is said again."""

    def __init__(self) -> None:
        self.subscribed: queue.SimpleQueue[str] = queue.SimpleQueue()

    def on_subscribe(self, client, channel) -> None:
        self.subscribed.put(channel.topic)

    def topics(self) -> set[str]:
        """Those that somebody has subscribed to since the last call."""
        found = set()
        while not self.subscribed.empty():
            found.add(self.subscribed.get())
        return found


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="foxglove",
        description="Show a running hflocd, or recordings, in Foxglove: transforms, the map with its keyframes, the "
        "vehicle with its ellipsoid of 95 percent, pictures, the log, and every message for plots. Open "
        "ws://127.0.0.1:8765 in Foxglove, or the file that --output writes.",
    )
    parser.add_argument("recordings", nargs="*", type=Path, help="files of hfloc; without one, a daemon is shown")
    parser.add_argument("--camera", default="cam0", help="the daemon's name (default cam0)")
    parser.add_argument("--record", help="its 'record' endpoint (default ipc:///run/hfloc/NAME/record)")
    parser.add_argument("--vehicle", help="its 'vehicle_state' endpoint (default ipc:///run/hfloc/NAME/vehicle)")
    parser.add_argument("--map", type=Path, help="the map (default: the path that the daemon or the recording names)")
    parser.add_argument("--rate", type=float, default=1, help="how fast recordings are shown; 0: at once (default 1)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; others need no key (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8765, help="default 8765; 0 for a free one")
    parser.add_argument("--output", type=Path, help="write an MCAP file instead of serving")
    arguments = parser.parse_args()
    for path in [*arguments.recordings, *([arguments.map] if arguments.map else [])]:
        if not path.is_file():
            parser.error(f"{path}: no such file")
    return arguments


def main() -> int:
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    protocol, listener, server = load(), Listener(), None
    writer = foxglove.open_mcap(arguments.output) if arguments.output else None
    if writer is None:
        server = foxglove.start_server(name="hfloc", host=arguments.host, port=arguments.port, server_listener=listener)
        print(f"ws://{arguments.host}:{server.port}", file=sys.stderr, flush=True)
    view = View(protocol, arguments.map)
    if arguments.map:
        view.show_map(None, time.time_ns())
    if arguments.recordings:
        messages = paced(recorded(arguments.recordings), arguments.rate if server else 0)
    else:
        folder = f"ipc:///run/hfloc/{arguments.camera}"
        endpoints = arguments.record or f"{folder}/record", arguments.vehicle or f"{folder}/vehicle"
        messages = live(protocol, *endpoints, wants_pictures=view.wants_pictures)
    try:
        for message in messages:
            if message is not None:
                view.take(message.topic, message.schema, message.payload, message.ns, message.definition)
            view.repeat(listener.topics(), message.ns if message else time.time_ns())
    except KeyboardInterrupt:
        pass
    finally:
        if writer:
            writer.close()
        if server:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
