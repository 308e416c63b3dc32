"""What the student sees (needs OpenCV)."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2")

from hfnet.augment import photometric, rain, relight

HEIGHT, WIDTH = 240, 320


def street(seed: int) -> np.ndarray:
    """A bright upper half over a dark lower one, with fine texture on both."""
    x = np.full((HEIGHT, WIDTH), 170, np.float32)
    x[HEIGHT // 2 :] = 80
    return x + cv2.GaussianBlur(np.random.default_rng(seed).standard_normal(x.shape, np.float32), (0, 0), 1.2) * 60


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def fine(x: np.ndarray) -> np.ndarray:
    return x - cv2.GaussianBlur(x, (0, 0), 3)


def test_views_repeat_with_their_seed() -> None:
    image = street(1).clip(0, 255).astype(np.uint8)
    views = [[photometric(image, np.random.default_rng(seed)) for seed in range(20)] for _ in range(2)]
    assert all(np.array_equal(a, b) for a, b in zip(*views))
    assert len({v.tobytes() for v in views[0]}) == 20
    assert all(v.shape == image.shape and v.dtype == np.uint8 for v in views[0])


def test_relight_can_reverse_broad_light_and_keeps_texture() -> None:
    image, g = street(2), np.random.default_rng(20)
    seen = [relight(image, g) for _ in range(60)]
    halves = [float(v[: HEIGHT // 2].mean() - v[HEIGHT // 2 :].mean()) for v in seen]
    assert sum(h < 0 for h in halves) >= 10, "the sky is darker than the ground in too few views"
    assert sum(h > 0 for h in halves) >= 10
    kept = sorted(correlation(fine(v.clip(0, 255)), fine(image)) for v in seen)
    assert kept[len(kept) // 2] > 0.8
    assert kept[6] > 0.4


def test_rain_adds_light_streaks_and_no_more() -> None:
    image = np.full((HEIGHT, WIDTH), 60, np.float32)
    view = rain(image, np.random.default_rng(21))
    assert view.shape == image.shape
    veil = np.median(view)
    assert veil >= 60 - 1e-3
    assert 0.005 < np.mean(view > veil + 5) < 0.4
    assert view.min() >= 60 - 1e-3


def test_the_detector_learns_weak_keypoints_in_their_order() -> None:
    torch = pytest.importorskip("torch")
    from hfnet.data import detector_target

    points = np.array([(12.0, 12), (28, 12), (44, 12), (60, 12)], np.float32)
    scores = np.array((0.6, 0.1, 0.03, 0.012), np.float32)
    target = detector_target(points, scores, (72, 24))
    assert torch.allclose(target.sum(0), torch.ones(3, 9))
    masses = 1 - target[64, 1, [1, 3, 5, 7]]
    assert (masses[:-1] > masses[1:]).all()
    assert target[64].sum() == pytest.approx(27 - float(masses.sum()))
