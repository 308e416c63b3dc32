"""tools/import-bag: a small ROS bag, made here, becomes a recording that says the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

rosbags = pytest.importorskip("rosbags.rosbag1")
pytest.importorskip("mcap.reader")

ROOT = Path(__file__).resolve().parents[2]


def write_bag(path: Path, encodings: tuple[str, ...] = ("mono8", "mono8")) -> None:
    """Two images, odometry and a position."""
    import numpy as np
    from rosbags.typesys import Stores, get_typestore

    store = get_typestore(Stores.ROS1_NOETIC)
    types = store.types

    def header(seconds: int):
        return types["std_msgs/msg/Header"](
            seq=0, stamp=types["builtin_interfaces/msg/Time"](sec=seconds, nanosec=5), frame_id="c"
        )

    with rosbags.Writer(path) as writer:
        image = writer.add_connection("/image", "sensor_msgs/msg/Image", typestore=store)
        odometry = writer.add_connection("/odom", "nav_msgs/msg/Odometry", typestore=store)
        fix = writer.add_connection("/fix", "sensor_msgs/msg/NavSatFix", typestore=store)
        for second, encoding in enumerate(encodings, 1):
            pixels = np.arange(12, dtype=np.uint8) + second
            message = types["sensor_msgs/msg/Image"](
                header=header(second), height=3, width=4, encoding=encoding, is_bigendian=0, step=4, data=pixels
            )
            writer.write(image, second * 10**9, store.serialize_ros1(message, "sensor_msgs/msg/Image"))
        point, quaternion = types["geometry_msgs/msg/Point"], types["geometry_msgs/msg/Quaternion"]
        vector = types["geometry_msgs/msg/Vector3"]
        level = quaternion(x=0, y=0, z=0, w=1)
        pose = types["geometry_msgs/msg/Pose"](position=point(x=1, y=2, z=3), orientation=level)
        twist = types["geometry_msgs/msg/Twist"](linear=vector(x=0, y=0, z=0), angular=vector(x=0, y=0, z=0))
        message = types["nav_msgs/msg/Odometry"](
            header=header(1),
            child_frame_id="b",
            pose=types["geometry_msgs/msg/PoseWithCovariance"](pose=pose, covariance=np.zeros(36)),
            twist=types["geometry_msgs/msg/TwistWithCovariance"](twist=twist, covariance=np.zeros(36)),
        )
        writer.write(odometry, 10**9, store.serialize_ros1(message, "nav_msgs/msg/Odometry"))
        message = types["sensor_msgs/msg/NavSatFix"](
            header=header(1),
            status=types["sensor_msgs/msg/NavSatStatus"](status=0, service=1),
            latitude=48.5,
            longitude=11.5,
            altitude=500.0,
            position_covariance=np.arange(9, dtype=float),
            position_covariance_type=2,
        )
        writer.write(fix, 10**9, store.serialize_ros1(message, "sensor_msgs/msg/NavSatFix"))


def test_a_bag_becomes_a_recording(tmp_path: Path) -> None:
    from mcap.reader import make_reader
    from mcap_protobuf.decoder import DecoderFactory

    write_bag(tmp_path / "drive.bag")
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(tmp_path / "drive.bag")]
    command += ["--output", str(tmp_path / "drive.mcap")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 images" in done.stdout, done.stderr
    found: dict[str, list] = {}
    with (tmp_path / "drive.mcap").open("rb") as stream:
        for _, channel, _, message in make_reader(stream, decoder_factories=[DecoderFactory()]).iter_decoded_messages():
            found.setdefault(channel.topic, []).append(message)
    assert [m.data for m in found["/camera/raw"]] == [bytes(range(s, 12 + s)) for s in (1, 2)]
    assert [m.capture_monotonic_ns for m in found["/frame"]] == [10**9 + 5, 2 * 10**9 + 5]
    assert found["/odometry"][0].position.y == 2 and found["/odometry"][0].orientation.w == 1
    position = found["/position"][0]
    assert (position.latitude_deg, position.fix, list(position.covariance)) == (48.5, 2, list(range(9)))


def test_one_bad_message_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    write_bag(tmp_path / "drive.bag", ("mono8", "bayer_rggb8", "mono8"))
    output = tmp_path / "drive.mcap"
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(tmp_path / "drive.bag"), "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "2 images" in done.stdout, done.stderr
    assert "bayer_rggb8" in done.stderr and "/image: 1 messages could not be used" in done.stderr
    before = output.read_bytes()
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 73 and "exists" in again.stderr and output.read_bytes() == before


def imported(bag: Path, output: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(bag), "--output", str(output)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write_bag_of_ros_2(folder: Path, count: int = 20) -> Path:
    """Images of 5 kB; the file with the messages."""
    import numpy as np
    from rosbags.rosbag2 import StoragePlugin, Writer
    from rosbags.typesys import Stores, get_typestore

    store = get_typestore(Stores.ROS2_HUMBLE)
    types = store.types
    with Writer(folder, version=9, storage_plugin=StoragePlugin.SQLITE3) as writer:
        connection = writer.add_connection("/image", "sensor_msgs/msg/Image", typestore=store)
        for second in range(1, count + 1):
            stamp = types["builtin_interfaces/msg/Time"](sec=second, nanosec=5)
            message = types["sensor_msgs/msg/Image"](
                header=types["std_msgs/msg/Header"](stamp=stamp, frame_id="c"),
                height=60,
                width=80,
                encoding="mono8",
                is_bigendian=0,
                step=80,
                data=np.full(4800, second, np.uint8),
            )
            writer.write(connection, second * 10**9, store.serialize_cdr(message, "sensor_msgs/msg/Image"))
    return next(folder.glob("*.db3"))


def test_a_bag_that_is_cut_says_how_much_of_it_was_read(tmp_path: Path) -> None:
    # Its index is at the end: of such a bag nothing can be read.
    write_bag(tmp_path / "drive.bag", ("mono8",) * 20)
    content = (tmp_path / "drive.bag").read_bytes()
    (tmp_path / "cut.bag").write_bytes(content[: len(content) // 2])
    done = imported(tmp_path / "cut.bag", tmp_path / "cut.mcap")
    assert done.returncode == 65 and "rosbag reindex" in done.stderr, done.stderr
    assert not (tmp_path / "cut.mcap").exists()
    # Of a database what is before the damage.
    database = write_bag_of_ros_2(tmp_path / "ros2")
    content = database.read_bytes()
    database.write_bytes(content[:-100])
    done = imported(tmp_path / "ros2", tmp_path / "part.mcap")
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    images = int(done.stdout.split(": ")[1].split()[0])
    assert 0 < images < 20 and f"{images} of 20 messages were read" in done.stderr, done.stderr
    from mcap.reader import make_reader

    with (tmp_path / "part.mcap").open("rb") as stream:
        assert make_reader(stream).get_summary().statistics.message_count == 1 + 2 * images


def test_a_bag_of_no_images_leaves_no_recording(tmp_path: Path) -> None:
    for name, encodings in (("empty", ()), ("bayer", ("bayer_rggb8",) * 3)):
        write_bag(tmp_path / f"{name}.bag", encodings)
        done = imported(tmp_path / f"{name}.bag", tmp_path / f"{name}.mcap")
        assert done.returncode == 65 and "no image could be taken" in done.stderr, done.stderr
        assert not (tmp_path / f"{name}.mcap").exists()


def test_a_bag_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(tmp_path / "none.bag"), "--output", "x.mcap"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 66


@pytest.mark.parametrize("content", ["cut", "no bag", "folder", "film"])
def test_what_is_no_whole_bag_is_named(content: str, tmp_path: Path) -> None:
    bag = tmp_path / {"film": "film.mp4", "folder": "drive"}.get(content, "drive.bag")
    if content == "cut":
        write_bag(bag)
        bag.write_bytes(bag.read_bytes()[:-600])
    elif content == "folder":
        bag.mkdir()
    else:
        bag.write_text("no bag")
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(bag), "--output", str(tmp_path / "drive.mcap")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 65 and f"{bag}: no whole bag" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "drive.mcap").exists()


def test_a_recording_has_its_suffix(tmp_path: Path) -> None:
    write_bag(tmp_path / "drive.bag")
    output = tmp_path / "drive"
    command = [sys.executable, str(ROOT / "tools/import-bag"), str(tmp_path / "drive.bag"), "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 64 and ".mcap" in done.stderr and not output.exists()
