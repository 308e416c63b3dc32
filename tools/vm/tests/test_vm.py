"""The parts of vm that need no machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from vm.guest import Guest, libraries, module_name, read_dependencies
from vm.kernel import Kernel
from vm.machine import Machine, MachineError


def test_module_names_ignore_folder_compression_and_hyphen() -> None:
    assert module_name("kernel/drivers/media/common/v4l2-tpg/v4l2-tpg.ko.xz") == "v4l2_tpg"
    assert module_name("kernel/fs/9p/9p.ko") == "9p"


def test_dependencies(tmp_path: Path) -> None:
    file = tmp_path / "modules.dep"
    file.write_text("kernel/a.ko: kernel/b.ko kernel/c.ko\nkernel/b.ko:\n")
    assert read_dependencies(file) == {"kernel/a.ko": ["kernel/b.ko", "kernel/c.ko"], "kernel/b.ko": []}


def test_a_program_brings_its_loader_and_libraries() -> None:
    shell = Path(shutil.which("sh") or "/bin/sh")
    found = libraries(shell)
    assert any(path.name.startswith("ld-") for path in found)
    assert any(path.name.startswith("libc.so") for path in found)
    assert all(path.exists() for path in found)


def test_an_unknown_module_is_named(tmp_path: Path) -> None:
    if not shutil.which("busybox"):
        pytest.skip("busybox is not installed: tools/setup vm")
    for name in ("modules.dep", "modules.builtin"):
        (tmp_path / name).write_text("kernel/fs/9p/9p.ko:\n")
    guest = Guest(Kernel("1.2.3", tmp_path / "image", tmp_path), modules=["vivid"])
    with pytest.raises(RuntimeError, match="1.2.3 has no module vivid"):
        guest.write(tmp_path / "out.gz")


def test_a_machine_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(Path("/none"), Path("/none"))
    monkeypatch.setattr(Machine, "command", lambda self: ["sh", "-c", "echo hello; exec sleep 600"])
    with machine.started(1) as running:
        running.wait_for("hello")
        with pytest.raises(MachineError, match="in time:\nhello"):
            running.wait()
        process = running._process
    assert process.returncode == -9


def test_the_console_of_a_machine_that_fails_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machine, "command", lambda self: ["sh", "-c", "printf 'no kernel\\r\\n'; exit 3"])
    with pytest.raises(MachineError, match="qemu ended with 3:\nno kernel"):
        Machine(Path("/none"), Path("/none")).run(10)


def test_the_command_has_the_shares_disks_and_ports(tmp_path: Path) -> None:
    machine = Machine(
        Path("/k"), Path("/i"), shares=[tmp_path], disks=[tmp_path / "d"], forwards={1234: 5556}, arguments="x=1"
    )
    line = machine.command()
    assert f"local,id=f0,path={tmp_path},security_model=none" in line
    assert "user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:1234-:5556" in line
    assert any(word.endswith("x=1") for word in line)
    assert line[line.index("-accel") + 1] == "tcg" or os.environ.get("HFLOC_VM_ACCEL")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_machine_ends_with_its_program(how: signal.Signals) -> None:
    program = (
        "import time; from pathlib import Path; from vm.machine import Machine\n"
        "class Sleeper(Machine):\n"
        "    def command(self): return ['sh', '-c', 'echo $$; exec sleep 600']\n"
        "with Sleeper(Path('/none'), Path('/none')).started(60) as running:\n"
        "    running.wait_for('\\n'); print(running.console.strip(), flush=True); time.sleep(600)\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program], cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE, text=True
    )
    machine = Path("/proc") / owner.stdout.readline().strip()
    assert "sleep" in (machine / "cmdline").read_text()
    owner.send_signal(how)
    owner.wait(timeout=10)
    owner.stdout.close()
    end = time.monotonic() + 10
    while machine.exists() and (machine / "cmdline").read_text():
        assert time.monotonic() < end, "the machine is still there"
        time.sleep(0.02)
