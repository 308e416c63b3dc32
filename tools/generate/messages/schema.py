"""The messages of hfloc.v1 as protoc describes them, with Swift's names, and what the daemon does with each."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

PACKAGE = "hfloc.v1"

# What the daemon sends and receives; their parts follow. Whatever is neither is a mistake.
SENT = ("Localization", "VehicleState", "Status", "CameraInfo", "Event", "Preview", "RecordHeader", "ControlReply")
RECEIVED = ("ControlRequest", "Odometry", "Position", "Imu")
# What it writes into a recording, and reads again.
RECORDED = ("RecordingStart", "FrameTaken", "CommandTaken", "LocalizerState")
SENT += RECORDED
RECEIVED += RECORDED
# Of these there is JSON.
JSON = ("Localization", "Status", "CameraInfo", "Event", "RecordHeader")
# Values and encoders of these are written by hand, for the way of a frame: only the numbers of their fields are
# generated.
BY_HAND = ("Localization", "VehicleState", "Pose", "EarthPosition")

KINDS = {
    FieldDescriptorProto.TYPE_UINT32: "uint32",
    FieldDescriptorProto.TYPE_UINT64: "uint64",
    FieldDescriptorProto.TYPE_INT64: "int64",
    FieldDescriptorProto.TYPE_FIXED64: "fixed64",
    FieldDescriptorProto.TYPE_DOUBLE: "double",
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_STRING: "string",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
    FieldDescriptorProto.TYPE_ENUM: "enum",
    FieldDescriptorProto.TYPE_MESSAGE: "message",
}
REPEATABLE = ("double", "message")


class Unsupported(Exception):
    """A .proto file says something that the generator has no Swift for."""


@dataclass
class Field:
    number: int
    name: str
    # One of KINDS' values.
    kind: str
    # Of an enum or a message, without the package: "Event.Kind".
    type_name: str
    is_repeated: bool
    # The name of the oneof that it belongs to, or "".
    oneof: str
    comment: str

    @property
    def swift(self) -> str:
        return camel_case(self.name)


@dataclass
class Value:
    number: int
    # In the .proto file: "STATE_NO_CAMERA".
    name: str
    # In Swift: "noCamera".
    swift: str
    comment: str


@dataclass
class Enumeration:
    # With the message that it belongs to: "Event.Kind".
    name: str
    # Of the .proto file: "status".
    file: str
    comment: str
    # The first is the default: proto3 wants its number to be 0.
    values: list[Value]

    @property
    def owner(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def simple_name(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass
class Message:
    name: str
    comment: str
    # Of the .proto file: "status".
    file: str
    fields: list[Field]
    # Their comments by their names.
    oneofs: dict[str, str]

    @property
    def full_name(self) -> str:
        return f"{PACKAGE}.{self.name}"


@dataclass
class Schema:
    # Names of the .proto files: "status".
    files: list[str]
    # By their names, in the order in which they are declared.
    enumerations: dict[str, Enumeration] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    def reachable(self, roots: tuple[str, ...]) -> set[str]:
        """These messages and all that they contain."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [f.type_name for f in self.messages[name].fields if f.kind == "message"]
        return found


def read(protos: Path, pattern: str = "hfloc/v1/*.proto", *options: str) -> descriptor_pb2.FileDescriptorSet:
    """What protoc says of all .proto files of the package below this folder; or of others, with other options."""
    names = sorted(str(path.relative_to(protos)) for path in protos.glob(pattern))
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "descriptors"
        how = options or ("--include_source_info",)
        subprocess.run(["protoc", f"--proto_path={protos}", *how, f"--descriptor_set_out={output}", *names], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes())


