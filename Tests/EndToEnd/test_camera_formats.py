"""Camera files of other programs: OpenCV and mrcal read what `hfloc-calibrate convert` writes, and it reads what they
write.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import cv2
import numpy
import pytest

MODELS = {
    "PINHOLE": [],
    "OPENCV": [-0.2713, 0.1123, 1.7e-4, -2.3e-4],
    "FULL_OPENCV5": [-0.2713, 0.1123, 1.7e-4, -2.3e-4, 0.0171, 0, 0, 0],
    "FULL_OPENCV": [-0.2713, 0.1123, 1.7e-4, -2.3e-5, 0.0171, 0.231, -0.02, 0.0031],
    "OPENCV_FISHEYE": [-0.0127, 0.0241, -0.0223, 0.00617],
}
K = numpy.array([[503.1, 0, 321.7], [0, 509.75, 238.125], [0, 0, 1]])
POINTS = numpy.array([[x, y, 1.0] for x in (-0.55, -0.2, 0, 0.4) for y in (-0.4, 0.1, 0.38)])


@pytest.fixture(scope="module")
def convert(programs: Path):
    """Runs `hfloc-calibrate convert`."""

    def run(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "hfloc-calibrate"), "convert", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, (done.returncode, done.stderr)
        return done

    return run


@pytest.fixture(params=MODELS)
def camera_file(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A model's name, and hfloc's camera file of it."""
    name = request.param
    parameters = [K[0, 0], K[1, 1], K[0, 2], K[1, 2], *MODELS[name]]
    path = tmp_path / "camera.yaml"
    path.write_text(f"model: {name.rstrip('5')}\nwidth: 640\nheight: 480\nparameters: {json.dumps(parameters)}\n")
    return name, path


def project(k: numpy.ndarray, d: numpy.ndarray, fisheye: bool) -> numpy.ndarray:
    zero = numpy.zeros(3)
    if fisheye:
        return cv2.fisheye.projectPoints(POINTS[:, None], zero, zero, k, d)[0][:, 0]
    return cv2.projectPoints(POINTS, zero, zero, k, d)[0][:, 0]


def expected(name: str) -> numpy.ndarray:
    return project(K, numpy.array(MODELS[name] or [0.0] * 4), name == "OPENCV_FISHEYE")


def test_opencv_reads_ours(convert, camera_file: tuple[str, Path], tmp_path: Path) -> None:
    name, path = camera_file
    convert(path, tmp_path / "out.yml", "--to", "opencv")
    storage = cv2.FileStorage(str(tmp_path / "out.yml"), cv2.FILE_STORAGE_READ)
    assert storage.isOpened()
    k, d = storage.getNode("camera_matrix").mat(), storage.getNode("distortion_coefficients").mat()
    fisheye = int(storage.getNode("fisheye_model").real()) == 1
    assert (storage.getNode("image_width").real(), storage.getNode("image_height").real()) == (640, 480)
    numpy.testing.assert_array_equal(project(k, d, fisheye), expected(name))


def test_we_read_opencvs(convert, camera_file: tuple[str, Path], tmp_path: Path) -> None:
    name, path = camera_file
    for extension in ("yml", "yaml"):
        written = tmp_path / f"written.{extension}"
        storage = cv2.FileStorage(str(written), cv2.FILE_STORAGE_WRITE)
        storage.write("image_width", 640)
        storage.write("image_height", 480)
        storage.write("fisheye_model", int(name == "OPENCV_FISHEYE"))
        storage.write("camera_matrix", K)
        storage.write("distortion_coefficients", numpy.array(MODELS[name] or [0.0] * 5)[:, None])
        storage.write("per_view_reprojection_errors", numpy.array([0.1, 0.2]))
        storage.release()
        line = convert(written, "-", "--to", "colmap").stdout.splitlines()[-1].split()
        ours = convert(path, "-", "--to", "colmap").stdout.splitlines()[-1].split()
        assert line == ours


def test_ros_camera_info_as_pyyaml_loads_it(convert, camera_file: tuple[str, Path]) -> None:
    yaml = pytest.importorskip("yaml")
    name, path = camera_file
    info = yaml.safe_load(convert(path, "-", "--to", "ros").stdout)
    k = numpy.array(info["camera_matrix"]["data"]).reshape(3, 3)
    d = numpy.array(info["distortion_coefficients"]["data"])
    assert k.dtype == d.dtype == float, "every number must be one for YAML 1.1"
    kinds = {"OPENCV_FISHEYE": ("equidistant", 4), "FULL_OPENCV": ("rational_polynomial", 8)}
    assert (info["distortion_model"], len(d)) == kinds.get(name, ("plumb_bob", 5))
    numpy.testing.assert_array_equal(project(k, d, name == "OPENCV_FISHEYE"), expected(name))


def test_mrcal_reads_ours_and_we_its(convert, camera_file: tuple[str, Path], tmp_path: Path) -> None:
    """With Debian's python3-mrcal, which lives with the system's Python."""
    if subprocess.run(["/usr/bin/python3", "-c", "import mrcal"], capture_output=True, check=False).returncode:
        pytest.skip("python3-mrcal is not installed")
    name, path = camera_file
    ours, theirs = tmp_path / "ours.cameramodel", tmp_path / "theirs.cameramodel"
    if name == "OPENCV_FISHEYE":
        done = convert(path, ours, code=64)
        assert "mrcal has no Kannala-Brandt fisheye" in done.stderr
        return
    convert(path, ours)
    script = (
        "import sys, json, numpy, mrcal; m = mrcal.cameramodel(sys.argv[1]); m.write(sys.argv[2]);"
        "p = numpy.array(json.loads(sys.argv[3])); print(json.dumps(mrcal.project(p, *m.intrinsics()).tolist()))"
    )
    command = ["/usr/bin/python3", "-c", script, str(ours), str(theirs), json.dumps(POINTS.tolist())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    numpy.testing.assert_allclose(json.loads(done.stdout), expected(name), rtol=0, atol=1e-9)
    assert convert(theirs, "-", "--to", "colmap").stdout == convert(path, "-", "--to", "colmap").stdout


def test_a_foreign_file_is_refused_in_one_line(convert, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a camera\n")
    for arguments, code, word in [
        ((path, tmp_path / "out.yaml"), 78, "--from"),
        ((tmp_path / "none.yaml", tmp_path / "out.yaml"), 66, "does not exist"),
        ((path, tmp_path / "out.jpg"), 64, "--to"),
    ]:
        done = convert(*arguments, code=code)
        assert len(done.stderr.splitlines()) == 1 and word in done.stderr
    assert not (tmp_path / "out.yaml").exists()
