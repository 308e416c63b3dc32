"""The parts of tools/map-drive that need no reconstruction."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mapdrive import __main__ as command_line
from mapdrive import diagnosis, frames, matches, placement

MODEL_STEPS = 8


class Model:
    """A camera that drives ahead, level, one unit a step, in a frame that lies on its side."""

    def __init__(self) -> None:
        # Camera from world: the world's x is the camera's ahead, its y the camera's down.
        r = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
        r[2] = np.cross(r[0], r[1])
        self.rotations = dict.fromkeys(range(MODEL_STEPS), r)
        ahead = r[2]
        self.translations = {i: -r @ (ahead * i) for i in range(MODEL_STEPS)}

    def centre(self, image: int) -> np.ndarray:
        return -self.rotations[image].T @ self.translations[image]


def test_the_camera_file_is_read_with_colmaps_pixel_centre(tmp_path: Path) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text(
        "model: OPENCV  # a lens\nwidth: 640\nheight: 480\nparameters: [400, 401, 319, 239, 0.1, 0, 0, 0]\n"
    )
    camera = frames.camera_file(path)
    assert camera.colmap() == [400, 401, 319.5, 239.5, 0.1, 0, 0, 0]
    assert frames.Camera("SIMPLE_RADIAL", 640, 480, [400, 319, 239, 0.1]).colmap() == [400, 319.5, 239.5, 0.1]
    path.write_text("width: 640\n")
    with pytest.raises(frames.Refusal, match="hfloc-calibrate"):
        frames.camera_file(path)


def test_only_map_images_of_a_split_are_taken_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", "c.jpg", "notes.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "cameras.txt").write_text("1 PINHOLE 640 480 400 400 320 240\n")
    assert frames.of_folder(tmp_path, None).names == ["a.jpg", "b.jpg", "c.jpg"]
    (tmp_path / "split.txt").write_text("a.jpg map\nb.jpg query\nc.jpg map\n")
    assert frames.of_folder(tmp_path, None).names == ["a.jpg", "c.jpg"]


def test_matches_are_mutual_and_a_tenth_is_kept_back() -> None:
    a = np.eye(64, dtype=np.float32)[:30] * 256
    b = np.concatenate([a[::-1], a[:1]])
    found = matches.mutual(a, b)
    assert len(found) == 30 and all(i + j == 29 or (i, j) == (0, 30) for i, j in found)
    used, held = matches.split(found, 3)
    assert len(held) == 3 and len(used) == 27
    assert len(matches.mutual(a * 0.5, a)) == 30 and len(matches.mutual(a * 0.4, a)) == 0


def test_the_scale_is_that_of_the_length_or_of_odometry() -> None:
    model = Model()
    assert placement.scale(model, None, 21.0) == pytest.approx(3)
    assert placement.scale(model, None, None) is None
    odometry = np.array([[2.0 * i, 0, 0] for i in range(MODEL_STEPS)])
    odometry[6] = np.nan
    assert placement.scale(model, odometry, None) == pytest.approx(2)


def test_a_model_stands_upright_and_in_metres(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    names = [f"{i}.jpg" for i in range(MODEL_STEPS)]
    drive = frames.Drive(images, names, frames.Camera("PINHOLE", 640, 480, [400, 400, 320, 240]))
    drive.fixes = ["3.jpg 52 11 80 1 2", "gone.jpg 52 11 80 1 2"]
    placement.write(drive, Model(), 3.0, tmp_path / "out")
    rows = frames.rows(tmp_path / "out/poses.txt")
    assert [row[0] for row in rows] == names
    for i, row in enumerate(rows):
        w, x, y, z, *t = (float(v) for v in row[2:])
        r = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        assert np.allclose(-r.T @ t, [3.0 * i, 0, 0], atol=1e-9)
        assert np.allclose(r[1], [0, 0, -1], atol=1e-9)
    assert (tmp_path / "out/gnss.txt").read_text() == "3.jpg 52 11 80 1 2\n"


def drive_of(count: int) -> frames.Drive:
    names = [f"{i}.jpg" for i in range(count)]
    return frames.Drive(Path(), names, frames.Camera("PINHOLE", 640, 480, [400, 400, 320, 240]))


class Seen:
    """Features of images of one scene, each shifted by so many pixels; None: of another scene."""

    blurred, too_blurred = 0.5, 0.68

    def __init__(self, shifts: list[float | None], blur: list[float] | None = None) -> None:
        random = np.random.default_rng(1)
        places = random.uniform(0, 480, (60, 2)).astype(np.float32)
        scene, other = (random.normal(0, 1, (60, 32)).astype(np.float32) for _ in range(2))
        scene, other = (256 * d / np.linalg.norm(d, axis=1, keepdims=True) for d in (scene, other))
        self.keypoints = [places + [shift or 0, 0] for shift in shifts]
        self.descriptors = [other if shift is None else scene for shift in shifts]
        self.globals = np.eye(len(shifts))
        self.blur = np.array(blur or [0.3] * len(shifts))

    keep = matches.Features.keep


def links_of(count: int, cuts: tuple[int, ...] = ()) -> dict[tuple[int, int], int]:
    """Pairs of neighbours, with few matches behind the images of `cuts`."""
    return {(i, i + 1): 7 if i in cuts else 90 for i in range(count - 1)}


def test_what_does_not_hold_together_is_named() -> None:
    links = {(0, 1): 90, (1, 2): 7, (0, 2): 12, (2, 3): 60}
    assert diagnosis.gaps(drive_of(4), links) == [(1, 12)]


def test_a_pattern_that_repeats_joins_no_places() -> None:
    # Of the sample: one place; two places with the same windows (153 of 570 matches fit a relative pose).
    assert diagnosis.is_sure(732, 910) and diagnosis.is_sure(160, 320)
    assert not diagnosis.is_sure(153, 570) and not diagnosis.is_sure(19, 20)


def test_images_in_which_the_camera_stands_are_left_out() -> None:
    told: list[str] = []
    drive = drive_of(9)
    features = Seen([0, 30, 60, 60.3, 59.8, 60.4, 90, None, 120])
    diagnosis.leave_out_standing(drive, features, told.append)
    assert drive.names == ["0.jpg", "1.jpg", "2.jpg", "6.jpg", "7.jpg", "8.jpg"]
    assert len(features.keypoints) == len(features.blur) == 6
    assert told == ["3 images are left out, in which the camera stood: 3.jpg to 5.jpg"]
    # A video so slow that each image is as good as the one before moves all the same.
    assert diagnosis.moving(Seen([0.4 * i for i in range(9)]), 1) == [0, 3, 6]
    with pytest.raises(frames.Refusal, match="the camera stood still: of 5 images 4 show nothing else"):
        diagnosis.leave_out_standing(drive_of(5), Seen([0, 0.1, 0.2, 0.1, 0]), told.append)


def test_a_drive_that_is_blurred_is_refused_as_that() -> None:
    sharp, soft = [0.3] * 4, [0.7] * 6
    with pytest.raises(frames.Refusal, match=r"6 of 10 images are too blurred \(4.jpg to 9.jpg\); focus"):
        diagnosis.require_sharp(drive_of(10), Seen([0] * 10, sharp + soft))
    diagnosis.require_sharp(drive_of(10), Seen([0] * 10, soft[:5] + sharp + [0.3]))
    # Half of it blurred, and what is blurred not placed: that is the reason, and not the gap that comes of it.
    features = Seen([0] * 10, [0.3] * 5 + [0.55] * 5)
    problem = diagnosis.refusal(drive_of(10), features, set(range(5)), links_of(10, (4, 5, 6, 7, 8)), {})
    assert problem is not None and "5 of 10 images are blurred (5.jpg to 9.jpg); focus" in str(problem)
    assert not problem.gaps


def test_a_camera_that_turns_on_the_spot_is_told_from_one_that_drives() -> None:
    random = np.random.default_rng(2)
    points = random.uniform([-8, -3, 4], [8, 3, 30], (200, 3))
    c, s = np.cos(0.2), np.sin(0.2)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    noise = random.normal(0, 0.5 / 400, (200, 3))
    assert 400 * diagnosis.residual_of_turn(points, points @ turn.T + noise * points[:, 2:]) < diagnosis.TURNING
    for ahead in ([0, 0, 1], [1, 0, 0]):
        assert 400 * diagnosis.residual_of_turn(points, (points - ahead) @ turn.T) > 3 * diagnosis.TURNING
    # Where the camera's formula has no ray for a keypoint.
    holes = points @ turn.T
    holes[::9] = np.nan
    assert 400 * diagnosis.residual_of_turn(points, holes) < diagnosis.TURNING
    assert diagnosis.residual_of_turn(points, np.full_like(points, np.nan)) == np.inf
    # Half of what is seen is far away.
    points[:110, 2] += 300
    assert 400 * diagnosis.residual_of_turn(points, (points - [1, 0, 0]) @ turn.T) > diagnosis.TURNING

    drive = drive_of(6)
    spot = {(i, j): 0.6 for i in range(6) for j in range(i + 1, 6)}
    with pytest.raises(frames.Refusal, match="in 6 of 6 images the camera turned and did not move"):
        diagnosis.require_motion(drive, spot)
    # Neighbours of a slow video are as good as turned: it is the widest pairs that tell.
    diagnosis.require_motion(drive, {(i, j): 0.7 * (j - i) for i, j in spot})
    turns = {pair: 0.6 if pair[0] >= 3 else 9.0 for pair in links_of(6)}
    problem = diagnosis.refusal(drive, Seen([0] * 6), {0, 1, 2, 3}, links_of(6), turns)
    assert problem is not None and "in 2 of 6 images the camera turned" in str(problem)


def test_two_places_are_refused_with_the_gap_and_its_pictures(tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    drive, features = drive_of(8), Seen([0] * 8)
    drive.folder = tmp_path
    problem = diagnosis.refusal(drive, features, {0, 1, 2, 3}, links_of(8, (3,)), {})
    assert problem is not None and problem.status == 65
    assert "only 4 of 8 images could be placed; the drive falls apart between 3.jpg and 4.jpg" in str(problem)
    for name in ("3.jpg", "4.jpg"):
        cv2.imwrite(str(tmp_path / name), np.zeros((600, 800), np.uint8))
    command_line.show_gaps(drive, problem, tmp_path / "street.hfmap")
    page = (tmp_path / "street.hfmap.gaps.html").read_text()
    assert page.count("data:image/jpeg;base64,") == 2 and "3.jpg and 4.jpg: 7 matches" in page
    # One image of eight at the end: a map, but not of the whole way.
    assert diagnosis.refusal(drive, features, set(range(7)), links_of(8, (6,)), {}) is None


def test_a_length_is_that_of_a_way_whose_ends_are_placed() -> None:
    drive = drive_of(MODEL_STEPS)
    command_line.require_ends(drive, Model())
    model = Model()
    del model.rotations[0]
    with pytest.raises(frames.Refusal, match="only 1.jpg to 7.jpg could be placed"):
        command_line.require_ends(drive, model)


def test_the_model_that_explains_more_is_taken_unless_odometry_contradicts_it() -> None:
    reconstruction = pytest.importorskip("mapdrive.reconstruction")

    def model(held: float, off: float | None):
        return reconstruction.Model("m", {}, {}, held, off)

    assert reconstruction.best([model(0.6, None), model(0.7, None)]).held == 0.7
    assert reconstruction.best([model(0.6, 0.01), model(0.7, 0.3)]).held == 0.6
    assert reconstruction.best([model(0.6, 0.2), model(0.7, 0.3)]).held == 0.7
    assert reconstruction.best([]) is None


def test_texts_and_names_as_hfloc_reads_them(tmp_path: Path) -> None:
    """A byte order mark, CRLF, and blanks in names."""
    (tmp_path / "images").mkdir()
    for name in ("a b.jpg", "c.jpg", "d.jpg"):
        (tmp_path / "images" / name).touch()
    (tmp_path / "split.txt").write_bytes(b"\xef\xbb\xbfa b.jpg map\r\nc.jpg map\r\nd.jpg query\r\n")
    camera = tmp_path / "camera.yaml"
    camera.write_bytes(b"\xef\xbb\xbfmodel: PINHOLE\r\nwidth: 4\r\nheight: 3\r\nparameters: [4, 4, 2, 1]\r\n")
    drive = frames.of_folder(tmp_path, camera)
    assert drive.names == ["a b.jpg", "c.jpg"] and drive.camera.parameters == [4, 4, 2, 1]
    camera.write_bytes("model: PINHOLE\n".encode("utf-16"))
    with pytest.raises(frames.Refusal, match="UTF-8"):
        frames.of_folder(tmp_path, camera)


def test_one_bad_image_is_left_out(tmp_path: Path) -> None:
    """As `hfloc extract` says it: status 2, and the images that it could use in the file."""
    names = ["a.jpg", "b.jpg", "c.jpg"]
    drive = frames.Drive(tmp_path, names, frames.Camera("PINHOLE", 4, 3, [4, 4, 2, 1]), np.arange(9.0).reshape(3, 3))
    header = {
        "__metadata__": {
            "images": json.dumps([str(tmp_path / name) for name in ("a.jpg", "c.jpg")]),
            "blurred": "0.5",
            "too_blurred": "0.68",
        },
        "global": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
        "blur": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    }
    for i in range(2):
        header[f"{i}.keypoints"] = {"dtype": "F32", "shape": [0, 2], "data_offsets": [8, 8]}
        header[f"{i}.descriptors"] = {"dtype": "I8", "shape": [0, 64], "data_offsets": [8, 8]}
    head = json.dumps(header).encode()
    (tmp_path / "made").write_bytes(len(head).to_bytes(8, "little") + head + bytes(8))
    program = tmp_path / "hfloc"
    program.write_text(f"#!/bin/sh\ncp {tmp_path}/made $3\necho 'hfloc: b.jpg: image: bad' >&2\nexit 2\n")
    program.chmod(0o755)
    assert len(matches.extract(drive, program, tmp_path).keypoints) == 2
    assert drive.names == ["a.jpg", "c.jpg"] and drive.failed == ["b.jpg"]
    assert drive.odometry.tolist() == [[0, 1, 2], [6, 7, 8]]
    program.write_text("#!/bin/sh\necho 'hfloc: none' >&2\nexit 65\n")
    with pytest.raises(frames.Refusal, match="none"):
        matches.extract(drive, program, tmp_path)


@pytest.mark.parametrize("what", ["folder", "no folder", "poses"])
def test_outputs_are_looked_at_before_the_work(tmp_path: Path, what: str) -> None:
    output = tmp_path / ("none/map" if what == "no folder" else "map")
    extra = []
    if what == "folder":
        output.mkdir()
    if what == "poses":
        extra = ["--poses", tmp_path]
    command = [sys.executable, "-m", "mapdrive", tmp_path / "no drive", "--output", output, *extra]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 73 and str(output if what != "poses" else tmp_path) in done.stderr, done.stderr
