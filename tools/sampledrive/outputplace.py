"""Where a tool's result goes, looked at before the work, as hfloc's own programs do it."""

from __future__ import annotations

import os
from pathlib import Path


def objection(path: Path) -> str | None:
    """Why no file can be written at the path; None: nothing is known against it. Links are followed."""
    place = path.resolve()
    if path.is_dir() or path.is_socket() or path.is_block_device():
        kind = "folder" if path.is_dir() else "socket" if path.is_socket() else "block device"
        return f"{path}: is a {kind}; give the path of a file"
    if not place.parent.is_dir():
        return f"{path}: cannot be created; check the directory"
    if not os.access(path if path.exists() else place.parent, os.W_OK):
        return f"{path}: cannot be written; check its permissions"
    return None
