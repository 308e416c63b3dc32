"""Keypoints and descriptors from known scores and maps."""

from __future__ import annotations

import numpy as np
from hfnet.decode import cell_scores, find_keypoints, sample_descriptors


def gaussian(shape: tuple[int, int], x: float, y: float, sigma: float = 0.7) -> np.ndarray:
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]]
    return np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * sigma**2)).astype(np.float32)


def test_sub_pixel_peak_of_a_gaussian_is_exact() -> None:
    g = np.random.default_rng(6)
    for _ in range(50):
        x, y = g.uniform(5, 30, 2)
        found = find_keypoints(0.3 * gaussian((40, 40), x, y), 1, 0.01)
        assert np.allclose(found[0, :2], (x, y), atol=2e-3)


def test_window_is_square_and_ties_go_to_the_first() -> None:
    scores = np.zeros((30, 30), np.float32)
    scores[10, 10], scores[12, 12] = 0.5, 0.5
    assert find_keypoints(scores, 10, 0.1)[:, :2].tolist() == [[10, 10]]
    scores[12, 12], scores[12, 13] = 0, 0.5
    assert find_keypoints(scores, 10, 0.1)[:, :2].tolist() == [[10, 10], [13, 12]]
    scores[:] = 0.25
    assert find_keypoints(scores, 10, 0.1)[:, :2].tolist() == [[0, 0]]


def test_border_keypoints_stay_on_whole_pixels_across_the_border() -> None:
    scores = 0.1 + gaussian((20, 20), 0, 7.3)
    x, y, _ = find_keypoints(scores, 1, 0.5)[0]
    assert x == 0 and 6.5 < y < 7.8


def test_cells_are_laid_out_row_by_row() -> None:
    logits = np.full((2, 3, 65), -20, np.float32)
    logits[1, 2, 8 * 5 + 3] = 20
    scores = cell_scores(logits)
    assert np.unravel_index(scores.argmax(), scores.shape) == (8 + 5, 16 + 3)
    assert scores.shape == (16, 24) and scores.max() > 0.999


def test_sampling_at_cell_centres_returns_the_cells() -> None:
    g = np.random.default_rng(7)
    raw = g.normal(size=(4, 5, 16)).astype(np.float32)
    centres = np.array([(8 * x + 3.5, 8 * y + 3.5) for y in range(4) for x in range(5)], np.float32)
    unit = raw / np.linalg.norm(raw, axis=2, keepdims=True)
    assert np.allclose(sample_descriptors(raw, centres), unit.reshape(-1, 16), atol=1e-5)
    corner = sample_descriptors(raw, np.array([(0, 0), (39, 31)], np.float32))
    assert np.allclose(corner, unit[[0, -1], [0, -1]], atol=1e-5)
