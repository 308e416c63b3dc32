"""What hflocd does with what is at the path of an endpoint: it takes over a socket that nobody listens at, and nothing
else."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE

FIELDS = ["publish", "control", "record", "json", "odometry"]
OCCUPANTS = ["file", "folder", "link to a file", "link to nowhere", "pipe", "device"]


@pytest.fixture
def configure(sample_map: Path, round_trip: Path, tmp_path: Path):
    """Writes a good configuration with some fields changed."""
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")

    def write(**changes: object) -> Path:
        fields = {
            "map": sample_map, "model": MODEL, "publish": f"ipc://{tmp_path}/pose",
            "camera": f"{{folder: {round_trip}, rate: 10, loop: true, calibration: camera.yaml}}",
            "vehicle": "{base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}",
        } | changes  # fmt: skip
        path = tmp_path / "hflocd.yaml"
        path.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
        return path

    return write


def occupy(path: Path, what: str) -> None:
    match what:
        case "file":
            path.write_text("mine")
        case "folder":
            path.mkdir()
        case "link to a file":
            path.with_name("target").write_text("mine")
            path.symlink_to("target")
        case "link to nowhere":
            path.symlink_to("nowhere")
        case "pipe":
            os.mkfifo(path)
        case "device":
            if os.geteuid() != 0:
                pytest.skip("makes a device node")
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))


def run(programs: Path, *command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(programs / command[0]), *map(str, command[1:])], capture_output=True, text=True, timeout=60, check=False
    )


def everywhere(programs: Path, configuration: Path, code: int, *naming: str) -> None:
    """The start, the check and the doctor say the same."""
    for command in (
        ("hflocd", "--check", "--config", configuration),
        ("hflocd", "--config", configuration),
        ("hfloc", "doctor", configuration),
    ):
        done = run(programs, *command)
        said = done.stdout + done.stderr
        assert done.returncode == code, (command, done.returncode, said)
        assert all(text in said for text in naming), (command, said)


@pytest.mark.parametrize("what", OCCUPANTS)
def test_what_is_no_socket_stays(programs: Path, configure, tmp_path: Path, what: str) -> None:
    place = tmp_path / "mine"
    occupy(place, what)
    before = place.lstat()
    for field in FIELDS:
        configuration = configure(**{field: f"ipc://{place}"})
        everywhere(programs, configuration, 78, f"field '{field}'", f"{configuration}:", what.split()[0])
    after = place.lstat()
    assert (before.st_ino, before.st_mode, before.st_size) == (after.st_ino, after.st_mode, after.st_size)
    assert not (tmp_path / "nowhere").exists()


def test_no_file_of_the_configuration_is_taken(programs: Path, configure, sample_map: Path, tmp_path: Path) -> None:
    for own in (tmp_path / "hflocd.yaml", tmp_path / "camera.yaml", sample_map, MODEL):
        for field in ("publish", "control"):
            configuration = configure(**{field: f"ipc://{own}"})
            content = own.read_bytes()
            everywhere(programs, configuration, 78, f"field '{field}'")
            assert own.read_bytes() == content
    # A folder that is not there yet is somebody's already.
    configuration = configure(state=tmp_path / "state", control=f"ipc://{tmp_path}/state")
    everywhere(programs, configuration, 78, "field 'control'", "state has this address already")
    option = run(programs, "hflocd", "--config", configure(), "--publish", f"ipc://{tmp_path}/camera.yaml")
    assert option.returncode == 78 and "publish" in option.stderr, option.stderr
    assert (tmp_path / "camera.yaml").read_text().startswith("#") or "model" in (tmp_path / "camera.yaml").read_text()


def test_two_endpoints_with_one_path(programs: Path, configure, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for first, second in (("a", "a"), ("a", "./a"), ("real/a", "link/a"), ("real/a", "link/../real//a")):
        configuration = configure(publish=f"ipc://{tmp_path}/{first}", control=f"ipc://{tmp_path}/{second}")
        everywhere(programs, configuration, 78, "field 'control'", "publish has this address already")


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET])
def test_a_socket_belongs_to_who_listens(programs: Path, configure, tmp_path: Path, kind: int) -> None:
    """And to nobody once that one has ended, or was killed."""
    place = tmp_path / "socket"
    owner = socket.socket(socket.AF_UNIX, kind)
    owner.bind(str(place))
    if kind != socket.SOCK_DGRAM:
        owner.listen(4)
    inode = place.lstat().st_ino
    configuration = configure(control=f"ipc://{place}")
    done = run(programs, "hflocd", "--config", configuration)
    assert done.returncode == 69 and "in use" in done.stderr and str(place) in done.stderr, done.stderr
    assert place.lstat().st_ino == inode
    # A running hflocd may be the one: no reason to call the configuration wrong.
    assert run(programs, "hflocd", "--check", "--config", configuration).returncode == 0
    assert run(programs, "hfloc", "doctor", configuration).returncode == 0
    owner.close()
    assert place.exists()
    process = subprocess.Popen([programs / "hflocd", "--config", configuration], stderr=subprocess.PIPE, text=True)
    try:
        answer = run(programs, "hfloc", "status", f"--control=ipc://{place}", "--timeout", PATIENCE)
        assert answer.returncode in (0, 1), (answer.stderr, process.poll())
    finally:
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0, process.stderr.read()


def test_abstract_names_have_no_file(programs: Path, configure) -> None:
    configuration = configure(publish=f"ipc://@hfloc-test-{os.getpid()}")
    done = run(programs, "hflocd", "--check", "--config", configuration)
    assert done.returncode == 0, done.stderr
