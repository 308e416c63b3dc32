"""A map that knows where on the Earth it is: from satellite fixes with noise and outliers, or as it is stated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pymap3d
import pytest
from conftest import SAMPLE
from drive import read_roles, read_truth, rotate

ORIGIN = (-33.8568, 151.2153, 12.0)
#: Of the sample's frame against east and north, radians.
TURN = numpy.radians(70.0)


def local_from_sample() -> tuple[numpy.ndarray, numpy.ndarray]:
    c, s = numpy.cos(TURN), numpy.sin(TURN)
    return numpy.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]), numpy.array([35.0, -12.0, 4.0])


def centres() -> dict[str, numpy.ndarray]:
    rotation, shift = local_from_sample()
    return {name: rotation @ pose.position + shift for name, pose in read_truth(SAMPLE).items()}


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third map image of the sample with its given pose and a fix: 30 cm of noise, one of them 20 m off."""
    folder = tmp_path_factory.mktemp("earth")
    roles = read_roles(SAMPLE)
    maps = [name for name, role in roles.items() if role == "map"][::3]
    queries = [name for name, role in roles.items() if role == "query"][:8]
    (folder / "images").symlink_to((SAMPLE / "images").resolve())
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    rows = {line.split()[0]: line for line in (SAMPLE / "poses.txt").read_text().splitlines() if line[0] != "#"}
    (folder / "poses.txt").write_text("".join(rows[name] + "\n" for name in maps + queries))
    (folder / "split.txt").write_text(
        "".join(f"{name} map\n" for name in maps) + "".join(f"{name} query\n" for name in queries)
    )
    random = numpy.random.default_rng(5)
    places, lines = centres(), []
    for index, name in enumerate(maps):
        east, north, up = places[name] + random.normal(0, 0.3, 3) + (20 if index == 4 else 0)
        latitude, longitude, height = pymap3d.enu2geodetic(east, north, up, *ORIGIN)
        lines.append(f"{name} {latitude:.9f} {longitude:.9f} {height:.4f} 0.3 0.3\n")
    (folder / "gnss.txt").write_text("".join(lines))
    return folder


def test_fixes_place_the_map_and_its_poses(hfloc, part: Path, tmp_path: Path) -> None:
    path = tmp_path / "earth.hfmap"
    origin = ",".join(map(str, ORIGIN))
    done = hfloc("map", "build", part, "--output", path, f"--origin={origin}", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)["georeference"]
    assert report["fixes_used"] == report["fixes"] - 1
    assert report["scale"] == 1 and 0.1 < report["horizontal_rms_m"] < 1
    assert json.loads(hfloc("map", "info", path, "--json").stdout)["origin"] == list(ORIGIN)

    done = hfloc("localize", part, "--map", path, "--format", "geojson")
    assert done.returncode == 0, done.stderr
    features = json.loads(done.stdout)["features"]
    assert len(features) == 8
    places = centres()
    rotation, _ = local_from_sample()
    truth = read_truth(SAMPLE)
    for feature in features:
        longitude, latitude, height = feature["geometry"]["coordinates"]
        found = numpy.array(pymap3d.geodetic2enu(latitude, longitude, height, *ORIGIN))
        name = feature["properties"]["name"]
        assert numpy.linalg.norm(found - places[name]) < 0.5, name
        view = rotation @ rotate(truth[name].orientation, (0, 0, 1))
        heading = numpy.degrees(numpy.arctan2(view[0], view[1]))
        assert abs((feature["properties"]["heading_deg"] - heading + 180) % 360 - 180) < 3, name

    for kind in ("geojson", "kml"):
        out = tmp_path / f"map.{kind}"
        done = hfloc("map", "export", path, "--format", kind, "--output", out)
        assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "map.geojson").read_text())
    assert document["features"][0]["geometry"]["type"] == "LineString"
    assert (tmp_path / "map.kml").read_text().count("<Placemark>") == len(document["features"])


def test_a_map_without_a_place_says_so(hfloc, sample_map: Path, part: Path, tmp_path: Path) -> None:
    done = hfloc("localize", part, "--map", sample_map, "--format", "geojson")
    assert done.returncode == 65 and "--origin" in done.stderr
    done = hfloc("map", "export", sample_map, "--format", "kml", "--output", tmp_path / "x.kml")
    assert done.returncode == 65 and "--origin" in done.stderr and not (tmp_path / "x.kml").exists()


def test_fixes_that_contradict_the_poses_are_refused(hfloc, part: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    for item in part.iterdir():
        if item.name != "gnss.txt":
            (folder / item.name).symlink_to(item.resolve())
    lines = (part / "gnss.txt").read_text().splitlines()
    names = [line.split()[0] for line in lines]
    # Of other images.
    shuffled = names[7:] + names[:7]
    (folder / "gnss.txt").write_text(
        "".join(f"{name} {line.split(maxsplit=1)[1]}\n" for name, line in zip(shuffled, lines, strict=True))
    )
    done = hfloc("map", "build", folder, "--output", tmp_path / "no.hfmap")
    assert done.returncode == 65 and "gnss.txt" in done.stderr and "fixes" in done.stderr, done.stderr


def test_messages_say_where_on_the_earth_the_camera_is(hfloc, wire, messages, tmp_path: Path) -> None:
    """latitude, longitude, height and their covariance of camera and vehicle, by pymap3d."""
    path = tmp_path / "earth.hfmap"
    origin = ",".join(map(str, ORIGIN))
    done = hfloc("map", "build", SAMPLE, "--output", path, f"--origin={origin}", "--no-check")
    assert done.returncode == 0, done.stderr
    vehicle = "vehicle: {base_from_camera: {translation: [1, 0, 2], rotation: [0.5, -0.5, 0.5, -0.5]}}\n"
    poses = wire(vehicle, HFLOC_MAP=str(path)).subscribe("pose")
    checked = 0
    while checked < 5:
        message = messages.Localization.FromString(poses.recv())
        if not message.HasField("pose"):
            assert not message.HasField("earth") and not message.HasField("base_earth")
            continue
        for pose, earth in ((message.pose, message.earth), (message.base_pose, message.base_earth)):
            p = pose.position
            latitude, longitude, height = pymap3d.enu2geodetic(p.x, p.y, p.z, *ORIGIN)
            assert abs(earth.latitude_deg - latitude) < 1e-11 and abs(earth.longitude_deg - longitude) < 1e-11
            assert abs(earth.height_m - height) < 1e-6
            expected = numpy.array(pose.covariance).reshape(6, 6)[:3, :3]
            # The axes there are those of the origin to 1e-5 rad.
            assert numpy.allclose(numpy.reshape(earth.covariance, (3, 3)), expected, atol=1e-4 * expected.max())
        checked += 1