def schema_of(descriptors: descriptor_pb2.FileDescriptorSet) -> Schema:
    schema = Schema(files=[Path(proto.name).stem for proto in descriptors.file])
    for proto in descriptors.file:
        file = Path(proto.name).stem
        comments = {tuple(location.path): location.leading_comments for location in proto.source_code_info.location}
        enums = [(e, "", (5, i)) for i, e in enumerate(proto.enum_type)]
        for index, declared in enumerate(proto.message_type):
            schema.messages[declared.name] = message(declared, file, comments, (4, index))
            enums += [(e, declared.name + ".", (4, index, 4, i)) for i, e in enumerate(declared.enum_type)]
        for enum, scope, path in enums:
            schema.enumerations[scope + enum.name] = enumeration(enum, scope, file, comments, path)
    check(schema)
    return schema


def message(proto: descriptor_pb2.DescriptorProto, file: str, comments: dict, path: tuple[int, ...]) -> Message:
    if proto.nested_type:
        raise Unsupported(f"{proto.name}: a message within a message, or a map")
    return Message(
        name=proto.name,
        comment=comments.get(path, ""),
        file=file,
        fields=[message_field(f, proto, comments.get((*path, 2, i), "")) for i, f in enumerate(proto.field)],
        oneofs={o.name: comments.get((*path, 8, i), "") for i, o in enumerate(proto.oneof_decl)},
    )


def message_field(proto: FieldDescriptorProto, owner: descriptor_pb2.DescriptorProto, comment: str) -> Field:
    where = f"{owner.name}.{proto.name}"
    kind = KINDS.get(proto.type)
    is_repeated = proto.label == FieldDescriptorProto.LABEL_REPEATED
    if kind is None or proto.proto3_optional or (is_repeated and kind not in REPEATABLE):
        raise Unsupported(
            f"{where}: {'repeated ' * is_repeated}{'optional ' * proto.proto3_optional}{kind or 'a type'} without Swift"
        )
    oneof = owner.oneof_decl[proto.oneof_index].name if proto.HasField("oneof_index") else ""
    if oneof and kind != "message":
        raise Unsupported(f"{where}: a oneof of anything but messages")
    type_name = proto.type_name.removeprefix(f".{PACKAGE}.")
    return Field(proto.number, proto.name, kind, type_name, is_repeated, oneof, comment)


def enumeration(
    proto: descriptor_pb2.EnumDescriptorProto, scope: str, file: str, comments: dict, path: tuple[int, ...]
) -> Enumeration:
    prefix = snake_case(proto.name).upper() + "_"
    values = []
    for index, value in enumerate(proto.value):
        if not 0 <= value.number <= 255:
            raise Unsupported(f"{value.name}: a number beyond 0 to 255")
        swift = camel_case(value.name.removeprefix(prefix).lower())
        values.append(Value(value.number, value.name, swift, comments.get((*path, 2, index), "")))
    return Enumeration(scope + proto.name, file, comments.get(path, ""), values)


def check(schema: Schema) -> None:
    used = schema.reachable(SENT + RECEIVED)
    for name, declared in schema.messages.items():
        if name not in used:
            raise Unsupported(f"{name}: neither sent nor received; name it in tools/messages/schema.py")
        for part in declared.fields:
            if part.kind == "message" and name in schema.reachable((part.type_name,)):
                raise Unsupported(f"{name}.{part.name}: a message that contains itself")


def stripped(descriptors: descriptor_pb2.FileDescriptorSet) -> descriptor_pb2.FileDescriptorSet:
    """Without comments and JSON's other names, on which versions of protoc differ."""
    result = descriptor_pb2.FileDescriptorSet()
    result.CopyFrom(descriptors)
    for proto in result.file:
        proto.ClearField("source_code_info")
        proto.ClearField("options")
        for declared in proto.message_type:
            for part in declared.field:
                part.ClearField("json_name")
    return result


def camel_case(name: str) -> str:
    """As SwiftProtobuf writes it: "map_id" is mapID."""
    first, *rest = name.split("_")
    return first + "".join("ID" if word == "id" else word[:1].upper() + word[1:] for word in rest)


def snake_case(name: str) -> str:
    return "".join(("_" if c.isupper() and i else "") + c.lower() for i, c in enumerate(name))
