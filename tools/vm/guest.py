"""The initramfs of a guest: BusyBox, the kernel modules it needs, programs with their libraries, and a script that is
its init.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from vm.kernel import Kernel

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin:/sbin:/usr/sbin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
ip link set lo up
for module in {modules}; do modprobe $module || echo "GUEST: no module $module"; done
for file in {extra}; do insmod $file || echo "GUEST: cannot load $file"; done
i=0
for share in {shares}; do
    mkdir -p $share
    mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 share$i $share || echo "GUEST: no share $share"
    i=$((i + 1))
done
sh /script
echo "GUEST: finished with $? after $(cut -d' ' -f1 /proc/uptime) s"
sync
poweroff -f
"""
# What a 9p share needs, and what a network card needs.
SHARE_MODULES = ["virtio_pci", "9pnet_virtio", "9p"]
NETWORK_MODULES = ["virtio_pci", "virtio_net"]


class Guest:
    """What a machine boots into.

    The script runs as root by BusyBox's shell, with /proc, /sys, /dev and /tmp mounted and the loopback interface up;
    when it ends, so does the machine. `init` replaces that whole frame, for a guest that goes on to another system.
    """

    def __init__(
        self,
        kernel: Kernel,
        script: str = "",
        modules: list[str] | None = None,
        shares: list[str] | None = None,
        init: str | None = None,
    ) -> None:
        self.kernel = kernel
        self.script = script
        self.modules = list(modules or []) + (SHARE_MODULES if shares else [])
        # Copied like the others, but left for the script to load, with options.
        self.late_modules: list[str] = []
        # Mount points of the machine's shares, in their order.
        self.shares = list(shares or [])
        self.init = init
        self._files: dict[str, Path] = {}
        self._extra_modules: list[Path] = []

    def add_file(self, source: Path, destination: str) -> None:
        """A file of this machine at an absolute path in the guest, with its mode."""
        self._files[destination] = source

    def add_program(self, program: Path, destination: str | None = None) -> None:
        """A program with the shared libraries that it names; by default at /bin/NAME."""
        self.add_file(program, destination or f"/bin/{program.name}")
        for library, place in self.kernel.architecture.libraries(program):
            self.add_file(library, place)

    def add_module(self, module: Path) -> None:
        """A module that is not the kernel's own; loaded without options after the others. Its dependencies go into
        `modules`.
        """
        self._extra_modules.append(module)

    def write(self, output: Path) -> None:
        """Write the initramfs: 4 to 60 MB, 1 to 3 s."""
        with tempfile.TemporaryDirectory(prefix="hfloc-guest-") as temporary:
            root = Path(temporary)
            for folder in ("bin", "dev", "proc", "sys", "tmp", "etc", "run", "root", "modules"):
                (root / folder).mkdir()
            system = self.kernel.architecture
            busybox = system.program("busybox")
            if busybox is None:
                raise RuntimeError(f"no busybox for {system.name} in {system.system}")
            shutil.copy(busybox, root / "bin/busybox")
            self._copy_modules(root)
            for module in self._extra_modules:
                shutil.copy(module, root / "modules")
            for destination, source in self._files.items():
                target = root / destination.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
            extra = " ".join(f"/modules/{module.name}" for module in self._extra_modules)
            early = " ".join(name for name in self.modules if name not in self.late_modules)
            text = self.init or INIT.format(modules=early, extra=extra, shares=" ".join(self.shares))
            (root / "init").write_text(text)
            (root / "init").chmod(0o755)
            (root / "script").write_text(self.script)
            pack = "find . | cpio -o -H newc --quiet | gzip -1"
            with output.open("wb") as file:
                subprocess.run(["bash", "-o", "pipefail", "-c", pack], cwd=root, stdout=file, check=True)

    def _copy_modules(self, root: Path) -> None:
        """The modules with all that they depend on."""
        target = root / "lib/modules" / self.kernel.version
        target.mkdir(parents=True)
        depends = read_dependencies(self.kernel.modules / "modules.dep")
        builtin = (self.kernel.modules / "modules.builtin").read_text()
        for name in self.modules:
            path = next((p for p in depends if module_name(p) == name.replace("-", "_")), None)
            if path is None:
                if re.search(rf"/{re.escape(name)}\.ko", builtin):
                    continue
                raise RuntimeError(f"the kernel {self.kernel.version} has no module {name}")
            for file in [path, *depends[path]]:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.kernel.modules / file, target / file)
        for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
            shutil.copy(self.kernel.modules / name, target)
        subprocess.run(["depmod", "-b", str(root), self.kernel.version], check=True)


def module_name(path: str) -> str:
    """kernel/drivers/media/cec/core/cec-pin.ko.xz -> cec_pin."""
    return Path(path).name.split(".ko")[0].replace("-", "_")


def read_dependencies(file: Path) -> dict[str, list[str]]:
    """modules.dep: each module's path with the paths of all that it needs."""
    pairs = (line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)
    return {path: needed.split() for path, needed in pairs}
