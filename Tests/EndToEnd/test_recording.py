"""Recordings: what hflocd and hfloc write, what other programs read of it, and replays equal to the last bit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zmq
from conftest import SAMPLE
from service import PATIENCE, default_signals
from test_camera import write_frames

mcap_reader = pytest.importorskip("mcap.reader")
decoders = pytest.importorskip("mcap_protobuf.decoder")

TOPICS = {"/recording", "/localizer_state", "/frame", "/localization", "/status", "/camera_info", "/event"}
VEHICLE = "vehicle: {base_from_camera: {translation: [1.2, 0.1, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}}\n"


def decoded(path: Path) -> dict[str, list]:
    """Every message of a file, taken apart by PyPI's mcap by the file's own schemas, by topic."""
    found: dict[str, list] = {}
    with path.open("rb") as stream:
        reader = mcap_reader.make_reader(stream, validate_crcs=True, decoder_factories=[decoders.DecoderFactory()])
        for _, channel, _, message in reader.iter_decoded_messages():
            found.setdefault(channel.topic, []).append(message)
        summary = reader.get_summary()
        assert summary.statistics.message_count == sum(map(len, found.values()))
        assert {c.topic for c in summary.channels.values()} >= set(found)
    return found


def without_checks(content: bytes) -> bytes:
    """A file whose chunks do not say what their bytes' checksums are: damage in them is not seen."""
    found, at = bytearray(content), 8
    while at + 9 <= len(found):
        kind, size = found[at], int.from_bytes(found[at + 1 : at + 9], "little")
        if kind == 0x06:  # a chunk: start, end, size of its records, then their CRC
            found[at + 9 + 24 : at + 9 + 28] = bytes(4)
        at += 9 + size
    return bytes(found)


def recorded(service, protocol, condition) -> None:
    """Wait until the recording holds enough."""
    service.wait_status(protocol, lambda status: condition(status.recording))


class Sender:
    """Sends what a vehicle sends, until it is stopped."""

    def __init__(self, context: zmq.Context, protocol, addresses: dict[str, str]) -> None:
        self.protocol, self.sockets = protocol, {}
        for name, address in addresses.items():
            self.sockets[name] = context.socket(zmq.PUB)
            self.sockets[name].linger, self.sockets[name].reconnect_ivl = 0, 20
            self.sockets[name].connect(address)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            now = time.monotonic_ns()
            odometry = self.protocol.odometry.Odometry(monotonic_ns=now)
            odometry.position.x, odometry.orientation.w = now * 1e-9 % 1000, 1
            self.sockets["odometry"].send(odometry.SerializeToString())
            position = self.protocol.sensors.Position(
                monotonic_ns=now, latitude_deg=48.1, longitude_deg=11.6, height_m=520, covariance=[1, 0, 0] * 3
            )
            self.sockets["position"].send(position.SerializeToString())
            imu = self.protocol.sensors.Imu(monotonic_ns=now)
            imu.linear_acceleration.z = 9.81
            self.sockets["imu"].send(imu.SerializeToString())

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()
        for socket in self.sockets.values():
            socket.close()


