"""The network's float parts on the host: scores, keypoints, descriptor sampling (article Model, "Float parts")."""

from __future__ import annotations

import cv2
import numpy as np

CELL = 8
NMS_RADIUS = 2
DETECTION_THRESHOLD = 0.02  # of a model file; Decision 27
EPSILON = np.float32(1e-12)


def normalized(x: np.ndarray, axis: int = -1) -> np.ndarray:
    norm = np.sqrt(np.sum(x.astype(np.float32) ** 2, axis=axis, keepdims=True, dtype=np.float32))
    return (x / np.maximum(norm, EPSILON)).astype(np.float32)


def cell_scores(logits: np.ndarray) -> np.ndarray:
    """Keypoint probabilities [8h, 8w] of detector logits [h, w, 65]."""
    h, w, _ = logits.shape
    e = np.exp((logits - logits.max(axis=2, keepdims=True)).astype(np.float32))
    p = (e / e.sum(axis=2, keepdims=True))[:, :, :64]
    return p.reshape(h, w, CELL, CELL).transpose(0, 2, 1, 3).reshape(CELL * h, CELL * w)


def find_keypoints(scores: np.ndarray, count: int, threshold: float, radius: int = NMS_RADIUS) -> np.ndarray:
    """The best keypoints [n, 3] as (x, y, score), best first; of equal scores the first in row order wins."""
    window = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    highest = cv2.dilate(scores, window, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    ys, xs = np.nonzero((scores == highest) & (scores >= np.float32(threshold)))
    ys, xs = without_ties(scores, ys, xs, radius)
    order = np.argsort(-scores[ys, xs], kind="stable")[:count]
    ys, xs = ys[order], xs[order]
    dx, dy = peak_offset(scores, ys, xs, 0, 1), peak_offset(scores, ys, xs, 1, 0)
    return np.stack((xs + dx, ys + dy, scores[ys, xs]), axis=1).astype(np.float32)


def without_ties(scores: np.ndarray, ys: np.ndarray, xs: np.ndarray, radius: int) -> tuple[np.ndarray, np.ndarray]:
    """Drops a maximum that has an equal one earlier in row order within its window."""
    taken = np.zeros(scores.shape, bool)
    keep = np.zeros(len(ys), bool)
    for i, (y, x) in enumerate(zip(ys, xs)):
        near = taken[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        keep[i] = not near.any()
        taken[y, x] = True
    return ys[keep], xs[keep]


def peak_offset(scores: np.ndarray, ys: np.ndarray, xs: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Offset along one axis of the peak of a quadratic through three log scores; zero at the image's border."""
    h, w = scores.shape
    inside = (ys >= dy) & (ys < h - dy) & (xs >= dx) & (xs < w - dx)
    y, x = np.where(inside, ys, dy), np.where(inside, xs, dx)

    def log(values: np.ndarray) -> np.ndarray:
        return np.log(np.maximum(values, EPSILON))

    before, centre, after = log(scores[y - dy, x - dx]), log(scores[y, x]), log(scores[y + dy, x + dx])
    curvature = before - 2 * centre + after
    offset = np.where(curvature < 0, 0.5 * (before - after) / np.where(curvature < 0, curvature, -1), 0)
    return np.where(inside, np.clip(offset, -0.5, 0.5), 0).astype(np.float32)


def sample_descriptors(raw: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Unit descriptors [n, D] at pixels (x, y): bilinear in the normalized map [h, w, D], cells clamped at the border.
    """
    h, w, _ = raw.shape
    unit = normalized(raw)
    u = np.clip((points[:, 0] + 0.5) / CELL - 0.5, 0, w - 1).astype(np.float32)
    v = np.clip((points[:, 1] + 0.5) / CELL - 0.5, 0, h - 1).astype(np.float32)
    u0, v0 = np.floor(u).astype(int), np.floor(v).astype(int)
    u1, v1 = np.minimum(u0 + 1, w - 1), np.minimum(v0 + 1, h - 1)
    fu, fv = (u - u0)[:, None], (v - v0)[:, None]
    top = unit[v0, u0] * (1 - fu) + unit[v0, u1] * fu
    bottom = unit[v1, u0] * (1 - fu) + unit[v1, u1] * fu
    return normalized(top * (1 - fv) + bottom * fv)


def quantized_descriptors(descriptors: np.ndarray) -> np.ndarray:
    """int8 as stored in maps: clamp(round(256 v), -127, 127)."""
    return np.clip(np.rint(descriptors * 256), -127, 127).astype(np.int8)
