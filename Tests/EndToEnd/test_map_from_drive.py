"""A map of a recorded drive: by dead reckoning with satellite positions, as `hfloc map build RECORDING` makes it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import zmq
from conftest import ROOT, SAMPLE
from drive import read_roles, read_truth, rotate
from service import Desk, receive

pymap3d = pytest.importorskip("pymap3d")
pytest.importorskip("mcap.writer")
ORIGIN = (52.1205, 11.6276, 80.5)


def simulated(set_: Path, output: Path, *options: object) -> str:
    """A recording of the set's map images; how its camera sits on the vehicle."""
    command = [sys.executable, ROOT / "tools/sampledrive/simulate-drive", set_, "--output", output, *options]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first quarter of the sample's loop, with the queries that lie on it."""
    folder = tmp_path_factory.mktemp("part")
    truth, roles = read_truth(SAMPLE), read_roles(SAMPLE)
    maps = [name for name, role in roles.items() if role == "map"][:24]
    places = np.array([truth[name].position for name in maps])

    def is_near(name: str) -> bool:
        return np.linalg.norm(places[2:-2] - truth[name].position, axis=1).min() < 0.7

    queries = [name for name, role in roles.items() if role == "query" and is_near(name)][:8]
    (folder / "images").symlink_to((SAMPLE / "images").resolve())
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    rows = {line.split()[0]: line for line in (SAMPLE / "poses.txt").read_text().splitlines() if line[0] != "#"}
    (folder / "poses.txt").write_text("".join(rows[name] + "\n" for name in maps + queries))
    (folder / "split.txt").write_text(
        "".join(f"{name} map\n" for name in maps) + "".join(f"{name} query\n" for name in queries)
    )
    return folder


def errors_on_the_earth(hfloc, part: Path, path: Path) -> list[float]:
    """How far the queries that a map localizes are from where they were, metres."""
    done = hfloc("localize", part, "--map", path, "--format", "geojson")
    assert done.returncode == 0, done.stderr
    truth = read_truth(SAMPLE)
    errors = []
    for feature in json.loads(done.stdout)["features"]:
        longitude, latitude, height = feature["geometry"]["coordinates"]
        found = pymap3d.geodetic2enu(latitude, longitude, height, *ORIGIN)
        errors.append(float(np.linalg.norm(np.array(found) - truth[feature["properties"]["name"]].position)))
    return errors


def test_a_drive_with_satellite_positions_is_a_map_on_the_earth(hfloc, part: Path, tmp_path: Path) -> None:
    recording, path = tmp_path / "drive.mcap", tmp_path / "drive.hfmap"
    mounting = simulated(part, recording, "--gnss", "0.1,0.1,20")
    origin = ",".join(map(str, ORIGIN))
    options = (f"--origin={origin}", f"--base-from-camera={mounting}", "--keyframe-spacing", 0.5, "--json")
    done = hfloc("map", "build", recording, "--output", path, *options, "--no-check")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["drive"]["keyframes"] == report["images"] == 24
    assert report["georeference"]["fixes"] == 24 and 18 <= report["georeference"]["fixes_used"] < 24
    assert abs(report["drive"]["odometry_scale"] * 1.02 - 1) < 0.03
    assert report["refinement"]["accepted"]
    assert not (tmp_path / "drive.hfmap.keyframes").exists()

    errors = errors_on_the_earth(hfloc, part, path)
    assert len(errors) == 8
    assert np.median(errors) < 0.3, errors


