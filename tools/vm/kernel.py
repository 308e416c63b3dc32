"""Debian's kernel and its modules, unpacked into a folder: nothing is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

METAPACKAGE = "linux-image-amd64"


@dataclass(frozen=True)
class Kernel:
    """A kernel that a machine can boot."""

    version: str
    image: Path
    # The folder lib/modules/VERSION, with its modules.dep.
    modules: Path


def fetch_kernel(cache: Path) -> Kernel:
    """The current kernel of linux-image-amd64, downloaded into `cache` unless it is there: 70 MB, 400 MB unpacked,
    about 15 s.

    It is the full kernel: the one for clouds has no Video4Linux.
    """
    package = _newest(METAPACKAGE)
    version = package.removeprefix("linux-image-")
    root = cache / package
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        unpack(package, root)
        subprocess.run(["depmod", "-b", str(root), version], check=True)
        (root / "complete").touch()
    return Kernel(version, root / "boot" / f"vmlinuz-{version}", root / "lib/modules" / version)


def unpack(package: str, folder: Path) -> None:
    """Download a Debian package, and unpack it into `folder`, running none of its scripts."""
    folder.mkdir(parents=True, exist_ok=True)
    print(f"vm: downloading {package}", flush=True)
    done = subprocess.run(
        ["apt-get", "-q", "download", package], cwd=folder, capture_output=True, text=True, check=False
    )
    files = list(folder.glob("*.deb"))
    if done.returncode or len(files) != 1:
        raise RuntimeError(f"cannot download {package}: {done.stderr.strip()}; run apt-get update")
    subprocess.run(["dpkg-deb", "-x", str(files[0]), str(folder)], check=True)
    files[0].unlink()


def build_v4l2loopback(kernel: Kernel, cache: Path) -> Path:
    """v4l2loopback.ko for this kernel, built with the headers that `tools/setup vm` installs: about 5 s, once."""
    folder = cache / f"v4l2loopback-{kernel.version}"
    module = folder / "v4l2loopback.ko"
    if module.exists():
        return module
    headers = Path("/usr/src") / f"linux-headers-{kernel.version}"
    if not headers.exists():
        raise RuntimeError(f"{headers} is missing; run tools/setup vm, or apt-get install {headers.name}")
    shutil.rmtree(folder, ignore_errors=True)
    unpack("v4l2loopback-dkms", folder / "package")
    source = next((folder / "package/usr/src").glob("v4l2loopback-*"))
    build = ["make", "-s", "-C", str(headers), f"M={source.resolve()}", "modules"]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"cannot build v4l2loopback for {kernel.version}:\n{done.stdout}{done.stderr}")
    (source / "v4l2loopback.ko").rename(module)
    return module


def _newest(metapackage: str) -> str:
    """The package that the metapackage stands for: its number changes with every update."""
    shown = subprocess.run(["apt-cache", "depends", metapackage], capture_output=True, text=True, check=False).stdout
    found = re.search(r"Depends: (linux-image-\S+)", shown)
    if not found:
        raise RuntimeError(f"apt knows no {metapackage}; this needs Debian on x86-64, and apt-get update")
    return found[1]
