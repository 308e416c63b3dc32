"""The sample's map for emulated processors, which need a second for a frame of 320x240 and four for one of 640x480."""

from __future__ import annotations

import hashlib
from pathlib import Path

# Options of `hfloc map build`. hflocd makes its frames as small as the map's.
SMALL = ["--long-side", "320", "--keypoints", "1000"]


def small_map_file(cache: Path, network: Path) -> Path:
    """Where the map that this network and this form of maps give is kept, if it has been built."""
    form = Path(__file__).resolve().parents[2] / "Sources/ReferenceMap/MapFormat.swift"
    made_by = hashlib.sha256(network.read_bytes() + form.read_bytes()).hexdigest()[:12]
    return cache / f"sample-small-{made_by}.hfmap"
