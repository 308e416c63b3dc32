"""Virtual machines for tests: Debian's kernel, an initramfs made here, qemu without hardware acceleration.

    # kernel.py: linux-image-amd64, unpacked and not installed; fetch_kernel(cache, ARM64) for an ARM board, which
    # architecture.py describes
    kernel = fetch_kernel(cache)
    # guest.py: the initramfs; programs bring their libraries
    guest = Guest(kernel, modules=["vivid"], init="v4l2-ctl -D")
    guest.add_program(Path("/usr/bin/v4l2-ctl"))
    guest.write(Path("initramfs.gz"))
    # machine.py: boots it, and returns what it printed
    console = Machine(kernel, Path("initramfs.gz")).run(timeout=60)

`tools/setup vm` installs what this needs; for ARM, `tools/setup arm64` and tools/build-arm64. A guest boots in about 3
s. Every machine has a time limit, and ends with its init.
"""

from vm.architecture import AMD64, ARM64, Architecture
from vm.guest import Guest
from vm.kernel import Kernel, build_v4l2loopback, fetch_kernel
from vm.machine import Machine, MachineError, RunningMachine
from vm.smallmap import SMALL, small_map_file

__all__ = [
    "AMD64",
    "ARM64",
    "SMALL",
    "Architecture",
    "Guest",
    "Kernel",
    "Machine",
    "MachineError",
    "RunningMachine",
    "build_v4l2loopback",
    "fetch_kernel",
    "small_map_file",
]
