"""What programs write: into pipes, through links, never over what is no file; checked before the work; whole or not at
all, with nothing left beside it."""

from __future__ import annotations

import os
import resource
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import preload
import pytest
from service import MODEL, PATIENCE, default_signals
from test_bad_input import camera, first_query

CAMERA = "# CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]\n1 PINHOLE 640 480 500 500 320 240\n"


@pytest.fixture
def writers(programs: Path, sample_map: Path, pair: Path, board: Path, tmp_path: Path) -> dict[str, Callable]:
    """Every command that writes a file, by its name: its arguments for an output."""
    (tmp_path / "cameras.txt").write_text(CAMERA)
    hfloc, calibrate = programs / "hfloc", programs / "hfloc-calibrate"
    query = first_query()
    chessboard = ["--board", "chessboard:9x6:25mm"]
    solve = [calibrate, "solve", *chessboard, "--corners", board, "--size", "640x480"]
    return {
        # What it keeps beside its output on purpose is left out.
        "map build": lambda out: [hfloc, "map", "build", pair, "--model", MODEL, "--no-cache", "--output", out],
        "extract": lambda out: [hfloc, "extract", query, "--model", MODEL, "--output", out],
        "localize": lambda out: [
            *[hfloc, "localize", query, "--camera", camera(), "--map", sample_map, "--model", MODEL, "--output", out]
        ],
        "convert": lambda out: [calibrate, "convert", tmp_path / "cameras.txt", out, "--to", "hfloc"],
        "solve": lambda out: [*solve, "--output", out],
        "solve report": lambda out: [*solve, "--report", out],
        "target": lambda out: [calibrate, "target", *chessboard, "--output", out],
    }


NAMES = ["map build", "extract", "localize", "convert", "solve", "solve report", "target"]


def run(command: list, **options) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*map(str, command)], capture_output=True, timeout=120, check=False, **options)


def out_path(folder: Path, name: str) -> Path:
    """An output's path; `target` wants to know a format by the name."""
    return folder / ("out.svg" if name == "target" else "out")


