"""A folder that grows is followed; and a listener is told why nothing comes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from service import PATIENCE, receive


def test_a_growing_folder_is_followed(start, queries: Path, messages, tmp_path: Path) -> None:
    images = sorted(queries.iterdir())
    folder = tmp_path / "growing"
    folder.mkdir()
    service = start("--frames", folder, "--rate", "0", "--follow")
    receive(messages, service.endpoint, lambda received: received[-1].state == messages.STATE_NO_CAMERA)
    shutil.copy(images[0], folder / "0.jpg")
    receive(messages, service.endpoint, lambda received: received[-1].frames.captured == 1)
    # One that is written in two steps, behind one that is there at once.
    whole = images[1].read_bytes()
    (folder / "1.jpg").write_bytes(whole[: len(whole) // 2])
    shutil.copy(images[2], folder / "2.jpg")
    with (folder / "1.jpg").open("ab") as file:
        file.write(whole[len(whole) // 2 :])
    received = receive(messages, service.endpoint, lambda received: received[-1].frames.captured == 3)
    assert received[-1].frames.corrupt == 0 and received[-1].frames.skipped == 0
    assert service.stop() == 0


def test_a_listener_is_told_why_nothing_comes(programs: Path, tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/localization"
    listener = subprocess.Popen(
        [str(programs / "hfloc"), "listen", endpoint], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        line = listener.stderr.readline()
        assert f"{endpoint}: no message within 2.0 s: hflocd does not run" in line and "waiting" in line
    finally:
        listener.kill()
        listener.communicate(timeout=PATIENCE)
    done = subprocess.run(
        [str(programs / "hfloc"), "listen", endpoint, "--timeout", "0.2"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 69 and "no message within 0.2 s" in done.stderr
