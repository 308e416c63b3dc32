"""Every text file that is read may have a byte order mark and any line ends, and is refused in another encoding."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import read_roles

VARIANTS: dict[str, Callable[[str], bytes]] = {
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "all": lambda text: b"\xef\xbb\xbf" + text.rstrip("\n").replace("\n", "\r\n").encode(),
}
OTHERS: dict[str, Callable[[str], bytes]] = {
    "UTF-16": lambda text: text.encode("utf-16"),
    "not UTF-8": lambda text: text.replace("#", "# \udce9", 1).encode(errors="surrogateescape"),
}


def names(role: str, count: int) -> list[str]:
    return [name for name, found in read_roles(SAMPLE).items() if found == role][:count]


def camera_line() -> list[str]:
    line = next(x for x in (SAMPLE / "cameras.txt").read_text().splitlines() if x.strip() and x[0] != "#")
    return line.split()[1:]


@pytest.fixture(scope="module")
def posed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two queries of the sample with their poses and times."""
    folder = tmp_path_factory.mktemp("posed")
    (folder / "images").mkdir()
    chosen = names("query", 2)
    for name in chosen:
        (folder / "images" / name).symlink_to((SAMPLE / "images" / name).resolve())
    for file in ("poses.txt", "split.txt", "timestamps.txt"):
        lines = (SAMPLE / file).read_text().splitlines()
        (folder / file).write_text("\n".join(["# comment", *(x for x in lines if x.split()[0] in chosen)]) + "\n")
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    return folder


def colmap_of(posed: Path, folder: Path) -> None:
    fields = camera_line()
    centre = [str(float(value) + 0.5) for value in fields[5:7]]
    fields[5:7] = centre
    folder.mkdir(exist_ok=True)
    shutil.copytree(posed / "images", folder / "images", symlinks=True)
    (folder / "split.txt").write_text((posed / "split.txt").read_text())
    (folder / "cameras.txt").write_text("# cameras\n1 " + " ".join(fields) + "\n")
    rows = [line.split() for line in (posed / "poses.txt").read_text().splitlines() if line[0] != "#"]
    lines = [" ".join([str(i + 1), *row[2:], row[1], row[0]]) + "\n\n" for i, row in enumerate(rows)]
    (folder / "images.txt").write_text("# images\n" + "".join(lines))


@pytest.fixture(
    params=["poses.txt", "cameras.txt", "split.txt", "timestamps.txt", "colmap images.txt", "colmap cameras.txt"]
)
def posed_file(request: pytest.FixtureRequest, posed: Path, tmp_path: Path) -> Path:
    """A file of a folder with poses, which `evaluate --sequence` reads."""
    name = request.param.split()[-1]
    if request.param.startswith("colmap"):
        colmap_of(posed, tmp_path / "set")
    else:
        shutil.copytree(posed, tmp_path / "set", symlinks=True)
    return tmp_path / "set" / name


def evaluate(hfloc, folder: Path, sample_map: Path) -> subprocess.CompletedProcess[str]:
    return hfloc("evaluate", folder, "--map", sample_map, "--sequence", "--json", "--verbose")


def without_times(text: str) -> dict:
    report = json.loads(text)
    del report["latency_ms"]
    for row in report["images"]:
        del row["latency_ms"]
    return report


def test_folders_with_poses(hfloc, sample_map: Path, posed_file: Path) -> None:
    plain = posed_file.read_text()
    expected = evaluate(hfloc, posed_file.parent, sample_map)
    assert expected.returncode == 0 and json.loads(expected.stdout)["localized"] == 2, expected.stderr
    for name, change in VARIANTS.items():
        posed_file.write_bytes(change(plain))
        done = evaluate(hfloc, posed_file.parent, sample_map)
        assert done.returncode == 0 and done.stderr == expected.stderr, (name, done.stderr)
        assert without_times(done.stdout) == without_times(expected.stdout), name
    for name, change in OTHERS.items():
        posed_file.write_bytes(change(plain))
        done = evaluate(hfloc, posed_file.parent, sample_map)
        assert done.returncode in (65, 66) and name in done.stderr and posed_file.name in done.stderr, done.stderr