@pytest.mark.parametrize("name", NAMES)
def test_a_link_is_followed_and_its_file_keeps_its_permissions(writers, tmp_path: Path, name: str) -> None:
    out = out_path(tmp_path, name)
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "target"
    target.write_text("old")
    target.chmod(0o640)
    out.symlink_to("elsewhere/target")
    done = run(writers[name](out))
    assert done.returncode == 0, done.stderr
    assert out.is_symlink() and target.stat().st_size > 3 and target.read_bytes() != b"old"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.unlink()
    assert run(writers[name](out)).returncode == 0, "a link that leads nowhere gets its file"
    assert out.is_symlink() and target.is_file()
    assert [p.name for p in (tmp_path / "elsewhere").iterdir()] == ["target"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_is_written_into(writers, tmp_path: Path, name: str) -> None:
    out = out_path(tmp_path, name)
    os.mkfifo(out)
    process = subprocess.Popen([*map(str, writers[name](out))], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    piped = out.read_bytes()
    assert process.wait(timeout=PATIENCE) == 0, process.stderr.read()
    assert stat.S_ISFIFO(out.lstat().st_mode) and len(piped) > 0
    out.unlink()
    assert run(writers[name](out)).returncode == 0
    if name in ("extract", "target"):  # The others name the time.
        assert out.read_bytes() == piped


@pytest.mark.parametrize("name", NAMES)
def test_a_device_stays_one(writers, tmp_path: Path, name: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("makes a device node")
    for minor, code in ((3, 0), (7, 74)):  # null and full
        out = out_path(tmp_path, name)
        out.unlink(missing_ok=True)
        os.mknod(out, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        done = run(writers[name](out))
        # A map's errors say 73 for all that cannot be written.
        assert done.returncode in ((code, 73) if name == "map build" and code else (code,)), done.stderr
        assert stat.S_ISCHR(out.lstat().st_mode) and out.lstat().st_rdev == os.makedev(1, minor)
        assert code == 0 or str(out).encode() in done.stderr


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["folder", "socket", "block device", "no folder"])
def test_what_is_no_file_is_refused_before_the_work(writers, tmp_path: Path, name: str, what: str) -> None:
    out = out_path(tmp_path, name)
    match what:
        case "folder":
            out.mkdir()
        case "socket":
            socket.socket(socket.AF_UNIX).bind(str(out))
        case "block device":
            if os.geteuid() != 0:
                pytest.skip("makes a device node")
            os.mknod(out, 0o600 | stat.S_IFBLK, os.makedev(7, 200))
        case "no folder":
            out = out_path(tmp_path / "none", name)
    before = out.lstat().st_mode if what != "no folder" else None
    # Something is wrong with the work, too: the output comes first.
    command = [*map(str, writers[name](out))]
    command = [str(tmp_path / "nothing.jpg") if part == str(first_query()) else part for part in command]
    done = run(command)
    assert done.returncode == 73, (done.returncode, done.stderr)
    lines = done.stderr.decode().strip().splitlines()
    assert len(lines) == 1 and str(out) in lines[0], lines
    assert what == "no folder" or f"is a {what}" in lines[0]
    assert before is None or out.lstat().st_mode == before


def test_an_input_is_never_the_output(writers, programs: Path, pair: Path, board: Path, tmp_path: Path) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(first_query().read_bytes())
    (tmp_path / "link").symlink_to("query.jpg")
    text = (tmp_path / "cameras.txt").read_text()
    cases = [
        ["hfloc", "extract", query, "--model", MODEL, "--output", tmp_path / "link"],
        ["hfloc", "map", "build", pair, "--model", MODEL, "--output", pair / "poses.txt"],
        ["hfloc-calibrate", "convert", tmp_path / "cameras.txt", tmp_path / "cameras.txt", "--to", "hfloc"],
        *[
            ["hfloc-calibrate", "solve", "--board", "chessboard:9x6:25mm", "--corners", board, "--size", "640x480"]
            + ["--output", output, "--report", report]
            for output, report in ((board, tmp_path / "r"), (tmp_path / "r", tmp_path / "r"))
        ],
    ]
    kept = {path: path.read_bytes() for path in (query, pair / "poses.txt", tmp_path / "cameras.txt", board)}
    for case in cases:
        done = run([programs / case[0], *case[1:]])
        assert done.returncode == 64 and b"same command" in done.stderr, (case, done.stderr)
    assert {path: path.read_bytes() for path in kept} == kept and text == CAMERA


def test_map_export_makes_its_folder(hfloc, sample_map: Path, tmp_path: Path) -> None:
    new = tmp_path / "new" / "folder"
    done = hfloc("map", "export", sample_map, "--output", new)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in new.iterdir()) == ["cameras.txt", "images.txt", "points3D.txt"]
    (tmp_path / "file").write_text("mine")
    done = hfloc("map", "export", sample_map, "--output", tmp_path / "file")
    assert done.returncode == 73 and "is no folder" in done.stderr, done.stderr
    assert (tmp_path / "file").read_text() == "mine"
    (new / "points3D.txt").unlink()
    (new / "points3D.txt").mkdir()
    before = (new / "cameras.txt").stat().st_mtime_ns
    assert hfloc("map", "export", sample_map, "--output", new).returncode == 73
    assert (new / "cameras.txt").stat().st_mtime_ns == before, "nothing was written before everything was checked"


def test_files_that_are_not_of_an_export_are_never_replaced(
    hfloc, sample_map: Path, pair: Path, tmp_path: Path
) -> None:
    """The folder is the user's word, the files' names are the program's: a set's own cameras.txt, another's model."""
    before = (pair / "cameras.txt").read_bytes()
    done = hfloc("map", "export", sample_map, "--output", pair)
    assert done.returncode == 73 and f"{pair}/cameras.txt" in done.stderr and "another folder" in done.stderr
    assert (pair / "cameras.txt").read_bytes() == before and not (pair / "images.txt").exists()
    assert hfloc("map", "export", sample_map, "--output", tmp_path / "new").returncode == 0
    (tmp_path / "new/points3D.txt").write_text("# of COLMAP itself\n")
    assert hfloc("map", "export", sample_map, "--output", tmp_path / "new").returncode == 73
    (tmp_path / "new/points3D.txt").unlink()
    assert hfloc("map", "export", sample_map, "--output", tmp_path / "new").returncode == 0, "an export is replaced"


def test_pictures_get_their_folder(hfloc, sample_map: Path, tmp_path: Path) -> None:
    arguments = ["localize", first_query(), "--camera", camera(), "--map", sample_map, "--model", MODEL, "--draw"]
    assert hfloc(*arguments, tmp_path / "a/b").returncode == 0
    (picture,) = (tmp_path / "a/b").iterdir()
    assert picture.read_bytes().startswith(b"\x89PNG")
    picture.rename(tmp_path / "kept.png")
    picture.symlink_to(tmp_path / "kept.png")
    (tmp_path / "kept.png").write_text("old")
    assert hfloc(*arguments, tmp_path / "a/b").returncode == 0
    assert picture.is_symlink() and (tmp_path / "kept.png").read_bytes().startswith(b"\x89PNG")


def test_keys_that_cannot_be_written_leave_nothing(hfloc, tmp_path: Path) -> None:
    (tmp_path / "a.public").write_text("mine")
    assert hfloc("keys", "generate", tmp_path / "a").returncode == 73
    assert [p.name for p in tmp_path.iterdir()] == ["a.public"]


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return preload.build(tmp_path_factory.mktemp("held"), "held", preload.HELD_WRITE)


def start_held(command: list, held: Path, marker: Path, **environment: str) -> subprocess.Popen:
    """The command, in the middle of its write."""
    marker.unlink(missing_ok=True)
    environment |= {"LD_PRELOAD": str(held), "HELD_AT": str(marker)}
    process = subprocess.Popen(
        [*map(str, command)], env=os.environ | environment, stderr=subprocess.PIPE, preexec_fn=default_signals
    )
    end = time.monotonic() + PATIENCE
    while not marker.exists():
        assert time.monotonic() < end and process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    return process


def temporaries(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("named", [False, True], ids=["unnamed", "named"])
def test_a_killed_write_leaves_nothing(writers, held: Path, tmp_path: Path, number: int, named: bool) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    environment = {"NO_UNNAMED": "1"} if named else {}
    process = start_held(writers["convert"](folder / "out"), held, tmp_path / "marker", **environment)
    assert len(temporaries(folder)) == named
    process.send_signal(number)
    assert process.wait(timeout=PATIENCE) == -number
    # Nothing can remove it after a SIGKILL but the next program that writes there.
    assert len(temporaries(folder)) == (named and number == signal.SIGKILL)
    assert run(writers["convert"](folder / "out")).returncode == 0
    assert [p.name for p in folder.iterdir()] == ["out"]


def test_fifty_killed_writes_leave_nothing_and_live_ones_stay(writers, held: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    for index in range(50):
        environment = {"NO_UNNAMED": "1"} if index % 2 else {}
        process = start_held(writers["convert"](folder / "out"), held, tmp_path / "marker", **environment)
        process.kill()
        process.wait()
    assert len(temporaries(folder)) <= 1, "each writer removes what the one before has left"
    living = start_held(writers["convert"](folder / "live"), held, tmp_path / "marker", NO_UNNAMED="1")
    (its,) = temporaries(folder)
    assert run(writers["convert"](folder / "out")).returncode == 0
    assert temporaries(folder) == [its]
    living.kill()
    living.wait()


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_of_file_sizes_is_an_error(writers, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    out = out_path(folder, name)
    out.write_text("old")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))

    done = run(writers[name](out), preexec_fn=limit)
    assert done.returncode in (73, 74), (done.returncode, done.stderr)
    assert str(out).encode() in done.stderr and b"File too large" in done.stderr
    assert [p.name for p in folder.iterdir()] == [out.name] and out.read_text() == "old"
