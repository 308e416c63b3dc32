"""The schemas that a recording carries, as Swift: what protoc says of each .proto file, and what each needs."""

from __future__ import annotations

import base64
from pathlib import Path

from google.protobuf import descriptor_pb2

from . import schema
from .swift import indented

# What a topic of a recording may hold.
RECORDED = (
    "foxglove.CompressedImage",
    "foxglove.RawImage",
    *(
        f"{schema.PACKAGE}.{name}"
        for name in (*schema.RECORDED, "Localization", "Status", "Event", "CameraInfo", "Odometry", "Position", "Imu")
    ),
)
WIDTH = 100


def source(protos: Path) -> str:
    """One table of files, and which of them each message needs, the needed before those that need them."""
    described = schema.stripped(schema.read(protos, "*/**/*.proto", "--include_imports"))
    files = {proto.name: proto for proto in described.file}
    owners = {f"{proto.package}.{m.name}": proto.name for proto in described.file for m in proto.message_type}
    needed = {name: closure(files, owners[name]) for name in RECORDED}
    used = sorted({file for names in needed.values() for file in names})
    table = [f'"""\n{text(files[name])}\n""",' for name in used]
    rows = [f'"{name}": {[used.index(file) for file in needed[name]]},' for name in RECORDED]
    return (
        "// Written by tools/generate/generate-wire from the .proto files. Not to be changed by hand.\n"
        "// swift-format-ignore-file\n\n"
        "/// What protoc says of the .proto files: serialized `google.protobuf.FileDescriptorProto`, in Base64.\n"
        "let protobufFiles: [StaticString] = [\n"
        + indented("\n".join(table))
        + "\n]\n\n/// Which of them a message needs, its own the last.\n"
        "let protobufFilesOfMessages: [String: [Int]] = [\n" + indented("\n".join(rows)) + "\n]\n"
    )


def closure(files: dict[str, descriptor_pb2.FileDescriptorProto], name: str) -> list[str]:
    """A file and all that it imports, each once, in the order in which a reader can take them in."""
    result: list[str] = []
    for imported in files[name].dependency:
        result += [file for file in closure(files, imported) if file not in result]
    return [*result, name]


def text(proto: descriptor_pb2.FileDescriptorProto) -> str:
    encoded = base64.b64encode(proto.SerializeToString(deterministic=True)).decode()
    lines = [encoded[start : start + WIDTH] for start in range(0, len(encoded), WIDTH)]
    return "\\\n".join(lines)
