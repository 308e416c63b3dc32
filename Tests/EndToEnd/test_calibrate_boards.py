"""Boards as a user draws, prints and finds them: the PDF that `target` writes, rendered by poppler, found by OpenCV and
by `detect`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

import cv2
import numpy as np
import pytest

PIXELS_PER_MM = 150 / 25.4
SAMPLES = Path("/usr/share/doc/opencv-doc/examples/data")

CHARUCO = {
    "charuco:7x5:35mm:26mm:DICT_5X5_100": ((7, 5), 35, 26, cv2.aruco.DICT_5X5_100, False),
    "charuco:8x6:30mm:23mm:DICT_4X4_1000:legacy": ((8, 6), 30, 23, cv2.aruco.DICT_4X4_1000, True),
    "charuco:8x6:30mm:23mm:DICT_4X4_1000": ((8, 6), 30, 23, cv2.aruco.DICT_4X4_1000, False),
    "charuco:7x5:35mm:26mm:DICT_7X7_250": ((7, 5), 35, 26, cv2.aruco.DICT_7X7_250, False),
    "charuco:7x5:35mm:26mm:DICT_6X6_50": ((7, 5), 35, 26, cv2.aruco.DICT_6X6_50, False),
    "charuco:7x5:35mm:26mm:DICT_ARUCO_ORIGINAL": ((7, 5), 35, 26, cv2.aruco.DICT_ARUCO_ORIGINAL, False),
}


def test_the_marker_tables_are_opencvs() -> None:
    """The committed codes are what this OpenCV's dictionaries hold."""
    tool = Path(__file__).resolve().parents[2] / "tools/generate/generate-marker-tables"
    subprocess.run([sys.executable, tool, "--check"], check=True)


@pytest.fixture(scope="session")
def calibrate(programs: Path):
    """Runs hfloc-calibrate with the given arguments; gives the finished process."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "hfloc-calibrate"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture()
def printed(calibrate, tmp_path: Path):
    """Draws a board as PDF and renders it; gives the image's path."""

    def draw(board: str) -> Path:
        if not shutil.which("pdftoppm"):
            pytest.skip("no pdftoppm; tools/setup test installs it")
        drawn = calibrate("target", "--board", board, "--output", tmp_path / "board.pdf")
        assert drawn.returncode == 0, drawn.stderr
        subprocess.run(
            ["pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", tmp_path / "board.pdf", tmp_path / "board"],
            check=True,
        )
        return tmp_path / "board.png"

    return draw


def corners(calibrate, board: str, image: Path) -> dict[int, np.ndarray]:
    """The corners that `detect` finds, by id."""
    found = calibrate("detect", "--json", "--board", board, image)
    assert found.returncode == 0, found.stderr
    view = json.loads(found.stdout)["images"][0]
    return {corner["id"]: np.array([corner["x"], corner["y"]]) for corner in view["corners"]}


def scale(ours: dict[int, np.ndarray], first: int, last: int, millimetres: float) -> float:
    """How much larger than drawn the distance of two corners is."""
    return float(np.linalg.norm(ours[last] - ours[first]) / PIXELS_PER_MM / millimetres)


def test_a_printed_chessboard_is_true_to_scale(calibrate, printed) -> None:
    """OpenCV finds the same corners, and their distances are those asked for within 0.1 %."""
    image = printed("chessboard:9x6:25mm")
    ours = corners(calibrate, "chessboard:9x6:25mm", image)
    assert sorted(ours) == list(range(54))
    grey = cv2.imread(str(image), cv2.IMREAD_GRAYSCALE)
    ok, theirs = cv2.findChessboardCorners(grey, (9, 6))
    assert ok
    theirs = cv2.cornerSubPix(grey, theirs, (8, 8), (-1, -1), (3, 100, 1e-6)).reshape(-1, 2)
    distances = np.linalg.norm(np.array(list(ours.values()))[:, None] - theirs[None], axis=2).min(axis=1)
    assert distances.max() < 0.1
    assert abs(scale(ours, 0, 8, 200) - 1) < 0.001
    assert abs(scale(ours, 0, 45, 125) - 1) < 0.001


@pytest.mark.parametrize("board", CHARUCO)
def test_opencv_reads_printed_charuco_boards(calibrate, printed, board: str) -> None:
    """OpenCV finds every corner under the same id, and so do we, at the same place."""
    size, square, marker, dictionary, legacy = CHARUCO[board]
    image = printed(board)
    reference = cv2.aruco.CharucoBoard(size, square, marker, cv2.aruco.getPredefinedDictionary(dictionary))
    reference.setLegacyPattern(legacy)
    places, ids, _, _ = cv2.aruco.CharucoDetector(reference).detectBoard(cv2.imread(str(image), cv2.IMREAD_GRAYSCALE))
    ours = corners(calibrate, board, image)
    assert ids is not None
    assert sorted(ours) == sorted(ids.ravel().tolist()) == list(range((size[0] - 1) * (size[1] - 1)))
    for identity, place in zip(ids.ravel(), places.reshape(-1, 2)):
        assert np.linalg.norm(ours[int(identity)] - place) < 0.5
    assert abs(scale(ours, 0, size[0] - 2, square * (size[0] - 2)) - 1) < 0.001


