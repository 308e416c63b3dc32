"""hfloc's messages in Python, made of the .proto files."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("localization", "status", "record", "recording", "vehicle")


def load(folder: Path | None = None) -> SimpleNamespace:
    """The modules by their names. Needs protoc, and a folder that outlives the program's imports."""
    folder = folder or Path(tempfile.mkdtemp(prefix="hfloc-messages-"))
    protos = sorted(str(path) for path in (ROOT / "Sources/Messages/hfloc").rglob("*.proto"))
    command = ["protoc", f"--proto_path={ROOT / 'Sources/Messages'}", f"--python_out={folder}", *protos]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder))
    return SimpleNamespace(**{name: importlib.import_module(f"hfloc.v1.{name}_pb2") for name in NAMES})
