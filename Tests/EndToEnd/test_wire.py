"""The wire as its users see it: poses, the record and JSON, late joiners, subscribers of other languages."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from pathlib import Path

import zmq
from conftest import ROOT, SAMPLE
from drive import read_roles
from wire import drain


def test_record_and_json_say_the_same(wire, protocol) -> None:
    from google.protobuf import json_format

    service = wire()
    service.wait_localized(protocol)
    record, text = service.subscribe("record"), service.subscribe("json")
    time.sleep(0.3)
    recorded = drain(record, 3)
    spoken = drain(text, 0.5)
    types = {
        b"localization": protocol.localization.Localization,
        b"status": protocol.status.Status,
        b"camera_info": protocol.record.CameraInfo,
        b"event": protocol.record.Event,
    }
    by_key = {}
    numbers: dict[bytes, list[int]] = {}
    for topic, header, payload in recorded:
        head = protocol.record.RecordHeader.FromString(header)
        assert (
            head.encoding == "protobuf"
            and head.schema == types[topic].DESCRIPTOR.full_name
            and head.boot_id
            and head.session_id
        )
        numbers.setdefault(topic, []).append(head.sequence)
        message = types[topic].FromString(payload)
        if topic == b"localization":
            assert not message.retained
            by_key[message.sequence] = message
    assert {b"localization", b"status", b"camera_info"} <= numbers.keys()
    sequence = numbers[b"localization"]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence))) and len(sequence) >= 5
    assert 2 <= len(numbers[b"status"]) <= 8
    compared = 0
    for topic, header, payload in spoken:
        head = json_format.Parse(header, protocol.record.RecordHeader())
        assert head.encoding == "json" and head.schema == types[topic].DESCRIPTOR.full_name
        message = json_format.Parse(payload, types[topic]())
        # The other way round as well: google.protobuf's own JSON of the message is ours.
        assert json_format.MessageToDict(message, preserving_proto_field_name=True) == json.loads(payload)
        if topic == b"localization" and message.sequence in by_key:
            assert message == by_key[message.sequence]
            compared += 1
    assert compared >= 3


def test_golden_files(protocol) -> None:
    """The committed bytes of each message, read by google.protobuf: no unknown field, and the committed JSON is its
    own.
    """
    from google.protobuf import json_format
    from google.protobuf.unknown_fields import UnknownFieldSet

    folder = ROOT / "Tests/PublishingTests/Golden"
    types = {
        "Localization": protocol.localization.Localization,
        "Status": protocol.status.Status,
        "StatusWithRealTime": protocol.status.Status,
        "ControlReply": protocol.control.ControlReply,
        "CameraInfo": protocol.record.CameraInfo,
        "Event": protocol.record.Event,
    }
    assert {path.stem for path in folder.glob("*.pb")} == types.keys()
    for name, kind in types.items():
        data = (folder / f"{name}.pb").read_bytes()
        message = kind.FromString(data)
        assert not UnknownFieldSet(message)
        assert kind.FromString(message.SerializeToString()) == message
        written = json_format.MessageToDict(message, preserving_proto_field_name=True)
        # A field that came later is in a later example.
        assert len(written) == len(kind.DESCRIPTOR.fields) - (name in ("Status", "ControlReply")), name
        path = folder / f"{name}.json"
        assert path.exists() == (name != "ControlReply")
        if path.exists():
            assert written == json.loads(path.read_text())


def test_late_joiners(wire, protocol, tmp_path: Path) -> None:
    """While no frames come, who subscribes gets the last message at once, also with CONFLATE."""
    frames = tmp_path / "few"
    frames.mkdir()
    name = next(name for name, role in read_roles(SAMPLE).items() if role == "query")
    (frames / "0.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    service = wire(frames=frames)
    configuration = service.folder / "configuration.yaml"
    service.close()
    configuration.write_text(configuration.read_text().replace("loop: true", "loop: false"))
    service.process = subprocess.Popen([*service.process.args], stderr=subprocess.DEVNULL)
    service.context = zmq.Context()
    time.sleep(2.5)  # its one frame is long done: a message a second says so
    waits = []
    for conflate in (True, False, True, False):
        start = time.monotonic()
        subscriber = service.subscribe("pose", conflate=conflate)
        message = protocol.localization.Localization.FromString(subscriber.recv())
        waits.append(time.monotonic() - start)
        assert message.state == protocol.localization.STATE_NO_CAMERA
        subscriber.close()
    # A heartbeat alone would take half a second on average.
    assert sorted(waits)[2] < 0.35, waits


def test_a_stalled_subscriber_reads_a_fresh_pose(wire, protocol) -> None:
    """With the documented options, after 3 s of other work: less than two frames old, and nothing stale behind it."""
    service = wire()
    service.wait_localized(protocol)
    sys.path.insert(0, str(ROOT / "tools/examples"))
    subscriber = importlib.import_module("subscribe").connect(service.address("pose"))
    subscriber.recv()
    # Who never stalls knows which message is the newest.
    reference = service.subscribe("pose")
    reference.recv()
    for stall in (0.5, 3.0, 1.7):
        time.sleep(stall)
        newest = protocol.localization.Localization.FromString(drain(reference, 0.05 + stall / 100)[-1][0]).sequence
        for index in range(3):
            message = protocol.localization.Localization.FromString(subscriber.recv())
            # A frame may have come between the two readings.
            assert newest - 1 <= message.sequence - index, (newest, message.sequence, index)
            age = time.monotonic() - message.capture_monotonic_ns * 1e-9
            assert age < 2 * 0.1 + message.latencies.total_ns * 1e-9, age
    subscriber.close()


def test_subscriber_in_cpp(wire, protocol, tmp_path: Path) -> None:
    subprocess.run([str(ROOT / "tools/examples/build"), str(tmp_path / "cpp")], check=True)
    service = wire()
    service.wait_localized(protocol)
    done = subprocess.run(
        [str(tmp_path / "cpp/subscribe"), service.address("pose"), "5"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 5 and all(words[1] == "LOCALIZED" and len(words) >= 12 for words in lines)
    assert all(float(words[words.index("age") + 1]) < 500 for words in lines)