def test_opencv_reads_the_tags_of_a_printed_april_grid(calibrate, printed) -> None:
    """Tag numbers and corners as in Kalibr's layout: 0 at the bottom left; OpenCV's marker images are AprilTag's,
    turned by half a turn.
    """
    board = "aprilgrid:6x4:30mm:0.3"
    image = printed(board)
    ours = corners(calibrate, board, image)
    assert len(ours) == 96
    parameters = cv2.aruco.DetectorParameters()
    parameters.markerBorderBits = 2
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11), parameters)
    quads, ids, _ = detector.detectMarkers(cv2.imread(str(image), cv2.IMREAD_GRAYSCALE))
    assert ids is not None and sorted(ids.ravel().tolist()) == list(range(24))
    for tag, quad in zip(ids.ravel(), quads):
        for k, place in enumerate(np.roll(quad.reshape(4, 2), 2, axis=0)):
            assert np.linalg.norm(ours[4 * int(tag) + k] - place) < 0.2
    assert ours[0][1] > ours[4 * 23][1], "tag 0 is not in the lowest row"
    assert ours[0][0] < ours[4 * 5][0], "tags do not count to the right"
    assert abs(scale(ours, 0, 1, 30) - 1) < 0.002


def test_an_svg_is_well_formed_and_of_the_papers_size(calibrate, tmp_path: Path) -> None:
    """Read as XML; its size is the paper's, turned as the board needs."""
    drawn = calibrate("target", "--board", "chessboard:9x6:25mm", "--output", tmp_path / "b.svg", "--page", "letter")
    assert drawn.returncode == 0, drawn.stderr
    root = tree.parse(tmp_path / "b.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("279.4000mm", "215.9000mm")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--board", "chessboard:9x6:25mm"], 64, "--output"),
        (["--board", "chessboard:9x6:25", "--output", "b.pdf"], 64, "unit"),
        (["--board", "chessboard:9x6:50mm", "--output", "b.pdf"], 64, "--page"),
        (["--board", "chessboard:9x6:25mm", "--output", "b.doc"], 64, ".svg"),
        (["--board", "chessboard:9x6:25mm", "--output", "/nowhere/b.pdf"], 73, "/nowhere"),
        (["--board", "chessboard:9x6:25mm", "--verify", "243mm", "--squares", "10"], 65, "chessboard:9x6:24.3mm"),
    ],
)
def test_mistakes_are_told(calibrate, tmp_path: Path, arguments: list[str], status: int, words: str) -> None:
    """Each with its exit code and what helps."""
    arguments = [str(tmp_path / a) if a in ("b.pdf", "b.doc") else a for a in arguments]
    result = calibrate("target", *arguments)
    assert result.returncode == status
    assert words in result.stderr


def test_images_without_the_board_are_refused(calibrate, tmp_path: Path) -> None:
    """One line for each image, and an exit code."""
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((240, 320), 128, np.uint8))
    result = calibrate("detect", "--board", "chessboard:9x6:25mm", tmp_path / "grey.png")
    assert result.returncode == 65
    assert "no contrast" in result.stdout
    assert calibrate("detect", "--board", "chessboard:9x6:25mm", tmp_path / "none.png").returncode == 66


@pytest.mark.skipif(not (SAMPLES / "left01.jpg").exists(), reason="Debian's opencv-doc is not installed")
@pytest.mark.parametrize(("side", "rms", "low", "high"), [("left", 0.20, 532.8, 533.9), ("right", 0.21, 536.5, 538.0)])
def test_opencvs_samples(calibrate, side: str, rms: float, low: float, high: float) -> None:
    """All thirteen views; with these corners OpenCV's own solver comes to the focal length that mrcal finds."""
    images = sorted(SAMPLES.glob(f"{side}[01][0-9].jpg"))
    found = calibrate("detect", "--json", "--board", "chessboard:9x6:25mm", *images)
    views = [view for view in json.loads(found.stdout)["images"] if "corners" in view]
    assert len(views) == len(images) == 13
    points = [np.array([[c["id"] % 9, c["id"] // 9, 0] for c in v["corners"]], np.float32) * 25 for v in views]
    pixels = [np.array([[c["x"], c["y"]] for c in v["corners"]], np.float32) for v in views]
    error, matrix, *_ = cv2.calibrateCamera(points, pixels, (640, 480), None, None)
    assert error <= rms
    assert low <= matrix[0, 0] <= high
