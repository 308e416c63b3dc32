"""`hfloc-calibrate solve` and `check`, as a technician runs them: on rendered boards, on Debian's OpenCV images, and on
input that is wrong.
"""

from __future__ import annotations

import functools
import json
import subprocess
from pathlib import Path

import cv2
import numpy
import pytest

WIDTH, HEIGHT = 640, 480
BOARD = "chessboard:9x6:25mm"
K = numpy.array([[531.0, 0, 316.0], [0, 529.0, 244.0], [0, 0, 1]])
DISTORTION = numpy.array([-0.28, 0.09, 0.001, -0.0005])
OPENCV_IMAGES = Path("/usr/share/doc/opencv-doc/examples/data")


@pytest.fixture(scope="module")
def calibrate(programs: Path):
    """Runs `hfloc-calibrate` and checks its exit code."""

    def run(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "hfloc-calibrate"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    return run


def poses(count: int, seed: int, tilt: float = 0.6) -> list[tuple[numpy.ndarray, numpy.ndarray]]:
    """Rotation vectors and translations of boards all over the image."""
    generator = numpy.random.default_rng(seed)
    found = []
    for _ in range(count):
        pixel = generator.uniform([0.31, 0.32], [0.69, 0.68]) * (WIDTH, HEIGHT)
        ray = numpy.linalg.inv(K) @ [*pixel, 1]
        direction = generator.uniform(0, 2 * numpy.pi)
        turn = numpy.array([numpy.cos(direction), numpy.sin(direction), 0]) * generator.uniform(0.5, 1) * tilt
        rotation = cv2.Rodrigues(turn)[0] @ cv2.Rodrigues(numpy.array([0, 0, generator.uniform(-0.4, 0.4)]))[0]
        middle = rotation @ numpy.array([4, 2.5, 0]) * 0.025
        found.append((cv2.Rodrigues(rotation)[0].ravel(), ray * generator.uniform(0.38, 0.5) - middle))
    return found


@functools.cache
def rays(focal: tuple[float, float], distortion: tuple[float, ...], oversampling: int) -> numpy.ndarray:
    """For each part of each pixel the direction that it sees, z = 1: the distortion undone by iteration."""
    fine = numpy.arange(oversampling) / oversampling + 0.5 / oversampling - 0.5
    x = ((numpy.arange(WIDTH)[:, None] + fine).ravel() - K[0, 2]) / focal[0]
    y = ((numpy.arange(HEIGHT)[:, None] + fine).ravel() - K[1, 2]) / focal[1]
    target = numpy.stack(numpy.meshgrid(x, y), -1).reshape(-1, 2)
    k1, k2, p1, p2 = distortion
    u, v = target.T
    for _ in range(25):
        s = u * u + v * v
        radial = 1 + s * (k1 + s * k2)
        u, v = (
            (target[:, 0] - 2 * p1 * u * v - p2 * (s + 2 * u * u)) / radial,
            (target[:, 1] - p1 * (s + 2 * v * v) - 2 * p2 * u * v) / radial,
        )
    return numpy.stack([u, v, numpy.ones_like(u)], 1)


def render(
    pose: tuple[numpy.ndarray, numpy.ndarray], zoom: float = 1, distortion: numpy.ndarray = DISTORTION
) -> numpy.ndarray:
    """The board of BOARD with a white rim on a grey wall, as a camera sees it, each pixel the mean over its area."""
    oversampling = 3
    seen = rays((K[0, 0] * zoom, K[1, 1] * zoom), tuple(distortion), oversampling)
    rotation, translation = cv2.Rodrigues(pose[0])[0], pose[1]
    normal = rotation[:, 2]
    points = seen * ((normal @ translation) / (seen @ normal))[:, None] - translation
    u, v = points @ rotation[:, 0] / 0.025, points @ rotation[:, 1] / 0.025
    black = ((numpy.floor(u) + numpy.floor(v)) % 2 == 0) & (u > -1) & (u < 9) & (v > -1) & (v < 6)
    rim = (u > -1.8) & (u < 9.8) & (v > -1.8) & (v < 6.8)
    grey = numpy.where(black, 40.0, numpy.where(rim, 215.0, 120.0))
    grey = grey.reshape(HEIGHT, oversampling, WIDTH, oversampling).mean((1, 3))
    noise = numpy.random.default_rng(7).normal(0, 2, grey.shape)
    return numpy.clip(cv2.GaussianBlur(grey, (0, 0), 0.7) + noise, 0, 255).astype(numpy.uint8)


def write_images(folder: Path, images: list[numpy.ndarray]) -> Path:
    """Writes images as numbered PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, image in enumerate(images):
        cv2.imwrite(str(folder / f"view{index:02}.png"), image)
    return folder


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve images of the board."""
    return write_images(tmp_path_factory.mktemp("views"), [render(pose) for pose in poses(12, 1)])


@pytest.fixture(scope="module")
def camera_file(calibrate, views: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The camera file of those images."""
    path = tmp_path_factory.mktemp("camera") / "camera.yaml"
    calibrate("solve", "--board", BOARD, views, "--output", path)
    return path


def test_rendered_boards_give_the_camera_back(calibrate, views: Path) -> None:
    """The parameters lie within four of their standard deviations, and the JSON has what programs need."""
    result = json.loads(calibrate("solve", "--board", BOARD, "--json", "--model", "radtan4", views).stdout)
    truth = {"fx": K[0, 0], "fy": K[1, 1], "cx": K[0, 2], "cy": K[1, 2]}
    for name, value in truth.items():
        assert abs(result[name] - value) < 4 * result["standard_deviations"][name], name
    for name, found, value in zip(("k1", "k2", "p1", "p2"), result["distortion"], DISTORTION, strict=True):
        assert abs(found - value) < 4 * result["standard_deviations"][name], name
    assert result["rms_px"] < 0.12
    assert result["images_used"] == 12 == result["images_given"]
    assert result["standard_deviations"]["fx"] < 1
    assert 0 < result["projection_uncertainty"]["p95_px"] < 2


def test_a_person_reads_what_counts_first(calibrate, views: Path, tmp_path: Path) -> None:
    """The headline, the parameters with their deviations, and where the file went."""
    path = tmp_path / "camera.yaml"
    text = calibrate("solve", "--board", BOARD, views, "--output", path).stdout
    assert text.startswith("Calibrated (")
    assert "95 % of the image" in " ".join(text.splitlines()[:2])
    assert "RMS error" in text and f"Written: {path}" in text
    assert path.read_text().count("covariance:") == 1


def test_corners_as_of_opencv_give_the_parameters_of_opencv(calibrate, views: Path, tmp_path: Path) -> None:
    """Without rejection and bent board the optimum is the same: within a thousandth of a standard deviation."""
    corners, lines = [], ["# filename x y"]
    for path in sorted(views.glob("*.png")):
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        found, points = cv2.findChessboardCorners(image, (9, 6))
        assert found
        points = cv2.cornerSubPix(image, points, (5, 5), (-1, -1), (3, 100, 1e-6)).reshape(-1, 2)
        corners.append(points)
        lines += [f"{path.name} {x!r} {y!r}" for x, y in points.astype(float).tolist()]
    table = tmp_path / "corners.vnl"
    table.write_text("\n".join(lines) + "\n")
    grid = numpy.zeros((54, 3), numpy.float32)
    grid[:, :2] = numpy.mgrid[0:9, 0:6].T.reshape(-1, 2) * 0.025
    for model, flags, count in (
        ("radtan4", cv2.CALIB_FIX_K3, 4),
        ("radtan5", 0, 5),
        ("radtan8", cv2.CALIB_RATIONAL_MODEL, 8),
    ):
        rms, k, d, _, _, deviations, *_ = cv2.calibrateCameraExtended(
            [grid] * len(corners), corners, (WIDTH, HEIGHT), None, None, flags=flags, criteria=(3, 300, 1e-15)
        )
        result = json.loads(
            calibrate(
                "solve",
                "--board",
                BOARD,
                "--corners",
                table,
                "--size",
                f"{WIDTH}x{HEIGHT}",
                "--json",
                "--model",
                model,
                "--warp",
                "flat",
                "--keep-outliers",
            ).stdout
        )
        # The rational model's denominator is bound a little, as its coefficients are not determined one by one.
        is_rational = model == "radtan8"
        assert abs(result["rms_px"] - rms) < (5e-4 if is_rational else 1e-5)
        ours = numpy.array([result["fx"], result["fy"], result["cx"], result["cy"], *result["distortion"]])
        theirs = numpy.array([k[0, 0], k[1, 1], k[0, 2], k[1, 2], *d.ravel()[:count]])
        sigma = numpy.array(list(result["standard_deviations"].values()))
        if not is_rational:
            classical = deviations.ravel()[: 4 + count]
            assert numpy.abs((ours - theirs) / classical).max() < 1e-3
            # OpenCV's are those of independent corners; ours come from the views, and are never less.
            assert (sigma / classical).min() > 0.999 and (sigma / classical).max() < 3
        assert numpy.abs(ours[:4] / theirs[:4] - 1).max() < (1e-3 if is_rational else 1e-6)


@pytest.mark.skipif(
    not (OPENCV_IMAGES / "left01.jpg").exists(), reason="opencv-doc is not installed with its documents"
)
def test_the_well_known_images_of_opencv(calibrate) -> None:
    """mrcal's truth, not the biased 535.9 of OpenCV's own file; and the empty left edge is named."""
    for side, low, high, limit in (("left", 532.8, 533.9, 0.20), ("right", 536.5, 538.0, 0.21)):
        images = sorted(OPENCV_IMAGES.glob(f"{side}[01][0-9].jpg"))
        assert len(images) == 13
        result = json.loads(calibrate("solve", "--board", BOARD, "--json", *images).stdout)
        assert result["rms_px"] <= limit
        assert low <= result["fx"] <= high
        assert result["images_used"] == 13
        assert any("left edge" in a["text"] for a in result["advice"]) == (side == "left")
        if side == "left":
            edge = numpy.array(result["projection_uncertainty"]["map_px"])[:, 0]
            assert edge.max() > 1.5


def test_check_knows_the_camera_again(calibrate, camera_file: Path, tmp_path: Path) -> None:
    """The same camera is unchanged; with its focus turned, and as another camera, it is not."""
    same = write_images(tmp_path / "same", [render(pose) for pose in poses(9, 2)])
    text = calibrate("check", camera_file, "--board", BOARD, same).stdout
    assert text.startswith("UNCHANGED")
    turned = write_images(tmp_path / "turned", [render(pose, zoom=1.02) for pose in poses(9, 3)])
    result = json.loads(calibrate("check", camera_file, "--board", BOARD, turned, "--json", code=1).stdout)
    assert result["verdict"] == "refocused"
    assert abs(result["focal_change_percent"] - 2) < 0.5
    assert result["difference_px"] > result["limit_px"]
    other = write_images(tmp_path / "other", [render(pose, distortion=DISTORTION * 0.2) for pose in poses(9, 4)])
    assert calibrate("check", camera_file, "--board", BOARD, other, code=1).stdout.startswith("CHANGED")


def test_several_exif_orientations_are_named(calibrate, views: Path, tmp_path: Path) -> None:
    """They are ignored; half of such images lies on its side for other programs."""
    exif = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\x01" + b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + b"\0\0\0\0"
    for index, path in enumerate(sorted(views.glob("*.png"))):
        jpeg = cv2.imencode(".jpg", cv2.imread(str(path), 0), [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        turned = jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]
        (tmp_path / f"{path.stem}.jpg").write_bytes(turned if index == 3 else jpeg)
    done = calibrate("solve", "--board", BOARD, tmp_path)
    assert "warning: the images have several EXIF orientations" in done.stderr
    assert "6 in 1" in done.stderr and "view03.jpg" in done.stderr
    assert calibrate("solve", "--board", BOARD, views).stderr == ""


def test_what_no_calibration_can_be_made_of_is_refused(calibrate, views: Path, tmp_path: Path) -> None:
    """One clear message that says what to do, and an exit code of its own; no stack trace."""

    def refusal(code: int, *arguments: object, board: str = BOARD) -> str:
        done = calibrate("solve", "--board", board, *arguments, code=code)
        assert done.stdout == ""
        assert done.stderr.startswith("hfloc-calibrate: ")
        assert "Fatal error" not in done.stderr
        return done.stderr

    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no images" in refusal(66, empty)
    assert "does not exist" in refusal(66, tmp_path / "missing.png")

    plain = write_images(tmp_path / "plain", [numpy.full((HEIGHT, WIDTH), 90, numpy.uint8)] * 4)
    assert "none of the 4 images shows the whole board" in refusal(65, plain)
    assert "Check --board" in refusal(65, views, board="chessboard:11x7:25mm")

    first = sorted(views.glob("*.png"))[0]
    assert "only one view" in refusal(65, first)

    mixed = write_images(tmp_path / "mixed", [cv2.imread(str(first), 0), numpy.zeros((240, 320), numpy.uint8)])
    assert "differ in size" in refusal(65, mixed)

    frontal = [
        (numpy.array([0.0, 0, angle]), numpy.array([x - 0.1, y - 0.06, z]))
        for angle, x, y, z in [
            (0, 0, 0, 0.4),
            (0.1, 0.03, 0, 0.5),
            (-0.2, -0.03, 0.02, 0.45),
            (0.05, 0, -0.02, 0.6),
            (0, 0.02, 0.02, 0.5),
        ]
    ]
    assert "tilted" in refusal(65, write_images(tmp_path / "frontal", [render(pose) for pose in frontal]))

    assert "is not a length" in refusal(64, views, board="chessboard:9x6:25")
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    assert "damaged.jpg" in refusal(65, damaged)


def test_a_mirrored_board_is_named(calibrate, tmp_path: Path) -> None:
    """Markers read backwards: turn the mirroring off. A plain chessboard looks the same in a mirror."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_1000)
    board = cv2.aruco.CharucoBoard((8, 8), 0.0254, 0.01905, dictionary)
    flat = cv2.copyMakeBorder(
        board.generateImage((480, 480), marginSize=20), 40, 40, 80, 80, cv2.BORDER_CONSTANT, value=200
    )
    images = []
    for shift in range(4):
        corners = numpy.array([[0, 0], [640, 0], [640, 560], [0, 560]], numpy.float32)
        seen = corners * 0.75 + numpy.array(
            [[40, 20], [20 + 15 * shift, 30], [60, 40], [50, 10 * shift]], numpy.float32
        )
        images.append(
            cv2.warpPerspective(flat, cv2.getPerspectiveTransform(corners, seen), (WIDTH, HEIGHT), borderValue=200)
        )
    mirrored = write_images(tmp_path / "mirrored", [cv2.flip(image, 1) for image in images])
    text = calibrate("solve", "--board", "charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000", mirrored, code=65).stderr
    assert "mirror" in text