def test_the_same_recording_gives_the_same_map(hfloc, part: Path, tmp_path: Path) -> None:
    mounting = simulated(part, tmp_path / "drive.mcap")
    options = (f"--base-from-camera={mounting}", "--keyframe-spacing", 1.2, "--no-check", "--json")
    ids = []
    for name in ("a.hfmap", "b.hfmap"):
        kept = tmp_path / f"{name}.images"
        done = hfloc(
            "map", "build", tmp_path / "drive.mcap", "--output", tmp_path / name, "--keep-keyframes", kept, *options
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert 10 <= report["images"] == len(list(kept.iterdir())) <= 20
        ids.append(report["map_id"])
    assert ids[0] == ids[1]


def test_what_gives_no_map_is_refused(hfloc, part: Path, tmp_path: Path) -> None:
    output = ("--output", tmp_path / "no.hfmap")
    # Images without odometry.
    frames = tmp_path / "frames"
    frames.mkdir()
    names = [line.split()[0] for line in (part / "split.txt").read_text().splitlines()][:4]
    for name in names:
        (frames / name).symlink_to((SAMPLE / "images" / name).resolve())
    (frames / "timestamps.txt").write_text("".join(f"{n} {10**9 * (i + 1)}\n" for i, n in enumerate(names)))
    made = hfloc("recording", "import", frames, "--output", tmp_path / "made")
    assert made.returncode == 0, made.stderr
    recording = next((tmp_path / "made").glob("*.mcap"))
    done = hfloc("map", "build", recording, *output)
    assert done.returncode == 65 and "holds no camera file; give --camera" in done.stderr
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    done = hfloc("map", "build", recording, "--camera", tmp_path / "camera.yaml", *output)
    assert done.returncode == 65 and "odometry: there is none" in done.stderr and "tools/map-drive" in done.stderr
    # Satellite positions alone.
    simulated(part, tmp_path / "satellites.mcap", "--no-odometry", "--gnss", "1,0,0")
    done = hfloc("map", "build", tmp_path / "satellites.mcap", *output)
    assert done.returncode == 65 and "the 24 satellite fixes its scale and place" in done.stderr, done.stderr
    # Odometry of an unknown vehicle.
    simulated(part, tmp_path / "drive.mcap")
    done = hfloc("map", "build", tmp_path / "drive.mcap", *output)
    assert done.returncode == 65 and "--base-from-camera" in done.stderr
    # A file that is given twice, as a repaired copy beside the other is.
    (tmp_path / "copy.mcap").write_bytes((tmp_path / "drive.mcap").read_bytes())
    done = hfloc("map", "build", tmp_path / "drive.mcap", tmp_path / "copy.mcap", *output)
    assert done.returncode == 65 and "copy.mcap: recording: has frames of the same times as" in done.stderr
    # A folder of recordings is what is in it.
    done = hfloc("map", "build", tmp_path / "made", "--camera", tmp_path / "camera.yaml", *output)
    assert done.returncode == 65 and "odometry: there is none" in done.stderr, done.stderr
    # Options of the one kind for the other.
    assert hfloc("map", "build", part, "--camera", tmp_path / "camera.yaml", *output).returncode == 64
    assert hfloc("map", "build", part, part, *output).returncode == 64
    assert hfloc("map", "build", tmp_path / "drive.mcap", "--refine", "none", *output).returncode == 64
    assert not (tmp_path / "no.hfmap").exists()


def test_the_configuration_says_how_the_camera_sits(hfloc, part: Path, tmp_path: Path) -> None:
    mounting = simulated(part, tmp_path / "drive.mcap").split(",")
    place = f"translation: [{', '.join(mounting[:3])}], rotation: [{', '.join(mounting[3:])}]"
    (tmp_path / "hflocd.yaml").write_text(f"vehicle: {{base_from_camera: {{{place}}}}}\n")
    common = (tmp_path / "drive.mcap", "--keyframe-spacing", 2, "--no-check", "--json")
    ids = []
    for name, option in (
        ("a", ("--config", tmp_path / "hflocd.yaml")),
        ("b", (f"--base-from-camera={','.join(mounting)}",)),
    ):
        done = hfloc("map", "build", *common, *option, "--output", tmp_path / f"{name}.hfmap")
        assert done.returncode == 0, done.stderr
        ids.append(json.loads(done.stdout)["map_id"])
    assert ids[0] == ids[1]


class Odometer:
    """Sends where the vehicle's wheels have it and where a satellite receiver does, at the camera's own pace."""

    MOUNTING = np.array([1.4, 0.1, 1.2])

    def __init__(self, protocol, folder: Path, images: list[str], rate: float) -> None:
        truth = read_truth(SAMPLE)
        self.protocol, self.rate = protocol, rate
        #: The camera looks ahead: its z axis is the vehicle's x axis.
        ahead = np.array([rotate(truth[name].orientation, (0, 0, 1)) for name in images])
        self.angles = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
        self.places = np.array([truth[name].position for name in images]) - [
            self.turned(angle) @ self.MOUNTING for angle in self.angles
        ]
        self.sockets = {}
        for name in ("odometry", "position"):
            self.sockets[name] = zmq.Context.instance().socket(zmq.PUB)
            self.sockets[name].linger, self.sockets[name].reconnect_ivl = 0, 20
            self.sockets[name].connect(f"ipc://{folder}/{name}")

    @staticmethod
    def turned(angle: float) -> np.ndarray:
        c, s = np.cos(angle), np.sin(angle)
        return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])

    def drive(self, start: int) -> None:
        """Until the last image: `start` is when the first was taken, nanoseconds."""
        time.sleep(max(0, start - time.monotonic_ns()) * 1e-9)
        while (at := (time.monotonic_ns() - start) * 1e-9 * self.rate) < len(self.places) - 1:
            now = start + round(at / self.rate * 1e9)
            known = np.arange(len(self.places))
            place = np.array([np.interp(at, known, self.places[:, axis]) for axis in range(3)])
            angle = float(np.interp(at, known, self.angles))
            self.send(now, place, angle)
            time.sleep(0.02)

    def send(self, now: int, place: np.ndarray, angle: float) -> None:
        odometry = self.protocol.odometry.Odometry(monotonic_ns=now)
        # Its axes are its own, and its metre is a hundredth too long.
        x, y, _ = self.turned(-0.7) @ (1.01 * place)
        odometry.position.x, odometry.position.y = x, y
        odometry.orientation.w, odometry.orientation.z = np.cos((angle - 0.7) / 2), np.sin((angle - 0.7) / 2)
        self.sockets["odometry"].send(odometry.SerializeToString())
        latitude, longitude, height = pymap3d.enu2geodetic(*place, *ORIGIN)
        position = self.protocol.sensors.Position(
            monotonic_ns=now, latitude_deg=latitude, longitude_deg=longitude, height_m=height, fix=4
        )
        position.covariance.extend((np.eye(3) * 0.02**2).ravel())
        self.sockets["position"].send(position.SerializeToString())

    def close(self) -> None:
        for socket in self.sockets.values():
            socket.close()


