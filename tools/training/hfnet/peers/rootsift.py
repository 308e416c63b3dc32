"""RootSIFT (Arandjelovic and Zisserman, 2012) with OpenCV's SIFT."""

from __future__ import annotations

import cv2
import numpy as np

from hfnet.features import Features


def extract(image: np.ndarray, count: int) -> Features:
    found, raw = cv2.SIFT_create(count).detectAndCompute(image, None)
    if raw is None:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    order = np.argsort([-k.response for k in found], kind="stable")[:count]
    points = np.array([found[i].pt for i in order], np.float32)
    raw = raw[order]
    return Features(points, np.sqrt(raw / np.maximum(raw.sum(1, keepdims=True), 1e-6)))
