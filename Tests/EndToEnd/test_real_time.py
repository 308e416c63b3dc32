"""Real time: the frame thread's policy and CPUs and the locked memory, as /proc and the kernel have them, and as hflocd
says.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE


def threads(process: int) -> dict[str, list[int]]:
    """The threads of a process by their names."""
    found: dict[str, list[int]] = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        found.setdefault((task / "comm").read_text().strip(), []).append(int(task.name))
    return found


def may_run_fifo(priority: int) -> str:
    """Why this user may not run at this priority; empty if he may."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.sched_getparam(0), os.sched_getscheduler(0)
    parameters = ctypes.c_int(priority)
    if libc.sched_setscheduler(0, os.SCHED_FIFO, ctypes.byref(parameters)) != 0:
        return f"SCHED_FIFO {priority} is refused here: {os.strerror(ctypes.get_errno())}"
    os.sched_setscheduler(0, before[1], before[0])
    return ""


def may_lock() -> str:
    """Why this user may not lock 256 MiB; empty if he may."""
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    enough = limit == resource.RLIM_INFINITY or limit >= 256 << 20
    return "" if enough or os.geteuid() == 0 else f"only {limit} bytes may be locked"


def status_field(process: int, name: str) -> str:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(name + ":"))


def test_the_frame_thread_runs_as_configured(wire, hfloc, protocol) -> None:
    if reason := may_run_fifo(12) or may_lock():
        pytest.skip(reason)
    cpu = max(os.sched_getaffinity(0))
    service = wire(f"real_time: {{priority: 12, cpus: [{cpu}], lock_memory: true}}\n")
    service.wait_localized(protocol)
    found = threads(service.process.pid)
    assert len(found["hfloc-frames"]) == 1
    (frames,) = found["hfloc-frames"]
    assert os.sched_getscheduler(frames) & ~os.SCHED_RESET_ON_FORK == os.SCHED_FIFO
    assert os.sched_getparam(frames).sched_priority == 12
    assert os.sched_getaffinity(frames) == {cpu}
    # Nobody else: the main thread, ZeroMQ's and the libraries' stay ordinary, and go where they like.
    for name, numbers in found.items():
        for number in numbers:
            if number != frames:
                assert os.sched_getscheduler(number) == os.SCHED_OTHER, name
                assert os.sched_getaffinity(number) == os.sched_getaffinity(0), name
    locked = int(status_field(service.process.pid, "VmLck").split()[0]) * 1024
    assert locked > 10e6, "memory is not locked"

    real_time = service.ask(protocol, get_status={}).status.real_time
    assert (real_time.priority, real_time.cpus, real_time.memory_locked) == (12, str(cpu), True)
    shown = hfloc("status", f"--control={service.address('control')}").stdout
    assert f"SCHED_FIFO 12, CPUs {cpu}, memory locked" in shown


def test_what_carries_the_vehicles_state_runs_with_it(wire, protocol, tmp_path: Path) -> None:
    """Odometry waits in ZeroMQ's thread as much as in the one that answers it."""
    if reason := may_run_fifo(12):
        pytest.skip(reason)
    service = wire(
        "real_time: {priority: 12}\nvehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n"
        f"odometry: ipc://{tmp_path}/odometry\nvehicle_state: ipc://{tmp_path}/vehicle\n"
    )
    service.wait_localized(protocol)
    found = threads(service.process.pid)
    carrying = found["hfloc-odometry"] + [n for name in found if name.startswith("ZMQbg/") for n in found[name]]
    assert len(carrying) >= 2, found
    for number in carrying:
        assert os.sched_getscheduler(number) & ~os.SCHED_RESET_ON_FORK == os.SCHED_FIFO
        assert os.sched_getparam(number).sched_priority == 12
    assert os.sched_getscheduler(service.process.pid) == os.SCHED_OTHER


def test_without_the_section_it_is_an_ordinary_thread(wire, hfloc, protocol) -> None:
    service = wire()
    service.wait_localized(protocol)
    (frames,) = threads(service.process.pid)["hfloc-frames"]
    assert os.sched_getscheduler(frames) == os.SCHED_OTHER and os.sched_getaffinity(frames) == os.sched_getaffinity(0)
    assert status_field(service.process.pid, "VmLck") == "0 kB"
    real_time = service.ask(protocol, get_status={}).status.real_time
    allowed = status_field(service.process.pid, "Cpus_allowed_list")
    assert (real_time.priority, real_time.cpus, real_time.memory_locked) == (0, allowed, False)
    assert "the ordinary scheduler" in hfloc("status", f"--control={service.address('control')}").stdout


def without_rights(command: list[object]) -> list[str]:
    """The command as the daemon's user without the drop-in would run it: no priority, little memory to lock."""
    if not shutil.which("setpriv") or not shutil.which("prlimit"):
        pytest.skip("needs setpriv and prlimit (util-linux)")
    drop = ["setpriv", "--bounding-set=-sys_nice,-ipc_lock"] if os.geteuid() == 0 else []
    return [*drop, "prlimit", "--rtprio=0", "--memlock=1048576", *map(str, command)]


@pytest.mark.parametrize(
    ("fields", "naming", "check"),
    [("priority: 12", "LimitRTPRIO", "priority"), ("lock_memory: true", "LimitMEMLOCK", "memory lock")],
)
def test_what_the_user_may_not_is_told_with_the_cure(
    programs: Path, sample_map: Path, queries: Path, tmp_path: Path, fields: str, naming: str, check: str
) -> None:
    """By hflocd, which ends with 71, and by the doctor beforehand."""
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    (tmp_path / "c.yaml").write_text(
        f"map: {sample_map}\nmodel: {MODEL}\npublish: ipc://{tmp_path}/pose\n"
        f"camera: {{folder: {queries}, calibration: camera.yaml}}\nreal_time: {{{fields}}}\n"
    )
    command = without_rights([programs / "hflocd", "--config", tmp_path / "c.yaml"])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 71 and "real_time." in done.stderr and naming in done.stderr, done.stderr
    command = without_rights([programs / "hfloc", "doctor", tmp_path / "c.yaml", "--json"])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    found = {one["check"]: one for one in json.loads(done.stdout)["checks"]}[check]
    assert done.returncode == 71 and found["verdict"] == "failed" and naming in found["cure"], done.stdout
