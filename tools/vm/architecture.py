"""What machines of one architecture differ in from those of another."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Architecture:
    """A kind of guest: how it is emulated, and where its programs come from."""

    # Debian's name.
    name: str
    # qemu, and the machine that it emulates; the processor is given where nothing accelerates it.
    emulator: tuple[str, ...]
    processor: str
    console: str
    # Of the kernel's command line.
    arguments: str
    # C compiler, and what a kernel module's make is told.
    compiler: str
    make: tuple[str, ...]
    # The system whose programs and libraries guests get: this machine's, or a folder of another architecture's.
    system: Path
    # What runs the loader of that system.
    runner: tuple[str, ...]
    loader: str

    def program(self, name: str) -> Path | None:
        """A program of the system, if it is there."""
        folders = (self.system / folder for folder in ("usr/bin", "bin", "usr/sbin", "sbin"))
        return next((folder / name for folder in folders if (folder / name).exists()), None)

    def libraries(self, program: Path) -> list[tuple[Path, str]]:
        """The shared libraries that a program loads, and the loader: the file, and where it belongs in a guest. None
        for a static program.
        """
        command = [*self.runner, str(self.system / self.loader.lstrip("/")), "--list", str(program)]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
        if missing := re.findall(r"(\S+) => not found", shown.stdout):
            raise RuntimeError(f"{program}: cannot find its libraries {', '.join(missing)}")
        found = re.findall(r"(?:=> |^\s*)(/\S+) \(0x", shown.stdout, re.MULTILINE)
        if not found:
            return []
        places = {path.removeprefix(str(self.system)) if self.runner else path for path in found} | {self.loader}
        return [(self.system / place.lstrip("/"), place) for place in sorted(places)]


AMD64 = Architecture(
    name="amd64",
    emulator=("qemu-system-x86_64", "-machine", "q35"),
    processor="max",
    console="ttyS0",
    # On a loaded machine an emulated timer ticks too late for the kernel, which checks it at boot and then gives up.
    arguments="no_timer_check",
    compiler="cc",
    make=(),
    system=Path("/"),
    runner=(),
    loader="/lib64/ld-linux-x86-64.so.2",
)

# tools/build-arm64 unpacks the system.
_ARM64_SYSTEM = ROOT / ".build-arm64/sysroot"
ARM64 = Architecture(
    name="arm64",
    emulator=("qemu-system-aarch64", "-machine", "virt"),
    processor="cortex-a76",
    console="ttyAMA0",
    arguments="",
    compiler="aarch64-linux-gnu-gcc",
    make=("ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-"),
    system=_ARM64_SYSTEM,
    runner=("qemu-aarch64-static", "-L", str(_ARM64_SYSTEM)),
    loader="/lib/ld-linux-aarch64.so.1",
)
