"""Loss curves as a picture, drawn with OpenCV."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

PANEL = (420, 260)
MARGIN = 44
PANELS = ("local", "detector", "global", "keypoints", "grid", "against_teacher", "across_views", "place_map", "rate")
INK, TRAINED, HELD_OUT = (60, 60, 60), (200, 120, 40), (40, 40, 220)


def smooth(values: np.ndarray, width: int) -> np.ndarray:
    kernel = np.ones(width) / width
    padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, kernel, mode="valid")


def panel(title: str, series: list[tuple[np.ndarray, np.ndarray, tuple[int, int, int]]]) -> np.ndarray:
    """One chart; each series is (steps, values, colour)."""
    width, height = PANEL
    image = np.full((height, width, 3), 255, np.uint8)
    cv2.putText(image, title, (MARGIN, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
    series = [s for s in series if len(s[0]) > 0]
    if not series:
        return image
    low, high = (f(np.percentile(s[1], share) for s in series) for f, share in ((min, 0.5), (max, 99)))
    high = max(high, low + 1e-9)
    last = max(1.0, max(float(s[0].max()) for s in series))
    cv2.rectangle(image, (MARGIN, 30), (width - 12, height - 24), (210, 210, 210), 1)
    for value, y in ((high, 38), (low, height - 26)):
        cv2.putText(image, f"{value:.3g}", (2, y), cv2.FONT_HERSHEY_SIMPLEX, 0.36, INK, 1, cv2.LINE_AA)
    cv2.putText(
        image, f"{last:.0f} steps", (width - 92, height - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.36, INK, 1, cv2.LINE_AA
    )
    for steps, y, colour in series:
        px = MARGIN + steps / last * (width - 12 - MARGIN)
        py = height - 24 - np.clip((y - low) / (high - low), 0, 1) * (height - 54)
        line = np.rint(np.stack((px, py), axis=1)).astype(np.int32)
        cv2.polylines(image, [line.reshape(-1, 1, 2)], False, colour, 1, cv2.LINE_AA)
    return image


def draw_curves(history: list[dict[str, float]], path: Path) -> None:
    """Writes a grid of charts: training in blue (smoothed), held-out photographs in red."""

    def column(name: str) -> tuple[np.ndarray, np.ndarray]:
        rows = [(row["step"], row[name]) for row in history if name in row]
        data = np.array(rows, float).reshape(-1, 2)
        return data[:, 0], data[:, 1]

    panels = []
    for name in PANELS:
        steps, values = column(name)
        if len(values) > 20 and name not in ("rate",):
            values = smooth(values, max(1, len(values) // 100))
        panels.append(panel(name, [(steps, values, TRAINED), (*column(f"held_out_{name}"), HELD_OUT)]))
    rows = [np.hstack(panels[i : i + 3]) for i in range(0, len(panels), 3)]
    cv2.imwrite(str(path), np.vstack(rows))