def test_lists_of_queries_and_camera_files(hfloc, sample_map: Path, tmp_path: Path) -> None:
    fields = camera_line()
    camera, queries = tmp_path / "camera.yaml", tmp_path / "queries.txt"
    camera_text = (
        f"# camera\nmodel: {fields[0]}\nwidth: {fields[1]}\nheight: {fields[2]}\n"
        f"parameters: [{', '.join(fields[3:])}]\n"
    )
    fields[5:7] = [str(float(value) + 0.5) for value in fields[5:7]]
    queries_text = "# list\n" + "".join(f"{name} {' '.join(fields)}\n" for name in names("query", 2))
    images = [SAMPLE / "images" / name for name in names("query", 2)]
    for text, path, arguments in [
        (camera_text, camera, [*images, "--camera", camera]),
        (queries_text, queries, ["--queries", queries, "--root", SAMPLE / "images"]),
    ]:
        path.write_text(text)
        command = ["localize", *arguments, "--map", sample_map, "--format", "benchmark"]
        expected = hfloc(*command)
        assert expected.returncode == 0 and len(expected.stdout.splitlines()) == 2, expected.stderr
        for name, change in VARIANTS.items():
            path.write_bytes(change(text))
            done = hfloc(*command)
            assert (done.returncode, done.stdout) == (0, expected.stdout), (name, done.stderr)
        for name, change in OTHERS.items():
            path.write_bytes(change(text))
            done = hfloc(*command)
            assert done.returncode in (65, 78) and name in done.stderr and str(path) in done.stderr, done.stderr


FORMATS = {
    "hfloc": "# c\nmodel: PINHOLE\nwidth: 640\nheight: 480\nparameters: [500, 501, 320, 240]\n",
    "ros": (
        "# c\nimage_width: 640\nimage_height: 480\ncamera_matrix:\n  rows: 3\n  cols: 3\n"
        "  data: [500, 0, 320, 0, 501, 240, 0, 0, 1]\ndistortion_model: plumb_bob\n"
        "distortion_coefficients:\n  rows: 1\n  cols: 5\n  data: [0, 0, 0, 0, 0]\n"
    ),
    "ini": (
        "# c\n[image]\n\nwidth\n640\n\nheight\n480\n\n[camera]\n\ncamera matrix\n500 0 320\n0 501 240\n0 0 1\n\n"
        "distortion\n0 0 0 0 0\n"
    ),
    "message": (
        "# c\nheight: 480\nwidth: 640\ndistortion_model: plumb_bob\nd: [0.0, 0.0, 0.0, 0.0, 0.0]\n"
        "k:\n- 500.0\n- 0.0\n- 320.0\n- 0.0\n- 501.0\n- 240.0\n- 0.0\n- 0.0\n- 1.0\n---\n"
    ),
    "opencv": (
        "%YAML:1.0\n---\n# c\nimage_width: 640\nimage_height: 480\n"
        "camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n"
        "   data: [ 500., 0., 320., 0., 501., 240., 0., 0., 1. ]\n"
        "distortion_coefficients: !!opencv-matrix\n   rows: 5\n   cols: 1\n   dt: d\n   data: [ 0., 0., 0., 0., 0. ]\n"
    ),
    "xml": (
        '<?xml version="1.0"?>\n<!-- # c -->\n<opencv_storage>\n<image_width>640</image_width>\n'
        "<image_height>480</image_height>\n<camera_matrix>\n<rows>3</rows>\n<cols>3</cols>\n<data>500. 0. 320. 0.\n"
        "501. 240. 0. 0. 1.</data></camera_matrix>\n<distortion_coefficients>\n<rows>5</rows>\n<cols>1</cols>\n"
        "<data>0. 0. 0. 0. 0.</data></distortion_coefficients>\n</opencv_storage>\n"
    ),
    "json": (
        '{\n"note": "# c",\n"image_width": 640,\n"image_height": 480,\n"camera_matrix": {"rows": 3, "cols": 3,\n'
        '"data": [500.0, 0.0, 320.0, 0.0, 501.0, 240.0, 0.0, 0.0, 1.0]},\n'
        '"distortion_coefficients": {"rows": 5, "cols": 1, "data": [0.0, 0.0, 0.0, 0.0, 0.0]}\n}\n'
    ),
    "orbslam": (
        '%YAML:1.0\n# c\nCamera.type: "PinHole"\nCamera.fx: 500\nCamera.fy: 501\nCamera.cx: 320\nCamera.cy: 240\n'
        "Camera.k1: 0\nCamera.k2: 0\nCamera.p1: 0\nCamera.p2: 0\nCamera.width: 640\nCamera.height: 480\n"
    ),
    "kalibr": (
        "# c\ncam0:\n  camera_model: pinhole\n  distortion_coeffs: [0, 0, 0, 0]\n  distortion_model: radtan\n"
        "  intrinsics: [500, 501, 320, 240]\n  resolution: [640, 480]\n"
    ),
    "colmap": "# c\n1 PINHOLE 640 480 500 501 320.5 240.5\n",
    "mrcal": (
        "{\n# c\n'lensmodel': 'LENSMODEL_PINHOLE',\n'intrinsics': [500, 501, 320, 240],\n'imagersize': [640, 480]\n}\n"
    ),
}


