"""A page with the pictures on both sides of each gap of a drive: it shows what to record again."""

from __future__ import annotations

import base64
import html
from pathlib import Path

import cv2

from .frames import Drive

#: Gaps that are shown, and pixels of a picture across.
MOST, WIDTH = 50, 640
HEAD = """<!doctype html><meta charset="utf-8"><title>Gaps of a drive</title>
<style>body{font:16px sans-serif;margin:2em}img{width:48%;margin-right:1%}</style>
<h1>Gaps of a drive</h1><p>On the left the last picture before each gap, on the right the first behind it.</p>
"""


def picture(path: Path) -> str:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        return "<p>cannot be read</p>"
    if image.shape[1] > WIDTH:
        image = cv2.resize(image, (WIDTH, WIDTH * image.shape[0] // image.shape[1]), interpolation=cv2.INTER_AREA)
    data = base64.b64encode(cv2.imencode(".jpg", image)[1].tobytes()).decode()
    return f'<img src="data:image/jpeg;base64,{data}" alt="{html.escape(path.name)}">'


def write(drive: Drive, gaps: list[tuple[int, int]], path: Path) -> None:
    """gaps: the last image before each, and the matches across."""
    parts = [HEAD]
    for before, count in gaps[:MOST]:
        names = drive.names[before : before + 2]
        parts.append(f"<h2>{html.escape(' and '.join(names))}: {count} matches</h2>")
        parts += [picture(drive.path(name)) for name in names]
    path.write_text("\n".join(parts) + "\n")
