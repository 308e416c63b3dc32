"""The measures of tools/training/evaluate-features on cases whose answer is known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hfnet import homography, posed, reference, retrieval, wxbs
from hfnet.features import Features, cached, mutual_matches
from hfnet.modelfile import golden_image
from hfnet.peers import rootsift

WIDTH, HEIGHT, FOCAL = 200, 160, 150.0


def write_posed_set(folder: Path) -> np.ndarray:
    """Two images a metre apart sideways; returns points [n, 2] of the first and, 20 px to the left, of the second."""
    (folder / "images").mkdir(parents=True)
    for name, value in (("a.png", 50), ("b.png", 90)):
        cv2.imwrite(str(folder / "images" / name), np.full((HEIGHT, WIDTH), value, np.uint8))
    camera = f"1 PINHOLE {WIDTH} {HEIGHT} {FOCAL} {FOCAL} 99.5 79.5\n"
    (folder / "cameras.txt").write_text(camera)
    (folder / "poses.txt").write_text("a.png 1 1 0 0 0 0 0 0\nb.png 1 1 0 0 0 -1 0 0\n")
    return np.random.default_rng(3).uniform((40, 20), (180, 140), (60, 2)).astype(np.float32)


@pytest.mark.parametrize("long_side", [WIDTH, WIDTH // 2])
def test_epipolar_precision_counts_rows_of_a_sideways_pair_in_pixels_of_the_original(
    tmp_path: Path, long_side: int
) -> None:
    points = write_posed_set(tmp_path)
    moved = points - (20, 0)
    moved[:15, 1] += 3.5  # a quarter is wrong, another quarter off by 2 px, which is right
    moved[15:30, 1] += 2
    scale = long_side / WIDTH

    def extract(image: np.ndarray) -> Features:
        shown = points if image[0, 0] == 50 else moved
        return Features((shown + 0.5) * scale - 0.5, np.eye(60, dtype=np.float32))

    found = posed.epipolar_precision(extract, tmp_path, 1, long_side)
    assert found.share == pytest.approx(0.75)
    assert found.count == 45
    assert found.median == pytest.approx(0.0, abs=1e-3)


def test_a_distorted_camera_is_refused(tmp_path: Path) -> None:
    write_posed_set(tmp_path)
    (tmp_path / "cameras.txt").write_text("1 OPENCV 200 160 150 150 99 79 0.1 0 0 0\n")
    with pytest.raises(SystemExit, match="undistorted"):
        posed.read_set(tmp_path)


def test_mutual_matches_drop_what_is_not_mutual() -> None:
    a = np.array(((1, 0), (0.9, 0.1), (0, 1)), np.float32)
    b = np.array(((0, 1), (1, 0)), np.float32)
    assert mutual_matches(a, b).tolist() == [[0, 1], [2, 0]]
    assert mutual_matches(a, b[:0]).shape == (0, 2)


def test_retrieval_measures_follow_their_definitions() -> None:
    g = np.array(((1, 0), (0.9, 0.1), (0, 1), (0.8, 0.6)), np.float32)
    same = np.array(((1, 1, 0, 0), (1, 1, 0, 0), (0, 0, 1, 1), (0, 0, 1, 1)), bool)
    similarity = g @ g.T
    np.fill_diagonal(similarity, -2)
    found = retrieval.measure(similarity, same & ~np.eye(4, dtype=bool))
    # 0 finds 1 first, 1 finds 0 first, 2 finds 3 first, 3 finds 1, 0, 2: average precision 1/3.
    assert found.recall == pytest.approx((0.75, 1, 1))
    assert found.average == pytest.approx((1 + 1 + 1 + 1 / 3) / 4)
    assert found.queries == 4


def test_a_query_without_a_right_answer_does_not_count() -> None:
    similarity = np.array(((0.9, 0.1), (0.2, 0.3)), np.float32)
    found = retrieval.measure(similarity, np.array(((1, 0), (0, 0)), bool))
    assert found == retrieval.Retrieval((1, 1, 1), 1.0, 1)


def test_only_the_first_answers_are_ranked_anew() -> None:
    similarity = np.array(((0.9, 0.8, 0.7),), np.float32)
    order = np.argsort(-retrieval.reranked(similarity, 2, lambda _, answer: float(answer)))
    assert order.tolist() == [[1, 0, 2]]


def test_homography_measures_know_a_perfect_and_a_useless_extractor(tmp_path: Path) -> None:
    for i in range(3):
        enlarged = cv2.resize(golden_image(i), (400, 320), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(tmp_path / f"{i}.png"), enlarged)
    pairs = homography.make_warped(tmp_path, 3, 640)
    assert len(pairs) == 3
    start = np.random.default_rng(1).uniform((60, 60), (340, 260), (80, 2)).astype(np.float32)
    truth = {pair.view.tobytes(): homography.transform(pair.homography, start) for pair in pairs}

    def perfect(image: np.ndarray) -> Features:
        return Features(truth.get(image.tobytes(), start), np.eye(80, dtype=np.float32))

    shares, repeated = homography.homography_accuracy(perfect, pairs)
    assert shares == [1, 1, 1]
    assert repeated > 0.99

    def useless(image: np.ndarray) -> Features:
        g = np.random.default_rng(int(image.sum()))
        return Features(g.uniform(0, 300, (80, 2)).astype(np.float32), np.eye(80, dtype=np.float32))

    shares, repeated = homography.homography_accuracy(useless, pairs)
    assert shares == [0, 0, 0]
    assert repeated < 0.3


def test_wxbs_explains_all_of_a_true_geometry_and_little_of_a_false_one(tmp_path: Path) -> None:
    g = np.random.default_rng(5)
    space = g.uniform((-2, -1.5, 4), (2, 1.5, 9), (160, 3))
    turn, _ = cv2.Rodrigues(np.array((0.02, 0.1, 0.01)))

    def project(p: np.ndarray) -> np.ndarray:
        return p[:, :2] / p[:, 2:] * FOCAL + (99.5, 79.5)

    a, b = project(space), project(space @ turn.T + (0.6, 0.1, 0.05))
    place = tmp_path / "WGLBS" / "x"
    place.mkdir(parents=True)
    np.savetxt(place / "corrs.txt", np.hstack((a[120:], b[120:])))
    for name, value in (("01.png", 50), ("02.png", 90)):
        cv2.imwrite(str(place / name), np.full((HEIGHT, WIDTH), value, np.uint8))

    def extractor(second: np.ndarray):
        def extract(image: np.ndarray) -> Features:
            return Features(
                (a if image[0, 0] == 50 else second)[:120].astype(np.float32), np.eye(120, dtype=np.float32)
            )

        return extract

    assert wxbs.mean_explained(extractor(b), tmp_path, ("WGLBS",), 640) == 1
    shuffled = g.permutation(b[:120])
    assert wxbs.mean_explained(extractor(shuffled), tmp_path, ("WGLBS",), 640) < 0.6


def test_the_cache_gives_back_what_was_extracted_and_asks_once(tmp_path: Path) -> None:
    asked = []

    def extract(image: np.ndarray) -> Features:
        asked.append(image.shape)
        return rootsift.extract(image, 50)

    kept = cached(extract, tmp_path)
    first, second = kept(golden_image()), kept(golden_image())
    kept(golden_image(8))
    assert len(asked) == 2
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.descriptors, second.descriptors)


def test_a_wrong_reproduction_is_named() -> None:
    assert reference.differences("XFeat", (0.37, 0.51, 0.48)) == []
    assert reference.differences("XFeat", (0.37, 0.66, float("nan"))) == [
        "XFeat, kitti_seq1: 0.660, expected 0.50",
        "XFeat, WxBS light: nan, expected 0.50",
    ]
