"""A text that standard output does not take is an error, of every command: 74 and one line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE
from service import MODEL
from test_bad_input import camera, first_query

CAMERA = "1 PINHOLE 640 480 500 500 320 240\n"


@pytest.fixture
def commands(
    programs: Path, sample_map: Path, queries: Path, board: Path, pair: Path, tmp_path: Path
) -> dict[str, list]:
    """Every command that says something on standard output without a running hflocd."""
    (tmp_path / "cameras.txt").write_text(CAMERA)
    query, out = first_query(), tmp_path / "out"
    model = ["--model", MODEL]
    image = [query, "--map", sample_map, *model]
    localize = ["localize", *image, "--camera", camera()]
    chessboard = ["--board", "chessboard:9x6:25mm"]
    solve = ["solve", *chessboard, "--corners", board, "--size", "640x480"]
    configuration = tmp_path / "hflocd.yaml"
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    configuration.write_text(
        f"map: {sample_map}\nmodel: {MODEL}\npublish: ipc://{tmp_path}/pose\n"
        f"camera: {{folder: {queries}, calibration: camera.yaml}}\n"
    )
    hfloc = {
        **{f"localize {form}": [*localize, "--format", form] for form in ("text", "json", "tum", "benchmark")},
        "retrieve": ["retrieve", *image],
        "retrieve --json": ["retrieve", *image, "--json"],
        "evaluate": ["evaluate", pair, "--role", "map", "--map", sample_map, *model],
        "evaluate --json": ["evaluate", pair, "--role", "map", "--map", sample_map, *model, "--json"],
        "evaluate --verbose": ["evaluate", pair, "--role", "map", "--map", sample_map, *model, "--verbose"],
        "extract": ["extract", query, *model, "--output", out],
        "bench": ["bench", *model, "--runs", 1, "--size", "64x64"],
        "map build": ["map", "build", pair, *model, "--output", out],
        "map build --json": ["map", "build", pair, *model, "--output", out, "--json"],
        "map info": ["map", "info", sample_map],
        "map info --json": ["map", "info", sample_map, "--json"],
        "map verify": ["map", "verify", sample_map],
        "map export": ["map", "export", sample_map, "--output", f"{out}.exported"],
        "keys": ["keys", "generate", out],
        "doctor": ["doctor", configuration],
        "doctor --json": ["doctor", configuration, "--json"],
        "--help": ["--help"],
        "--version": ["--version"],
        "help of a command": ["map", "build", "--help"],
        "completion": ["--generate-completion-script", "bash"],
    }
    calibrate = {
        "solve": solve,
        "solve --json": [*solve, "--json"],
        "solve --report": [*solve, "--report", out],
        "target": ["target", *chessboard, "--output", f"{out}.svg"],
        "target --verify": ["target", *chessboard, "--verify", "25mm"],
        "convert": ["convert", tmp_path / "cameras.txt", out, "--to", "hfloc"],
        "convert -": ["convert", tmp_path / "cameras.txt", "-", "--to", "hfloc"],
        "detect": ["detect", *chessboard, query],
        "detect --json": ["detect", *chessboard, query, "--json"],
        "--help": ["--help"],
        "--version": ["--version"],
    }
    daemon = {"--check": ["--config", configuration, "--check"], "--help": ["--help"], "--version": ["--version"]}
    return {
        f"{program} {name}": [programs / program, *arguments]
        for program, table in (("hfloc", hfloc), ("hfloc-calibrate", calibrate), ("hflocd", daemon))
        for name, arguments in table.items()
    }


def test_what_does_not_arrive_is_an_error(commands: dict[str, list]) -> None:
    wrong = {}
    for name, command in commands.items():
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*map(str, command)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False
            )
        # Beside how far it has come, and what it warns of.
        said = [line for line in done.stderr.splitlines() if " done" not in line and "warning" not in line]
        if done.returncode != 74 or len(said) != 1 or "standard output" not in said[0]:
            wrong[name] = (done.returncode, done.stderr)
    assert not wrong, wrong


def test_without_standard_output_nothing_is_said_into_a_file(programs: Path, tmp_path: Path) -> None:
    """A program that is started with closed descriptors opens files under their numbers."""
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        output = tmp_path / f"recording {closed}"
        command = f"{programs}/hfloc recording import {SAMPLE}/images --rate 100 --output '{output}' {closed}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == (74 if ">&-" in closed.replace("2>&-", "") else 0), (closed, done.stderr)
        (recording,) = output.iterdir()
        assert recording.read_bytes().endswith(b"\x89MCAP0\r\n"), f"{closed}: something is behind its end"


def test_every_line_that_was_written_is_whole(commands: dict[str, list], tmp_path: Path) -> None:
    """A disk that becomes full in the middle; here, a limit of file sizes."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

    with (tmp_path / "said").open("w") as file:
        done = subprocess.run(
            [*map(str, commands["hfloc map info"])], stdout=file, stderr=subprocess.PIPE, text=True, timeout=120,
            check=False, preexec_fn=limit,
        )  # fmt: skip
    assert done.returncode == 74 and "File too large" in done.stderr, (done.returncode, done.stderr)


def test_a_closed_pipe_is_quiet(commands: dict[str, list]) -> None:
    for ignores in (False, True):
        reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
        reader.wait()
        done = subprocess.run(
            [*map(str, commands["hfloc map info"])], stdout=reader.stdin, stderr=subprocess.PIPE, text=True,
            timeout=120, check=False, restore_signals=not ignores,
        )  # fmt: skip
        assert done.returncode == -13 and done.stderr == "", (done.returncode, done.stderr)


def test_what_a_running_daemon_says(wire, protocol, programs: Path) -> None:
    service = wire()
    service.wait_localized(protocol)
    control = f"--control={service.address('control')}"
    cases = [
        ["status", control],
        ["status", control, "--json"],
        ["reload", control],
        ["listen", service.address("pose"), "--count", "1"],
        ["listen", service.address("json"), "--count", "1"],
    ]
    for case in cases:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [str(programs / "hfloc"), *case],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        assert done.returncode == 74 and done.stderr.count("\n") == 1, (case, done.returncode, done.stderr)


def test_a_live_calibration_that_nobody_can_follow(programs: Path, camera: dict[str, str]) -> None:
    import os

    for extra in (["--listen", "127.0.0.1:0"], ["--terminal"]):
        command = [
            programs / "hfloc-calibrate",
            "live",
            "--board",
            "chessboard:9x6:25mm",
            "--device",
            "/dev/fake-camera",
        ]
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*map(str, command), *extra], env=os.environ | camera, stdout=full, stderr=subprocess.PIPE, text=True,
                timeout=60, check=False,
            )  # fmt: skip
        assert done.returncode == 74 and "standard output" in done.stderr, (extra, done.returncode, done.stderr)