@pytest.mark.parametrize("format", FORMATS)
def test_camera_files_of_every_format(programs: Path, tmp_path: Path, format: str) -> None:
    path = tmp_path / "camera.any"

    def convert(content: bytes) -> subprocess.CompletedProcess[str]:
        path.write_bytes(content)
        command = [programs / "hfloc-calibrate", "convert", path, "-", "--to", "colmap"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    text = FORMATS[format]
    for name, change in {"plain": str.encode, **VARIANTS}.items():
        done = convert(change(text))
        line = done.stdout.splitlines()[-1:]
        assert line == ["1 PINHOLE 640 480 500.0 501.0 320.5 240.5"], (name, done.stderr)
    for name, change in OTHERS.items():
        done = convert(change(text))
        assert done.returncode == 78 and name in done.stderr and str(path) in done.stderr, done.stderr


def test_tables_of_corners(programs: Path, tmp_path: Path) -> None:
    """A table is read to its end: the refusal counts its views."""
    text = "# filename x y\n" + "".join(f"{image}.jpg {10 * i} {7 * i % 50}\n" for image in "ab" for i in range(54))
    path = tmp_path / "corners.vnl"
    command = [programs / "hfloc-calibrate", "solve", "--board", "chessboard:9x6:25mm", "--size", "640x480"]
    said = set()
    for change in (str.encode, *VARIANTS.values()):
        path.write_bytes(change(text))
        done = subprocess.run([*command, "--corners", path], capture_output=True, text=True, timeout=60, check=False)
        said.add((done.returncode, done.stderr))
    assert len(said) == 1 and next(iter(said))[0] == 65, said
    for name, change in OTHERS.items():
        path.write_bytes(change(text))
        done = subprocess.run([*command, "--corners", path], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 65 and name in done.stderr, done.stderr


def test_the_daemons_configuration_and_keys(
    hfloc, programs: Path, sample_map: Path, posed: Path, tmp_path: Path
) -> None:
    from drive import write_camera_file
    from service import MODEL

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    for name in ("daemon", "friend"):
        assert hfloc("keys", "generate", tmp_path / name).returncode == 0
    texts = {
        tmp_path / "hflocd.yaml": (
            f"# c\nmap: {sample_map}\nmodel: {MODEL}\npublish: ['ipc://{tmp_path}/pose', 'tcp://0.0.0.0:5599']\n"
            f"camera: {{calibration: camera.yaml, folder: {posed}/images}}\n"
            "security: {secret_key: daemon.secret, allow: clients}\n"
        ),
        tmp_path / "clients": "; # c\n" + (tmp_path / "friend.public").read_text().strip() + " planner\n",
        tmp_path / "camera.yaml": "# c\n" + (tmp_path / "camera.yaml").read_text(),
        tmp_path / "daemon.secret": (tmp_path / "daemon.secret").read_text(),
    }

    def check() -> subprocess.CompletedProcess[str]:
        command = [programs / "hflocd", "--check", "--config", tmp_path / "hflocd.yaml"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    for path, text in texts.items():
        path.write_text(text)
    assert check().returncode == 0, check().stderr
    for path, text in texts.items():
        for name, change in VARIANTS.items():
            path.write_bytes(change(text))
            done = check()
            assert done.returncode == 0, (path.name, name, done.stderr)
        path.write_bytes(OTHERS["UTF-16"](text))
        done = check()
        assert done.returncode in (65, 78) and "UTF-16" in done.stderr, (path.name, done.stderr)
        path.write_text(text)
