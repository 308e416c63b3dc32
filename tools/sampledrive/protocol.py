"""hfloc's messages in Python, made of the .proto files. Needs protoc and PyPI's protobuf."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

SOURCE = Path(__file__).resolve().parents[2] / "Sources/Messages"


def load(folder: Path | None = None, packages: tuple[str, ...] = ("hfloc",)) -> SimpleNamespace:
    """The modules by the names of their files; written to a folder that outlives the imports. Packages are `hfloc` and,
    for pictures of recordings, `foxglove`, which the SDK of that name would hide."""
    folder = folder or Path(tempfile.mkdtemp(prefix="hfloc-messages-"))
    found = (path for package in packages for path in (SOURCE / package).rglob("*.proto"))
    protos = sorted(path.relative_to(SOURCE).with_suffix("") for path in found)
    command = ["protoc", f"--proto_path={SOURCE}", f"--python_out={folder}", *(f"{name}.proto" for name in protos)]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder))
    return SimpleNamespace(**{name.name: importlib.import_module(f"{'.'.join(name.parts)}_pb2") for name in protos})