@pytest.mark.parametrize("how", ["at the start", "on request", "with cheap frames", "with the network behind them"])
def test_a_replay_gives_the_same_poses_to_the_last_bit(wire, hfloc, protocol, tmp_path: Path, how: str) -> None:
    names = ("odometry", "position", "imu")
    sockets = {name: f"ipc:///tmp/hfloc-recording-{os.getpid()}-{name}" for name in names}
    at_start = how != "on request"
    behind = how == "with the network behind them"
    cheap = behind or how == "with cheap frames"
    service = wire(
        VEHICLE
        + "".join(f"{name}: {address}\n" for name, address in sockets.items())
        + f"localizer: {{cheap_frames: {3 if cheap else 0}, network_behind: {str(behind).lower()}}}\n"
        + f"recording: {{folder: recordings, at_start: {str(at_start).lower()}, file_time: 3}}\n"
    )
    control = f"--control={service.address('control')}"
    sender = Sender(service.context, protocol, sockets)
    try:
        if not at_start:
            service.wait_localized(protocol)
            assert hfloc("recording", "start", control).returncode == 0
        recorded(service, protocol, lambda recording: recording.images >= 15)
        # Commands, and what follows from them, belong to the recording.
        assert service.ask(protocol, relocalize={}).ok
        prior = {"orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1}
        assert service.ask(protocol, set_prior=prior).ok
        recorded(service, protocol, lambda recording: recording.images >= 30 and recording.files >= 2)
        assert service.ask(protocol, reload={}).ok
        recorded(service, protocol, lambda recording: recording.images >= 45)
    finally:
        sender.stop()
    stopped = hfloc("recording", "stop", control)
    assert stopped.returncode == 0 and ", 0 dropped" in stopped.stdout, stopped.stderr
    files = sorted((tmp_path / "recordings").iterdir())
    assert len(files) >= 3

    replayed = hfloc("replay", *files)
    answers = replayed.stderr.splitlines()[-1]
    count = int(answers.split()[1])
    assert replayed.returncode == 0 and count >= 45, replayed.stderr
    assert f"{count} frames: {count} answers equal the recording's, 0 differ, 0 are not compared" in answers, answers
    assert replayed.stdout.count("\n") == count and "DIFFERS" not in replayed.stdout
    # A later file stands alone.
    last = hfloc("replay", files[-1], "--json")
    assert last.returncode == 0 and " 0 differ, 0 are not compared" in last.stderr, last.stderr
    assert any("map_from_odom" in json.loads(line) for line in last.stdout.splitlines())

    everything: dict[str, list] = {}
    for file in files:
        for topic, messages in decoded(file).items():
            everything.setdefault(topic, []).extend(messages)
    assert set(everything) >= TOPICS | {"/camera/compressed", "/command", "/odometry", "/position", "/imu"}
    followed = protocol.localization.SOURCE_FOLLOWED
    assert any(m.evidence.source == followed for m in everything["/localization"]) == cheap
    # With one processor there is no thread for the network.
    has_thread = behind and len(os.sched_getaffinity(0)) > 1
    turns = {frame.network_turn for frame in everything["/frame"]}
    assert turns == ({1, 2} if has_thread else {0})
    assert len(everything["/frame"]) == len(everything["/camera/compressed"]) == count
    assert everything["/position"][0].latitude_deg == 48.1 and everything["/imu"][0].linear_acceleration.z == 9.81
    assert everything["/camera/compressed"][0].format == "jpeg"
    info = hfloc("recording", "info", files[0])
    assert info.returncode == 0 and "/camera/compressed" in info.stdout and "whole" in info.stdout, info.stderr
    assert json.loads(hfloc("recording", "info", files[0], "--json").stdout)["whole"] is True


@pytest.mark.parametrize("pixels", ["MJPG", "YUYV"])
def test_a_cameras_recording_is_replayed(
    start, hfloc, camera: dict[str, str], queries: Path, protocol, tmp_path: Path, pixels: str
) -> None:
    """A part of twice the size, halved: the images are the camera's, and the poses those of the part."""
    write_frames(queries, tmp_path / "frames.bin", 2, pixels == "MJPG")
    fields = "size: [1280, 960]\n  crop: [128, 96, 1088, 800]\n  reduction: 2"
    (tmp_path / "configuration.yaml").write_text(
        f"camera:\n  device: /dev/fake-camera\n  {fields}\nrecording: {{folder: recordings, at_start: true}}\n"
    )
    environment = {
        "FAKE_CAMERA_SIZE": "1280x960",
        "FAKE_CAMERA_FRAMES": str(tmp_path / "frames.bin"),
        "FAKE_CAMERA_FORMAT": pixels,
    }
    service = start("--config", tmp_path / "configuration.yaml", **(camera | environment))
    service.wait_ready()
    file = next((tmp_path / "recordings").iterdir())
    end = time.monotonic() + PATIENCE
    while file.stat().st_size < (2_000_000 if pixels == "MJPG" else 8_000_000):
        assert time.monotonic() < end
        service.listen(0.2)
    assert service.stop() == 0
    replayed = hfloc("replay", file, "--quiet")
    assert replayed.returncode == 0 and " 0 differ, 0 are not compared" in replayed.stderr, replayed.stderr
    topics = decoded(file)
    image = topics["/camera/compressed" if pixels == "MJPG" else "/camera/raw"][0]
    if pixels == "MJPG":
        assert image.format == "jpeg" and image.data[:2] == b"\xff\xd8" and topics["/frame"][0].view.reduction == 2
    else:
        assert (image.width, image.height, image.encoding) == (544, 400, "mono8")


def test_a_killed_daemons_recording_is_read_and_repaired(wire, hfloc, protocol, tmp_path: Path) -> None:
    service = wire("recording: {folder: recordings, at_start: true}\n")
    recorded(service, protocol, lambda recording: recording.images >= 20 and recording.written_bytes > 500_000)
    service.process.send_signal(signal.SIGKILL)
    service.process.wait()
    file = next((tmp_path / "recordings").iterdir())
    cut = hfloc("recording", "info", file)
    assert cut.returncode == 2 and "repair" in cut.stdout
    before = hfloc("replay", file, "--quiet")
    assert before.returncode == 0 and " 0 differ" in before.stderr, before.stderr
    mended = hfloc("recording", "repair", file)
    assert mended.returncode == 0 and "messages kept" in mended.stdout, mended.stderr
    assert hfloc("recording", "info", file).returncode == 0
    assert set(decoded(file)) >= TOPICS - {"/status"}
    assert "nothing to repair" in hfloc("recording", "repair", file).stdout


def test_a_disk_that_fills_ends_the_recording_alone(wire, hfloc, protocol, tmp_path: Path) -> None:
    """The files may not be larger than a megabyte: the system then refuses what comes."""
    service = wire("recording: {folder: recordings}\n")
    service.wait_localized(protocol)
    control = f"--control={service.address('control')}"
    subprocess.run(["prlimit", f"--pid={service.process.pid}", "--fsize=1000000"], check=True)
    assert hfloc("recording", "start", control).returncode == 0
    recorded(service, protocol, lambda recording: not recording.active)
    status = service.ask(protocol, get_status={}).status
    assert "cannot be written" in status.recording.problem
    assert any(problem.text == status.recording.problem for problem in status.problems)
    assert "the recording has ended" in service.journal()
    service.wait_localized(protocol)
    file = next((tmp_path / "recordings").iterdir())
    assert file.stat().st_size <= 1_000_000
    shown = hfloc("recording", "info", file)
    assert "/camera/compressed" in shown.stdout
    # What was recorded before is good.
    assert " 0 differ" in hfloc("replay", file, "--quiet").stderr


def test_record_without_a_map_then_extract_and_import(
    hfloc, programs: Path, queries: Path, sample_map: Path, tmp_path: Path
) -> None:
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    camera = tmp_path / "camera.yaml"
    made = hfloc("record", tmp_path / "made", "--frames", queries, "--rate", 20, "--camera", camera)
    assert made.returncode == 0 and made.stdout.endswith(", 0 dropped\n"), made.stderr
    file = next((tmp_path / "made").iterdir())
    topics = decoded(file)
    count = len(topics["/camera/compressed"])
    assert count >= 3 and topics["/recording"][0].cause == 5
    out = tmp_path / "out"
    assert hfloc("recording", "extract", file, "--output", out).returncode == 0
    images = sorted(path.name for path in (out / "images").glob("*.jpg"))
    assert len(images) == count and (out / "camera.yaml").read_bytes() == camera.read_bytes()
    assert len((out / "images/timestamps.txt").read_text().splitlines()) == count
    assert hfloc("recording", "extract", file, "--output", out).returncode == 73
    again = hfloc("recording", "import", out / "images", "--output", tmp_path / "again", "--camera", camera)
    assert again.returncode == 0 and f"{count} images" in again.stdout, again.stderr
    copied = decoded(next((tmp_path / "again").iterdir()))
    assert [m.data for m in copied["/camera/compressed"]] == [m.data for m in topics["/camera/compressed"]]
    stamps = [m.capture_monotonic_ns for m in topics["/frame"]]
    assert [m.capture_monotonic_ns for m in copied["/frame"]] == stamps
    # What is imported is named after the time of the import, whatever its images' times are.
    (imported,) = (tmp_path / "again").iterdir()
    assert abs(datetime.strptime(imported.name[6:22], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - datetime.now(UTC)) < (
        timedelta(minutes=10)
    )
    # Two recordings are not one.
    mixed = hfloc("recording", "extract", file, imported, "--output", tmp_path / "mixed")
    assert mixed.returncode == 64 and f"{imported}: does not go on" in mixed.stderr, mixed.stderr
    assert not (tmp_path / "mixed").exists()
    # A recording without a daemon is localized in any map.
    replayed = hfloc("replay", file, "--map", sample_map, "--json")
    states = [json.loads(line)["state"] for line in replayed.stdout.splitlines()]
    assert replayed.returncode == 0 and states.count("STATE_LOCALIZED") > count // 2, replayed.stderr
    assert f"{count} frames: 0 answers equal" in replayed.stderr
    missing = hfloc("recording", "import", tmp_path / "none.mp4", "--output", tmp_path / "video")
    assert missing.returncode == 66
    (tmp_path / "film.mp4").write_bytes(b"no film")
    timed = hfloc("recording", "import", tmp_path / "film.mp4", "--rate", 5, "--output", tmp_path / "video")
    assert timed.returncode == 64 and "--rate" in timed.stderr
    if shutil.which("ffmpeg") is None:
        refused = hfloc("recording", "import", tmp_path / "film.mp4", "--output", tmp_path / "video")
        assert refused.returncode == 69 and "ffmpeg" in refused.stderr


def test_one_bad_image_of_a_recording(hfloc, queries: Path, sample_map: Path, tmp_path: Path) -> None:
    """Named and counted by each command, and the others go on with the rest."""
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    images = tmp_path / "images"
    images.mkdir()
    good = sorted(queries.glob("*.jpg"))[:4]
    for index, path in enumerate(good):
        shutil.copy(path, images / f"{index}.jpg")
    (images / "1cut.jpg").write_bytes(good[0].read_bytes()[:9000])
    (images / "1text.jpg").write_text("no image")
    made = hfloc("recording", "import", images, "--rate", 10, "--output", tmp_path / "a")
    assert made.returncode == 2 and "4 images" in made.stdout, made.stderr
    assert "1cut.jpg" in made.stderr and made.stderr.endswith("2 of 6 images could not be used\n"), made.stderr
    lines = [f"{index}.jpg {(index + 1) * 10**8}\n" for index in range(3)]
    (images / "timestamps.txt").write_text("".join(lines) + "ghost.jpg 900000000\n")
    timed = hfloc("recording", "import", images, "--output", tmp_path / "b")
    assert timed.returncode == 2 and "3 images" in timed.stdout, timed.stderr
    assert "have no time in timestamps.txt: 3 (1cut.jpg, 1text.jpg, 3.jpg)" in timed.stderr
    assert "ghost.jpg" in timed.stderr
    # What timestamps.txt does not list is not asked for: it is named, and all that is asked for was done.
    (images / "timestamps.txt").write_text("".join(lines))
    listed = hfloc("recording", "import", images, "--output", tmp_path / "listed")
    assert listed.returncode == 0 and "3 images" in listed.stdout, listed.stderr
    assert "have no time in timestamps.txt: 3 (1cut.jpg, 1text.jpg, 3.jpg)" in listed.stderr
    # Damage behind the import: of one image, and of the file's end.
    (file,) = (tmp_path / "b").iterdir()
    content, image = bytearray(file.read_bytes()), (images / "1.jpg").read_bytes()
    at = content.index(image[2000:3000])
    content[at : at + 4000] = bytes(4000)
    damaged = tmp_path / "damaged.mcap"
    damaged.write_bytes(without_checks(content))
    replay = hfloc("replay", damaged, "--map", sample_map, "--camera", tmp_path / "camera.yaml", "--json")
    states = [json.loads(line)["state"] for line in replay.stdout.splitlines()]
    assert replay.returncode == 2 and states[1] == "STATE_BAD_FRAME" and len(states) == 3, replay.stderr
    assert "frame 2: " in replay.stderr and "1 of 3 frames could not be used" in replay.stderr
    # A camera's broken frame is recorded as one, and is no image of a folder.
    (images / "timestamps.txt").unlink()
    camera = hfloc("record", tmp_path / "c", "--frames", images, "--rate", 10)
    assert camera.returncode == 0 and ", 2 broken\n" in camera.stdout and "1text.jpg" in camera.stderr, camera.stdout
    (file,) = (tmp_path / "c").iterdir()
    taken = hfloc("recording", "extract", file, "--output", tmp_path / "d")
    assert taken.returncode == 0 and "4 images" in taken.stdout
    assert "frames came broken from the camera, and are left out: 2 (3, 4)" in taken.stderr, taken.stderr
    (tmp_path / "mine").mkdir()
    for name in ("camera.yaml", "hflocd.yaml", "odometry.tum"):
        (tmp_path / "mine" / name).write_text("mine")
        refused = hfloc("recording", "extract", file, "--output", tmp_path / "mine")
        assert refused.returncode == 73 and f"{tmp_path}/mine/{name}" in refused.stderr, refused.stderr
        assert (tmp_path / "mine" / name).read_text() == "mine"
        (tmp_path / "mine" / name).unlink()
    copy = hfloc("recording", "repair", file, "--output", tmp_path / "copy.mcap")
    assert copy.returncode == 0 and (tmp_path / "copy.mcap").read_bytes() == file.read_bytes(), copy.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_killed_import_of_a_video_leaves_no_frames(programs: Path, queries: Path, tmp_path: Path, number) -> None:
    tools, temporary = tmp_path / "tools", tmp_path / "temporary"
    for folder in (tools, temporary):
        folder.mkdir()
    image = sorted(queries.glob("*.jpg"))[0]
    (tools / "ffprobe").write_text("#!/bin/sh\necho 0.0\necho 0.1\n")
    (tools / "ffmpeg").write_text(
        "#!/bin/bash\nfor last; do :; done\nfor i in 1 2; do cp " + f"{image} $(printf $last $i); done\n"
        "echo > $TMPDIR/begun; [ -z $STALLS ] || exec sleep 60\n"
    )
    for program in tools.iterdir():
        program.chmod(0o755)
    (tmp_path / "film.mp4").write_text("a film")
    command = [programs / "hfloc", "recording", "import", tmp_path / "film.mp4", "--output", tmp_path / "out"]
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(temporary)}
    begun = temporary / "begun"
    process = subprocess.Popen(
        [*map(str, command)],
        env=environment | {"STALLS": "1"},
        start_new_session=True,
        preexec_fn=default_signals,
    )
    end = time.monotonic() + PATIENCE
    while not begun.exists():
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(timeout=PATIENCE) == -number
    os.killpg(process.pid, signal.SIGKILL)  # the program that stands for ffmpeg
    assert (len(list(temporary.glob("hfloc-*"))) == 0) == (number != signal.SIGKILL)
    done = subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 images" in done.stdout, done.stderr
    assert list(temporary.glob("hfloc-*")) == []


@pytest.fixture(scope="module")
def images(hfloc, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six images with times."""
    folder = tmp_path_factory.mktemp("images")
    for index, path in enumerate(sorted((SAMPLE / "images").glob("*.jpg"))[:6]):
        shutil.copy(path, folder / f"{index}.jpg")
    (folder / "timestamps.txt").write_text("".join(f"{i}.jpg {(i + 1) * 10**9}\n" for i in range(6)))
    return folder


@pytest.fixture(scope="module")
def rotated(hfloc, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a recording of several files: some 5 MB in parts of 1 MB."""
    frames, folder = (tmp_path_factory.mktemp(name) for name in ("frames", "rotated"))
    for path in sorted((SAMPLE / "images").glob("*.jpg"))[:120]:
        (frames / path.name).symlink_to(path.resolve())
    made = hfloc("record", folder, "--frames", frames, "--rate", 20, "--file-size", 1)
    assert made.returncode == 0 and len(list(folder.iterdir())) >= 3, made.stderr
    return folder


def test_a_rotated_recording_is_told_of_as_a_whole(hfloc, images: Path, rotated: Path, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    shutil.copytree(rotated, drive)
    files = sorted(drive.iterdir())
    each = [json.loads(hfloc("recording", "info", file, "--json").stdout) for file in files]
    count = sum(part["topics"]["/frame"]["messages"] for part in each)
    for given in ([drive], files[::-1]):
        shown = hfloc("recording", "info", *given)
        assert shown.returncode == 0, shown.stderr
        lines = shown.stdout.splitlines()
        assert lines[0].startswith(f"files     {len(files)}, ") and lines[-1] == "state     whole", shown.stdout
        assert [line.split()[:2] for line in lines[1 : len(files) + 1]] == [
            ["part", str(i + 1)] for i in range(len(files))
        ]
        assert any(f"parts 1 to {len(files)}, session " in line for line in lines)
        assert any(line.split()[1:3] == ["/frame", str(count)] for line in lines)
    found = json.loads(hfloc("recording", "info", drive, "--json").stdout)
    (recording,) = found["recordings"]
    assert found["files"] == len(files) and found["whole"] and recording["files"] == each
    assert found["bytes"] == sum(path.stat().st_size for path in files)
    assert found["seconds"] == recording["seconds"] >= sum(part["seconds"] for part in each)
    assert recording["topics"]["/frame"]["messages"] == count
    # Its folder is a recording to other commands as well.
    taken = hfloc("recording", "extract", drive, "--output", tmp_path / "taken")
    assert taken.returncode == 0 and f"{count} images" in taken.stdout, taken.stderr
    # Another recording beside it, one part cut, another gone.
    assert hfloc("recording", "import", images, "--output", drive).returncode == 0
    files[-1].write_bytes(files[-1].read_bytes()[:-2000])
    files[1].unlink()
    shown = hfloc("recording", "info", drive)
    assert shown.returncode == 2, shown.stderr
    state = f"state     1 of {len(files) - 1} files are cut or damaged; parts are missing: 2"
    assert state in shown.stdout and "recording repair` completes it" in shown.stdout, shown.stdout
    assert f"total     2 recordings in {len(files)} files, " in shown.stdout
    # What is no recording is named, and the others are told of.
    (drive / "text.mcap").write_text("no recording")
    shown = hfloc("recording", "info", drive, "--json")
    found = json.loads(shown.stdout)
    assert shown.returncode == 2 and "text.mcap" in shown.stderr and found["files"] == len(files), shown.stderr
    assert [recording["missing_parts"] for recording in found["recordings"]] == [[2], []]
    assert hfloc("recording", "info", images).returncode == 65
    assert hfloc("recording", "info").returncode == 64


def test_times_that_descend_are_named_by_their_line(hfloc, images: Path, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    shutil.copytree(images, folder)
    (folder / "timestamps.txt").write_text("# a drive\n0.jpg 3000000000\n1.jpg 2000000000\n2.jpg 1000000000\n")
    refused = hfloc("recording", "import", folder, "--output", tmp_path / "out")
    assert refused.returncode == 65 and not (tmp_path / "out").exists(), refused.stderr
    assert f"{folder}/timestamps.txt:3: the times must ascend, and 2000000000" in refused.stderr
    assert "3000000000 of 0.jpg" in refused.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert hfloc("recording", "import", empty, "--output", tmp_path / "out").returncode == 66


def write_camera(folder: Path) -> Path:
    from drive import write_camera_file

    write_camera_file(SAMPLE, folder / "camera.yaml")
    return folder / "camera.yaml"


def test_of_what_is_cut_it_is_said_how_much_there_is(hfloc, images: Path, tmp_path: Path) -> None:
    assert hfloc("recording", "import", images, "--output", tmp_path / "made").returncode == 0
    (file,) = (tmp_path / "made").iterdir()
    content = file.read_bytes()
    cut = tmp_path / "cut.mcap"
    # The first chunk is not whole: nothing is kept, and nothing is lost by trying.
    cut.write_bytes(content[: len(content) // 4])
    shown = hfloc("recording", "info", cut)
    assert shown.returncode == 2 and "nothing of it is whole" in shown.stdout, shown.stdout
    for output in ([], ["--output", tmp_path / "mended.mcap"]):
        mended = hfloc("recording", "repair", cut, *output)
        assert mended.returncode == 65 and "nothing can be kept" in mended.stderr, mended.stdout
        assert cut.read_bytes() == content[: len(content) // 4] and not (tmp_path / "mended.mcap").exists()
    taken = hfloc("recording", "extract", cut, "--output", tmp_path / "taken")
    assert taken.returncode == 65 and "no image and no message" in taken.stderr, taken.stdout
    assert "before that are 0 frames" in taken.stderr, taken.stderr
    for command, reason in (
        (("replay",), "nothing of it can be replayed"),
        (("map", "build", "--output", tmp_path / "no.hfmap"), "nothing that a map is made of is before that"),
    ):
        refused = hfloc(*command, cut)
        assert refused.returncode == 65 and reason in refused.stderr, refused.stderr
    whole = hfloc("replay", file, "--camera", write_camera(tmp_path))
    assert whole.returncode == 65 and "was recorded without a map; give one with --map" in whole.stderr, whole.stderr
    # Its index alone is gone, from which other programs read.
    cut.write_bytes(content[:-2000])
    taken = hfloc("recording", "extract", cut, "--output", tmp_path / "again")
    assert taken.returncode == 0 and "6 images" in taken.stdout, taken.stderr
    assert "before that are 6 frames, of which 6 images were written" in taken.stderr, taken.stderr
    # A recording is no folder of images and no video, and neither is a bag.
    (tmp_path / "drive.bag").write_text("#ROSBAG V2.0\n")
    for other, advice in ((file, "recording info"), (tmp_path / "drive.bag", "tools/import-bag")):
        refused = hfloc("recording", "import", other, "--output", tmp_path / "out")
        assert refused.returncode == 64 and advice in refused.stderr, refused.stderr


def test_what_is_no_recording_is_refused(hfloc, tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_text("no recording")
    for command in (["recording", "info"], ["recording", "repair"], ["replay"]):
        refused = hfloc(*command, tmp_path / "a.mcap")
        assert refused.returncode == 65 and "is no MCAP file" in refused.stderr
    assert hfloc("replay", tmp_path / "none.mcap").returncode == 66
    assert hfloc("record", tmp_path / "out").returncode == 64


def test_an_import_waits_for_room_for_pixels_and_leaves_no_recording_of_nothing(hfloc, tmp_path: Path) -> None:
    """A picture of 64 MB whose file is small: two of them are more than the memory that is waited for."""
    cv2, numpy = pytest.importorskip("cv2"), pytest.importorskip("numpy")
    large, bad = tmp_path / "large", tmp_path / "bad"
    for folder in (large, bad):
        folder.mkdir()
    image = numpy.zeros((8000, 8000), numpy.uint8)
    for index in range(3):
        image[index] = 200
        cv2.imwrite(str(large / f"{index}.png"), image)
    done = hfloc("recording", "import", large, "--output", tmp_path / "out")
    assert done.returncode == 0 and "3 images" in done.stdout, done.stderr
    (bad / "0.jpg").write_text("no picture")
    done = hfloc("recording", "import", bad, "--output", tmp_path / "none")
    assert done.returncode != 0 and "0.jpg" in done.stderr and not list((tmp_path / "none").iterdir()), done.stderr
