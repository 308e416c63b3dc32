"""Writes recordings as `hfloc record` does: MCAP files with hfloc's topics, uncompressed.

Needs PyPI mcap and protobuf, and protoc.
"""

from __future__ import annotations

from pathlib import Path


def schema_of(descriptor) -> bytes:
    """A message's file, behind all that it imports."""
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    result, seen = FileDescriptorSet(), set()

    def add(file) -> None:
        if file.name in seen:
            return
        seen.add(file.name)
        for needed in file.dependencies:
            add(needed)
        file.CopyToProto(result.file.add())

    add(descriptor.file)
    return result.SerializeToString()


class Recording:
    """The MCAP file, with hfloc's topics."""

    def __init__(self, path: Path, modules, program: str) -> None:
        from mcap.writer import CompressionType, Writer

        self.stream = path.open("xb")
        self.writer = Writer(self.stream, compression=CompressionType.NONE)
        self.writer.start(library=f"hfloc {program}")
        self.modules, self.channels = modules, {}

    def write(self, topic: str, message, log_ns: int, stamp_ns: int) -> None:
        name = message.DESCRIPTOR.full_name
        if topic not in self.channels:
            schema = self.writer.register_schema(name, "protobuf", schema_of(message.DESCRIPTOR))
            self.channels[topic] = self.writer.register_channel(topic, "protobuf", schema)
        self.writer.add_message(self.channels[topic], log_ns, message.SerializeToString(), stamp_ns)

    def attach_camera(self, content: bytes, time: int) -> None:
        """The camera file."""
        self.writer.add_attachment(time, time, "camera.yaml", "application/yaml", content)

    def close(self) -> None:
        self.writer.finish()
        self.stream.close()