def test_a_drive_that_a_daemon_recorded_live_is_a_map(
    start, hfloc, messages, protocol, part: Path, tmp_path: Path
) -> None:
    """From a camera on a vehicle to a map on the Earth, with nothing but what the recording holds."""
    from fakecamera import fake_camera, read_images

    images = [row.split()[0] for row in (part / "split.txt").read_text().splitlines() if row.endswith(" map")]
    rate = 5
    camera = fake_camera(tmp_path, read_images(SAMPLE / "images", images), rate)
    frames = [(SAMPLE / "images" / name).read_bytes() for name in images]
    (tmp_path / "frames.jpeg").write_bytes(b"".join(len(f).to_bytes(4, "little") + f for f in frames))
    camera |= {"FAKE_CAMERA_FRAMES": str(tmp_path / "frames.jpeg"), "FAKE_CAMERA_FORMAT": "MJPG"}
    (tmp_path / "hflocd.yaml").write_text(
        f"camera: {{device: /dev/fake-camera}}\nrecording: {{folder: recordings}}\n"
        f"control: ipc://{tmp_path}/control\n"
        f"odometry: ipc://{tmp_path}/odometry\nposition: ipc://{tmp_path}/position\n"
        f"vehicle: {{base_from_camera: {{translation: {Odometer.MOUNTING.tolist()}, "
        "rotation: [0.5, -0.5, 0.5, -0.5]}}\n"
    )
    service = start("--config", tmp_path / "hflocd.yaml", **camera)
    odometer = Odometer(protocol, tmp_path, images, rate)
    try:
        first = receive(messages, service.endpoint, lambda received: received[-1].capture_monotonic_ns > 0)[-1]
        desk = Desk(protocol.control, f"ipc://{tmp_path}/control")
        assert desk.ask(start_recording={}).ok
        # The camera shows the images over and over: from the next time that it begins.
        begun = first.capture_monotonic_ns - round(first.frame_sequence * 1e9 / rate)
        rounds = (time.monotonic_ns() - begun) * 1e-9 * rate // len(images) + 1
        odometer.drive(begun + round(rounds * len(images) * 1e9 / rate))
        assert desk.ask(stop_recording={}).ok
    finally:
        odometer.close()
    assert service.stop() == 0
    (recording,) = (tmp_path / "recordings").iterdir()
    path, page = tmp_path / "live.hfmap", tmp_path / "live.html"
    options = (f"--origin={','.join(map(str, ORIGIN))}", "--keyframe-spacing", 0.5, "--report", page, "--json")
    done = hfloc("map", "build", recording, "--output", path, *options)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    # A busy machine leaves out frames.
    assert 12 <= report["images"] <= 24 and report["georeference"]["fixes_used"] >= 12
    assert abs(report["drive"]["odometry_scale"] * 1.01 - 1) < 0.005
    errors = errors_on_the_earth(hfloc, part, path)
    assert len(errors) >= 6 and np.median(errors) < 0.05, errors
    assert "<svg" in page.read_text()
