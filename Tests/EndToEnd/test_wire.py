"""The wire as its users see it: poses, the record and JSON, late joiners, subscribers of other languages."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import zmq
from conftest import ROOT, SAMPLE
from drive import read_roles
from wire import take, take_some


def test_record_and_json_say_the_same(wire, protocol) -> None:
    from google.protobuf import json_format

    service = wire()
    service.wait_localized(protocol)
    record, text = service.subscribe("record"), service.subscribe("json")

    def is_enough(got: list[list[bytes]]) -> bool:
        topics = [frames[0] for frames in got]
        return topics.count(b"localization") >= 20 and topics.count(b"status") >= 2

    recorded, spoken = take(record, is_enough), take(text, is_enough)
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
    """The committed bytes of each message, read by google.protobuf: no unknown field, the committed JSON is its own,
    and every field is in an example.
    """
    from google.protobuf import json_format
    from google.protobuf.unknown_fields import UnknownFieldSet

    folder = ROOT / "Tests/PublishingTests/Golden"
    examples = {
        protocol.localization.Localization: (
            "Localization", "LocalizationWithRecovered", "LocalizationWithIntegrity", "LocalizationOnEarth",
            "LocalizationOfVersion",
        ),
        protocol.status.Status: (
            "Status", "StatusWithRealTime", "StatusWithCalibrationWatch", "StatusWithRecording", "StatusWithFollowed",
        ),
        protocol.control.ControlReply: ("ControlReply", "ControlReplyOfSuccess"),
        protocol.record.CameraInfo: ("CameraInfo",),
        protocol.record.Event: ("Event",),
        protocol.vehicle.VehicleState: ("VehicleState", "VehicleStateOfVersion"),
    }  # fmt: skip
    assert {path.stem for path in folder.glob("*.pb")} == {name for names in examples.values() for name in names}
    for kind, names in examples.items():
        written = set()
        for name in names:
            data = (folder / f"{name}.pb").read_bytes()
            message = kind.FromString(data)
            assert not UnknownFieldSet(message)
            assert kind.FromString(message.SerializeToString()) == message
            fields = json_format.MessageToDict(message, preserving_proto_field_name=True)
            written |= fields.keys()
            path = folder / f"{name}.json"
            assert path.exists() == (kind not in (protocol.control.ControlReply, protocol.vehicle.VehicleState))
            if path.exists():
                assert fields == json.loads(path.read_text())
        assert written == {field.name for field in kind.DESCRIPTOR.fields}, names


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
    # Its one frame is done: a message a second says so.
    gone = protocol.localization.STATE_NO_CAMERA
    take(service.subscribe("pose"), lambda got: protocol.localization.Localization.FromString(got[-1][0]).state == gone)

    def first(conflate: bool):
        subscriber = service.subscribe("pose", conflate=conflate)
        message = protocol.localization.Localization.FromString(subscriber.recv())
        subscriber.close()
        assert message.state == gone
        return message

    for conflate in (True, False):
        # A heartbeat may happen to come before the last message, which is marked.
        assert any(first(conflate).retained for _ in range(5))


def test_a_stalled_subscriber_reads_a_fresh_pose(wire, protocol) -> None:
    """With the documented options, after other work: the newest message, and nothing stale before or behind it."""
    service = wire()
    service.wait_localized(protocol)
    sys.path.insert(0, str(ROOT / "tools/examples"))
    subscriber = importlib.import_module("subscribe").connect(service.address("pose"))
    subscriber.recv()
    # Who never stalls knows which message is the newest.
    reference = service.subscribe("pose")
    reference.recv()
    for stall in (10, 30, 20):
        newest = protocol.localization.Localization.FromString(take_some(reference, stall)[-1][0]).sequence
        read = [protocol.localization.Localization.FromString(subscriber.recv()).sequence for _ in range(3)]
        # Which of the two sockets is served first is ZeroMQ's business; a queue would be a whole stall behind.
        assert newest - 5 <= read[0] < read[1] < read[2], (newest, read)
    subscriber.close()
