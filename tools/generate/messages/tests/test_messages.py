"""The generator of the daemon's own Swift: that its output is committed, what it writes, and what it refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if shutil.which("protoc") is None:
    pytest.skip("no protoc", allow_module_level=True)

from messages.schema import Schema, Unsupported, read, schema_of
from messages.swift import fixtures, source

ROOT = Path(__file__).resolve().parents[4]
PROTOS = ROOT / "Sources/Messages"


def edited(tmp_path: Path, file: str, old: str, new: str) -> Schema:
    """The schema of the .proto files with one text replaced."""
    shutil.copytree(PROTOS / "hfloc", tmp_path / "hfloc")
    path = tmp_path / "hfloc/v1" / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return schema_of(read(tmp_path))


def test_what_is_committed_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/generate/generate-wire"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_gate_more_is_one_line(tmp_path: Path) -> None:
    line = "  GATE_RECOGNITION = 12;"
    schema = edited(tmp_path, "localization.proto", line, f"{line}\n  // Much too far away.\n  GATE_TOO_FAR = 99;")
    text = source(schema, "localization")
    assert "        /// Much too far away.\n        case tooFar = 99\n" in text
    assert '        99: "GATE_TOO_FAR",\n' in text


def test_a_field_more_is_one_line(tmp_path: Path) -> None:
    line = "  // Landmarks of the place that the pose expects in the image; 0 if there was no pose to ask."
    schema = edited(tmp_path, "localization.proto", line, f"  // How far.\n  double far_id_m = 99;\n{line}")
    text = source(schema, "localization")
    assert "        /// How far.\n        public var farIDM: Double = 0\n" in text
    assert text.index("wire.varint(9, UInt64(landmarksInView))") < text.index("wire.double(99, farIDM)\n")
    assert '            99: Field("far_id_m", .double),\n' in text
    assert "case (99, .fixed64(let bits)): farIDM = Double(bitPattern: bits)\n" in fixtures(schema)


def test_a_request_more_is_two_declarations(tmp_path: Path) -> None:
    old = "    StopRecording stop_recording = 9;\n  }\n}"
    new = "    StopRecording stop_recording = 9;\n    Wait wait = 99;\n  }\n}\nmessage Wait { bool long = 1; }"
    schema = edited(tmp_path, "control.proto", old, new)
    text = source(schema, "control")
    assert (
        "            case wait(Wire.Wait)\n" in text
        and "            command = .wait(try .merging(old, bytes, range))\n" in text
    )
    assert "        case (1, .varint(let number)): long = number != 0\n" in text
    assert "WirePair(Wire.Wait.self, Hfloc_V1_Wait.self, isReceived: true),\n" in fixtures(schema)


def test_a_field_of_a_message_by_hand_has_its_number(tmp_path: Path) -> None:
    schema = edited(
        tmp_path, "localization.proto", "  bool retained = 24;", "  bool retained = 24;\n  uint32 more = 99;"
    )
    assert "        static let more = 99\n" in source(schema, "localization")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("map<string, string> x = 900;", "Status"),
        ("optional uint32 x = 900;", "Status.x"),
        ("repeated string x = 900;", "Status.x"),
        ("repeated bytes x = 900;", "Status.x"),
        ("float x = 900;", "Status.x"),
        ("oneof choice { uint32 x = 900; }", "Status.x"),
        ("Status x = 900;", "Status.x"),
        ("message Inner {}", "Status"),
        ("enum Large { LARGE_NONE = 0; LARGE_ONE = 256; }", "LARGE_ONE"),
        ("} message Stray {", "Stray"),
    ],
)
def test_what_there_is_no_swift_for_is_refused_by_name(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(Unsupported, match=f"^{named}: "):
        edited(
            tmp_path, "status.proto", "  RealTimeStatus real_time = 30;", f"  RealTimeStatus real_time = 30;\n  {line}"
        )
