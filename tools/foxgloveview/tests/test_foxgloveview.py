"""Shapes against geometry, and what the view makes of messages, read back from an MCAP file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

foxglove = pytest.importorskip("foxglove")
from foxgloveview import shapes
from foxgloveview.view import View
from google.protobuf import json_format
from sampledrive.protocol import load

SECOND = 10**9


@pytest.fixture(scope="session")
def protocol(tmp_path_factory: pytest.TempPathFactory):
    return load(tmp_path_factory.mktemp("messages"))


def random_rotation(seed: int) -> np.ndarray:
    q = np.random.default_rng(seed).normal(size=4)
    return shapes.rotation(q / np.linalg.norm(q))


@pytest.mark.parametrize("seed", range(5))
def test_ellipsoid_has_the_covariances_axes(seed: int) -> None:
    r, deviations = random_rotation(seed), np.array([0.1, 0.5, 2])
    size, q = shapes.axes_of(r @ np.diag(deviations**2) @ r.T)
    axes = shapes.rotation(q)
    # 95 % of a normal distribution of three dimensions are within 2.7955 deviations.
    assert np.allclose(sorted(size), 2 * 2.7955 * deviations, rtol=1e-3)
    assert np.allclose(axes @ np.diag((size / 2 / 2.7955) ** 2) @ axes.T, r @ np.diag(deviations**2) @ r.T, atol=1e-2)


@pytest.mark.parametrize("seed", range(5))
def test_glyph_of_a_keyframe_is_at_its_centre(seed: int) -> None:
    r, centre = random_rotation(seed), np.array([3.0, -4, 5])
    pose = np.concatenate([shapes.quaternion(r), -r @ centre])
    points = shapes.glyph(pose[None]).reshape(8, 2, 3)
    assert np.allclose(points[:4, 0], centre)
    ahead = points[:4, 1].mean(axis=0) - centre
    assert np.allclose(ahead, r.T @ [0, 0, shapes.GLYPH[2]])


def map_file(folder: Path) -> Path:
    from safetensors.numpy import save_file

    landmarks = np.array([[0, 0, z] for z in (0.0, 1, 2)])
    save_file({"landmarks.position": landmarks, "keyframes.pose": np.array([[1.0, 0, 0, 0, 0, 0, 0]])}, folder / "map")
    return folder / "map"


def localization(protocol, state: str, ns: int):
    names = protocol.localization
    message = names.Localization(
        sequence=7, state=names.State.Value(f"STATE_{state}"), map_frame="map", camera_frame="camera",
        base_frame="base_link", capture_wall_ns=ns, reason="nothing is recognized" if state == "LOST" else "",
    )  # fmt: skip
    if state != "LOST":
        for pose, x in ((message.pose, 1), (message.base_pose, 2)):
            pose.position.x, pose.orientation.w = x, 1
            pose.covariance.extend([0.04 if i % 7 == 0 else 0 for i in range(36)])
    return message


def shown(protocol, folder: Path, messages: list[tuple[str, object]]) -> dict[str, list[dict]]:
    """What the view makes of them, by topic, each as JSON."""
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    context = folder / "shown.mcap"
    writer = foxglove.open_mcap(context)
    view = View(protocol)
    for number, (topic, message) in enumerate(messages):
        view.take(topic, message.DESCRIPTOR.full_name, message.SerializeToString(), (100 + number) * SECOND)
    # Of another program: not taken, and no error.
    view.take("/other", "other.Message", b"\xff", SECOND)
    writer.close()
    found: dict[str, list[dict]] = {}
    reader = make_reader(io.BytesIO(context.read_bytes()), decoder_factories=[DecoderFactory()])
    for _, channel, _, decoded in reader.iter_decoded_messages():
        found.setdefault(channel.topic, []).append(json_format.MessageToDict(decoded))
    return found


def test_messages_become_foxgloves(protocol, tmp_path: Path) -> None:
    status = protocol.status.Status()
    status.map.path = str(map_file(tmp_path))
    camera = protocol.record.CameraInfo(camera_frame="camera", model="RADIAL", width=640, height=480)
    camera.parameters.extend([400, 320, 240, 0.1, 0.2])
    event = protocol.record.Event(kind=4, text="frames arrive again")
    found = shown(
        protocol,
        tmp_path,
        [
            ("/localization", localization(protocol, "LOCALIZED", 99 * SECOND)),
            ("/status", status),
            ("/status", status),
            ("/camera_info", camera),
            ("/event", event),
            ("/localization", localization(protocol, "LOST", 100 * SECOND)),
        ],
    )
    assert {t["childFrameId"] for t in found["/tf"]} == {"camera", "base_link"} and len(found["/tf"]) == 2
    assert found["/pose"][0]["pose"]["position"]["x"] == 2 and len(found["/pose"]) == 1
    vehicle, lost = (update["entities"][0] for update in found["/vehicle"])
    assert vehicle["spheres"][0]["size"]["x"] == pytest.approx(2 * 2.7955 * 0.2, rel=1e-3)
    assert vehicle["lifetime"] == "2s" and "spheres" not in lost and "arrows" not in lost
    assert lost["texts"][0]["text"] == "nothing is recognized"
    assert len(found["/map"]) == 1, "the map is shown once"
    assert len(found["/map/keyframes"][0]["entities"][0]["lines"][0]["points"]) == 16
    (calibration,) = found["/camera/calibration"]
    assert calibration["K"] == [400, 0, 320, 0, 400, 240, 0, 0, 1] and calibration["D"] == [0.1, 0.2, 0, 0, 0]
    assert [line["message"] for line in found["/log"]] == [
        "LOCALIZED", "CAMERA_FOUND: frames arrive again", "LOST: nothing is recognized",
    ]  # fmt: skip
    assert found["/hfloc/localization"][0]["sequence"] == "7" and "/other" not in found


def test_a_picture_with_its_keypoints(protocol, tmp_path: Path) -> None:
    """Positions are those of the picture, which has half the size, and begin at the corner of a pixel."""
    message = protocol.preview.Preview(sequence=3, width=640, height=480, jpeg=b"\xff\xd8")
    message.inliers.extend([0, 0, 639, 479])
    message.unmatched.extend([10, 20])
    found = shown(protocol, tmp_path, [("/preview", message)])
    (picture,) = found["/camera/preview"]
    assert picture["format"] == "jpeg" and picture["frameId"] == "camera"
    inliers, misses, unmatched = found["/camera/keypoints"][0]["points"]
    assert [(p.get("x"), p.get("y")) for p in inliers["points"]] == [(0.25, 0.25), (319.75, 239.75)]
    assert "points" not in misses and unmatched["points"] == [{"x": 5.25, "y": 10.25}]


def test_a_map_that_is_not_there_is_said(protocol, tmp_path: Path) -> None:
    status = protocol.status.Status()
    status.map.path = str(tmp_path / "absent")
    found = shown(protocol, tmp_path, [("/status", status)])
    assert "cannot be shown" in found["/log"][0]["message"]
