"""A machine that boots a kernel with an initramfs under qemu, and never outlives its time limit."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vm.kernel import Kernel


class MachineError(RuntimeError):
    """The machine did not end as it should; the message holds the last lines of its console."""


# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """In a child before its program: killed when the parent ends, however that ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Machine:
    """A machine with a serial console: a PC, or an ARM board. Emulated (TCG) by default, so that a check runs wherever
    qemu does; HFLOC_VM_ACCEL=kvm overrides that.
    """

    kernel: Kernel
    initramfs: Path
    memory_mb: int = 512
    cpus: int = 1
    # Folders of this machine: share0, share1, ... (9p over virtio).
    shares: list[Path] = field(default_factory=list)
    # Raw disk images: /dev/vda, /dev/vdb, ... (virtio).
    disks: list[Path] = field(default_factory=list)
    # Port of this machine's loopback -> port of the guest's 10.0.2.15. The guest loads virtio_net and gives eth0 that
    # address.
    forwards: dict[int, int] = field(default_factory=dict)
    arguments: str = ""

    def command(self) -> list[str]:
        """The command line of qemu."""
        accelerator = os.environ.get("HFLOC_VM_ACCEL", "tcg")
        kind = self.kernel.architecture
        line = [*kind.emulator, "-nodefaults", "-no-user-config", "-accel", accelerator, "-cpu", kind.processor]
        line += [
            "-m",
            str(self.memory_mb),
            "-smp",
            str(self.cpus),
            "-display",
            "none",
            "-serial",
            "stdio",
            "-no-reboot",
        ]
        line += ["-kernel", str(self.kernel.image), "-initrd", str(self.initramfs)]
        words = [f"console={kind.console} quiet panic=-1", kind.arguments, self.arguments]
        line += ["-append", " ".join(word for word in words if word)]
        for index, folder in enumerate(self.shares):
            line += ["-fsdev", f"local,id=f{index},path={folder},security_model=none"]
            line += ["-device", f"virtio-9p-pci,fsdev=f{index},mount_tag=share{index}"]
        for disk in self.disks:
            line += ["-drive", f"file={disk},format=raw,if=virtio"]
        if self.forwards:
            rules = "".join(f",hostfwd=tcp:127.0.0.1:{host}-:{guest}" for host, guest in self.forwards.items())
            line += ["-netdev", f"user,id=n0,restrict=on{rules}", "-device", "virtio-net-pci,netdev=n0"]
        return line

    def run(self, timeout: float) -> str:
        """Boot, wait until the guest has powered off, and return its console. Raises MachineError after `timeout`
        seconds.
        """
        with self.started(timeout) as running:
            return running.wait()

    @contextlib.contextmanager
    def started(self, timeout: float) -> Iterator[RunningMachine]:
        """A booting machine; it is ended with the block, whatever happens in it, and with this program, even if that is
        killed.
        """
        parent = os.getpid()
        process = subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: end_with_parent(parent),
        )
        try:
            yield RunningMachine(process, time.monotonic() + timeout)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()


class RunningMachine:
    """A machine that has been started. Its console must be read, by `wait_for` or `wait`."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        self._process = process
        self._deadline = deadline
        self.console = ""
        os.set_blocking(process.stdout.fileno(), False)

    def wait_for(self, text: str) -> None:
        """Until the guest has printed `text`."""
        while text not in self.console:
            if not self._read():
                raise MachineError(f"the guest ended without printing '{text}':\n{self._tail()}")

    def wait(self) -> str:
        """Until the guest has powered off; all that it printed."""
        while self._read():
            pass
        self._process.wait(timeout=max(1, self._deadline - time.monotonic()))
        if self._process.returncode:
            raise MachineError(f"qemu ended with {self._process.returncode}:\n{self._tail()}")
        return self.console

    def read_available(self) -> bool:
        """Take in what was printed meanwhile; false if the machine has ended."""
        return self._read(patience=0)

    def _read(self, patience: float = 0.1) -> bool:
        """One piece of the console; false at its end."""
        if time.monotonic() > self._deadline:
            raise MachineError(f"the guest did not end in time:\n{self._tail()}")
        piece = self._process.stdout.read()
        if piece is None:
            time.sleep(patience)
            return True
        self.console += piece.decode(errors="replace").replace("\r\n", "\n")
        return piece != b""

    def _tail(self) -> str:
        return "\n".join(self.console.splitlines()[-30:])
