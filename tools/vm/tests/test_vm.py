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
from vm.architecture import AMD64, ARM64, Architecture
from vm.guest import Guest, module_name, read_dependencies
from vm.kernel import Kernel
from vm.machine import Machine, MachineError

NO_KERNEL = Kernel("1.2.3", Path("/none"), Path("/none"))


def test_module_names_ignore_folder_compression_and_hyphen() -> None:
    assert module_name("kernel/drivers/media/common/v4l2-tpg/v4l2-tpg.ko.xz") == "v4l2_tpg"
    assert module_name("kernel/fs/9p/9p.ko") == "9p"


def test_dependencies(tmp_path: Path) -> None:
    file = tmp_path / "modules.dep"
    file.write_text("kernel/a.ko: kernel/b.ko kernel/c.ko\nkernel/b.ko:\n")
    assert read_dependencies(file) == {"kernel/a.ko": ["kernel/b.ko", "kernel/c.ko"], "kernel/b.ko": []}


def test_a_program_brings_its_loader_and_libraries() -> None:
    shell = Path(shutil.which("sh") or "/bin/sh")
    found = AMD64.libraries(shell)
    assert any(path.name.startswith("ld-") for path, _ in found)
    assert any(path.name.startswith("libc.so") for path, _ in found)
    assert all(path.exists() and place.startswith("/") for path, place in found)


def test_a_static_program_brings_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.c").write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-static", "-o", tmp_path / "empty", tmp_path / "empty.c"], check=True)
    assert AMD64.libraries(tmp_path / "empty") == []


@pytest.mark.skipif(not ARM64.system.exists(), reason="no arm64 system: tools/build-arm64")
def test_a_program_of_another_architecture_brings_that_systems_libraries() -> None:
    found = ARM64.libraries(ARM64.program("v4l2-ctl"))
    assert "/lib/ld-linux-aarch64.so.1" in [place for _, place in found]
    assert all(path.is_relative_to(ARM64.system) and path.exists() for path, _ in found)
    assert not any(place.startswith(str(ARM64.system)) for _, place in found)


def test_an_unknown_module_is_named(tmp_path: Path) -> None:
    if not shutil.which("busybox"):
        pytest.skip("busybox is not installed: tools/setup vm")
    for name in ("modules.dep", "modules.builtin"):
        (tmp_path / name).write_text("kernel/fs/9p/9p.ko:\n")
    guest = Guest(Kernel("1.2.3", tmp_path / "image", tmp_path), modules=["vivid"])
    with pytest.raises(RuntimeError, match="1.2.3 has no module vivid"):
        guest.write(tmp_path / "out.gz")


def test_a_machine_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(NO_KERNEL, Path("/none"))
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
        Machine(NO_KERNEL, Path("/none")).run(10)


def test_the_command_has_the_shares_disks_and_ports(tmp_path: Path) -> None:
    machine = Machine(
        NO_KERNEL, Path("/i"), shares=[tmp_path], disks=[tmp_path / "d"], forwards={1234: 5556}, arguments="x=1"
    )
    line = machine.command()
    assert f"local,id=f0,path={tmp_path},security_model=none" in line
    assert "user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:1234-:5556" in line
    assert any(word.endswith("x=1") for word in line)
    assert line[line.index("-accel") + 1] == "tcg" or os.environ.get("HFLOC_VM_ACCEL")


@pytest.mark.parametrize(
    ("architecture", "emulator", "console"),
    [(AMD64, "qemu-system-x86_64", "console=ttyS0"), (ARM64, "qemu-system-aarch64", "console=ttyAMA0")],
)
def test_the_command_is_the_architectures(architecture: Architecture, emulator: str, console: str) -> None:
    line = Machine(Kernel("1.2.3", Path("/k"), Path("/m"), architecture), Path("/i")).command()
    assert line[0] == emulator and any(word.startswith(console) for word in line)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_machine_ends_with_its_program(how: signal.Signals) -> None:
    program = (
        "import time; from pathlib import Path; from vm.kernel import Kernel; from vm.machine import Machine\n"
        "class Sleeper(Machine):\n"
        "    def command(self): return ['sh', '-c', 'echo $$; exec sleep 600']\n"
        "with Sleeper(Kernel('1', Path('/none'), Path('/none')), Path('/none')).started(60) as running:\n"
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
