"""tools/foxglove of a running hflocd, by its WebSocket; and of a recording, as a file that is read back."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import struct
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("foxglove")
websockets = pytest.importorskip("websockets")
from conftest import ROOT
from service import PATIENCE

COMMAND = [sys.executable, "-m", "foxgloveview"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "tools")}
DRAWN = {"/tf", "/pose", "/map", "/map/keyframes", "/vehicle", "/camera/calibration", "/log"}


async def listen(address: str, wanted: set[str]) -> tuple[dict[str, str], Counter]:
    """The channels with their schemas, and how many messages of each came, until one of each wanted has."""
    names: dict[int, str] = {}
    schemas: dict[str, str] = {}
    counts: Counter = Counter()
    async with websockets.connect(address, subprotocols=["foxglove.sdk.v1"], max_size=None) as socket:
        end = time.monotonic() + PATIENCE
        while not wanted <= set(counts):
            assert time.monotonic() < end, wanted - set(counts)
            frame = await asyncio.wait_for(socket.recv(), PATIENCE)
            if isinstance(frame, str):
                message = json.loads(frame)
                if message["op"] != "advertise":
                    continue
                fresh = []
                for channel in message["channels"]:
                    names[channel["id"]] = channel["topic"]
                    schemas.setdefault(channel["topic"], channel["schemaName"])
                    assert channel["encoding"] == "protobuf" and base64.b64decode(channel["schema"])
                    fresh.append({"id": channel["id"], "channelId": channel["id"]})
                await socket.send(json.dumps({"op": "subscribe", "subscriptions": fresh}))
            elif frame[0] == 1:
                (subscription,) = struct.unpack_from("<I", frame, 1)
                counts[names[subscription]] += 1
    return schemas, counts


def test_a_running_daemon(wire, protocol) -> None:
    """Everything comes to who subscribes, the map also to who subscribes late."""
    service = wire("vehicle: {base_from_camera: {translation: [1.2, 0.1, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}}\n")
    service.wait_localized(protocol)
    command = [*COMMAND, "--record", service.address("record"), "--port", "0"]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as program:
        try:
            address = program.stderr.readline().strip()
            assert re.fullmatch(r"ws://127\.0\.0\.1:\d+", address), address
            for _ in range(2):
                wanted = DRAWN - {"/log"} | {"/hfloc/localization", "/hfloc/status"}
                wanted |= {"/camera/preview", "/camera/keypoints"}
                schemas, counts = asyncio.run(listen(address, wanted))
                assert schemas["/vehicle"] == "foxglove.SceneUpdate" and counts["/hfloc/localization"] > 0
            # Nobody looks any more: hflocd makes no pictures.
            everything, end = service.subscribe("record"), time.monotonic() + PATIENCE
            quiet = time.monotonic() + 2
            while time.monotonic() < quiet:
                assert time.monotonic() < end, "previews go on"
                if everything.recv_multipart()[0] == b"preview":
                    quiet = time.monotonic() + 2
        finally:
            program.terminate()
            assert program.wait(timeout=PATIENCE) == 0


def test_a_recording(wire, hfloc, protocol, tmp_path: Path) -> None:
    """With its pictures, into a file that the mcap package reads whole."""
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    service = wire("recording: {folder: recordings}\n")
    service.wait_localized(protocol)
    control = f"--control={service.address('control')}"
    assert hfloc("recording", "start", control).returncode == 0
    service.wait_status(protocol, lambda status: status.recording.images >= 10)
    assert hfloc("recording", "stop", control).returncode == 0
    (file,) = (tmp_path / "recordings").iterdir()
    output = tmp_path / "shown.mcap"
    done = subprocess.run(
        [*COMMAND, file, "--output", output], env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    counts: Counter = Counter()
    with output.open("rb") as stream:
        for _, channel, message, decoded in make_reader(
            stream, decoder_factories=[DecoderFactory()]
        ).iter_decoded_messages():
            counts[channel.topic] += 1
            assert message.log_time > 1.7e18 and decoded is not None
    assert set(counts) >= DRAWN | {"/camera/compressed", "/hfloc/localization", "/hfloc/recording"}, counts
    assert counts["/camera/compressed"] >= 10 and counts["/pose"] >= 5


@pytest.mark.parametrize("arguments", [["absent.mcap"], ["--map", "absent.hfmap"]])
def test_files_that_are_not_there(arguments: list[str]) -> None:
    done = subprocess.run([*COMMAND, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2 and "no such file" in done.stderr
