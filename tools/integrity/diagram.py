"""The Stanford diagram: protection level over error. What lies below the diagonal misleads."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from .answers import is_published

LOW, HIGH = 1e-4, 1e2  # metres
SIZE, LEFT, TOP = 720, 90, 60
# Three standard deviations of each axis cover 99.9 % of a Gaussian's three.
SIGMAS = 4.03
GREY, BLACK, RED, GREEN = (200, 200, 200), (0, 0, 0), (40, 40, 220), (60, 150, 40)


def place(metres: float) -> float:
    """Along an axis, 0 to 1."""
    return (math.log10(min(max(metres, LOW), HIGH)) - math.log10(LOW)) / (math.log10(HIGH) - math.log10(LOW))


def draw(path: Path, groups: dict[str, list[dict]]) -> dict:
    """Writes the picture of published positions; gives how many of them mislead. Clean frames are green, all others
    red."""
    canvas = np.full((SIZE + TOP + 80, SIZE + LEFT + 30, 3), 255, np.uint8)
    for power in range(round(math.log10(LOW)), round(math.log10(HIGH)) + 1):
        x, y = LEFT + round(SIZE * place(10.0**power)), TOP + SIZE - round(SIZE * place(10.0**power))
        cv2.line(canvas, (x, TOP), (x, TOP + SIZE), GREY)
        cv2.line(canvas, (LEFT, y), (LEFT + SIZE, y), GREY)
        write(canvas, f"{10.0**power:g}", (x - 18, TOP + SIZE + 22))
        write(canvas, f"{10.0**power:g}", (LEFT - 62, y + 5))
    cv2.line(canvas, (LEFT, TOP + SIZE), (LEFT + SIZE, TOP), BLACK, 2)
    counts = {"published": 0, "misleading": 0, "is_sigma": False}
    for name, rows in sorted(groups.items(), key=lambda item: item[0] == "clean"):
        for r in rows:
            if not is_published(r) or not r["has_truth"]:
                continue
            level = r["level_m"]
            if level is None:
                level, counts["is_sigma"] = SIGMAS * r["sigma_m"], True
            counts["published"] += 1
            counts["misleading"] += r["error_m"] > level
            at = (LEFT + round(SIZE * place(r["error_m"])), TOP + SIZE - round(SIZE * place(level)))
            cv2.circle(canvas, at, 2, GREEN if name == "clean" else RED, -1, cv2.LINE_AA)
    label = f"{SIGMAS} sigma" if counts["is_sigma"] else "protection level"
    write(canvas, f"{label} of the position over its error, m", (LEFT, 26))
    words = f"{counts['published']} poses, {counts['misleading']} misleading (below the line); green: as they are"
    write(canvas, words, (LEFT, 48))
    write(canvas, "error, m", (LEFT + SIZE // 2 - 30, TOP + SIZE + 50))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), canvas):
        raise SystemExit(f"measure-integrity: cannot write {path}")
    return counts


def write(canvas: np.ndarray, text: str, at: tuple[int, int]) -> None:
    """Black letters."""
    cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, BLACK, 1, cv2.LINE_AA)
