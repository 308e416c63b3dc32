"""What every end-to-end test needs: the programs, built in release, and the sample's map."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "Tests/Sample"
sys.path[:0] = [str(ROOT / "tools/sampledrive"), str(ROOT / "tools/training")]


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of hfloc and hflocd; HFLOC_BIN names another."""
    # Taken out of the environment, for hflocd names variables of this prefix that it does not know.
    if folder := os.environ.pop("HFLOC_BIN", None):
        return Path(folder)
    shown = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Path(shown.stdout.strip())


@pytest.fixture(scope="session")
def hfloc(programs: Path):
    """Runs hfloc with the given arguments; gives the finished process."""

    def run(*arguments: object, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "hfloc"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)

    return run


@pytest.fixture(scope="session")
def sample_map(hfloc, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the sample's first drive."""
    path = tmp_path_factory.mktemp("map") / "sample.hfmap"
    built = hfloc("map", "build", SAMPLE, "--output", path)
    assert built.returncode == 0, built.stderr
    return path


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two of the sample's images with their poses: a map of it takes a second."""
    folder = tmp_path_factory.mktemp("pair")
    rows = [line for line in (SAMPLE / "poses.txt").read_text().splitlines() if line.strip() and line[0] != "#"][:2]
    (folder / "poses.txt").write_text("\n".join(rows) + "\n")
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    for row in rows:
        target = folder / "images" / row.split()[0]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to((SAMPLE / "images" / row.split()[0]).resolve())
    return folder


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of corners that a camera can be solved from."""
    cv2, numpy = pytest.importorskip("cv2"), pytest.importorskip("numpy")
    folder = tmp_path_factory.mktemp("board")
    generator = numpy.random.default_rng(3)
    grid = numpy.stack([*numpy.meshgrid(numpy.arange(9), numpy.arange(6)), numpy.zeros((6, 9))], -1).reshape(-1, 3)
    rows = ["# filename x y"]
    for view in range(24):
        turn = generator.uniform(-0.5, 0.5, 3)
        rotation = cv2.Rodrigues(turn)[0]
        middle = numpy.append(generator.uniform(-0.12, 0.12, 2), generator.uniform(0.3, 0.5))
        points = (grid - grid.mean(axis=0)) * 0.025 @ rotation.T + middle
        pixels = points[:, :2] / points[:, 2:] * 520 + (320, 240) + generator.normal(0, 0.1, (54, 2))
        rows += [f"view{view:02d}.png {x} {y}" for x, y in pixels]
    (folder / "corners.txt").write_text("\n".join(rows) + "\n")
    return folder / "corners.txt"


@pytest.fixture
def start(programs: Path, sample_map: Path, tmp_path: Path) -> Iterator:
    """Starts a Service on the sample's map and camera."""
    from drive import write_camera_file
    from service import Service

    started: list[Service] = []
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")

    def run(*arguments: object, **options) -> Service:
        files = ["--map", sample_map, "--camera", tmp_path / "camera.yaml"]
        started.append(Service(programs / "hflocd", tmp_path, *files, *arguments, **options))
        return started[-1]

    yield run
    for service in started:
        service.close()


@pytest.fixture(scope="session")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first twenty frames of the second drive, which all are on the map."""
    from drive import read_roles

    folder = tmp_path_factory.mktemp("frames")
    names = [name for name, role in read_roles(SAMPLE).items() if role == "query"][:20]
    for index, name in enumerate(names):
        (folder / f"{index:03d}.jpg").symlink_to((SAMPLE / "images" / name).resolve())
    return folder


@pytest.fixture(scope="session")
def round_trip_images(queries: Path) -> list:
    """The frames of `queries`, grey, there and back: a loop without a jump."""
    from fakecamera import noisy, read_images, there_and_back

    pytest.importorskip("cv2")
    return noisy(read_images(queries, there_and_back(sorted(path.name for path in queries.iterdir()))))


@pytest.fixture(scope="session")
def round_trip(queries: Path, round_trip_images: list, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with them: the files of `queries`, then those of the way back."""
    import cv2

    folder = tmp_path_factory.mktemp("round_trip")
    frames = sorted(queries.iterdir())
    for frame in frames:
        (folder / frame.name).symlink_to(frame.resolve())
    for index, image in enumerate(round_trip_images[len(frames) :], start=len(frames)):
        cv2.imwrite(str(folder / f"{index:03d}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return folder


@pytest.fixture(scope="session")
def camera(round_trip_images: list, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program that shall see a camera at /dev/fake-camera, showing `queries` there and
    back."""
    import fakecamera

    return fakecamera.fake_camera(tmp_path_factory.mktemp("camera"), round_trip_images, 10)


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory):
    """The Python module of the messages."""
    from drive import messages_module

    return sys.modules.get("hfloc.v1.localization_pb2") or messages_module(tmp_path_factory.mktemp("messages"))


@pytest.fixture(scope="session")
def protocol(messages) -> SimpleNamespace:
    """The Python modules of all .proto files, by their names."""
    modules = {
        name: importlib.import_module(f"hfloc.v1.{name}_pb2")
        for name in ("status", "control", "record", "odometry", "sensors", "vehicle", "preview")
    }
    return SimpleNamespace(localization=messages, **modules)


@pytest.fixture(scope="session")
def control(protocol: SimpleNamespace):
    """The Python module of requests and answers."""
    return protocol.control


@pytest.fixture
def wire(programs: Path, sample_map: Path, round_trip: Path, tmp_path: Path) -> Iterator:
    """Starts a Wire, with these lines added to its configuration."""
    from wire import Wire

    started: list[Wire] = []

    def run(extra: str = "", frames: Path = round_trip, **environment: str) -> Wire:
        started.append(Wire(programs / "hflocd", tmp_path, sample_map, frames, extra, **environment))
        return started[-1]

    yield run
    for service in started:
        service.close()


#: So that maps that are built around midnight have the same date.
DAY = os.environ | {"SOURCE_DATE_EPOCH": "1796000000"}


@pytest.fixture(scope="session")
def map_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every eighth map image of the sample, with its pose."""
    folder = tmp_path_factory.mktemp("part")
    (folder / "images").symlink_to((SAMPLE / "images").resolve())
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    maps = [row.split()[0] for row in (SAMPLE / "split.txt").read_text().splitlines() if row.endswith(" map")][::8]
    rows = {row.split()[0]: row for row in (SAMPLE / "poses.txt").read_text().splitlines() if row and row[0] != "#"}
    (folder / "poses.txt").write_text("".join(rows[name] + "\n" for name in maps))
    (folder / "split.txt").write_text("".join(f"{name} map\n" for name in maps))
    return folder


@pytest.fixture(scope="session")
def build_map_part(programs: Path, map_part: Path):
    """Runs `hfloc map build` on the part to its end; gives the report."""

    def run(output: Path, *options: object) -> dict:
        command = [programs / "hfloc", "map", "build", map_part, "--output", output, "--json", "--no-check", *options]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, env=DAY)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def whole_map_part(build_map_part, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, set[str]]:
    """The map's bytes without a cache, and the names of all entries."""
    folder = tmp_path_factory.mktemp("whole")
    build_map_part(folder / "without.hfmap", "--no-cache")
    assert not (folder / "without.hfmap.cache").exists()
    build_map_part(folder / "with.hfmap")
    return (folder / "without.hfmap").read_bytes(), entries(folder / "with.hfmap.cache")


def entries(cache: Path) -> set[str]:
    return {str(path.relative_to(cache)) for path in cache.glob("*/*.safetensors")}
